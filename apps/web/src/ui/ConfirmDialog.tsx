import { AlertDialog } from "@base-ui/react/alert-dialog";
import { Button } from "./Button.tsx";

export interface ConfirmDialogProps {
  readonly open: boolean;
  readonly title: string;
  readonly hint: string;
  readonly confirm: string;
  readonly keep: string;
  /** Where the keyboard goes on when it closes; null: where it came from. */
  nextFocus?(): HTMLElement | null;
  onConfirm(): void;
  onClose(): void;
}

/** Asks before what cannot be taken back. */
export function ConfirmDialog({ open, title, hint, confirm, keep, nextFocus, onConfirm, onClose }: ConfirmDialogProps) {
  return (
    <AlertDialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="slides fixed inset-0 z-70 bg-black/50" />
        <AlertDialog.Popup
          finalFocus={() => nextFocus?.() ?? true}
          className="slides fixed top-1/2 left-1/2 z-70 w-[min(26rem,calc(100vw-2rem))] -translate-1/2 rounded-lg border border-line bg-raised p-5 shadow-float outline-none"
        >
          <AlertDialog.Title className="text-base font-medium wrap-break-word">{title}</AlertDialog.Title>
          <AlertDialog.Description className="mt-1.5 text-sm text-soft">{hint}</AlertDialog.Description>
          <div className="mt-5 flex justify-end gap-2">
            <AlertDialog.Close render={<Button kind="quiet" />}>{keep}</AlertDialog.Close>
            <Button kind="danger" onClick={onConfirm}>
              {confirm}
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
