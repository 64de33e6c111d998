/** The formats the studio keeps and serves, by file extension. */
export const MEDIA_TYPES = {
  png: "image/png",
  jpg: "image/jpeg",
  webp: "image/webp",
  mp4: "video/mp4",
  webm: "video/webm",
} as const;
export type MediaExt = keyof typeof MEDIA_TYPES;

/** How many leading bytes `sniff` needs. */
export const SNIFF_BYTES = 32;

/** What a file is, told from its first bytes, whatever it is called; null when it is nothing the studio keeps. */
export function sniff(head: Uint8Array): MediaExt | null {
  const text = Buffer.from(head.subarray(0, SNIFF_BYTES)).toString("latin1");
  if (text.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (text.startsWith("\xff\xd8\xff")) return "jpg";
  if (text.startsWith("RIFF") && text.slice(8, 12) === "WEBP") return "webp";
  if (text.slice(4, 8) === "ftyp" && !isHeif(head)) return "mp4";
  if (text.startsWith("\x1a\x45\xdf\xa3")) return "webm";
  return null;
}

const HEIF_BRANDS = new Set(["heic", "heix", "hevc", "hevx", "heim", "heis", "mif1", "msf1", "avif", "avis"]);

/** HEIC and AVIF pictures share MP4's container, and phones make them. */
export function isHeif(head: Uint8Array): boolean {
  const text = Buffer.from(head.subarray(0, 12)).toString("latin1");
  return text.slice(4, 8) === "ftyp" && HEIF_BRANDS.has(text.slice(8, 12));
}
