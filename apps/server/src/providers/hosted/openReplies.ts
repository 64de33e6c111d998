import { retryWait } from "../../storage/retryWait.ts";
import { openReplyShelf } from "./openReplyShelf.ts";
import { ProviderFlaw } from "./ProviderFlaw.ts";
import { quoted } from "./quoted.ts";
import { writeReplyRef } from "./replyRef.ts";
import type { Cost } from "@reelstate/lifecycle";
import type { ClassifiedError, ProviderOutput, ProviderStatus } from "../Provider.ts";
import type { HostedDeps, HostedPlace } from "./HostedProvider.ts";
import type { Refused, ReplyRef } from "./replyRef.ts";

/** How the call that is billed was answered: with the picture, or with why there is none. */
export type Reply =
  | {
      readonly state: "made";
      readonly answerId: string;
      readonly bytes: Buffer;
      /** What the tokens come to that were counted in the answer (P8). */
      readonly cost: Cost | undefined;
    }
  /** `words` as the provider said them. */
  | Refused;

/**
 * For providers whose pictures come with the answer to the call that is billed (docs/decisions/017). A refusal is a reference too: the
 * request was accepted, and may be billed, so its end is kept as the end of any other.
 */
export interface Replies {
  /** The reference to what was answered, once that is safe with us. Throws `ProviderFlaw` where it could not be kept. */
  readonly keep: (reply: Reply, signal: AbortSignal) => Promise<string>;
  /** Nothing is asked of anybody: a picture is made by the time it has a reference. */
  readonly status: (ref: Settled) => ProviderStatus;
  readonly take: (key: string) => Promise<ProviderOutput>;
}

type Settled = Exclude<ReplyRef, { readonly state: "video" }>;

export function openReplies(
  deps: Pick<HostedDeps, "sleep" | "key">,
  place: Pick<HostedPlace, "storage">,
  { gone, classify }: { readonly gone: string; readonly classify: (refused: Refused) => ClassifiedError },
): Replies {
  const shelf = openReplyShelf(deps, place);

  return {
    keep: async (reply, signal) => {
      if (reply.state === "refused") return writeReplyRef({ ...reply, words: quoted(reply.words, deps.key) ?? "" });
      const { answerId, bytes, cost } = reply;
      const key = await shelf.keep(bytes, signal).catch((cause: unknown) => {
        throw new ProviderFlaw(notKept(cause), { cause });
      });
      return writeReplyRef(
        key === null ? { ...NO_PICTURE, answerId } : { state: "picture", key, answerId, usdMicros: cost?.usdMicros },
      );
    },
    status: (ref) => {
      if (ref.state === "refused") return { state: "failed", error: classify(ref) };
      const usdMicros = ref.state === "picture" ? ref.usdMicros : undefined;
      return { state: "succeeded", ...(usdMicros === undefined ? {} : { cost: { usdMicros, basis: "tokens" } }) };
    },
    take: async (key) => {
      const kept = await shelf.take(key);
      if (kept === null)
        throw new ProviderFlaw({ code: "provider_unavailable", message: gone, retryable: false, gone: true });
      return kept;
    },
  };
}

const NO_PICTURE = { state: "refused", side: "output", reason: "NOT_A_PICTURE", words: "" } as const;

function notKept(cause: unknown): ClassifiedError {
  return {
    code: "storage_failed",
    message: "The picture could not be kept.",
    detail: String(cause),
    retryable: true,
    ...retryWait(cause),
  };
}
