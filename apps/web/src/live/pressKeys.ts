/**
 * The idempotency key of a press (C4): the same press repeated after a lost answer carries the same key, so that it is
 * charged once; after an answer the next press is another one.
 */
export interface PressKeys {
  keyFor(press: string): string;
  answered(press: string): void;
}

export function createPressKeys(newKey: () => string = randomKey): PressKeys {
  const keys = new Map<string, string>();
  return {
    keyFor(press) {
      const key = keys.get(press) ?? newKey();
      keys.set(press, key);
      return key;
    },
    answered(press) {
      keys.delete(press);
    },
  };
}

/** `crypto.randomUUID` is missing where the page is served over plain http from another machine. */
function randomKey(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
