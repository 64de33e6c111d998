import { finding } from "./judgeCards.ts";
import type { Finding } from "../storm/Finding.ts";
import type { Evidence } from "../storm/readEvidence.ts";

/** What a page says around its cards; missing is what it does not say. */
export interface ShownFrame {
  readonly connection: string | undefined;
  readonly trouble: string | undefined;
  readonly credits: string | undefined;
  readonly queue: string | undefined;
}

/** U5: a page that is connected, in no trouble, and shows the credits there are, once nothing is under way any more. */
export function judgeFrame(shown: ShownFrame, credits: Evidence["credits"]): readonly Finding[] {
  const wanted = { connection: "live", trouble: "none", credits: String(credits.balance - credits.held), queue: "0" };
  return (Object.keys(wanted) as (keyof ShownFrame)[])
    .filter((part) => shown[part] !== wanted[part])
    .map((part) => finding(part, `${wanted[part]} is true, ${shown[part]} is shown.`));
}
