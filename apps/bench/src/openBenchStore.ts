import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { credits, durationMs } from "@reelstate/lifecycle";
import { openSqliteStore } from "@reelstate/db";
import type { CreateAssets, Offered, Store, StoredMedia } from "@reelstate/db";
import type { ProjectId, WorkspaceId } from "@reelstate/lifecycle";

export const WORKSPACE = "bench" as WorkspaceId;
export const MODEL = "bench/image";
const PROVIDER = "bench";
/** What a worker asks for, as each studio's does: its models and its providers. */
export const OFFERED: Offered = { models: [MODEL], providers: [PROVIDER] };
export const LEASE = durationMs(15_000);
const QUOTE = 6;

export interface BenchStore extends AsyncDisposable {
  readonly store: Store;
  readonly file: string;
}

/** A store of its own in a temporary folder on the same disk as every other engine measured. */
export async function openBenchStore(): Promise<BenchStore> {
  const folder = await mkdtemp(join(tmpdir(), "reelstate-bench-"));
  const file = join(folder, "bench.sqlite");
  const store = openSqliteStore({ file, mediaUrl: (key) => key, bootId: randomUUID() });
  await makeWorkspace(store, WORKSPACE);
  return {
    store,
    file,
    [Symbol.asyncDispose]: async () => {
      await store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export async function makeWorkspace(store: Store, workspaceId: WorkspaceId): Promise<void> {
  await store.ensureWorkspace({
    workspaceId,
    name: "Bench",
    project: { id: String(workspaceId) as ProjectId, name: "Bench" },
    grant: credits(1_000_000_000),
  });
}

/** As long as the studio's (UUID version 7), and like those each behind the one before it: rows and indexes weigh what they weigh. */
export function idsOf(number: number): {
  readonly assetId: string;
  readonly versionId: string;
  readonly jobId: string;
} {
  const end = number.toString(16).padStart(12, "0");
  const id = (kind: string): string => `01a22600-0000-7000-${kind}000-${end}`;
  return { assetId: id("8"), versionId: id("9"), jobId: id("a") };
}

/** Which job it is. */
export function numberOf(jobId: string): number {
  return Number.parseInt(jobId.slice(-12), 16);
}

/** One asset of a made-up model. */
export function benchRequest(number: number, workspaceId = WORKSPACE): CreateAssets {
  const { assetId, versionId, jobId } = idsOf(number);
  return {
    workspaceId,
    projectId: null,
    idempotency: null,
    assets: [
      {
        assetId: assetId as CreateAssets["assets"][number]["assetId"],
        versionId: versionId as CreateAssets["assets"][number]["versionId"],
        jobId: jobId as CreateAssets["assets"][number]["jobId"],
        type: "image",
        name: "A lighthouse at dusk",
        prompt: "A lighthouse on a rocky coast at dusk, slow push in",
        params: { aspectRatio: "16:9", seed: number },
        inputs: [],
        plan: {
          model: MODEL,
          provider: PROVIDER,
          quote: credits(QUOTE),
          attemptTimeoutMs: durationMs(60_000),
          jobTimeoutMs: durationMs(600_000),
          maxFailures: 3,
          maxLosses: 10,
          priority: 0,
        },
      },
    ],
  };
}

export const MEDIA: StoredMedia = {
  key: `${"a".repeat(64)}.png`,
  mime: "image/png",
  bytes: 70_000,
  sha256: "a".repeat(64),
  width: 1280,
  height: 720,
  durationMs: null,
  posterKey: `${"b".repeat(64)}.webp`,
  thumbKey: `${"c".repeat(64)}.webp`,
  thumbhash: "1QcSHQRnh493V4dIh4eXh1h4kJUI",
};
