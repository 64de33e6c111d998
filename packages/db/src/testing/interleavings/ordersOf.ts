/** Whose turn it is, step by step: 0 for the first actor, 1 for the second… */
export type Order = readonly number[];

/**
 * Every order in which scripts of these lengths can be played, each script's own steps staying in theirs; neighbours
 * share the longest beginnings. Where a script is the `twin` of the one before it, the two are the same to everybody, and
 * of two orders that differ only in which of them is which, one is enough.
 */
export function* ordersOf(
  lengths: readonly number[],
  twin: (index: number) => boolean = () => false,
): Generator<Order> {
  const left = [...lengths];
  const order: number[] = [];
  const total = lengths.reduce((sum, length) => sum + length, 0);
  yield* from();

  function* from(): Generator<Order> {
    if (order.length === total) {
      yield [...order];
      return;
    }
    for (const [who, rest] of left.entries()) {
      if (rest === 0 || (twin(who) && rest === lengths[who] && left[who - 1] === lengths[who - 1])) continue;
      left[who] = rest - 1;
      order.push(who);
      yield* from();
      order.pop();
      left[who] = rest;
    }
  }
}

/** How many steps two orders have in common from their beginning. */
export function sharedBeginning(a: Order, b: Order): number {
  const differs = a.findIndex((who, at) => who !== b[at]);
  return differs === -1 ? a.length : differs;
}
