import type { Picture } from "./readPictures.ts";

/** A reference picture as a `data:` address, for providers that take it within the request. */
export function asDataUri({ bytes, mime }: Picture): string {
  return `data:${mime};base64,${bytes.toString("base64")}`;
}
