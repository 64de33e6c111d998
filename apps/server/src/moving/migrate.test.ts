import { spawn } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openTestDatabase } from "@reelstate/db/testing";
import Sqlite from "better-sqlite3";
import { pino } from "pino";
import { expect, it, vi } from "vitest";
import { parseConfig } from "../config.ts";
import { explainStart } from "../explainStart.ts";
import { startStudio } from "../startStudio.ts";
import { S3_CREDENTIALS } from "../testing/openS3Server.ts";
import { useS3Server } from "../testing/openTestBucket.ts";
import { temporaryFolder } from "../testing/temporaryFolder.ts";
import { migrate } from "./migrate.ts";
import type { Asset } from "@reelstate/lifecycle";
import type { S3Server } from "../testing/openTestBucket.ts";

const PATIENCE = { timeout: 60_000, interval: 20 };
const server = useS3Server();

/** A studio as it is started, and as it answers. */
async function start(dataDir: string, env: Readonly<Record<string, string>> = {}) {
  const config = parseConfig({ DATA_DIR: dataDir, PORT: "0", DRAIN_MS: "0", REELSTATE_SIMULATOR: "1", ...env });
  const studio = await startStudio(config, pino({ level: "silent" }));
  async function call<T>(path: string, body?: unknown): Promise<T> {
    const post = { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } };
    const answer = await fetch(`${studio.url}/trpc/${path}`, body === undefined ? {} : post);
    expect([path, answer.status]).toEqual([path, 200]);
    return ((await answer.json()) as { readonly result: { readonly data: T } }).result.data;
  }
  const list = async () => (await call<{ readonly items: readonly Asset[] }>("assets.list?input=%7B%7D")).items;
  return {
    stop: studio.stop,
    call,
    list,
    asset: async (id: string) => {
      const found = (await list()).find((asset) => asset.id === id);
      if (found === undefined) throw new Error(`There is no asset ${id}.`);
      return found;
    },
    create: async (script: Readonly<Record<string, unknown>> = {}) => {
      const input = {
        type: "image",
        prompt: "fog",
        model: "sim/image",
        params: { script: { queueMs: 0, runMs: 0, ...script } },
      };
      return (await call<{ readonly assets: readonly Asset[] }>("assets.create", input)).assets[0]?.id ?? "";
    },
    /** The bytes of every file that an answer names, by their hash. */
    media: async () => {
      const urls = (await list()).flatMap(({ currentVersion: { media } }) =>
        media === null ? [] : [media.url, media.posterUrl, media.thumbUrl],
      );
      return Promise.all(
        urls.map(async (url) => {
          const answer = await fetch(`${studio.url}${url}`);
          return [url, answer.status, hashOf(Buffer.from(await answer.arrayBuffer()))] as const;
        }),
      );
    },
  };
}

const hashOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** A stopped studio with three pictures. */
async function openStopped() {
  const folder = await temporaryFolder();
  const studio = await start(folder.path);
  const ids = await Promise.all([1, 2, 3].map(() => studio.create()));
  for (const id of ids) await expect.poll(async () => (await studio.asset(id)).status, PATIENCE).toBe("completed");
  await studio.stop();
  return folder;
}

async function ask(args: readonly string[], env: Readonly<Record<string, string>>, breaksOffAt?: RegExp) {
  const said: string[] = [];
  const progress: string[] = [];
  const terminal = {
    say: (line: string) => {
      said.push(line);
      if (breaksOffAt?.test(line) === true) throw new Error("The terminal is gone.");
    },
    progress: (line: string) => progress.push(line),
  };
  const code = await migrate(args, env, terminal).catch((error: unknown) => {
    said.push(explainStart(error));
    return 1;
  });
  return { code, said: said.join("\n"), progress };
}

/** The rest of what a bucket needs, and a place of its own in it. */
function openPlace({ endpoint, bucket }: S3Server) {
  const prefix = randomUUID();
  return { prefix, url: `s3://${bucket}/${prefix}`, env: { S3_ENDPOINT: endpoint, ...S3_CREDENTIALS } };
}

