/** A provider that somebody else wrote cannot be used; the message names it, what is wrong, and what to do. */
export class ProviderUnusable extends Error {
  override readonly name = "ProviderUnusable";
}
