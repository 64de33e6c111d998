import type { Mutant } from "../Mutant.ts";

const SETTINGS_TEST = "apps/server/src/providers/settings/providerSettings.test.ts";
const SEAL_TEST = "apps/server/src/sealing/sealKey.test.ts";

/** Keys that people enter, and providers that are set up while work goes on. */
export const KEY_ROWS: readonly Mutant[] = [
  {
    name: "a key is sealed for any provider and any address",
    rule: "P4",
    file: "apps/server/src/sealing/sealKey.ts",
    find: "VERSION, provider, home]",
    replace: "VERSION, provider === home]",
    test: { file: SEAL_TEST, name: "is not opened for another" },
  },
  {
    name: "a key goes along when its provider is said to live elsewhere",
    rule: "P4",
    file: "apps/server/src/providers/settings/settleProvider.ts",
    find: "if (setting.keyHome !== homeText(home)) return null;",
    replace: "",
    test: { file: SETTINGS_TEST, name: "keeps its key for the address it was entered for" },
  },
  {
    name: "an address may be changed under a key that is kept",
    rule: "P4",
    file: "apps/server/src/providers/settings/providerPorts.ts",
    find: "if (at !== null && homeText(at) === kept) return null;",
    replace: "if (at !== null) return null;",
    test: { file: SETTINGS_TEST, name: "keeps its key for the address it was entered for" },
  },
  {
    name: "what stands in line for a provider that is turned off is nobody's",
    rule: "P6",
    file: "apps/server/src/providers/openCatalogue.ts",
    find: "const offered = { models: [...byId.keys()],",
    replace: "const offered = { models: [...byId.keys()].filter((id) => !off.has(id)),",
    test: { file: SETTINGS_TEST, name: "is turned off for what is new" },
  },
  {
    name: "what waits for a provider whose key cannot be read is nobody's",
    rule: "P6",
    file: "apps/server/src/providers/settings/openProviders.ts",
    find: "(flaw !== null || (setting !== null && setting.sealedKey !== null));",
    replace: "flaw !== null;",
    test: { file: SETTINGS_TEST, name: "whose key cannot be read" },
  },
  {
    name: "by settings of before, what was set up since is nobody's",
    rule: "P6",
    file: "packages/db/src/sqlite/commands/sweep.ts",
    find: "if (settings !== undefined && settings !== Number(sql.settingsRevision.get())) return [];",
    replace: "",
    test: { file: "packages/db/src/sqlite/sqliteStore.test.ts", name: "by settings that have changed since" },
  },
];
