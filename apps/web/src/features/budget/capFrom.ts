/** What is typed for a cap, read: null is none. */
export interface TypedCap {
  readonly value: number | null;
  readonly changed: boolean;
  readonly wrong: boolean;
}

const LARGEST = 1_000_000_000_000;

export function capFrom(typed: string | null, kept: number | null): TypedCap {
  if (typed === null) return { value: kept, changed: false, wrong: false };
  const text = typed.trim();
  const value = text === "" ? null : Number(text);
  const wrong = value !== null && !(Number.isInteger(value) && value >= 0 && value <= LARGEST);
  return { value, changed: value !== kept, wrong };
}
