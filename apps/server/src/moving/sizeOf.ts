const UNITS = ["bytes", "kB", "MB", "GB", "TB"] as const;

/** A number of bytes as people read it. */
export function sizeOf(bytes: number): string {
  const at = bytes < 1_000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${at === 0 ? bytes : (bytes / 1_000 ** at).toFixed(1)} ${UNITS[at]}`;
}
