import type { CreditEntry } from "@reelstate/api";

/** What an entry did to what is free to use, with its sign: balance less what is set aside. */
export function signedDelta({ kind, balance, held }: CreditEntry, number: (n: number) => string): string {
  // A capture takes what was set aside before: nothing that was free.
  const delta = kind === "capture" ? balance : balance - held;
  if (delta === 0) return "0";
  return `${delta > 0 ? "+" : "−"}${number(Math.abs(delta))}`;
}
