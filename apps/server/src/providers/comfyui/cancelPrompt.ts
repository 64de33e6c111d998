import { RefusedAnswer } from "../../outbound/RefusedAnswer.ts";
import { systemSchema } from "./answers.ts";
import type { Answer, Call } from "../../outbound/Outbound.ts";

export interface CancelDeps {
  readonly ask: (call: Call, signal: AbortSignal) => Promise<Answer>;
  readonly isRunning: (promptId: string, signal: AbortSignal) => Promise<boolean>;
}

/**
 * The first version of which it is certain that its `/interrupt` heeds a prompt id (the change is of 2025-09). Older ones pass
 * over the id and stop whatever runs.
 */
const HEEDS_ID = [0, 3, 60] as const;

/**
 * Ends one prompt and no other, waiting or running. Versions since 2026-06 do both in one step; before that, one that waits is
 * taken from the queue, and one that runs is interrupted by its id. A version that cannot do that by id is left to finish: to
 * interrupt it could stop somebody else's.
 */
export async function cancelPrompt(deps: CancelDeps, promptId: string, signal: AbortSignal): Promise<void> {
  if (await inOneStep(deps, promptId, signal)) return;
  await deps.ask({ method: "POST", path: "/queue", body: { delete: [promptId] } }, signal);
  if (!(await deps.isRunning(promptId, signal))) return;
  if (!(await heedsId(deps, signal))) return;
  await deps.ask({ method: "POST", path: "/interrupt", body: { prompt_id: promptId } }, signal);
}

/** False where the version has no such thing. */
async function inOneStep({ ask }: CancelDeps, promptId: string, signal: AbortSignal): Promise<boolean> {
  try {
    await ask({ method: "POST", path: `/api/jobs/${encodeURIComponent(promptId)}/cancel`, body: {} }, signal);
    return true;
  } catch (error) {
    // A version without it serves its pages there, which take no POST.
    if (error instanceof RefusedAnswer && (error.status === 404 || error.status === 405)) return false;
    throw error;
  }
}

async function heedsId({ ask }: CancelDeps, signal: AbortSignal): Promise<boolean> {
  const { body } = await ask({ method: "GET", path: "/system_stats" }, signal);
  const parsed = systemSchema.safeParse(body);
  const [, ...numbers] = /^v?(\d+)\.(\d+)\.(\d+)/.exec(parsed.success ? parsed.data.system.comfyui_version : "") ?? [];
  if (numbers.length < HEEDS_ID.length) return false;
  const differing = HEEDS_ID.findIndex((needed, place) => Number(numbers[place]) !== needed);
  return differing === -1 || Number(numbers[differing]) > (HEEDS_ID[differing] ?? 0);
}
