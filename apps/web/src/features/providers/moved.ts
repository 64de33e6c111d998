/** The list with one of it a place earlier or later; null where there is no such place. */
export function moved<T>(list: readonly T[], index: number, by: -1 | 1): readonly T[] | null {
  const to = index + by;
  const one = list[index];
  if (one === undefined || to < 0 || to >= list.length) return null;
  return list.toSpliced(index, 1).toSpliced(to, 0, one);
}
