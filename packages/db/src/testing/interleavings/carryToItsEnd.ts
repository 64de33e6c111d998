import { isEnded } from "./live.ts";
import { ATTEMPT_MS, BACKOFF, INPUT_MODEL, LEASE, MODEL, PROVIDER, RIVAL_MODEL } from "./openScene.ts";
import { sampleMedia } from "../samples.ts";
import type { ClaimedJob } from "../../store/attempts.ts";
import type { Scene } from "./openScene.ts";

/** An input first, then what waits for it; a lease and a backoff may have to pass before each. */
const ROUNDS = 4;

/**
 * What a healthy studio does next, whatever has happened: leases run out, somebody sweeps, somebody claims and finishes.
 * Says what is still not ended after that (J6), or null. The job's deadline is far away: nothing may wait for it.
 */
export async function carryToItsEnd(scene: Scene): Promise<string | null> {
  const { store, workspaceId, pass, sweep } = scene;
  for (let round = 0; ; round += 1) {
    const live = (await store.listJobs({ workspaceId, limit: scene.jobs() })).filter((job) => !isEnded(job));
    if (live.length === 0) return null;
    if (round === ROUNDS)
      return `J6 a job is stuck: ${live.map(({ status, phase }) => `${status}, ${phase}`).join("; ")}`;
    // A job that failed may keep the only slot for another attempt's time.
    pass(scene.isLimited() ? ATTEMPT_MS : LEASE + BACKOFF);
    if (scene.isLimited() || live.some(({ phase }) => phase !== "queued" && phase !== "backoff")) await sweep();
    const models = [MODEL, INPUT_MODEL, RIVAL_MODEL];
    for (const job of await store.claim({
      workerId: "healthy",
      limit: 10,
      leaseMs: LEASE,
      models,
      providers: [PROVIDER],
    }))
      await finish(scene, job);
  }
}

async function finish({ store }: Scene, { jobId, attempt, cancelRequested, submission }: ClaimedJob): Promise<void> {
  const outcome = cancelRequested
    ? await store.settle({ jobId, attempt, ...(submission === null ? {} : { ends: "cancelled" }) })
    : await store.complete({ jobId, attempt, media: sampleMedia() });
  if (!outcome.ok) throw new Error(`A healthy worker was refused: ${outcome.why}.`);
}
