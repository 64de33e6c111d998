import type { ModelCard } from "@reelstate/api";
import type { StudioWords } from "../../i18n/StudioWords.ts";

/** What the reader calls a provider: the studio's own ones in their language, others by the name they go by. */
export function providerName(
  { provider, providerLabel }: Pick<ModelCard, "provider" | "providerLabel">,
  { providers }: StudioWords,
): string {
  const own: Readonly<Record<string, string>> = providers;
  return (Object.hasOwn(own, provider) ? own[provider] : undefined) ?? providerLabel;
}
