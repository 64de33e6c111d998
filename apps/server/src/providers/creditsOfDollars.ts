import { credits } from "@reelstate/lifecycle";
import type { Credits } from "@reelstate/lifecycle";

const CREDITS_PER_DOLLAR = 100;

/** What a provider charges, as credits: a cent each, and what is begun is paid. */
export function creditsOfDollars(dollars: number): Credits {
  // 0.07 * 100 is a little more than 7.
  return credits(Math.ceil(Number((dollars * CREDITS_PER_DOLLAR).toFixed(6))));
}
