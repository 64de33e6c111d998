/** Writes in memory that can be taken back, the last one first. */
export interface Undo {
  readonly set: <K, V>(map: Map<K, V>, key: K, value: V) => void;
  readonly push: <T>(list: T[], value: T) => void;
  /** What the work wrote is taken back when it throws. */
  readonly unlessItThrows: <T>(work: () => T) => T;
}

export function openUndo(): Undo {
  let written: (() => void)[] = [];
  return {
    set: (map, key, value) => {
      const had = map.has(key);
      const before = map.get(key);
      written.push(() => {
        if (had) map.set(key, before as typeof value);
        else map.delete(key);
      });
      map.set(key, value);
    },
    push: (list, value) => {
      written.push(() => void list.pop());
      list.push(value);
    },
    unlessItThrows: (work) => {
      written = [];
      try {
        return work();
      } catch (error) {
        for (const takeBack of written.toReversed()) takeBack();
        throw error;
      }
    },
  };
}
