import { z } from "zod";

/** What must be known of a workflow to follow a prompt of it. */
export interface FollowedNodes {
  /** The one that saves the result; absent where nobody knows it any more: then whichever has saved something. */
  readonly output?: string | undefined;
  /** The one whose steps are shown. */
  readonly progress?: string | undefined;
}

interface PromptMarks {
  readonly clientRef: string | null;
  readonly nodes: FollowedNodes | null;
}

const schema = z.looseObject({
  reelstate: z.string().nullable().catch(null),
  reelstate_nodes: z.looseObject({ output: z.string(), progress: z.string().optional() }).nullable().catch(null),
});

/**
 * What a prompt carries in its extra data, which ComfyUI keeps with it: our reference, and what is needed to follow it. The file of
 * its workflow may be renamed, changed or gone by then.
 */
export function markPrompt(clientRef: string, { output, progress }: FollowedNodes): Readonly<Record<string, unknown>> {
  return { reelstate: clientRef, reelstate_nodes: { output, progress } };
}

/** Of a prompt in the queue or in the history. It may be somebody else's, or have been sent by a studio that marked less. */
export function readMarks([, , , extra]: readonly unknown[]): PromptMarks {
  const { data } = schema.safeParse(extra);
  return { clientRef: data?.reelstate ?? null, nodes: data?.reelstate_nodes ?? null };
}
