/**
 * What is written down of a request to a provider whose pictures come with the answer (P1). What is made later has an id there. A
 * picture that came with the answer has none: its reference is its key in our storage, or the address that a gateway gave for
 * it, or why there is none.
 */
export type ReplyRef =
  | { readonly state: "video"; readonly id: string }
  | Kept
  | { readonly state: "link"; readonly url: string }
  | Refused;

export interface Kept {
  readonly state: "picture";
  readonly key: string;
  /** What the provider calls the answer, for whoever has to ask there. */
  readonly answerId: string;
  /** What it cost by the tokens that came with the answer, in millionths of a dollar: nobody tells it again (P8). */
  readonly usdMicros?: number | undefined;
}

export interface Refused {
  readonly state: "refused";
  /** What is to blame: what was asked for, or what was made. */
  readonly side: "input" | "output";
  /** The provider's word for it. */
  readonly reason: string;
  readonly answerId: string;
  /** As they may be shown. */
  readonly words: string;
}

export function writeReplyRef(ref: ReplyRef): string {
  switch (ref.state) {
    case "video":
      return `video:${ref.id}`;
    case "picture":
      return `picture:${ref.key}:${wordOf(ref.answerId)}${ref.usdMicros === undefined ? "" : `:${ref.usdMicros}`}`;
    case "link":
      return `link:${ref.url}`;
    case "refused":
      return `refused:${ref.side}:${wordOf(ref.reason)}:${wordOf(ref.answerId)}:${ref.words}`;
  }
}

/** Null where it is none of ours. References outlive the studio that wrote them: refusals without a side are of earlier ones. */
export function readReplyRef(written: string): ReplyRef | null {
  const [, state, rest = ""] = /^(video|picture|link|refused):(.+)$/s.exec(written) ?? [];
  if (state === "video") return { state, id: rest };
  if (state === "link") return { state, url: rest };
  if (state === "picture") {
    const [key = "", answerId = "", micros] = rest.split(":");
    return { state, key, answerId, ...(micros === undefined ? {} : { usdMicros: Number(micros) }) };
  }
  const [whole, side, reason = "", answerId = "", words = ""] =
    /^(?:(input|output):)?([^:]*):([^:]*):(.*)$/s.exec(rest) ?? [];
  if (state !== "refused" || whole === undefined) return null;
  return { state, side: side === "input" ? "input" : "output", reason, answerId, words };
}

const LONGEST_WORD = 100;

/** Somebody else's word, which stands among others here: it is no longer than words are, and no two. */
function wordOf(said: string): string {
  return said.replaceAll(/[^\w-]/g, "").slice(0, LONGEST_WORD);
}
