import ipaddr from "ipaddr.js";

/** Whether an IP address belongs to the open internet: no own machine, no own network, no metadata service, no way around those. */
export function isPublicAddress(address: string): boolean {
  // An IPv4 address in the clothes of an IPv6 one is judged as what it is.
  return ipaddr.isValid(address) && ipaddr.process(address).range() === "unicast";
}
