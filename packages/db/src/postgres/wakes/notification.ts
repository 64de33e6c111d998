import type { Wake } from "../../store/feed.ts";

/** Where every process on a database says that there may be something new. */
export const CHANNEL = "reelstate_wake";

export interface Heard {
  /** The process that said it. */
  readonly by: string;
  readonly wake: Wake;
}

export function toPayload({ by, wake }: Heard): string {
  return `${wake.feed ? "feed" : ""},${wake.work ? "work" : ""},${by}`;
}

/** What it does not understand is a wake for everything: a newer program may say more. */
export function fromPayload(payload: string | undefined): Heard {
  const [feed, work, by] = (payload ?? "").split(",");
  if (by === undefined) return { by: "", wake: { feed: true, work: true } };
  return { by, wake: { feed: feed === "feed", work: work === "work" } };
}
