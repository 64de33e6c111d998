import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import Sqlite from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { useS3Server } from "./testing/openTestBucket.ts";
import { temporaryFolder } from "./testing/temporaryFolder.ts";
import type { Asset } from "@reelstate/lifecycle";
import type { SeenRequest } from "./testing/openS3Server.ts";

/*
 * The program as an operator stops it: a process, signals, an exit code, and what its database says afterwards.
 */

const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));
const PATIENCE_MS = 60_000;
/** Without a drain: what hangs is left behind after three seconds. The rest is for a busy machine. */
const STOPPED_WITHIN_MS = 15_000;
const patience = { timeout: PATIENCE_MS, interval: 50 };

async function startProcess(drainMs: number, env: Readonly<Record<string, string>> = {}) {
  const folder = await temporaryFolder();
  const child = spawn(process.execPath, [MAIN], {
    env: {
      ...process.env,
      PORT: "0",
      DATA_DIR: folder.path,
      DRAIN_MS: String(drainMs),
      LOG_LEVEL: "error",
      REELSTATE_SIMULATOR: "1",
      ...env,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
  await expect.poll(() => said, patience).toMatch(/is ready: http/);
  const url = /is ready: (\S+)/.exec(said)?.[1] ?? "";

  async function call<T>(path: string, body?: unknown): Promise<T> {
    const post = { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } };
    const answer = await fetch(`${url}/trpc/${path}`, body === undefined ? {} : post);
    return ((await answer.json()) as { readonly result: { readonly data: T } }).result.data;
  }

  return {
    child,
    folder: folder.path,
    exited,
    async create(script: Record<string, unknown>): Promise<string> {
      const params = { script: { queueMs: 0, ...script } };
      const input = { type: "image", prompt: "fog", model: "sim/image", params };
      return (await call<{ assets: readonly Asset[] }>("assets.create", input)).assets[0]?.id ?? "";
    },
    /** Whether it still answers that it can do its work. One that does not answer at all can not. */
    ready: () =>
      fetch(`${url}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      ),
    phase: async (id: string) =>
      (await call<Asset>(`assets.get?input=${encodeURIComponent(JSON.stringify({ id }))}`)).liveJob?.phase,
    rows<Row>(sql: string, ...values: readonly unknown[]): readonly Row[] {
      const db = new Sqlite(join(folder.path, "reelstate.sqlite"), { readonly: true });
      try {
        return db.prepare(sql).all(...values) as Row[];
      } finally {
        db.close();
      }
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await exited;
      await folder[Symbol.asyncDispose]();
    },
  };
}

const JOB = `SELECT j.status, j.attempt, j.failures, j.losses, s.state FROM job j LEFT JOIN submission s ON s.job_id = j.id
  WHERE j.asset_id = ?`;

it(
  "[J6] on SIGTERM begins nothing new, hands back untouched what does not end in time, and exits",
  async () => {
    await using program = await startProcess(1_000);
    const id = await program.create({ hang: true });
    await expect.poll(() => program.phase(id), patience).toBe("at_provider");
    program.child.kill("SIGTERM");
    // A request can overtake the signal, and what it makes is claimed like any other.
    await expect.poll(program.ready, patience).toBe(false);
    // Taken while it drains, and kept for the next one. One that is turned away by then was not taken.
    const late = await program.create({}).catch(() => null);
    expect(await program.exited).toEqual([0, null]);
    expect(program.rows(JOB, id)).toEqual([{ status: "pending", attempt: 1, failures: 0, losses: 0, state: "open" }]);
    if (late !== null) expect(program.rows(JOB, late)).toMatchObject([{ status: "pending", attempt: 0, state: null }]);
  },
  3 * PATIENCE_MS,
);

it(
  "[J6] on a second signal exits now; what it was doing is found by the next one",
  async () => {
    await using program = await startProcess(600_000);
    const id = await program.create({ hang: true });
    await expect.poll(() => program.phase(id), patience).toBe("at_provider");
    program.child.kill("SIGTERM");
    // Signals that arrive as one would count as one.
    const again = setInterval(() => program.child.kill("SIGINT"), 100);
    const exit = await program.exited;
    clearInterval(again);
    expect(exit).toEqual([130, null]);
    expect(program.rows(JOB, id)).toEqual([
      { status: "processing", attempt: 1, failures: 0, losses: 0, state: "open" },
    ]);
  },
  3 * PATIENCE_MS,
);

/** What a studio may do without until somebody asks for it: each makes it start later and keeps memory. */
const HEAVY = ["sharp", "mediabunny", "@napi-rs", "@aws-sdk", "pg"];

/** Has a program write down the address of all that it loads. */
function noting(file: string): Readonly<Record<string, string>> {
  const hook = `import { appendFileSync } from "node:fs"; import { registerHooks } from "node:module";
    registerHooks({ load: (url, about, next) => (appendFileSync(${JSON.stringify(file)}, url + "\\n"), next(url, about)) });`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hook)}` };
}

it(
  "a studio that stands ready has loaded nothing that only pictures, videos, a bucket or another database need",
  async () => {
    await using notes = await temporaryFolder();
    const file = join(notes.path, "loaded");
    await using program = await startProcess(1_000, noting(file));
    const heavy = async (): Promise<readonly string[]> => {
      const loaded = await readFile(file, "utf8");
      return HEAVY.filter((name) => loaded.includes(`/node_modules/${name}/`));
    };
    expect(await heavy()).toEqual([]);
    // Seen by the same notes once a picture is made.
    await program.create({});
    await expect.poll(heavy, patience).toContain("sharp");
  },
  2 * PATIENCE_MS,
);

describe("in front of a bucket that does not answer any more", () => {
  const server = useS3Server();

  it(
    "[J6] exits on SIGTERM all the same, though its janitor still waits, and closes its database",
    async () => {
      const never = Promise.withResolvers<void>();
      let stuck = false;
      // Only the janitor asks what uploads were broken off.
      const isJanitors = ({ method, url }: SeenRequest): boolean =>
        method === "GET" && new URL(url, "http://s3").searchParams.has("uploads");
      server().fail((request) => isJanitors(request) && (stuck = true), { hold: never.promise });
      const bucket = { STORAGE_URL: `s3://${server().bucket}/stuck`, S3_ENDPOINT: server().endpoint };
      await using program = await startProcess(0, bucket);
      await expect.poll(() => stuck, patience).toBe(true);
      program.child.kill("SIGTERM");
      const tooLong = delay(STOPPED_WITHIN_MS, "still running");
      expect(await Promise.race([program.exited, tooLong])).toEqual([0, null]);
      never.resolve();
      // Closed and not only left: what was written ahead is in the file.
      expect(await readdir(program.folder)).not.toContain("reelstate.sqlite-wal");
    },
    3 * PATIENCE_MS,
  );
});
