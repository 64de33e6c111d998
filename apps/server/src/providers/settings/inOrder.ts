/** Those that are named first, in that order; the others follow as they were. */
export function inOrder<T extends { readonly id: string }>(
  models: readonly T[],
  order: readonly string[],
): readonly T[] {
  const place = ({ id }: T): number => (order.includes(id) ? order.indexOf(id) : order.length);
  return models.toSorted((a, b) => place(a) - place(b));
}
