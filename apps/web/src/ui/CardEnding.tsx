import { clsx } from "clsx";
import { Button } from "./Button.tsx";
import { StateIcon, TONE_TEXT } from "./StateIcon.tsx";
import type { IconName, NoticeView, PrimaryActionView, Tone } from "@reelstate/lifecycle";

export interface CardEndingProps {
  /** What the asset is called: without its picture nothing else shows which it is. The card's link says it aloud. */
  readonly name: string;
  /** With what it was asked for, and of whom. */
  readonly madeBy: string | null;
  readonly notice: NoticeView;
  readonly icon: IconName;
  readonly tone: Tone;
  /** The state's own word, above the reason. */
  readonly label: string;
  readonly primary: PrimaryActionView | null;
  readonly busy: boolean;
  onPrimary(action: PrimaryActionView): void;
}

/** Failed or cancelled: why, whether it cost anything, and the one button that helps (U1). */
export function CardEnding({ name, madeBy, notice, icon, tone, label, primary, busy, onPrimary }: CardEndingProps) {
  const failed = tone === "failed";
  return (
    <div
      data-ending={tone}
      className={clsx(
        "pointer-events-none absolute inset-0 flex flex-col gap-1.5 p-3",
        failed
          ? "bg-failed/8 shadow-[inset_0_0_0_1px_color-mix(in_oklab,var(--failed)_45%,transparent)]"
          : "shadow-[inset_0_0_0_1px_var(--line)]",
      )}
    >
      <p className={clsx("mr-8 flex items-center gap-1.5 text-xs font-medium", TONE_TEXT[tone])}>
        <StateIcon icon={icon} tone={tone} size={15} />
        {label}
      </p>
      <p aria-hidden className="shrink-0 truncate text-xs text-soft" data-ending-name>
        {name}
      </p>
      <div className="mt-auto min-h-0 overflow-hidden">
        {madeBy !== null && (
          <p data-made-by className="truncate text-xs text-soft">
            {madeBy}
          </p>
        )}
        <p className={clsx("text-sm font-medium wrap-break-word", failed && "text-failed")}>{notice.title}</p>
        <p className="mt-0.5 line-clamp-3 text-xs text-soft @max-[14rem]:sr-only">{notice.hint}</p>
        <p className="mt-0.5 text-xs text-soft">{notice.charged}</p>
      </div>
      {primary !== null && (
        <div className="pointer-events-auto relative z-10 shrink-0">
          <Button
            small
            kind={failed ? "danger" : "plain"}
            disabled={busy}
            onClick={() => onPrimary(primary)}
            data-primary={primary.type}
          >
            {primary.label}
          </Button>
        </div>
      )}
    </div>
  );
}
