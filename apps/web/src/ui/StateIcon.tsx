import {
  BanIcon,
  CheckIcon,
  CircleStopIcon,
  ClockIcon,
  InfoIcon,
  ListOrderedIcon,
  SparklesIcon,
  TimerResetIcon,
  TriangleAlertIcon,
} from "lucide-react";
import { clsx } from "clsx";
import type { LucideIcon } from "lucide-react";
import type { IconName, Tone } from "@reelstate/lifecycle";

const ICONS = {
  clock: ClockIcon,
  "list-ordered": ListOrderedIcon,
  "timer-reset": TimerResetIcon,
  sparkles: SparklesIcon,
  "circle-stop": CircleStopIcon,
  check: CheckIcon,
  "triangle-alert": TriangleAlertIcon,
  ban: BanIcon,
  info: InfoIcon,
} as const satisfies Record<IconName, LucideIcon>;

export const TONE_TEXT = {
  waiting: "text-waiting",
  making: "text-making",
  done: "text-soft",
  failed: "text-failed",
  cancelled: "text-cancelled",
} as const satisfies Record<Tone, string>;

/** The icon that `viewOf` names, in the colour of its meaning. Words stand beside it, so it says nothing itself. */
export function StateIcon({
  icon,
  tone,
  size = 16,
  className,
}: {
  readonly icon: IconName;
  readonly tone: Tone;
  readonly size?: number;
  readonly className?: string;
}) {
  const Drawn = ICONS[icon];
  return (
    <Drawn
      aria-hidden
      size={size}
      strokeWidth={2}
      data-icon={icon}
      className={clsx("shrink-0", TONE_TEXT[tone], className)}
    />
  );
}
