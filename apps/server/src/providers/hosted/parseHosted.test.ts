import { describe, expect, it } from "vitest";
import { turnedOn } from "../../testing/turnedOn.ts";
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
const GUARDED: HostedProvider = {
  name: "guarded",
  keyVariable: "GUARDED_TOKEN",
  keyOptional: true,
  homeVariable: "GUARDED_URL",
  defaultHome: null,
  folderVariable: "GUARDED_FILES",
  create,
};
const parse = (env: Record<string, string>) => parseHosted([KEYED, OWN, GUARDED], env, "/data");

describe("providers in the environment", () => {
  it("turns on none where nothing is set, and knows them all", async () => {
    const parsed = parse({});
    expect(await turnedOn(parsed)).toEqual([]);
    expect("known" in parsed && parsed.known.map(({ provider }) => provider.name)).toEqual(["keyed", "own", "guarded"]);
  });

  it("turns on those with a key, and those that need none by their address", async () => {
    const settings = await turnedOn(parse({ KEYED_KEY: " k-1 ", OWN_URL: "http://192.168.1.9:8188" }));
    expect(settings.map(({ provider, home, key }) => [provider.name, home.href, key.reveal()])).toEqual([
      ["keyed", "https://api.keyed.example/v1", "k-1"],
      ["own", "http://192.168.1.9:8188/", ""],
    ]);
  });

  it("takes an address without the key that it needs: somebody may enter that in the studio", async () => {
    const parsed = parse({ KEYED_BASE_URL: "https://gateway.example" });
    expect(await turnedOn(parsed)).toEqual([]);
    expect("known" in parsed && parsed.known[0]?.home?.host).toBe("gateway.example");
  });

  it("takes the sign of a query or a place for nothing where there is none after it: calls went to what came before it", async () => {
    for (const sign of ["?", "#", "?#", "/?"]) {
      const [settings] = await turnedOn(
        parse({ KEYED_KEY: "k-1", KEYED_BASE_URL: `https://gateway.example/v1${sign}` }),
      );
      expect(settings?.home.href).toBe("https://gateway.example/v1");
    }
  });

  it("asks for no key of those that may do without, and takes one where there is one", async () => {
    for (const token of ["", "t-1"]) {
      const settings = await turnedOn(parse({ GUARDED_URL: "http://gpu:8188", GUARDED_TOKEN: token }));
      expect(settings.map(({ provider, key }) => [provider.name, key.reveal()])).toEqual([["guarded", token]]);
    }
  });

  it("knows the folder of each: the one that is named, or its own in DATA_DIR", async () => {
    const folderOf = async (env: Record<string, string>) =>
      (await turnedOn(parse({ GUARDED_URL: "http://gpu:8188", ...env }))).map(({ folder }) => folder);
    expect([await folderOf({}), await folderOf({ GUARDED_FILES: "/srv/workflows" })]).toEqual([
      ["/data/guarded"],
      ["/srv/workflows"],
    ]);
  });

  it.each([
    [{ GUARDED_TOKEN: "k-1" }, "GUARDED_URL"],
    [{ KEYED_KEY: "two words" }, "KEYED_KEY"],
    [{ KEYED_KEY: "k-1", KEYED_BASE_URL: "http://api.keyed.example/v1" }, "KEYED_BASE_URL"],
    [{ KEYED_KEY: "k-1", KEYED_BASE_URL: "https://api.keyed.example" }, "KEYED_BASE_URL"],
    [{ KEYED_KEY: "“k-1”" }, "KEYED_KEY"],
    [{ OWN_URL: "ftp://host" }, "OWN_URL"],
    [{ OWN_URL: "192.168.1.9" }, "OWN_URL"],
    [{ KEYED_KEY: "k-1", KEYED_BASE_URL: "https://user:secret@host" }, "KEYED_BASE_URL"],
    [{ KEYED_KEY: "k-1", KEYED_BASE_URL: "https://host/?key=secret" }, "KEYED_BASE_URL"],
    [{ KEYED_KEY: "k-1", KEYED_BASE_URL: "https://:secret@host" }, "KEYED_BASE_URL"],
    [{ KEYED_KEY: "k-1", KEYED_BASE_URL: "https://host/#secret" }, "KEYED_BASE_URL"],
  ])("says of %o which variable is wrong, and repeats no key", (env, variable) => {
    const parsed = parse(env);
    const flaws = "flaws" in parsed ? parsed.flaws.join() : "";
    expect(flaws).toContain(variable);
    expect(flaws).not.toMatch(/secret|k-1|two words/);
  });
});
