/**
 * Words from outside as every database can keep them: a letter that is half of a pair, or none at all (NUL), is replaced by
 * the sign for a broken one. A provider's error text must not be what keeps its failure from being recorded.
 */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\uFFFD");
}
