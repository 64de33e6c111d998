import { classifyRefusal } from "./classifyRefusal.ts";
import type { ClassifiedError } from "../Provider.ts";
import type { Drawn } from "./drawPicture.ts";

/**
 * What is left of an answer that came at once: it has no id to ask about later, so the reference that is written down (P1) says
 * all there is to know. A picture is named by its key in our storage, a refusal by Google's word for it; both with Google's id of
 * the answer, for whoever has to ask there.
 */
export type PictureRef =
  | { readonly state: "made"; readonly key: string }
  | { readonly state: "refused"; readonly error: ClassifiedError };

export function madeRef(responseId: string, key: string): string {
  return `picture:${key}:${responseId}`;
}

export function refusedRef({ responseId, side, reason, words }: Extract<Drawn, { state: "refused" }>): string {
  return ["refused", side, reason, responseId, words].join(":");
}

/** Null where it is none of ours. */
export function parsePictureRef(ref: string): PictureRef | null {
  const key = /^picture:([^:]+):/.exec(ref)?.[1];
  if (key !== undefined) return { state: "made", key };
  const [, side, reason, words] = /^refused:(input|output):([^:]*):[^:]*:(.*)$/s.exec(ref) ?? [];
  if (side === undefined || reason === undefined) return null;
  return {
    state: "refused",
    error: classifyRefusal({ side: side === "input" ? "input" : "output", reason, words: words ?? "" }),
  };
}
