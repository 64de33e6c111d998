import { Menu as Base } from "@base-ui/react/menu";
import { clsx } from "clsx";
import { CheckIcon } from "lucide-react";
import type { ReactNode } from "react";

export interface MenuChoice {
  readonly key: string;
  readonly label: ReactNode;
  readonly icon?: ReactNode;
  readonly danger?: boolean;
  /** A hairline above. */
  readonly apart?: boolean;
  /** One of several: marked when it is chosen. */
  readonly chosen?: boolean;
  readonly disabled?: boolean;
  onChoose(): void;
}

export interface MenuProps {
  /** What it is about. */
  readonly label: string;
  /** What it was opened by and stands beside; gets the focus back. */
  readonly anchor: HTMLElement | null;
  readonly open: boolean;
  onClose(): void;
  readonly choices: readonly MenuChoice[];
  readonly side?: "top" | "bottom";
  readonly align?: "start" | "end";
}

export function Menu({ label, anchor, open, onClose, choices, side = "bottom", align = "end" }: MenuProps) {
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal render={<section aria-label={label} />}>
        <Base.Positioner anchor={anchor} side={side} align={align} sideOffset={6} className="z-60 outline-none">
          <Base.Popup
            finalFocus={() => anchor}
            className="slides max-h-(--available-height) min-w-44 overflow-auto rounded-lg border border-line bg-raised p-1 text-sm shadow-float outline-none"
          >
            {choices.map((choice) => (
              <Base.Item
                key={choice.key}
                onClick={choice.onChoose}
                disabled={choice.disabled ?? false}
                aria-current={choice.chosen ? "true" : undefined}
                className={clsx(
                  "flex min-h-8 items-center gap-2.5 rounded-md px-2.5 py-1.5 outline-none select-none data-disabled:opacity-50 data-highlighted:bg-press",
                  choice.danger ? "text-failed" : "text-ink",
                  choice.apart &&
                    "relative mt-2 before:absolute before:inset-x-1 before:-top-1 before:h-px before:bg-line",
                )}
              >
                {choice.icon !== undefined && <span className="text-soft">{choice.icon}</span>}
                <span className="flex-1">{choice.label}</span>
                {choice.chosen && <CheckIcon aria-hidden size={14} className="text-accent" />}
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
