import { useEffect, useRef, useState } from "react";
import { useWords } from "../../i18n/LanguageProvider.tsx";
import { refusalOf } from "../../live/refusalOf.ts";
import { trpc } from "../../trpc.ts";
import { Button } from "../../ui/Button.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";
import { SavedLine } from "../settings/SavedLine.tsx";
import { SAVED_WORDS } from "../settings/savedWords.ts";
import { RoomPage } from "../studio/RoomPage.tsx";
import { useStored, useStudioUi } from "../studio/StudioUi.ts";
import { BUDGET_PAGE_WORDS } from "./budgetPageWords.ts";
import { BudgetSpan } from "./BudgetSpan.tsx";
import { capFrom } from "./capFrom.ts";
import type { BudgetAnswer } from "@reelstate/api";
import type { BudgetDraft } from "./BudgetDraft.ts";
import type { Saving } from "../settings/SavedLine.tsx";

/** What may be spent in a day and a month, and what is. */
export function BudgetPage() {
  const { words: studioWords, language } = useWords();
  const words = BUDGET_PAGE_WORDS[language];
  const { data, error, refetch } = trpc.settings.budget.get.useQuery(undefined, {
    staleTime: 0,
    refetchOnWindowFocus: true,
  });
  const { data: credits } = trpc.credits.summary.useQuery();
  // The feed tells of every credit that is set aside, spent or given back.
  useEffect(() => {
    if (credits !== undefined) void refetch();
  }, [credits, refetch]);
  return (
    <RoomPage title={words.title}>
      <p className="text-sm text-soft">{words.intro}</p>
      {data !== undefined ? (
        <Caps budget={data} />
      ) : error === null ? (
        <Skeleton label={studioWords.common.loading} className="mt-6 h-48" />
      ) : (
        <div role="alert" className="mt-6">
          <p className="text-base">{words.loadFailed}</p>
          <Button className="mt-3" onClick={() => void refetch()}>
            {studioWords.common.tryAgain}
          </Button>
        </div>
      )}
    </RoomPage>
  );
}

const UNTOUCHED: BudgetDraft = { day: null, month: null };

function Caps({ budget }: { readonly budget: BudgetAnswer }) {
  const { language } = useWords();
  const said = SAVED_WORDS[language];
  const utils = trpc.useUtils();
  const { mutateAsync } = trpc.settings.budget.set.useMutation();
  // There again when the page is left and opened anew.
  const { budgetDraft } = useStudioUi();
  const typed = useStored(budgetDraft);
  const form = useRef<HTMLFormElement>(null);
  const [saving, setSaving] = useState<Saving>({ at: "idle" });
  const day = capFrom(typed.day, budget.day);
  const month = capFrom(typed.month, budget.month);
  const unsaved = day.changed || month.changed;
  const mayKeep = unsaved && !day.wrong && !month.wrong && saving.at !== "saving";
  const refused = saving.at === "failed" ? (refusalOf(saving.error)?.field ?? null) : null;

  const change = (part: Partial<BudgetDraft>) => {
    budgetDraft.set({ ...typed, ...part });
    if (saving.at !== "saving") setSaving({ at: "idle" });
  };
  const keep = async () => {
    const sent = typed;
    setSaving({ at: "saving" });
    try {
      const kept = await mutateAsync({
        ...(day.changed ? { day: day.value } : {}),
        ...(month.changed ? { month: month.value } : {}),
      });
      await utils.settings.budget.get.cancel();
      utils.settings.budget.get.setData(undefined, kept);
      // What was typed meanwhile is still to be saved.
      const now = budgetDraft.get();
      budgetDraft.set({
        day: now.day === sent.day ? null : now.day,
        month: now.month === sent.month ? null : now.month,
      });
      setSaving({ at: "saved" });
    } catch (error) {
      setSaving({ at: "failed", error });
    }
  };

  return (
    <form
      ref={form}
      className="mt-6"
      onSubmit={(event) => {
        event.preventDefault();
        if (mayKeep) void keep();
      }}
    >
      <div className="divide-y divide-line border-y border-line">
        {(["day", "month"] as const).map((span) => (
          <BudgetSpan
            key={span}
            span={span}
            budget={budget}
            typed={typed[span]}
            wrong={(span === "day" ? day : month).wrong}
            refused={refused === span}
            onType={(text) => change({ [span]: text })}
          />
        ))}
      </div>
      <div className="mt-5 flex flex-wrap items-center gap-2">
        <Button kind={unsaved ? "primary" : "plain"} type="submit" aria-disabled={!mayKeep}>
          {said.save}
        </Button>
        {unsaved && saving.at !== "saving" && (
          <Button
            kind="quiet"
            onClick={() => {
              budgetDraft.set(UNTOUCHED);
              setSaving({ at: "idle" });
              // This button goes with what was typed.
              form.current?.querySelector("input")?.focus();
            }}
          >
            {said.discard}
          </Button>
        )}
        <SavedLine saving={saving} unsaved={unsaved} />
      </div>
    </form>
  );
}
