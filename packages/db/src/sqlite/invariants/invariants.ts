import { a1 } from "./a1.ts";
import { a2 } from "./a2.ts";
import { a3 } from "./a3.ts";
import { a4 } from "./a4.ts";
import { a5 } from "./a5.ts";
import { a7 } from "./a7.ts";
import { c2 } from "./c2.ts";
import { c3 } from "./c3.ts";
import { e1 } from "./e1.ts";
import { j11 } from "./j11.ts";
import { j6 } from "./j6.ts";
import { p1 } from "./p1.ts";
import type { Invariant } from "./Invariant.ts";

/** Everything that rows can show of the rules, a file for each rule. */
export const INVARIANTS: readonly Invariant[] = [
  ...a1,
  ...a2,
  ...a3,
  ...a4,
  ...a5,
  ...a7,
  ...c2,
  ...c3,
  ...e1,
  ...j6,
  ...j11,
  ...p1,
];
