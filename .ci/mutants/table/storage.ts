import type { Mutant } from "../Mutant.ts";

const FOLDER = "apps/server/src/storage/openFolderStorage.ts";
const FOLDER_TEST = "apps/server/src/storage/openFolderStorage.test.ts";

/** Where bytes are: whole or not at all, and never taken from whoever is about to need them. */
export const STORAGE_ROWS: readonly Mutant[] = [
  {
    name: "a temporary file is visible before it is whole",
    rule: "J4",
    file: FOLDER,
    find: "const path = join(temporary, randomUUID());\n",
    replace: `const path = pathOf(\`\${createHash("sha256").update(randomUUID()).digest("hex")}.\${ext}\`);
    await mkdir(join(path, ".."), { recursive: true });
`,
    test: { file: FOLDER_TEST, name: "shows nothing of a file before it is whole" },
  },
  {
    name: "what broke on its way stays behind",
    rule: null,
    file: FOLDER,
    find: "await rm(path, { force: true }).catch(() => {});",
    replace: "",
    test: { file: FOLDER_TEST, name: "leaves nothing of a source that breaks" },
  },
  {
    name: "a file of any size is taken",
    rule: null,
    file: FOLDER,
    find: "if (bytes > maxBytes) throw",
    replace: "if (bytes > maxBytes * 1_000) throw",
    test: { file: FOLDER_TEST, name: "refuses what is too large" },
  },
  {
    name: "a file is collected while it is put again",
    rule: "A8",
    file: FOLDER,
    find: "await inTurn(key, () => ours(makeVisible(path, key)));",
    replace: "await ours(makeVisible(path, key));",
    test: { file: "apps/server/src/storage/folderRaces.test.ts", name: "[A8] is there afterwards" },
  },
];
