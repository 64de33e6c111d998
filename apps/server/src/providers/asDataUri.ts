import { readFile } from "node:fs/promises";
import { MEDIA_TYPES, sniff } from "../media/mediaTypes.ts";

/** A reference picture as a `data:` address, for providers that take it within the request. */
export async function asDataUri(path: string): Promise<string> {
  const bytes = await readFile(path);
  const type = sniff(bytes);
  if (type === null) throw new Error("A reference picture is no picture.");
  return `data:${MEDIA_TYPES[type]};base64,${bytes.toString("base64")}`;
}
