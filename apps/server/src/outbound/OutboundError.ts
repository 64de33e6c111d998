/** Why there is no answer, or no whole file. */
export type OutboundFlaw =
  /** No connection: the name is not known, nobody listens, the certificate is not theirs. */
  | "unreachable"
  | "too_slow"
  /** The connection ended before the answer, or within it. */
  | "broken"
  | "too_large"
  /** An address that a provider named and that is not to be visited. */
  | "refused_address";

const WORDS: Readonly<Record<OutboundFlaw, string>> = {
  unreachable: "The provider cannot be reached.",
  too_slow: "The provider did not answer in time.",
  broken: "The connection to the provider broke.",
  too_large: "The provider sent more than is taken from it.",
  refused_address: "The provider named an address that is not visited.",
};

/** A request without an answer. Its message names no address: one may carry a key. */
export class OutboundError extends Error {
  override readonly name = "OutboundError";
  readonly why: OutboundFlaw;
  /** Nothing of the request can have reached anybody. */
  readonly neverSent: boolean;

  constructor(why: OutboundFlaw, options: { readonly neverSent?: boolean; readonly cause?: unknown } = {}) {
    super(WORDS[why], { cause: options.cause });
    this.why = why;
    this.neverSent = options.neverSent ?? false;
  }
}
