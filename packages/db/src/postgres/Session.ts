import type { Aside } from "../aside/openAside.ts";
import type { Wake } from "../store/feed.ts";
import type { Transactions } from "./openTransactions.ts";
import type { Reader } from "./reads/Reader.ts";

/** What every command and read of the PostgreSQL store works with. */
export interface Session extends Reader {
  readonly db: Transactions;
  /** What no command touches for a while, because its rows contradict each other. */
  readonly aside: Aside;
  /** Tells this process and the others, after a commit, that there may be something new. */
  readonly wake: (wake: Wake) => void;
}

/** Never `now()`, which stands still while a transaction waits for a lock. */
export const DATABASE_CLOCK = "floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint";
