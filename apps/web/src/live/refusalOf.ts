import { TRPCClientError } from "@trpc/client";
import type { FileFlaw } from "@reelstate/api";
import type { ErrorFacts } from "@reelstate/api/router";

/** What the studio said when it refused, with null for every fact that this refusal does not have. */
export interface RefusalFacts {
  readonly why: NonNullable<ErrorFacts["why"]>;
  /** Which field to mend (`invalid_input`). */
  readonly field: string | null;
  /** What is wrong with an uploaded file (`field` is `file`). */
  readonly flaw: FileFlaw | null;
  /** Credits missing (`insufficient_credits`), or beyond the budget (`budget_exceeded`). */
  readonly short: NonNullable<ErrorFacts["short"]> | null;
  /** `budget_exceeded`: which one, and when what was spent of it counts no more; null where no wait helps. */
  readonly budget: NonNullable<ErrorFacts["budget"]> | null;
  readonly freeAt: NonNullable<ErrorFacts["freeAt"]> | null;
  /** 409: the asset as it is. The cache writer has already merged it when a hook hands this out. */
  readonly asset: NonNullable<ErrorFacts["asset"]> | null;
  /** `quote_changed`: today's quote. */
  readonly quote: NonNullable<ErrorFacts["quote"]> | null;
  /** English; the screens have their own words by `why`, `field` and `flaw`. */
  readonly message: string;
}

/** A refusal thrown by what is not a tRPC call, such as an upload. */
export class StudioRefusal extends Error {
  readonly facts: RefusalFacts;

  constructor(facts: RefusalFacts) {
    super(facts.message);
    this.name = "StudioRefusal";
    this.facts = facts;
  }
}

/** The facts of an expected refusal; null when the studio could not be reached or failed itself. */
export function refusalOf(error: unknown): RefusalFacts | null {
  if (error instanceof StudioRefusal) return error.facts;
  if (!(error instanceof TRPCClientError)) return null;
  return refusalFrom(error.data as ErrorFacts | null | undefined, error.message);
}

/** Facts as they came over the wire, made whole. */
export function refusalFrom(
  facts: (ErrorFacts & { readonly flaw?: FileFlaw }) | null | undefined,
  message: string,
): RefusalFacts | null {
  if (facts?.why === undefined) return null;
  const { why, field = null, flaw = null, short = null, asset = null, quote = null } = facts;
  const { budget = null, freeAt = null } = facts;
  return { why, field, flaw, short, budget, freeAt, asset, quote, message };
}
