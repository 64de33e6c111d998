import type { Mutant } from "../Mutant.ts";

const FOLDER = "apps/server/src/storage/openFolderStorage.ts";
const S3 = "apps/server/src/storage/s3/openS3Storage.ts";
const UPLOAD = "apps/server/src/storage/s3/uploadFile.ts";
const MARKS_TEST = "apps/server/src/storage/s3/openMarks.test.ts";
const S3_TEST = "apps/server/src/storage/s3/openS3Storage.test.ts";
const FOLDER_TEST = "apps/server/src/storage/openFolderStorage.test.ts";

/** Where bytes are: whole or not at all, and never taken from whoever is about to need them. */
export const STORAGE_ROWS: readonly Mutant[] = [
  {
    name: "a studio starts where another has its media",
    rule: "A8",
    file: "apps/server/src/storage/ownMedia.ts",
    find: "if (owner !== studio) throw",
    replace: "if (owner === studio && studio === null) throw",
    test: { file: "apps/server/src/storage/ownMedia.test.ts", name: "[A8] two databases on one prefix" },
  },
  {
    name: "a temporary file is visible before it is whole",
    rule: "J4",
    file: FOLDER,
    find: "const path = join(temporary, randomUUID());\n",
    replace: `const path = pathOf(\`\${(randomUUID() + randomUUID()).replaceAll("-", "")}.\${ext}\`);
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
    file: "apps/server/src/storage/writeHashed.ts",
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
  {
    name: "a file is collected that another process has put since it was found old",
    rule: "A8",
    file: FOLDER,
    find: "if ((await stat(grave)).mtimeMs > since) {",
    replace: "if ((await stat(grave)).mtimeMs < 0) {",
    test: {
      file: "apps/server/src/storage/folderRaces.test.ts",
      name: "[A8] is there afterwards, put when its collector is about to take it out of sight",
    },
  },
  {
    name: "whoever puts a file into a shared folder does not wait for its collector",
    rule: "A8",
    file: FOLDER,
    find: "await marks.untilNone(key);",
    replace: "void marks.untilNone;",
    test: {
      file: "apps/server/src/storage/folderRaces.test.ts",
      name: "[A8] is there once its put is answered",
    },
  },
  {
    name: "an upload that is broken off leaves its parts in the bucket",
    rule: null,
    file: UPLOAD,
    find: "command instanceof AbortMultipartUploadCommand ? {} : { abortSignal: signal }",
    replace: "{ abortSignal: signal }",
    test: { file: S3_TEST, name: "takes back the parts of what is broken off" },
  },
  {
    name: "a file that changed on the disk is put into the bucket",
    rule: "J4",
    file: UPLOAD,
    find: 'if (hash.digest("hex") !== sha256)',
    replace: "if (sha256 === '')",
    test: { file: S3_TEST, name: "does not store a file that changed" },
  },
  {
    name: "nobody looks whether the bucket has the whole file",
    rule: "J4",
    file: S3,
    find: "if (kept?.bytes === bytes) return;",
    replace: "if (kept !== null) return;",
    test: { file: S3_TEST, name: "takes away again what the bucket kept only in part" },
  },
  {
    name: "a file is collected from the bucket while it is put again",
    rule: "A8",
    file: S3,
    find: "await inTurn(key, () => uploads(() => upload(path, { key, bytes, sha256 }, stop)));",
    replace: "await uploads(() => upload(path, { key, bytes, sha256 }, stop));",
    test: { file: S3_TEST, name: "[A8] keeps a file that is put again while" },
  },
  {
    name: "a collector does not look again after its mark",
    rule: "A8",
    file: S3,
    find: "const old = await isUntouched(key, since);",
    replace: "const old = true;",
    test: { file: MARKS_TEST, name: "put before the second look" },
  },
  {
    name: "a put does not mind that another process took its file away",
    rule: "A8",
    file: S3,
    find: "if (kept === null) continue;",
    replace: "if (kept === null) return;",
    test: { file: MARKS_TEST, name: "its put looking only when all is over" },
  },
  {
    name: "a collector deletes however long ago it looked",
    rule: "A8",
    file: S3,
    find: "if (old && inTime) {",
    replace: "if (old) {",
    test: { file: MARKS_TEST, name: "is not taken away by a process that was stopped" },
  },
  {
    name: "a bucket that nobody answers at is taken for one file's bad luck",
    rule: "P6",
    file: "apps/server/src/storage/openDiskWatch.ts",
    find: '  unreachable: "storage_away",\n',
    replace: "",
    test: { file: "apps/server/src/worker/fullDisk.test.ts", name: "[P6] nothing is bought that could not be kept" },
  },
  {
    name: "half a picture takes the last of the room on a full disk",
    rule: "P6",
    file: "apps/server/src/renderer/renderChild.ts",
    find: "    await rm(part, { force: true }).catch(() => {});\n",
    replace: "",
    test: { file: "apps/server/src/renderer/startRender.test.ts", name: "[P6] ends a render as what it is" },
  },
  {
    name: "a renderer without room tells nobody that the disk is full",
    rule: "P6",
    file: "apps/server/src/providers/local/localProvider.ts",
    find: 'if (code === "disk_full") onDiskFull?.();',
    replace: "",
    test: {
      file: "apps/server/src/providers/local/localProvider.test.ts",
      name: "[P6] says that the studio's disk is full",
    },
  },
  {
    name: "a look whether the disk is full fills it",
    rule: "P6",
    file: "apps/server/src/storage/openDiskWatch.ts",
    find: "const ROOM_BYTES = 2 * PROBE_BYTES;",
    replace: "const ROOM_BYTES = 0;",
    test: {
      file: "apps/server/src/storage/openDiskWatch.test.ts",
      name: "[P6] takes nothing of the last room to find out that there is none",
    },
  },
];
