import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { openBuiltStudio } from "./builtStudio.ts";

interface Transition {
  readonly event: string;
  readonly at: number;
}

/**
 * Milliseconds from `kill -9` of the built program to the next claim of the job that was under way, committed by the
 * process that is started at once: its own start, and taking back what its predecessor held.
 */
export async function killAndRestart(kills: number): Promise<readonly number[]> {
  await using parts = new AsyncDisposableStack();
  const dataDir = await mkdtemp(join(tmpdir(), "reelstate-bench-"));
  parts.defer(() => rm(dataDir, { recursive: true, force: true, maxRetries: 5 }));
  const program = parts.use(await openBuiltStudio(dataDir));
  const { url } = program;
  const spans: number[] = [];
  for (let kill = 0; kill < kills; kill += 1) {
    const id = await begin(url);
    const killedAt = Date.now();
    await program.kill9();
    await program.start();
    const claims = await until(async () => {
      const found = (await historyOf(url, id)).filter(({ event }) => event === "claim");
      return found.length > 1 ? found : null;
    });
    spans.push((claims[1]?.at ?? Number.NaN) - killedAt);
    await post(url, "assets.cancel", { id });
  }
  return spans;
}

/** A job that is being made and does not end. */
async function begin(url: string): Promise<string> {
  const created = await until(() =>
    post(url, "assets.create", {
      type: "image",
      prompt: "A lighthouse",
      model: "sim/image",
      params: { script: { queueMs: 0, hang: true } },
    }).catch(() => null),
  );
  const { id } = (created as { readonly assets: readonly { readonly id: string }[] }).assets[0] ?? { id: "" };
  await until(async () => ((await historyOf(url, id)).some(({ event }) => event === "claim") ? true : null));
  return id;
}

async function historyOf(url: string, id: string): Promise<readonly Transition[]> {
  const input = encodeURIComponent(JSON.stringify({ id }));
  const answer = await fetch(`${url}/trpc/assets.history?input=${input}`).catch(() => null);
  if (answer === null || !answer.ok) return [];
  const { result } = (await answer.json()) as {
    readonly result: { readonly data: { readonly transitions: readonly Transition[] } };
  };
  return result.data.transitions;
}

async function post(url: string, procedure: string, body: unknown): Promise<unknown> {
  const answer = await fetch(`${url}/trpc/${procedure}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${procedure} was answered ${answer.status}`);
  return ((await answer.json()) as { readonly result: { readonly data: unknown } }).result.data;
}

async function until<T>(look: () => Promise<T | null>): Promise<T> {
  for (const end = Date.now() + 120_000; Date.now() < end; await delay(10)) {
    const found = await look();
    if (found !== null) return found;
  }
  throw new Error("Waited in vain for the studio.");
}
