import { describe, expect, it } from "vitest";
import { isBelow } from "./isBelow.ts";
import { openTrail } from "./openTrail.ts";

const HOME = new URL("https://api.example.com/v1");
const below = (address: string): boolean => isBelow(HOME, new URL(address));

describe("an address below home", () => {
  it.each([
    ["https://api.example.com/v1/files/a"],
    ["https://API.Example.COM:443/v1/files/a"],
    ["https://api.example.com/v1/files/a%2Fb?path=../../c"],
    ["https://api.example.com/v1/files/..b/100%25..%25"],
    ["https://api.example.com/v1/../v1/files"],
  ])("is %s", (address) => {
    expect(below(address)).toBe(true);
  });

  it.each([
    ["beside the path", "https://api.example.com/v2/files"],
    ["beside, beginning alike", "https://api.example.com/v10/files"],
    ["a path in other letters", "https://api.example.com/V1/files"],
    ["up", "https://api.example.com/v1/../account"],
    ["up, escaped", "https://api.example.com/v1/%2e%2E/account"],
    ["up, with backslashes", String.raw`https://api.example.com/v1\..\account`],
    ["up, with an escaped slash", "https://api.example.com/v1/..%2faccount"],
    ["up, with an escaped slash before", "https://api.example.com/v1/files%2F..%2f..%2Faccount"],
    ["up, with an escaped backslash", "https://api.example.com/v1/..%5caccount"],
    ["up, escaped twice", "https://api.example.com/v1/%252e%252e%252faccount"],
    ["up, escaped often", "https://api.example.com/v1/%2525252e%2525252e/account"],
    ["up, with a parameter", "https://api.example.com/v1/..;x=1/account"],
    ["another port", "https://api.example.com:8443/v1/files"],
    ["without TLS", "http://api.example.com/v1/files"],
    ["a host that ends otherwise", "https://api.example.com.evil.test/v1/files"],
    ["a host with a dot at its end", "https://api.example.com./v1/files"],
    ["home's name as a user's", "https://api.example.com@evil.test/v1/files"],
    ["a user at home", "https://someone@api.example.com/v1/files"],
    ["a password at home", "https://:word@api.example.com/v1/files"],
    ["no server at all", "file:///v1/files"],
  ])("is none that is %s: %s", (_what, address) => {
    expect(below(address)).toBe(false);
  });

  it("is none whose path is escaped so often that reading it held up the whole process for seconds; what follows may be long", () => {
    expect(below(`https://api.example.com/v1/%${"25".repeat(32_000)}`)).toBe(false);
    expect(below(`https://api.example.com/v1/file?signature=${"25".repeat(32_000)}`)).toBe(true);
  });
});

describe("the way of a download", () => {
  const FILE = "https://api.example.com/v1/files/a";
  const BESIDE = "https://api.example.com/files/a";
  const AWAY = "https://files.example.net/a";

  it.each([
    ["home, and on at home", [FILE, FILE], ["own, keyed", "own, keyed"]],
    ["beside home's path", [BESIDE], ["own"]],
    ["away", [AWAY], ["none"]],
    ["home, away, and home again", [FILE, AWAY, FILE, FILE], ["own, keyed", "none", "none", "none"]],
    ["away, and then home", [AWAY, FILE], ["none", "none"]],
    ["beside, and then home", [BESIDE, FILE], ["own", "own"]],
  ])("that leads %s is never trusted more than before", (_way, addresses, expected) => {
    const trust = openTrail(HOME);
    const told = addresses.map((address) => {
      const { own, keyed } = trust(new URL(address));
      return [own ? "own" : "", keyed ? "keyed" : ""].filter(Boolean).join(", ") || "none";
    });
    expect(told).toEqual(expected);
  });
});
