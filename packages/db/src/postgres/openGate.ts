/** Lets methods through until it is closed, and knows when the last of them has come out. */
export interface Gate {
  readonly through: <A extends readonly unknown[], T>(
    method: (...given: A) => Promise<T>,
  ) => (...given: A) => Promise<T>;
  /** Refuses what comes later, and resolves when what came before is done. */
  readonly close: () => Promise<void>;
}

export function openGate(): Gate {
  const inside = new Set<Promise<unknown>>();
  let closed = false;
  return {
    through:
      (method) =>
      async (...given) => {
        if (closed) throw new Error("The store is closed.");
        const running = method(...given);
        inside.add(running);
        try {
          return await running;
        } finally {
          inside.delete(running);
        }
      },
    close: async () => {
      closed = true;
      await Promise.allSettled(inside);
    },
  };
}
