import { policy } from "./classifyOpenaiError.ts";
import type { ClassifiedError } from "../Provider.ts";

/**
 * What is written down of a request (P1). A video has an id at the service. A picture that came with the answer has none: its
 * reference is its key in our storage, or the address that a gateway gave for it, or the word it was refused with.
 */
export type OpenaiRef =
  | { readonly state: "video"; readonly id: string }
  /** `requestId` is what the service calls the call, for whoever has to ask there. */
  | { readonly state: "picture"; readonly key: string; readonly requestId: string }
  | { readonly state: "link"; readonly url: string }
  | { readonly state: "refused"; readonly why: Refusal; readonly requestId: string; readonly words: string };

/** `blocked`: by the rules, after it was made. `empty`: an answer without a picture. */
export type Refusal = "blocked" | "empty";

export function writeRef(ref: OpenaiRef): string {
  switch (ref.state) {
    case "video":
      return `video:${ref.id}`;
    case "picture":
      return `picture:${ref.key}:${ref.requestId}`;
    case "link":
      return `link:${ref.url}`;
    case "refused":
      return `refused:${ref.why}:${ref.requestId}:${ref.words}`;
  }
}

/** Null where it is none of ours. */
export function readRef(written: string): OpenaiRef | null {
  const [, state, rest = ""] = /^(video|picture|link|refused):(.+)$/s.exec(written) ?? [];
  if (state === "video") return { state, id: rest };
  if (state === "link") return { state, url: rest };
  if (state === "picture") {
    const [key = "", requestId = ""] = rest.split(":");
    return { state, key, requestId };
  }
  const [, why, requestId = "", words = ""] = /^(blocked|empty):([^:]*):(.*)$/s.exec(rest) ?? [];
  return why === "blocked" || why === "empty" ? { state: "refused", why, requestId, words } : null;
}

/** Nothing of this is tried again by itself, because each try may be billed. */
export function classifyRefusal({ why, words }: Extract<OpenaiRef, { state: "refused" }>): ClassifiedError {
  const meaning =
    why === "blocked"
      ? policy("output")
      : ({
          code: "provider_unavailable",
          message: "The service answered without a picture.",
          retryable: false,
        } as const);
  return { ...meaning, ...(words === "" ? {} : { detail: words }) };
}
