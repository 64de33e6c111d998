import { expect, it } from "vitest";
import { isPublicAddress } from "./isPublicAddress.ts";

it.each([
  ["93.184.216.34"],
  ["2606:4700::1111"],
  ["2001:4860:4860::8888"],
  ["::ffff:93.184.216.34"],
  // As DNS64 gives it: refused, nothing could be fetched on a network without IPv4.
  ["64:ff9b::93.184.216.34"],
  ["64:ff9b::5db8:d822"],
])("%s is public", (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

it.each([
  ["127.0.0.1"],
  ["10.0.0.1"],
  ["172.20.0.1"],
  ["192.168.1.1"],
  ["100.64.0.1"],
  ["169.254.169.254"],
  ["0.0.0.0"],
  ["224.0.0.1"],
  ["255.255.255.255"],
  ["::1"],
  ["::"],
  ["fe80::1"],
  ["fe80::1%eth0"],
  ["fec0::1"],
  ["fd00::1"],
  ["ff02::1"],
  ["100::1"],
  ["2001:db8::1"],
  ["localhost"],
  [""],
])("%s is not", (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

it.each([
  ["IPv4-mapped", "::ffff:10.0.0.1"],
  ["IPv4-compatible", "::10.0.0.1"],
  ["IPv4-translated", "::ffff:0:10.0.0.1"],
  ["behind NAT64, this machine", "64:ff9b::7f00:1"],
  ["behind NAT64, the own network", "64:ff9b::10.1.2.3"],
  ["behind NAT64, the metadata service", "64:ff9b::169.254.169.254"],
  ["behind NAT64, nowhere", "64:ff9b::"],
  ["6to4", "2002:a00:1::1"],
  ["Teredo", "2001:0:a00:1:0:3fff:f5ff:fffe"],
])("an address of the own network is none when it is %s: %s", (_how, address) => {
  expect(isPublicAddress(address)).toBe(false);
});

it.each([
  ["64:ff9b:1::93.184.216.34"],
  ["64:ff9b:0:0:1::93.184.216.34"],
  ["::5db8:d822"],
  ["::ffff:0:93.184.216.34"],
  ["2002:5db8:d822::1"],
  ["2001:0:5db8:d822:0:3fff:a247:27dd"],
  ["2001:1::1"],
])("nor is %s, where a public address is carried by what the own network decides about", (address) => {
  expect(isPublicAddress(address)).toBe(false);
});
