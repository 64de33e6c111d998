import { ProviderFlaw } from "./ProviderFlaw.ts";

/** What comes before the call that is billed. Whatever goes wrong in it, nothing was sent for certain (P2). */
export async function prepared<T>(prepare: () => T | Promise<T>): Promise<T> {
  try {
    return await prepare();
  } catch (cause) {
    if (cause instanceof ProviderFlaw) throw new ProviderFlaw({ ...cause.classified, notAccepted: true }, { cause });
    throw new ProviderFlaw({ ...NOT_PREPARED, detail: String(cause) }, { cause });
  }
}

/** Our own fault, and the same the next time. */
const NOT_PREPARED = {
  code: "internal",
  message: "The studio could not put the request together; nothing was sent.",
  retryable: false,
  notAccepted: true,
} as const;
