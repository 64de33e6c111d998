import { configure, render } from "@testing-library/react";
// oxlint-disable-next-line no-restricted-imports -- pages are tested over the real routers
import { appRouter } from "@reelstate/api/router";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { vi } from "vitest";
import { createStudioUi, StudioUiContext } from "../features/studio/StudioUi.ts";
import { LanguageProvider } from "../i18n/LanguageProvider.tsx";
import { FetchEventSource } from "../live/testing/fetchEventSource.ts";
import { modelPorts } from "../live/testing/modelPorts.ts";
import { modelStudio } from "../live/testing/modelStudio.ts";
import { StudioProviders } from "../StudioProviders.tsx";
import { standInForBrowser } from "./standInForBrowser.ts";
import { TEST_MODELS } from "./testModels.ts";
import type { ReactNode } from "react";
import type { CreateInput, CreditEntry, ModelCard, ProviderPorts, Quote, Refusal, StudioPorts } from "@reelstate/api";
import type { Language, WorkspaceId } from "@reelstate/lifecycle";

const ORIGIN = "http://studio.test";

/** What a test decides about the studio behind the page. */
export interface StudioScript {
  /** The price by the studio's own rules: six credits for each. */
  priceEach: number;
  /** Refuses the next creates. */
  refuse: Refusal | null;
  /** Loses the answers of mutations on the way. */
  cut: boolean;
  /** Breaks inside of every create, or answers them with a proxy's page. */
  broken: "studio" | "proxy" | null;
  /** Keeps the answers of creates back until it resolves. */
  hold: Promise<void> | null;
  /** Newest first. */
  readonly ledger: CreditEntry[];
  readonly quotes: CreateInput[];
  readonly creates: CreateInput[];
}

export interface StudioPageOptions {
  readonly language?: Language;
  readonly models?: readonly ModelCard[];
  readonly providers?: ProviderPorts | null;
  readonly budget?: StudioPorts["settings"]["budget"];
}

/** A part of the screens over the real providers, client and routers, and a model studio behind them. */
export function openStudioPage(
  children: ReactNode,
  { language = "en", models = TEST_MODELS, providers = null, budget }: StudioPageOptions = {},
) {
  standInForBrowser();
  // Lazily loaded parts are compiled on first use, which takes its time on a busy machine.
  configure({ asyncUtilTimeout: 15_000 });
  const studio = modelStudio();
  const model = modelPorts(studio);
  const script: StudioScript = {
    priceEach: 6,
    refuse: null,
    cut: false,
    broken: null,
    hold: null,
    ledger: [],
    quotes: [],
    creates: [],
  };
  const priced = ({ count = 1 }: CreateInput) => ({ total: script.priceEach * count, each: script.priceEach }) as Quote;
  const { assets } = model.ports;
  const ports: typeof model.ports = {
    ...model.ports,
    models: { list: async () => models },
    settings: { budget: budget ?? model.ports.settings.budget, providers },
    assets: {
      ...assets,
      async quote(_caller, input) {
        script.quotes.push(input);
        return { ok: true, value: priced(input) };
      },
      async create(caller, input) {
        script.creates.push(input);
        const quote = priced(input);
        await script.hold;
        if (script.broken === "studio") throw new Error("a bug");
        if (script.refuse !== null) return script.refuse;
        if (input.expectedQuote !== undefined && input.expectedQuote !== quote.total)
          return { ok: false, why: "quote_changed", message: "The price has changed.", quote };
        return assets.create(caller, input);
      },
      async start(caller, request) {
        const quote = priced({} as CreateInput);
        if (request.expectedQuote !== undefined && request.expectedQuote !== quote.total)
          return { ok: false, why: "quote_changed", message: "The price has changed.", quote };
        return assets.start(caller, request);
      },
    },
    credits: {
      ...model.ports.credits,
      entries: async (_caller, { limit, before = Infinity }) =>
        script.ledger.filter(({ id }) => id < before).slice(0, limit),
    },
  };
  vi.stubGlobal("EventSource", FetchEventSource);
  vi.stubGlobal("fetch", async (url: string | URL, { signal: _signal, ...init }: RequestInit = {}) => {
    const req = new Request(new URL(url, ORIGIN), init);
    const response = await fetchRequestHandler({
      endpoint: "/trpc",
      req,
      router: appRouter,
      createContext: () => ({ caller: { workspaceId: "w" as WorkspaceId }, ports }),
    });
    if (script.broken === "proxy" && req.method === "POST")
      return new Response("<html>Bad Gateway</html>", { status: 502, headers: { "content-type": "text/html" } });
    if (script.cut && req.method === "POST") throw new TypeError("the answer was lost");
    return response;
  });
  const ui = createStudioUi();
  const page = render(
    <LanguageProvider first={language}>
      <StudioProviders>
        <StudioUiContext value={ui}>{children}</StudioUiContext>
      </StudioProviders>
    </LanguageProvider>,
  );
  return { page, ui, studio, model, script };
}
