import { useRef, useState } from "react";
import { trpc } from "../../trpc.ts";
import type { ProviderCard, ProviderCheck, ProviderModel } from "@reelstate/api";
import type { AppRouter } from "@reelstate/api/router";
import type { inferRouterInputs } from "@trpc/server";
import type { Saving } from "../settings/SavedLine.tsx";

type Inputs = inferRouterInputs<AppRouter>["settings"]["providers"];
export type ProviderChanges = Inputs["save"];
export type ProviderTrial = Inputs["check"];

/** One after the other, in the order in which they were pressed: each is shown on what the one before it made. */
const ONE_BY_ONE = { scope: { id: "settings.providers" } };

type Change = (providers: readonly ProviderCard[]) => readonly ProviderCard[];

export interface ProviderSettings {
  /** Null until they are there. */
  readonly providers: readonly ProviderCard[] | null;
  readonly loadError: unknown;
  /** How the changes that were made by presses go: those that wait for each other count as one. */
  readonly saving: Saving;
  reload(): void;
  turn(name: string, enabled: boolean): void;
  setModels(name: string, models: readonly ProviderModel[]): void;
  reorder(names: readonly string[]): void;
  /** Throws what was refused; what is shown is what is kept. */
  save(changes: ProviderChanges): Promise<void>;
  check(trial: ProviderTrial): Promise<ProviderCheck>;
}

/**
 * The settings of the providers. What a press changes is shown at once, and it alone is taken back with words where it was not kept;
 * looked at again they are asked for again, because somebody else may have changed them.
 */
export function useProviderSettings(): ProviderSettings {
  const utils = trpc.useUtils();
  const { list } = utils.settings.providers;
  const { data, error, refetch } = trpc.settings.providers.list.useQuery(undefined, {
    staleTime: 0,
    refetchOnWindowFocus: true,
  });
  const { mutateAsync: sendSave } = trpc.settings.providers.save.useMutation(ONE_BY_ONE);
  const { mutateAsync: sendOrder } = trpc.settings.providers.order.useMutation(ONE_BY_ONE);
  const { mutateAsync: check } = trpc.settings.providers.check.useMutation();
  const underWay = useRef(0);
  /** What is kept as far as is known, under the presses that are not answered yet. */
  const kept = useRef<readonly ProviderCard[] | undefined>(undefined);
  const pressed = useRef<readonly Change[]>([]);
  const [saving, setSaving] = useState<Saving>({ at: "idle" });

  const show = (providers: readonly ProviderCard[] | undefined) =>
    list.setData(
      undefined,
      (shown) => shown && { providers: (providers ?? shown.providers) as typeof shown.providers },
    );
  const showPressed = () => show(pressed.current.reduce((cards, change) => cards && change(cards), kept.current));
  const settle = (change: Change) => {
    if (pressed.current.length === 0) kept.current = list.getData()?.providers;
    kept.current = kept.current && change(kept.current);
  };

  async function keep<T>(send: () => Promise<T>): Promise<T> {
    underWay.current += 1;
    // An answer that left before this change must not be shown after it.
    await list.cancel();
    try {
      return await send();
    } finally {
      underWay.current -= 1;
      if (underWay.current === 0) void list.invalidate();
      // Every menu of models in this tab; others ask when they are opened.
      void utils.models.list.invalidate();
    }
  }

  async function press(change: Change, send: () => Promise<unknown>): Promise<void> {
    if (pressed.current.length === 0) {
      kept.current = list.getData()?.providers;
      setSaving({ at: "saving" });
    }
    pressed.current = [...pressed.current, change];
    showPressed();
    try {
      await keep(send);
      settle(change);
    } catch (error) {
      setSaving((now) => (now.at === "failed" ? now : { at: "failed", error }));
    }
    pressed.current = pressed.current.filter((one) => one !== change);
    showPressed();
    // What failed stays said: those that were pressed with it do not make it kept.
    if (pressed.current.length === 0) setSaving((now) => (now.at === "failed" ? now : { at: "saved" }));
  }

  const patch =
    (name: string, part: Partial<ProviderCard>): Change =>
    (providers) =>
      providers.map((card) => (card.name === name ? { ...card, ...part } : card));

  return {
    providers: data?.providers ?? null,
    loadError: error,
    saving,
    reload: () => void refetch(),
    turn: (name, enabled) => void press(patch(name, { enabled }), () => sendSave({ name, enabled })),
    setModels: (name, models) =>
      void press(patch(name, { models }), () =>
        sendSave({
          name,
          models: { order: models.map(({ id }) => id), off: models.flatMap(({ id, off }) => (off ? [id] : [])) },
        }),
      ),
    reorder: (names) =>
      void press(
        (providers) => providers.toSorted((a, b) => names.indexOf(a.name) - names.indexOf(b.name)),
        () => sendOrder({ names: [...names] }),
      ),
    save: async (changes) => {
      const saved = await keep(() => sendSave(changes));
      settle(patch(saved.name, saved));
      showPressed();
    },
    check,
  };
}
