import type { Finding, Store } from "@reelstate/db";

/** A studio's database as the doctor comes to it: from outside, without a studio around it. */
export interface Patient {
  readonly inspect: () => Promise<readonly Finding[]>;
  /** What its rows say of files; to be closed. */
  readonly read: () => Promise<Pick<Store, "listMedia" | "countMedia" | "referencedKeys" | "close">>;
  readonly repair: (say: (line: string) => void) => Promise<void>;
}
