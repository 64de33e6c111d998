/** The name of a pool of slots: a provider's, or one model's. */
export function poolOf(of: { readonly provider: string } | { readonly model: string }): string {
  return "provider" in of ? `provider/${of.provider}` : `model/${of.model}`;
}
