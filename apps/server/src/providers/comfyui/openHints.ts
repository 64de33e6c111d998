import { hintSchema } from "./answers.ts";
import type { Outbound } from "../../outbound/Outbound.ts";
import type { Timers } from "../../Timers.ts";

/**
 * How far running prompts are, heard over ComfyUI's websocket: the steps of one node, as a fraction. Hints only: what a prompt
 * comes to is read. Each prompt has a socket of its own, under a client id that follows from the prompt's, so that whoever
 * takes it up after a restart hears of it too.
 */
export interface Hints {
  /** The last that was heard of it; listens from the first time on, until `stop` or until the signal aborts. */
  readonly fraction: (prompt: Listened, signal: AbortSignal) => number | null;
  readonly stop: (promptId: string) => void;
  readonly close: () => void;
}

export interface Listened {
  readonly promptId: string;
  /** As it was submitted with. */
  readonly clientId: string;
  /** The node whose steps count. */
  readonly node: string;
}

interface Listening {
  fraction: number | null;
  hangUp: () => void;
  /** When the socket ended, in monotonic time; null while it is open. */
  endedAt: number | null;
}

/** Before a line that ended is tried again. */
const AGAIN_AFTER_MS = 5_000;
/** Longer messages are none of progress. */
const LONGEST_HINT = 256 * 1_024;

export function openHints(
  { outbound, monotonic }: Pick<Timers, "monotonic"> & { readonly outbound: Pick<Outbound, "listen"> },
  headers: Readonly<Record<string, string>>,
): Hints {
  const prompts = new Map<string, Listening>();

  function call({ promptId, clientId, node }: Listened, listening: Listening): void {
    listening.endedAt = null;
    listening.hangUp = outbound.listen(
      { path: `/ws?clientId=${encodeURIComponent(clientId)}`, headers },
      {
        heard: (text) => {
          const heard = fractionOf(text, promptId, node);
          // A node that begins anew tells less.
          if (heard !== null) listening.fraction = Math.max(listening.fraction ?? 0, heard);
        },
        ended: () => {
          listening.endedAt = monotonic();
        },
      },
    );
  }

  function stop(promptId: string): void {
    prompts.get(promptId)?.hangUp();
    prompts.delete(promptId);
  }

  return {
    fraction: (prompt, signal) => {
      const known = prompts.get(prompt.promptId);
      const listening: Listening = known ?? { fraction: null, hangUp: () => {}, endedAt: null };
      if (known === undefined) {
        prompts.set(prompt.promptId, listening);
        signal.addEventListener("abort", () => stop(prompt.promptId), { once: true });
      }
      const silent = listening.endedAt !== null && monotonic() - listening.endedAt > AGAIN_AFTER_MS;
      if (known === undefined || silent) call(prompt, listening);
      return listening.fraction;
    },
    stop,
    close: () => {
      for (const promptId of prompts.keys()) stop(promptId);
    },
  };
}

/** What a message says of a node's steps in this prompt; null where it speaks of something else. */
function fractionOf(text: string, promptId: string, node: string): number | null {
  if (text.length > LONGEST_HINT) return null;
  const hint = hintSchema.safeParse(parsed(text));
  if (!hint.success) return null;
  const { type, data } = hint.data;
  // Versions that name no prompt speak of the one that this client id belongs to.
  if ((data.prompt_id ?? promptId) !== promptId) return null;
  const steps = type === "progress" ? (data.node === node ? data : undefined) : data.nodes[node];
  return steps === undefined ? null : Math.min(1, Math.max(0, steps.value / steps.max));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
