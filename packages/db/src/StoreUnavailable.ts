/**
 * The store cannot keep anything at the moment. Nothing of the transaction was done (`unconfirmed`: that is not known), and
 * nothing kept before is harmed; the same may go well later.
 */
export class StoreUnavailable extends Error {
  override readonly name = "StoreUnavailable";
  /**
   * The disk has no room; another program holds the lock for too long; the disk refused a write; the server does not answer; it
   * went away after it was told to commit.
   */
  readonly reason: "full" | "locked" | "broken" | "unreachable" | "unconfirmed";

  constructor(reason: StoreUnavailable["reason"], options: { readonly cause: unknown }) {
    super(WORDS[reason], options);
    this.reason = reason;
  }
}

const WORDS = {
  full: "The disk that holds the studio's database is full. Make room; the studio then goes on by itself.",
  locked: "Another program keeps the studio's database locked. Close it; the studio then goes on by itself.",
  broken: "The disk that holds the studio's database refused a write. Its system's log may say why.",
  unreachable: "The studio's database server does not answer. Start it again; the studio then goes on by itself.",
  unconfirmed:
    "The studio's database server went away while it was keeping this. What became of it is seen once it is back.",
} as const satisfies Record<StoreUnavailable["reason"], string>;
