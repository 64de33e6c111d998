import type { Asset } from "@reelstate/lifecycle";

/** Beyond these a card would be a strip on which nothing can be read. */
const NARROWEST = 0.5;
const WIDEST = 2.6;

/** Width by height: of the picture, or of what was asked for. */
export function aspectOf({ currentVersion }: Pick<Asset, "currentVersion">): number {
  const { media, params } = currentVersion;
  const aspect = media === null ? aspectNamed(params.aspectRatio) : media.width / media.height;
  return Math.min(WIDEST, Math.max(NARROWEST, aspect));
}

/** "16:9" as a number; a square where it names nothing. */
export function aspectNamed(ratio: string | undefined): number {
  const [width = 0, height = 0] = (ratio ?? "").split(":").map(Number);
  return width > 0 && height > 0 ? width / height : 1;
}
