import type { Outcome, ProviderCard, ProviderCheck, ProviderPorts, SaveProviderInput } from "@reelstate/api";
import type { Credits } from "@reelstate/lifecycle";

/** Providers as the studio keeps them, and what a test decides about them. */
export interface ModelProviders {
  readonly ports: ProviderPorts;
  readonly saves: readonly SaveProviderInput[];
  readonly checks: readonly unknown[];
  cards: readonly ProviderCard[];
  /** Answers the next saves with a refusal. */
  refuse: Extract<Outcome<never>, { ok: false }> | null;
  /** Of this provider alone; null: of every one. */
  refuseOnly: string | null;
  /** Keeps the answers of saves and orders back until it resolves. */
  hold: Promise<void> | null;
  found: ProviderCheck;
  /** Answers the next checks with a refusal. */
  refuseCheck: Extract<Outcome<never>, { ok: false }> | null;
}

export function modelProviders(): ModelProviders {
  const saves: SaveProviderInput[] = [];
  const checks: unknown[] = [];
  const model: ModelProviders = {
    saves,
    checks,
    cards: [cardOf("fal", { keyVariable: "FAL_KEY" }), cardOf("replicate"), cardOf("comfyui", OWN_MACHINE)],
    refuse: null,
    refuseOnly: null,
    hold: null,
    found: { ok: true, ms: 420 },
    refuseCheck: null,
    ports: {
      list: async () => model.cards,
      async save(_caller, change) {
        saves.push(change);
        await model.hold;
        if (model.refuse !== null && (model.refuseOnly ?? change.name) === change.name) return model.refuse;
        model.cards = model.cards.map((card) => (card.name === change.name ? saved(card, change) : card));
        const [value] = model.cards.filter(({ name }) => name === change.name);
        return value === undefined
          ? { ok: false, why: "not_found", message: "There is no such provider." }
          : { ok: true, value };
      },
      async order(_caller, { names }) {
        await model.hold;
        if (model.refuse !== null) return model.refuse;
        model.cards = model.cards.toSorted((a, b) => names.indexOf(a.name) - names.indexOf(b.name));
        return { ok: true, value: model.cards };
      },
      async check(_caller, trial) {
        checks.push(trial);
        await model.hold;
        return model.refuseCheck ?? { ok: true, value: model.found };
      },
    },
  };
  return model;
}

/** A machine of one's own that is nowhere yet. */
export const OWN_MACHINE = { label: "ComfyUI", state: "needs_home", keyNeeded: "optional", home: null } as const;

export function cardOf(name: string, part: Partial<ProviderCard> = {}): ProviderCard {
  return {
    name,
    label: name === "replicate" ? "Replicate" : name,
    state: "needs_key",
    flaw: null,
    keyNeeded: "required",
    key: null,
    keyVariable: `${name.toUpperCase()}_KEY`,
    home: { value: `https://api.${name}.example`, from: "default" },
    homeVariable: `${name.toUpperCase()}_BASE_URL`,
    enabled: true,
    limit: null,
    checkable: true,
    models: [],
    ...part,
  };
}

/** Two models of a provider, both offered. */
export const TWO_MODELS: ProviderCard["models"] = [
  { id: "fal/flux", name: "FLUX.1 schnell", type: "image", from: 1 as Credits, off: false },
  { id: "fal/seedream", name: "Seedream 4.5", type: "image", from: 4 as Credits, off: false },
];

function saved(card: ProviderCard, { enabled, key, home, limit, models }: SaveProviderInput): ProviderCard {
  const next: ProviderCard = {
    ...card,
    ...(enabled === undefined ? {} : { enabled }),
    ...(key === undefined ? {} : { key: key === null ? null : { from: "settings", hint: key.slice(-4) } }),
    ...(home === undefined ? {} : { home: home === null ? cardOf(card.name).home : { value: home, from: "settings" } }),
    ...(limit === undefined ? {} : { limit }),
    ...(models === undefined
      ? {}
      : {
          models: models.order.flatMap((id) =>
            card.models.filter((one) => one.id === id).map((one) => ({ ...one, off: models.off.includes(id) })),
          ),
        }),
  };
  const state = !next.enabled ? "off" : next.keyNeeded === "required" && next.key === null ? "needs_key" : "ready";
  return { ...next, state };
}
