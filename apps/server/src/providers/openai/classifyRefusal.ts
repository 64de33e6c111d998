import { SERVICE } from "./classifyOpenaiError.ts";
import type { Refused } from "../hosted/replyRef.ts";
import type { ClassifiedError } from "../Provider.ts";

/** The service's rules refused what was made; any other answer had no picture in it. */
export const BLOCKED = "blocked";
export const EMPTY = "empty";

/** Why there is no picture: nothing of this is tried again by itself, because each try may be billed. */
export function classifyRefusal({ reason, words }: Refused): ClassifiedError {
  const meaning = reason === BLOCKED ? SERVICE.output : NO_PICTURE;
  return { ...meaning, ...(words === "" ? {} : { detail: words }) };
}

const NO_PICTURE: ClassifiedError = {
  code: "provider_unavailable",
  message: "The service answered without a picture.",
  retryable: false,
};
