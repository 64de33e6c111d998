/** One value that React can watch without drawing anything else again. */
export interface ValueStore<T> {
  get(): T;
  /** Tells the watchers only of another value. */
  set(value: T): void;
  subscribe(listener: () => void): () => void;
}

export function valueStore<T>(first: T): ValueStore<T> {
  const listeners = new Set<() => void>();
  let current = first;
  return {
    get: () => current,
    set(value) {
      if (Object.is(current, value)) return;
      current = value;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
