import { useStored, useStudioUi } from "../studio/StudioUi.ts";
import { UNTOUCHED } from "./ProviderDraft.ts";
import type { ProviderDraft } from "./ProviderDraft.ts";

/** What is typed for one provider: there again when the page is left and opened anew, and gone with the tab. */
export function useProviderDraft(name: string): {
  readonly draft: ProviderDraft;
  /** As it is now, after whatever was waited for. */
  now(): ProviderDraft;
  set(draft: ProviderDraft): void;
} {
  const { providerDrafts } = useStudioUi();
  const draft = useStored(providerDrafts).get(name) ?? UNTOUCHED;
  return {
    draft,
    now: () => providerDrafts.get().get(name) ?? UNTOUCHED,
    set: (next) => providerDrafts.set(new Map([...providerDrafts.get(), [name, next]])),
  };
}
