import { Select as Base } from "@base-ui/react/select";
import { CheckIcon, ChevronDownIcon } from "lucide-react";
import type { ReactNode } from "react";

export interface SelectOption {
  readonly value: string;
  readonly label: ReactNode;
  readonly hint?: ReactNode;
}

export interface SelectProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly SelectOption[];
  readonly shown?: ReactNode;
  onChoose(value: string): void;
}

export function Select({ label, value, options, shown, onChoose }: SelectProps) {
  const chosen = options.find((option) => option.value === value);
  return (
    <Base.Root value={value} onValueChange={(next) => next !== null && onChoose(next)}>
      <Base.Trigger
        aria-label={`${label}: ${typeof chosen?.label === "string" ? chosen.label : value}`}
        className="inline-flex min-h-8 max-w-56 items-center gap-1.5 rounded-md border border-line px-2.5 text-sm text-ink transition-colors duration-150 hover:border-edge data-popup-open:border-edge"
      >
        <span className="truncate">{shown ?? chosen?.label ?? value}</span>
        <ChevronDownIcon aria-hidden size={14} className="shrink-0 text-faint" />
      </Base.Trigger>
      <Base.Portal render={<section aria-label={label} />}>
        <Base.Positioner
          side="top"
          align="start"
          sideOffset={6}
          alignItemWithTrigger={false}
          className="z-60 outline-none"
        >
          <Base.Popup className="slides max-h-(--available-height) min-w-(--anchor-width) max-w-80 overflow-auto rounded-lg border border-line bg-raised p-1 text-sm shadow-float outline-none">
            <Base.List>
              {options.map((option) => (
                <Base.Item
                  key={option.value}
                  value={option.value}
                  className="flex min-h-8 items-center gap-2.5 rounded-md px-2.5 py-1.5 outline-none select-none data-highlighted:bg-press"
                >
                  <span className="min-w-0 flex-1">
                    <Base.ItemText className="block">{option.label}</Base.ItemText>
                    {option.hint !== undefined && <span className="mt-0.5 block text-xs text-soft">{option.hint}</span>}
                  </span>
                  <Base.ItemIndicator>
                    <CheckIcon aria-hidden size={14} className="text-accent" />
                  </Base.ItemIndicator>
                </Base.Item>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
