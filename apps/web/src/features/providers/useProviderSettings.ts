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

export interface ProviderSettings {
  /** Null until they are there. */
  readonly providers: readonly ProviderCard[] | null;
  readonly loadError: unknown;
  /** How the last change that was made by a press goes. */
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
 * The settings of the providers. What a press changes is shown at once, and taken back with words where it was not kept;
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
  const [saving, setSaving] = useState<Saving>({ at: "idle" });

  const show = (change: (providers: readonly ProviderCard[]) => readonly ProviderCard[]) =>
    list.setData(undefined, (shown) => shown && { providers: change(shown.providers) as typeof shown.providers });

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

  async function press(change: Parameters<typeof show>[0], send: () => Promise<unknown>): Promise<void> {
    const before = list.getData();
    setSaving({ at: "saving" });
    show(change);
    try {
      await keep(send);
      if (underWay.current === 0) setSaving({ at: "saved" });
    } catch (failed) {
      list.setData(undefined, before);
      setSaving({ at: "failed", error: failed });
    }
  }

  const patch = (name: string, part: Partial<ProviderCard>) => (providers: readonly ProviderCard[]) =>
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
      show(patch(saved.name, saved));
    },
    check,
  };
}
