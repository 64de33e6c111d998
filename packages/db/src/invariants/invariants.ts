import { a1 } from "./a1.ts";
import { a2 } from "./a2.ts";
import { a3 } from "./a3.ts";
import { a4 } from "./a4.ts";
import { a5 } from "./a5.ts";
import { a7 } from "./a7.ts";
import { c2 } from "./c2.ts";
import { c3 } from "./c3.ts";
import { c5 } from "./c5.ts";
import { e1 } from "./e1.ts";
import { j11 } from "./j11.ts";
import { j6 } from "./j6.ts";
import { p1 } from "./p1.ts";
import { p6 } from "./p6.ts";
import { p7 } from "./p7.ts";
import type { Invariant } from "./Invariant.ts";

/**
 * Everything that rows can show of the rules, a file for each rule, in the order in which they are mended: first the feed,
 * by which mends are told, then jobs, then what follows jobs, then the ledger, which follows all of them.
 */
export const INVARIANTS: readonly Invariant[] = [
  ...e1,
  ...j11,
  ...j6,
  ...p1,
  ...p6,
  ...p7,
  ...a3,
  ...a7,
  ...a2,
  ...a1,
  ...a4,
  ...a5,
  ...c2,
  ...c3,
  ...c5,
];
