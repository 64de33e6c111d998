import { Button } from "./Button.tsx";
import { StateIcon } from "./StateIcon.tsx";
import type { BadgeView, PrimaryActionView } from "@reelstate/lifecycle";

export interface CardBadgeProps {
  readonly badge: BadgeView;
  readonly busy: boolean;
  onAction(action: PrimaryActionView): void;
}

/** A quiet word on a finished picture about its last try (A6): never over the middle of it. */
export function CardBadge({ badge, busy, onAction }: CardBadgeProps) {
  return (
    <div data-badge={badge.tone} className="pointer-events-none absolute inset-x-1.5 bottom-1.5 flex">
      <div className="over-picture flex max-w-full flex-wrap items-center gap-x-2 gap-y-1 rounded-md bg-scrim py-1 pr-1 pl-2">
        <span className="flex min-w-0 items-center gap-1.5 py-1 pr-1 text-xs" title={badge.hint}>
          <StateIcon icon={badge.icon} tone={badge.tone} size={14} />
          <span className="min-w-0">{badge.label}</span>
          <span className="sr-only">{badge.hint}</span>
        </span>
        {badge.action !== null && (
          <Button
            small
            disabled={busy}
            data-primary={badge.action.type}
            onClick={() => badge.action !== null && onAction(badge.action)}
            className="pointer-events-auto relative z-10"
          >
            {badge.action.label}
          </Button>
        )}
      </div>
    </div>
  );
}
