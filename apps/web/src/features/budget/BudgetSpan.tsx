import { TriangleAlertIcon } from "lucide-react";
import { useWords } from "../../i18n/LanguageProvider.tsx";
import { measuresOf } from "../../i18n/measures.ts";
import { TextField } from "../../ui/TextField.tsx";
import { BUDGET_PAGE_WORDS } from "./budgetPageWords.ts";
import type { BudgetAnswer } from "@reelstate/api";

export interface BudgetSpanProps {
  readonly span: "day" | "month";
  readonly budget: BudgetAnswer;
  readonly typed: string | null;
  readonly wrong: boolean;
  readonly refused: boolean;
  onType(text: string): void;
}

/** A day or a month: its cap, and what of it is spent and set aside. */
export function BudgetSpan({ span, budget, typed, wrong, refused, onType }: BudgetSpanProps) {
  const { words: studioWords, language } = useWords();
  const words = BUDGET_PAGE_WORDS[language];
  const { number, moment } = measuresOf(studioWords);
  const cap = budget[span];
  const [spent, endsAt] =
    span === "day" ? [budget.spentToday, budget.dayEndsAt] : [budget.spentThisMonth, budget.monthEndsAt];
  const { held } = budget;
  const usedUp = cap !== null && spent + held >= cap;
  return (
    <section aria-label={words[span]} data-budget={span} className="py-5">
      <h2 className="text-base font-medium">{words[span]}</h2>
      <p className="tabular mt-1 text-sm text-soft">
        {words.spent(number(spent), cap === null ? null : number(cap))}
        {held > 0 && ` · ${words.held(number(held))}`}
      </p>
      {cap !== null && <Bar spent={spent} held={held} cap={cap} usedUp={usedUp} />}
      {usedUp && (
        <p className="mt-2 flex items-center gap-1.5 text-sm text-failed">
          <TriangleAlertIcon aria-hidden size={14} className="shrink-0" />
          {words.usedUp}
        </p>
      )}
      <p className="mt-2 mb-4 text-xs text-faint">{words.anew(moment(endsAt))}</p>
      <TextField
        label={words.cap[span]}
        hint={words.capHint}
        wrong={wrong ? words.capWrong : undefined}
        aria-invalid={refused}
        inputMode="numeric"
        autoComplete="off"
        narrow
        placeholder={words.noCap}
        value={typed ?? String(cap ?? "")}
        onChange={({ target }) => onType(target.value)}
      />
    </section>
  );
}

/** The words beside it say the same. */
function Bar({
  spent,
  held,
  cap,
  usedUp,
}: {
  readonly spent: number;
  readonly held: number;
  readonly cap: number;
  readonly usedUp: boolean;
}) {
  const share = (part: number) => `${cap === 0 ? 100 : Math.min(100, (part / cap) * 100)}%`;
  return (
    <div aria-hidden className="mt-3 flex h-1 overflow-hidden rounded-full bg-press">
      <div className={usedUp ? "bg-failed" : "bg-soft"} style={{ width: share(spent) }} />
      <div className={usedUp ? "bg-failed/60" : "bg-soft/40"} style={{ width: share(held) }} />
    </div>
  );
}
