import { XIcon } from "lucide-react";
import { useSyncExternalStore } from "react";
import { IconButton } from "./IconButton.tsx";
import { StateIcon } from "./StateIcon.tsx";
import { dismiss, toasts } from "./toasts.ts";

export function Toasts({ label, closeLabel }: { readonly label: string; readonly closeLabel: string }) {
  const shown = useSyncExternalStore(toasts.subscribe, toasts.get);
  return (
    <section
      aria-label={label}
      aria-live="polite"
      className="pointer-events-none fixed inset-x-3 top-16 z-80 flex flex-col items-center gap-2"
    >
      {shown.map(({ id, text, tone }) => (
        <div
          key={id}
          className="appears pointer-events-auto flex max-w-lg items-center gap-2.5 rounded-lg border border-line bg-raised py-1.5 pr-1.5 pl-3.5 text-sm shadow-float"
        >
          {tone === "failed" && <StateIcon icon="triangle-alert" tone="failed" />}
          <span>{text}</span>
          <IconButton label={closeLabel} className="size-8" onClick={() => dismiss(id)}>
            <XIcon aria-hidden size={14} />
          </IconButton>
        </div>
      ))}
    </section>
  );
}
