import { Dialog } from "@base-ui/react/dialog";
import { clsx } from "clsx";
import { XIcon } from "lucide-react";
import { IconButton } from "./IconButton.tsx";
import type { ReactNode } from "react";

export interface DrawerProps {
  readonly open: boolean;
  onClose(): void;
  readonly title: ReactNode;
  readonly closeLabel: string;
  /** From the right edge, or from the bottom on a small screen. */
  readonly side?: "right" | "bottom";
  readonly children: ReactNode;
}

/** A sheet over the studio, which stays where it is underneath. */
export function Drawer({ open, onClose, title, closeLabel, side = "right", children }: DrawerProps) {
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="slides fixed inset-0 z-50 bg-black/45" />
        <Dialog.Popup
          className={clsx(
            "slides fixed z-50 flex flex-col border-line bg-table shadow-float outline-none",
            side === "right"
              ? "slides-right inset-y-0 right-0 w-full max-w-md border-l"
              : "slides-up inset-x-0 bottom-0 max-h-[80dvh] rounded-t-lg border-t pb-[env(safe-area-inset-bottom)]",
          )}
        >
          <header className="flex h-13 shrink-0 items-center justify-between border-b border-line pr-2 pl-5">
            <Dialog.Title className="text-base font-medium">{title}</Dialog.Title>
            <Dialog.Close render={<IconButton label={closeLabel} />}>
              <XIcon aria-hidden size={18} />
            </Dialog.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto">{children}</div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
