import { describe, expect, it } from "vitest";
import { parseHosted } from "./parseHosted.ts";
import type { HostedProvider } from "./HostedProvider.ts";

const create = (): never => {
  throw new Error("Nothing is opened here.");
};
const KEYED: HostedProvider = {
  name: "keyed",
  keyVariable: "KEYED_KEY",
  homeVariable: "KEYED_BASE_URL",
  defaultHome: "https://api.keyed.example/v1",
  create,
};
const OWN: HostedProvider = {
  name: "own",
  keyVariable: null,
  homeVariable: "OWN_URL",
  defaultHome: null,
  create,
};
const parse = (env: Record<string, string>) => parseHosted([KEYED, OWN], env);

describe("providers in the environment", () => {
  it("turns on none where nothing is set", () => {
    expect(parse({})).toEqual({ settings: [] });
  });

  it("turns on those with a key, and those that need none by their address", () => {
    const parsed = parse({ KEYED_KEY: " k-1 ", OWN_URL: "http://192.168.1.9:8188" });
    if ("flaws" in parsed) throw new Error(parsed.flaws.join());
    expect(parsed.settings.map(({ provider, home, key }) => [provider.name, home.href, key.reveal()])).toEqual([
      ["keyed", "https://api.keyed.example/v1", "k-1"],
      ["own", "http://192.168.1.9:8188/", ""],
    ]);
  });

  it.each([
    [{ KEYED_BASE_URL: "https://gateway.example" }, "KEYED_KEY"],
    [{ KEYED_KEY: "two words" }, "KEYED_KEY"],
    [{ KEYED_KEY: "“k-1”" }, "KEYED_KEY"],
    [{ OWN_URL: "ftp://host" }, "OWN_URL"],
    [{ OWN_URL: "192.168.1.9" }, "OWN_URL"],
    [{ KEYED_KEY: "k-1", KEYED_BASE_URL: "https://user:secret@host" }, "KEYED_BASE_URL"],
    [{ KEYED_KEY: "k-1", KEYED_BASE_URL: "https://host/?key=secret" }, "KEYED_BASE_URL"],
  ])("says of %o which variable is wrong, and repeats no key", (env, variable) => {
    const parsed = parse(env);
    const flaws = "flaws" in parsed ? parsed.flaws.join() : "";
    expect(flaws).toContain(variable);
    expect(flaws).not.toMatch(/secret|k-1|two words/);
  });
});
