import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Sqlite from "better-sqlite3";
import { expect, it } from "vitest";
import { temporaryFolder } from "./testing/temporaryFolder.ts";
import type { Asset } from "@reelstate/lifecycle";

/*
 * The program as an operator stops it: a process, signals, an exit code, and what its database says afterwards.
 */

const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));
const PATIENCE_MS = 60_000;
const patience = { timeout: PATIENCE_MS, interval: 50 };

async function startProcess(drainMs: number) {
  const folder = await temporaryFolder();
  const child = spawn(process.execPath, [MAIN], {
    env: {
      ...process.env,
      PORT: "0",
      DATA_DIR: folder.path,
      DRAIN_MS: String(drainMs),
      LOG_LEVEL: "error",
      REELSTATE_SIMULATOR: "1",
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
    exited,
    async create(script: Record<string, unknown>): Promise<string> {
      const params = { script: { queueMs: 0, ...script } };
      const input = { type: "image", prompt: "fog", model: "sim/image", params };
      return (await call<{ assets: readonly Asset[] }>("assets.create", input)).assets[0]?.id ?? "";
    },
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
