import type { LiveItem } from "../contract.ts";

/** The seq that a client gives back when it reconnects; null for what is no position in the feed (E2). */
export function seqOf(item: LiveItem): number | null {
  switch (item.kind) {
    case "transition":
    case "removed":
    case "reset":
      return item.seq;
    case "head":
    case "progress":
    case "queue":
    case "trouble":
      return null;
  }
}
