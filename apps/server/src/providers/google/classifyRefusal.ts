import { GOOGLE, isBlock } from "./classifyGoogleError.ts";
import type { Refused } from "../hosted/replyRef.ts";
import type { ClassifiedError } from "../Provider.ts";

/** Why `generateContent` gave no picture: nothing of this is tried again by itself, because each try may be billed. */
export function classifyRefusal({ side, reason, words }: Refused): ClassifiedError {
  const detail = words === "" ? reason : `${reason}: ${words}`;
  // A prompt is blocked by nothing but rules, whatever the word.
  if (side === "input" || isBlock(reason)) return { ...GOOGLE[side], detail };
  switch (reason) {
    case "STOP":
    case "NO_IMAGE":
    case "MAX_TOKENS":
    case "LANGUAGE":
      return {
        code: "invalid_input",
        message: "The model answered without a picture. Ask for one in plain words.",
        detail,
        retryable: false,
      };
    case "PUP_LIMITED_DISABLED":
      return { code: "provider_auth", message: "Google has limited or closed this account.", detail, retryable: false };
    default:
      return { code: "provider_unavailable", message: "Google gave no picture.", detail, retryable: false };
  }
}
