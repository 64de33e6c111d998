import { BrokenMedia } from "../media/BrokenMedia.ts";
import { retryWait } from "../storage/retryWait.ts";
import { StorageError } from "../storage/StorageError.ts";
import { AttemptOver } from "./Attempt.ts";
import type { StoredMedia } from "@reelstate/db";
import type { AssetType } from "@reelstate/lifecycle";
import type { Attempt, AttemptDeps } from "./Attempt.ts";
import type { ClassifiedError, ProviderOutput, SubmissionRef } from "../providers/Provider.ts";

/** How often it is asked whether there is room again. */
const LOOK_EVERY_MS = 1_000;

export type Stored =
  | { readonly ok: true; readonly media: StoredMedia }
  /** The submission stays open: another attempt fetches again without submitting again. */
  | { readonly ok: false; readonly error: ClassifiedError };

/** Fetches the output into our storage, probes it and makes its previews (J4, A5). */
export async function storeOutput(deps: AttemptDeps, attempt: Attempt, submission: SubmissionRef): Promise<Stored> {
  const { provider, signal, progress, job } = attempt;
  progress.phase("fetching");
  await untilRoom(deps, signal);
  try {
    const output = await provider.fetchOutput(submission, signal);
    refuseLabel(output, job.type);
    const body = output.body;
    signal.addEventListener("abort", () => "destroy" in body && typeof body.destroy === "function" && body.destroy(), {
      once: true,
    });
    const file = await deps.shelf.store(body as Parameters<typeof deps.shelf.store>[0], job.type, { signal });
    if (output.claimedBytes !== null && file.bytes !== output.claimedBytes) {
      throw new BrokenMedia(`The provider announced ${output.claimedBytes} bytes and delivered ${file.bytes}.`);
    }
    progress.phase("storing");
    const media = await deps.shelf.examine(file, job.type);
    return { ok: true, media };
  } catch (cause) {
    if (signal.aborted) throw new AttemptOver("stopped", { cause });
    return { ok: false, error: classify(attempt, cause) };
  }
}

/** What is made stays at the provider while there is no room for it, and spends no try (P6); deadlines are the sweeper's. */
async function untilRoom({ hasRoom, sleep }: AttemptDeps, signal: AbortSignal): Promise<void> {
  while (!hasRoom()) {
    await sleep(LOOK_EVERY_MS, signal);
    if (signal.aborted) throw new AttemptOver("stopped");
  }
}

/**
 * Bytes decide what a file is, and within pictures or within videos many label them wrongly. But what calls itself a page
 * of text, or a picture where a video was asked for, is an error page or another's output, whatever follows.
 */
function refuseLabel({ body, claimedMime }: ProviderOutput, type: AssetType): void {
  const kind = claimedMime?.split("/", 1)[0]?.trim().toLowerCase() ?? "";
  if (kind === "" || kind === "application" || kind === "binary" || kind === type) return;
  if ("destroy" in body && typeof body.destroy === "function") body.destroy();
  const wanted = type === "image" ? "a picture" : "a video";
  throw new BrokenMedia(`Instead of ${wanted} the provider sent what it calls ${claimedMime?.slice(0, 60)}.`);
}

function classify({ provider }: Attempt, cause: unknown): ClassifiedError {
  const detail = describe(cause);
  if (cause instanceof StorageError) {
    return { code: "storage_failed", message: cause.message, detail, retryable: true, ...retryWait(cause) };
  }
  if (cause instanceof BrokenMedia)
    return { code: "provider_unavailable", message: cause.message, detail, retryable: true };
  return provider.classifyError(cause);
}

/** The error with what is behind it. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${describe(error.cause)}`;
}
