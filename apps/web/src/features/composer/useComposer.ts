import { keepPreviousData } from "@tanstack/react-query";
import { useWords } from "../../i18n/LanguageProvider.tsx";
import { useAssetAction, useCreateAssets } from "../../live/useStudioActions.ts";
import { trpc } from "../../trpc.ts";
import { failureWords } from "../failureWords.ts";
import { useStored, useStudioUi } from "../studio/StudioUi.ts";
import { useDebounced } from "./useDebounced.ts";
import { modelOf, otherInputs, paramsOf, requestOf, settingsOf } from "./requestOf.ts";
import { useUntilChanged } from "./useUntilChanged.ts";
import type { ModelCard, Quote } from "@reelstate/api";
import type { AssetType, ProjectId } from "@reelstate/lifecycle";
import type { CreateRequest, Failed } from "../../live/useStudioActions.ts";
import type { Draft } from "./Draft.ts";
import type { Settings } from "./requestOf.ts";

/** Prices follow from model and parameters alone: typing asks for no new one. */
const PRICED_PROMPT = "price";
const QUOTE_WAIT_MS = 200;

export interface Composing {
  readonly draft: Draft;
  readonly models: readonly ModelCard[] | null;
  readonly settings: Settings | null;
  readonly quote: Quote | null;
  /** The price shown belongs to an earlier choice; the new one is on its way. */
  readonly quoting: boolean;
  readonly available: number | null;
  /** Credits missing for what the composer asks. */
  readonly short: number;
  readonly sending: boolean;
  readonly canSend: boolean;
  /** Why the last press or price was refused, in words; null when all is well. */
  readonly refusal: string | null;
  /** It was refused because of the budget. */
  readonly overBudget: boolean;
  change(change: Partial<Draft>): void;
  send(): Promise<void>;
}

/** The composer's one piece of thinking: the draft, what it costs, and sending it once. */
export function useComposer(projectId: ProjectId | undefined, onCreated?: (type: AssetType) => void): Composing {
  const { draft: store } = useStudioUi();
  const { words } = useWords();
  const draft = useStored(store);
  const { data: models = null } = trpc.models.list.useQuery();
  const { data: credits } = trpc.credits.summary.useQuery();
  const [refused, setRefused] = useUntilChanged<Failed>(aboutOf(draft, projectId));
  const utils = trpc.useUtils();
  const { create, pending: creating } = useCreateAssets();
  const { act, pendingOf } = useAssetAction();

  const model = models === null ? null : modelOf(draft, models);
  const settings = model === null ? null : settingsOf(draft, model);
  const request = settings === null ? null : requestOf(draft, settings, projectId);
  const wanted = request === null ? null : JSON.stringify(pricedOf(request, draft));
  const asked = useDebounced(wanted, QUOTE_WAIT_MS);
  const priced = trpc.assets.quote.useQuery(JSON.parse(asked ?? "null"), {
    enabled: asked !== null,
    placeholderData: keepPreviousData,
    retry: false,
  });
  const quote = priced.data ?? null;
  const quoting = priced.isFetching || asked !== wanted;
  const available = credits === undefined ? null : credits.balance - credits.held;
  const sending = creating || (draft.versionOf !== null && pendingOf(draft.versionOf.id) !== null);

  const change = (next: Partial<Draft>) => store.set({ ...store.get(), ...next });

  const ask = async () => {
    if (request === null || settings === null) return null;
    // What is on screen is what is agreed to; where nothing is yet, the press waits for the price (C1).
    const agreed = quote ?? (await utils.assets.quote.fetch(pricedOf(request, draft)).catch(() => null));
    const expected = agreed === null ? {} : { expectedQuote: agreed.total };
    if (draft.versionOf === null) return create({ ...request, ...expected });
    const inputs = otherInputs(draft, settings);
    const others = inputs === null ? {} : { inputs: [...inputs] };
    return act(draft.versionOf, "regenerate", {
      prompt: request.prompt,
      params: paramsOf(settings),
      ...others,
      ...expected,
    });
  };

  const send = async () => {
    if (!canSend) return;
    setRefused(null, "");
    const result = await ask();
    if (result === null) return;
    if (!result.ok) {
      // Written on meanwhile or not, it is about what stands there now.
      setRefused(result, aboutOf(store.get(), projectId));
      // The price it names is the price to be agreed to with the next press.
      if (result.refusal?.why === "quote_changed") void priced.refetch();
      // It was turned off meanwhile.
      if (result.refusal?.field === "model") void utils.models.list.invalidate();
      return;
    }
    if (draft.versionOf === null) onCreated?.(draft.type);
    const now = store.get();
    // Another asset's version was taken up meanwhile: this draft is not ours to clear.
    if (now.versionOf?.id !== draft.versionOf?.id) return;
    // What was written while the answer was on its way is the next one, not this one.
    const untouched = now.prompt === draft.prompt;
    store.set({
      ...now,
      ...(untouched ? { prompt: "", expanded: false } : {}),
      ...(now.inputs === draft.inputs || draft.versionOf !== null ? { inputs: [] } : {}),
      versionOf: null,
    });
  };

  const short = quote === null || available === null ? 0 : Math.max(0, quote.total - available);
  const canSend = settings !== null && !settings.seedIsWrong && draft.prompt.trim() !== "" && !sending;
  return {
    draft,
    models,
    settings,
    quote,
    quoting,
    available,
    short,
    sending,
    canSend,
    refusal: refused === null ? null : failureWords(refused.error, words),
    overBudget: refused?.refusal?.why === "budget_exceeded",
    change,
    send,
  };
}

/** All that a refusal can be about: what stands in the composer, folded or not, and where it would go. */
function aboutOf({ expanded: _expanded, ...draft }: Draft, projectId: ProjectId | undefined): string {
  return JSON.stringify([draft, projectId]);
}

/** The price of a version follows from its model and parameters; its references may be gone by now and yet be kept (A7). */
function pricedOf({ inputs, ...request }: CreateRequest, { versionOf }: Draft): CreateRequest {
  return { ...request, prompt: PRICED_PROMPT, ...(versionOf !== null || inputs === undefined ? {} : { inputs }) };
}
