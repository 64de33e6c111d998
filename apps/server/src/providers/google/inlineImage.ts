import { asDataUri } from "../asDataUri.ts";

/** A picture within a request or an answer. */
export interface InlineImage {
  readonly mimeType: string;
  /** Base64. */
  readonly data: string;
}

export async function inlineImage(path: string): Promise<InlineImage> {
  const uri = await asDataUri(path);
  const comma = uri.indexOf(",");
  return { mimeType: uri.slice("data:".length, uri.indexOf(";")), data: uri.slice(comma + 1) };
}
