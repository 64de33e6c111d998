import type { LiveItem } from "@reelstate/api";

/** One item of a live stream, and what it looks like on the wire: written once for everybody who hears it. */
export interface Frame {
  readonly item: LiveItem;
  /** The item as JSON. */
  readonly text: () => string;
}

export function frameOf(item: LiveItem): Frame {
  let written: string | null = null;
  return { item, text: () => (written ??= JSON.stringify(item)) };
}
