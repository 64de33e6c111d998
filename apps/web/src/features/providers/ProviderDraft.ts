import type { ProviderCard } from "@reelstate/api";
import type { ProviderChanges } from "./useProviderSettings.ts";

/** What is typed for a provider and not saved; null: left as it is. A key is never filled in, so that an empty one is none. */
export interface ProviderDraft {
  readonly key: string;
  readonly home: string | null;
  readonly limit: string | null;
}

export const UNTOUCHED: ProviderDraft = { key: "", home: null, limit: null };

const MOST_AT_ONCE = 1_000;

/** What would be saved of it: only what differs. */
export function changesOf({ home, limit }: ProviderCard, draft: ProviderDraft): Omit<ProviderChanges, "name"> {
  const key = draft.key.trim();
  const address = draft.home?.trim() ?? null;
  const atOnce = draft.limit?.trim() ?? null;
  return {
    ...(key === "" ? {} : { key }),
    ...(address === null || address === ownHome(home) ? {} : { home: address === "" ? null : address }),
    ...(atOnce === null || atOnce === String(limit ?? "") ? {} : { limit: atOnce === "" ? null : Number(atOnce) }),
  };
}

export function isUnsaved(card: ProviderCard, draft: ProviderDraft): boolean {
  return Object.keys(changesOf(card, draft)).length > 0;
}

/** What of it cannot be saved as it is: `key` where it has to be entered again, because it is sent to no other address. */
export function flawOf(card: ProviderCard, draft: ProviderDraft): "key" | "limit" | null {
  const { home, key, limit } = changesOf(card, draft);
  if (home !== undefined && key === undefined && card.key?.from === "settings") return "key";
  const wrong = typeof limit === "number" && !(Number.isInteger(limit) && limit >= 1 && limit <= MOST_AT_ONCE);
  return wrong ? "limit" : null;
}

/** What is still to be saved when `sent` has been: what was typed meanwhile. */
export function draftAfter(now: ProviderDraft, sent: ProviderDraft): ProviderDraft {
  return {
    key: now.key === sent.key ? "" : now.key,
    home: now.home === sent.home ? null : now.home,
    limit: now.limit === sent.limit ? null : now.limit,
  };
}

/** The address that people have given it; empty where they have given none. */
export function ownHome(home: ProviderCard["home"]): string {
  return home?.from === "settings" ? home.value : "";
}
