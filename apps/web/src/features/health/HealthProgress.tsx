import { measuresOf } from "../../i18n/measures.ts";
import type { HealthState } from "@reelstate/api/health";
import type { HealthPageWords } from "./healthPageWords.ts";

/** How far the check has come: files counted, what has no number without one. */
export function HealthProgress({
  state,
  words,
  locale,
}: {
  readonly state: HealthState;
  readonly words: HealthPageWords;
  readonly locale: string;
}) {
  const { number } = measuresOf({ locale });
  const { step, files, status } = state;
  const share = step === "files" && files !== null && files.total > 0 ? files.done / files.total : null;
  return (
    <div className="mt-5" data-health-progress={step ?? ""}>
      <p className="flex justify-between gap-3 text-sm text-soft">
        <span>{step === null ? (status === "repairing" ? words.repairing : words.checking) : words.steps[step]}</span>
        {share !== null && files !== null && (
          <span className="tabular">{words.files(number(files.done), number(files.total))}</span>
        )}
      </p>
      <progress
        aria-label={status === "repairing" ? words.repairing : words.checking}
        {...(share === null ? {} : { value: share })}
        className="sr-only"
      />
      <div aria-hidden className="mt-2 h-0.5 overflow-hidden rounded-full bg-press">
        <div
          className={share === null ? "skeleton h-full w-full bg-making" : "h-full origin-left bg-making"}
          style={share === null ? undefined : { transform: `scaleX(${share})` }}
        />
      </div>
    </div>
  );
}