/** Everything in a folder by the hash of its bytes, but for what belongs to nobody: locks, and SQLite's index of its log. */
async function contents(folder: string): Promise<readonly string[]> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const hashed = files
    .filter((one) => one.isFile() && !/-shm$|-wal$|lock/.test(one.name))
    .map(async ({ parentPath, name }) => `${join(parentPath, name)} ${hashOf(await readFile(join(parentPath, name)))}`);
  return (await Promise.all(hashed)).toSorted();
}

async function setAside(folder: string): Promise<void> {
  await mkdir(join(folder, "before-postgres"));
  for (const name of await readdir(folder))
    if (name.startsWith("reelstate.sqlite")) await rename(join(folder, name), join(folder, "before-postgres", name));
}

const STUDIO = fileURLToPath(new URL("../studio.ts", import.meta.url));

it("[P1] a studio is moved to PostgreSQL and a bucket, killed and begun again, and goes on there with what was under way", async () => {
  await using database = await openTestDatabase({ empty: true });
  await using folder = await temporaryFolder();
  const place = openPlace(server());
  const old = await start(folder.path, { WORKER_CONCURRENCY: "1" });
  const [made, failed] = [
    await old.create(),
    await old.create({ fail: { code: "content_policy_input", at: "submit" } }),
  ];
  await expect.poll(async () => (await old.asset(made)).status, PATIENCE).toBe("completed");
  await expect.poll(async () => (await old.asset(failed)).status, PATIENCE).toBe("failed");
  const underWay = await old.create({ runMs: 4_000 });
  await expect.poll(async () => (await old.asset(underWay)).liveJob?.phase, PATIENCE).toBe("at_provider");
  const waiting = await old.create();
  const [media, ended] = [await old.media(), [await old.asset(made), await old.asset(failed)]];
  await old.stop();
  const before = await contents(folder.path);

  const env = { DATA_DIR: folder.path, ...place.env };
  const args = [database.url, place.url];
  // Killed while the second of its files is on the way.
  const putting = ({ method, url }: { readonly method: string; readonly url: string }): boolean =>
    method === "PUT" && /\.(png|webp)\b/.test(url) && url.includes(place.prefix);
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
  server().fail(putting, { hold: Promise.resolve() });
  server().fail(putting, { hold: held });
  const killed = spawn(process.execPath, [STUDIO, "migrate", ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  await vi.waitUntil(() => server().requests.filter(putting).length >= 2, PATIENCE);
  // Nobody can start the old studio meanwhile, nor one on half of it.
  await expect(start(folder.path)).rejects.toMatchObject({ name: "DataDirInUse" });
  await using other = await temporaryFolder();
  await expect(start(other.path, { DATABASE_URL: database.url })).rejects.toMatchObject({ name: "MoveUnfinished" });
  const exited = once(killed, "exit");
  killed.kill("SIGKILL");
  expect(await exited).toEqual([null, "SIGKILL"]);
  letGo();
  // Nor does another take the place that the half of its media lies in.
  await expect(start(other.path, { ...place.env, STORAGE_URL: place.url })).rejects.toMatchObject({
    name: "MediaOwned",
  });

  const moved = await ask(args, env);
  expect(moved.said).toMatch(/0 rows copied, the others were there/);
  expect(moved.said).toMatch(/3 files \([\d.]+ k?B\w*\) are there/);
  expect(moved.said).toMatch(
    /rows in 15 tables are the same; \d+ lines of the ledger sum to the credits of 1 workspace,/,
  );
  expect(moved).toMatchObject({ code: 0, said: expect.stringContaining("All is there, and everything holds.") });
  expect(moved.progress).toContainEqual(expect.stringMatching(/media: 1 of 1 versions, 3 files/));
  expect(await contents(folder.path)).toEqual(before);
  const again = await ask(args, env);
  expect(again).toMatchObject({ code: 0, said: expect.stringMatching(/was moved there already. Nothing was changed/) });
  expect(again.said.slice(again.said.indexOf("To start it"))).toBe(moved.said.slice(moved.said.indexOf("To start it")));
  expect(await ask([database.url], env)).toMatchObject({
    code: 1,
    said: expect.stringMatching(/its media at another place/),
  });
  // A bucket of the same name in another store was once taken for the one that the media is in.
  expect(await ask(args, { ...env, S3_ENDPOINT: "http://127.0.0.1:1" })).toMatchObject({
    code: 1,
    said: expect.stringMatching(/its media at another place/),
  });

  const target = { ...place.env, DATABASE_URL: database.url, STORAGE_URL: place.url };
  await expect(start(folder.path, target)).rejects.toThrow(/if it was moved there .*set its reelstate\.sqlite aside/);
  await setAside(folder.path);
  const studio = await start(folder.path, target);
  expect([await studio.asset(made), await studio.asset(failed)]).toEqual(ended);
  for (const file of media) expect(await studio.media()).toContainEqual(file);
  await expect.poll(async () => (await studio.asset(underWay)).status, PATIENCE).toBe("completed");
  await expect.poll(async () => (await studio.asset(waiting)).status, PATIENCE).toBe("completed");
  await studio.stop();
  // What was at the provider when the studio was stopped was asked for once.
  const log = (await readFile(join(folder.path, "simulator.jsonl"), "utf8")).trim().split("\n");
  const submits = log
    .map((line) => JSON.parse(line) as { op: string; client_ref: string })
    .filter(({ op }) => op === "submit");
  expect(new Set(submits.map((line) => line.client_ref)).size).toBe(submits.length);
  expect(submits).toHaveLength(4);
}, 120_000);

it("[A5] a file that is missing or has other bytes is named, and no studio comes of it until it is back", async () => {
  await using database = await openTestDatabase({ empty: true });
  await using folder = await openStopped();
  const place = openPlace(server());
  const env = { DATA_DIR: folder.path, ...place.env };
  const files = (await readdir(join(folder.path, "media"), { recursive: true })).filter((name) => /\.\w+$/.test(name));
  const [one = "", two = ""] = files.filter((name) => name.endsWith(".png"));
  const [paths, keys] = [
    [one, two].map((name) => join(folder.path, "media", name)),
    [one, two].map((name) => name.slice(3)),
  ];
  const bytes = await Promise.all(paths.map((path) => readFile(path)));
  await rm(paths[0] ?? "");
  const flipped = Buffer.from(bytes[1] ?? "");
  flipped.writeUInt8(flipped.readUInt8(40) ^ 1, 40);
  await writeFile(paths[1] ?? "", flipped);

  const stays = await ask([database.url], env);
  expect(stays.code).toBe(2);
  expect(stays.said).toMatch(new RegExp(`damaged: the file ${keys[0]} of version \\S+ is missing\\.`));
  expect(stays.said).toMatch(new RegExp(`damaged: the file ${keys[1]} of version \\S+ has other bytes`));
  expect(stays.said).toMatch(/2 files are damaged\. Put them back/);
  const moves = await ask([database.url, place.url], env);
  expect([moves.code, moves.said.match(/damaged: /g)?.length]).toEqual([2, 2]);
  // What was not what it is called did not come there.
  expect(server().requests.some(({ method, url }) => method === "PUT" && url.includes(keys[1] ?? ""))).toBe(false);
  await using other = await temporaryFolder();
  await expect(start(other.path, { DATABASE_URL: database.url })).rejects.toMatchObject({ name: "MoveUnfinished" });

  for (const [at, path] of paths.entries()) await writeFile(path, bytes[at] ?? "");
  const whole = await ask([database.url, place.url], env);
  expect([whole.code, whole.said]).toEqual([0, expect.stringMatching(/9 files .* are there/)]);

  // Without them it moves too, when told.
  await using second = await openTestDatabase({ empty: true });
  await rm(paths[0] ?? "");
  expect((await ask([second.url, "--without-damaged-files"], env, /^4\/5/)).code).toBe(1);
  // What a run that was broken off was told to go on without is named by the next one too, which once said that all is there.
  expect(await ask([second.url], env)).toMatchObject({ code: 2, said: expect.stringMatching(/1 files are damaged/) });
  const without = await ask([second.url, "--without-damaged-files"], env);
  expect([without.code, without.said]).toEqual([2, expect.stringMatching(/All is there, and everything holds/)]);
  expect((await ask([second.url], env)).code).toBe(0);
}, 120_000);

it("[A5] what a broken-off move left in the bucket is read, and brought again when it is not whole", async () => {
  await using database = await openTestDatabase({ empty: true });
  await using folder = await openStopped();
  const place = openPlace(server());
  const env = { DATA_DIR: folder.path, ...place.env };
  const reading = ({ method, url }: { readonly method: string; readonly url: string }): boolean =>
    method === "GET" && /\.png\b/.test(url) && url.includes(place.prefix);
  // More than the SDK has patience for.
  for (let times = 0; times < 20; times += 1) server().fail(reading, { status: 403, code: "AccessDenied" });
  const broken = await ask([database.url, place.url], env);
  expect([broken.code, broken.said]).toEqual([
    1,
    expect.stringMatching(/did not let the studio in\..*Run the same command again/s),
  ]);
  server().forgetFaults();
  const [object = ""] = server()
    .requests.filter(({ method, url }) => method === "PUT" && url.includes(place.prefix) && /\.png\b/.test(url))
    .map(({ url }) => new URL(url, "http://s3").pathname.slice(server().bucket.length + 2));
  const path = server().pathOf(object);
  const bytes = await readFile(path);
  await writeFile(path, Buffer.alloc(bytes.length));
  expect(await ask([database.url, place.url], env)).toMatchObject({ code: 0 });
  expect(hashOf(await readFile(path))).toBe(hashOf(bytes));
}, 120_000);

it("what cannot be moved, or not there, is refused in words that name the argument and never a password", async () => {
  await using folder = await temporaryFolder();
  await using database = await openTestDatabase({ empty: true });
  const place = openPlace(server());
  const env = { DATA_DIR: folder.path, ...place.env };
  const refused = async (args: readonly string[], words: RegExp, more: Readonly<Record<string, string>> = {}) => {
    const { code, said } = await ask(args, { ...env, ...more });
    expect([code, said]).toEqual([1, expect.stringMatching(words)]);
    expect(said).not.toMatch(/hush|^\s+at /m);
  };
  await refused([], /^The first argument must be the PostgreSQL database/);
  await refused(["mysql://me:hush@db/x"], /^The first argument must be/);
  await refused(["postgres://me:hush%zz@db/x"], /^The first argument must be/);
  await refused([database.url, "--quickly"], /^Unknown option '--quickly'.* --help tells what there is\./);
  await refused([database.url, "gs://me:hush@bucket"], /^The second argument must be s3:\/\/bucket/);
  await refused([database.url, "s3://me:hush@bucket"], /^The second argument must not contain credentials/);
  await refused([database.url, place.url, "third"], /two arguments/);
  await refused([database.url], /There is no studio on SQLite in .*DATA_DIR/);

  const running = await start(folder.path);
  await refused([database.url], /Another studio is running on .* Stop it first/);
  await running.stop();
  const file = new Sqlite(join(folder.path, "reelstate.sqlite"));
  const version = Number(file.pragma("user_version", { simple: true }));
  file.pragma(`user_version = ${version - 1}`);
  await refused([database.url], /reelstate\.sqlite is from an older Reelstate\. Start the studio once/);
  file.pragma(`user_version = ${version}`);
  file.close();
  await refused(
    ["postgres://me:hush@127.0.0.1:1/x?sslrootcert=/no-such-file"],
    /^The first argument cannot be used: .*\/no-such-file/m,
  );
  await refused(["postgres://me:hush@127.0.0.1:1/x"], /server of the first argument, 127\.0\.0\.1:1, does not answer/);
  await refused([database.url, "s3://no-such-bucket"], /"no-such-bucket" of the second argument at .* does not exist/);
  await using full = await openTestDatabase({ empty: true });
  const there = await start(join(folder.path, "another"), {
    ...place.env,
    DATABASE_URL: full.url,
    STORAGE_URL: place.url,
  });
  const id = await there.create();
  await expect.poll(async () => (await there.asset(id)).status, PATIENCE).toBe("completed");
  await there.stop();
  await refused([full.url], /The first argument names a database that already holds a studio/);
  await refused([database.url, place.url], /has files in it already, of another studio/);
}, 120_000);
