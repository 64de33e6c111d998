import { clsx } from "clsx";
import { useId } from "react";
import { measuresOf, timecode } from "../i18n/measures.ts";
import { studioWordsOf } from "../i18n/studioWordsOf.ts";
import { StateIcon, TONE_TEXT } from "./StateIcon.tsx";
import { useNow } from "./useNow.ts";
import type { ReactNode } from "react";
import type { Language, OverlayView, ProgressView } from "@reelstate/lifecycle";

export interface ProgressOverlayProps {
  readonly overlay: OverlayView;
  readonly language: Language;
  /** Beside the words: the way to stop it. */
  readonly action?: ReactNode;
  /** `over`: at the bottom of a card, the picture dimmed beneath. `beside`: in a list, where there is no picture. */
  readonly place?: "over" | "beside";
}

/** What is under way, over the field or the old picture. Says what `viewOf` said and draws no number it was not given. */
export function ProgressOverlay({ overlay, language, action, place = "over" }: ProgressOverlayProps) {
  const { tone, icon, title, phase, attempt, queue, nextTry, progress, stopping } = overlay;
  const overMedia = overlay.overMedia && place === "over";
  const titleId = useId();
  const asides = [
    attempt,
    queue,
    nextTry && `${nextTry.label} ${measuresOf(studioWordsOf(language)).clock(nextTry.at)}`,
  ].filter((aside) => aside !== null);
  return (
    <div
      data-phase={phase}
      data-stopping={stopping ? "" : undefined}
      data-over-media={overMedia ? "" : undefined}
      className={clsx(
        "pointer-events-none flex flex-col justify-end",
        place === "over" ? "absolute inset-0" : "relative",
      )}
    >
      {overMedia && <div className="absolute inset-0 bg-black/35" />}
      <div
        className={clsx(
          "relative flex items-end gap-2 px-3 pt-2 pb-3 @max-[12rem]:flex-col @max-[12rem]:items-start",
          overMedia && "over-picture bg-scrim",
        )}
      >
        <div className="min-w-0 flex-1">
          <p id={titleId} className={clsx("flex items-center gap-1.5 text-sm font-medium", TONE_TEXT[tone])}>
            <StateIcon icon={icon} tone={tone} size={15} />
            <span className="min-w-0 wrap-break-word">{title}</span>
          </p>
          {asides.map((aside) => (
            <p key={aside} className="tabular mt-0.5 text-xs text-soft">
              {aside}
            </p>
          ))}
          {progress !== null && <ProgressWords progress={progress} language={language} />}
        </div>
        <div className="pointer-events-auto relative z-10 shrink-0">{action}</div>
      </div>
      {progress !== null && <ProgressLine progress={progress} labelledBy={titleId} />}
    </div>
  );
}

function ProgressWords({ progress, language }: { readonly progress: ProgressView; readonly language: Language }) {
  const now = useNow(progress.startedAt !== null);
  const elapsed = progress.startedAt === null ? null : timecode(now - progress.startedAt);
  return (
    <p className="tabular mt-0.5 flex flex-wrap gap-x-2 text-xs text-soft">
      <span data-progress-label>{progress.label}</span>
      {elapsed !== null && (
        <span data-elapsed>
          <span className="sr-only">{studioWordsOf(language).card.elapsed} </span>
          {elapsed}
        </span>
      )}
    </p>
  );
}

/** A measured fraction is a length; anything else breathes instead of lying (U3). */
function ProgressLine({ progress, labelledBy }: { readonly progress: ProgressView; readonly labelledBy: string }) {
  const { percent, fraction, kind, label } = progress;
  return (
    <div
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- <progress> has no words for its value
      role="progressbar"
      aria-labelledby={labelledBy}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent ?? undefined}
      aria-valuetext={label}
      data-progress={kind}
      className="absolute inset-x-0 bottom-0 h-0.75 overflow-hidden bg-making/20"
    >
      {percent === null ? (
        <div className="breathing-line size-full" />
      ) : (
        <div
          className="grows size-full origin-left bg-making"
          style={{ transform: `scaleX(${fraction ?? percent / 100})` }}
        />
      )}
    </div>
  );
}
