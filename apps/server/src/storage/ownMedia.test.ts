import { cp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pino } from "pino";
import { expect, it } from "vitest";
import { parseConfig } from "../config.ts";
import { explainStart } from "../explainStart.ts";
import { startStudio } from "../startStudio.ts";
import { openTestBucket, useS3Server } from "../testing/openTestBucket.ts";
import { temporaryFolder } from "../testing/temporaryFolder.ts";
import { collectFiles } from "../worker/collectFiles.ts";
import { openFolderStorage } from "./openFolderStorage.ts";
import { ownMedia } from "./ownMedia.ts";

const server = useS3Server();
const started = async (dataDir: string, env: Readonly<Record<string, string>> = {}): Promise<void> => {
  const config = parseConfig({ DATA_DIR: dataDir, PORT: "0", DRAIN_MS: "0", ...env });
  await (await startStudio(config, pino({ level: "silent" }))).stop();
};
const refusal = (start: Promise<void>): Promise<string> => start.then(() => "started", explainStart);

it("[A8] two databases on one prefix: the second does not start, where it once collected what the first had made", async () => {
  await using first = await temporaryFolder();
  await using second = await temporaryFolder();
  await using bucket = await openTestBucket(server());
  const { endpoint, bucket: name } = bucket.settings;
  const env = {
    STORAGE_URL: `s3://${name}/${bucket.prefix}`,
    S3_ENDPOINT: endpoint ?? "",
    S3_FORCE_PATH_STYLE: "1",
  };
  await started(first.path, env);
  const said = await refusal(started(second.path, env));
  expect(said).toContain(`STORAGE_URL s3://${name}/${bucket.prefix} holds the media of the studio "default since 20`);
  expect(said).toContain("Set STORAGE_URL to a prefix of its own");
  await started(first.path, env);
  // The same rows somewhere else are the same studio: what is moved to another database finds its media.
  await rm(join(second.path, "reelstate.sqlite"));
  for (const file of await readdir(first.path))
    if (file.startsWith("reelstate.sqlite")) await cp(join(first.path, file), join(second.path, file));
  await started(second.path, env);
});

it("[A8] a new database in the folder of another is told what to do, and starts once the mark is gone", async () => {
  await using folder = await temporaryFolder();
  await started(folder.path);
  for (const file of await readdir(folder.path))
    if (file.startsWith("reelstate.sqlite")) await rm(join(folder.path, file));
  const said = await refusal(started(folder.path));
  const mark = join(folder.path, "media", "owner");
  expect(said).toContain(`${join(folder.path, "media")} holds the media of the studio "default since 20`);
  expect(said).toContain(`Set DATA_DIR to another folder, or STORAGE_URL to a bucket.`);
  expect(said).toContain(`remove the file ${mark}.`);
  await rm(mark);
  await started(folder.path);
});

it("[A8] an empty mark is nobody's, in a folder as in a bucket, where it once kept its own studio out", async () => {
  await using folder = await temporaryFolder();
  await using bucket = await openTestBucket(server());
  for (const storage of [await openFolderStorage(folder.path), bucket.storage]) {
    await storage.setOwner("");
    await ownMedia(storage, "mine", { dataDir: folder.path, s3: null });
    expect(await storage.owner()).toBe("mine");
  }
});

it("[A8] of two that wrote their marks at one moment the one whose mark is gone collects nothing", async () => {
  await using folder = await temporaryFolder();
  const storage = await openFolderStorage(folder.path);
  const place = { dataDir: folder.path, s3: null };
  const mine = await ownMedia(storage, "mine", place);
  const { key } = await storage.put(Readable.from([Buffer.from("theirs")]), { ext: "png", maxBytes: 10 });
  const janitor = {
    store: { referencedKeys: async () => new Set<string>() },
    clock: () => Date.now() + 48 * 3_600_000,
  };
  await storage.setOwner("theirs");
  const collected = collectFiles({ ...janitor, storage: mine }, AbortSignal.timeout(60_000));
  await expect(collected).rejects.toThrow('the studio "theirs"');
  expect(await storage.head(key)).not.toBeNull();
  await storage.setOwner("mine");
  expect(await collectFiles({ ...janitor, storage: mine }, AbortSignal.timeout(60_000))).toBe(1);
});
