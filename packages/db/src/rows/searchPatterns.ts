/** The words of a search, as patterns for LIKE that find each of them anywhere, whatever letters it is made of. */
export function searchPatterns(search: string | undefined): readonly string[] {
  return (search ?? "")
    .split(/\s+/u)
    .filter(Boolean)
    .map((word) => `%${word.replace(/[\\%_]/g, "\\$&")}%`);
}
