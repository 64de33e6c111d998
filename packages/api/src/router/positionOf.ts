import type { LiveInput } from "../input.ts";
import type { FeedPosition } from "../ports.ts";

/**
 * A reconnecting client sends the input it began with and the last seq it heard. The larger is where it stands, unless a
 * reset moved it back: then the input is the older news, but it is at most a replay, which a view applies at most once.
 */
export function positionOf(input: LiveInput = {}): FeedPosition {
  const known = [input.after, input.lastEventId === undefined ? undefined : Number(input.lastEventId)].filter(
    (seq) => seq !== undefined,
  );
  return { after: known.length === 0 ? null : Math.max(...known), feedId: input.feedId ?? null };
}
