import type { Picture } from "../hosted/readPictures.ts";

/** A picture within a request or an answer. */
export interface InlineImage {
  readonly mimeType: string;
  /** Base64. */
  readonly data: string;
}

export function inlineImage({ bytes, mime }: Picture): InlineImage {
  return { mimeType: mime, data: bytes.toString("base64") };
}
