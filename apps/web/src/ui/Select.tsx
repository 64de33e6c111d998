import { Select as Base } from "@base-ui/react/select";
import { CheckIcon, ChevronDownIcon } from "lucide-react";
import type { ReactNode } from "react";

export interface SelectOption {
  readonly value: string;
  readonly label: string;
  /** A few words at its end, such as a price. */
  readonly aside?: string;
  readonly hint?: string;
}

export interface SelectGroup {
  readonly key: string;
  readonly label: string;
  readonly options: readonly SelectOption[];
}

export interface SelectProps {
  readonly label: string;
  readonly value: string;
  /** In groups under a heading of their own, or plain ones. */
  readonly groups?: readonly SelectGroup[];
  readonly options?: readonly SelectOption[];
  /** What the closed button shows, and says aloud; the chosen option's label unless told. */
  readonly shown?: ReactNode;
  readonly says?: string;
  /** A last entry that is no choice, but leads elsewhere. */
  readonly more?: { readonly label: string; onChoose(): void } | undefined;
  onOpen?(): void;
  onChoose(value: string): void;
}

const MORE = "\u0000more";

export function Select({ label, value, groups = [], options = [], shown, says, more, onOpen, onChoose }: SelectProps) {
  const chosen = [...options, ...groups.flatMap((group) => group.options)].find((option) => option.value === value);
  return (
    <Base.Root
      value={value}
      onValueChange={(next, { reason }) => {
        // A letter typed on the closed menu chooses too, and must not lead elsewhere.
        if (next === MORE) {
          if (reason === "item-press") more?.onChoose();
        } else if (next !== null) onChoose(next);
      }}
      onOpenChange={(open) => open && onOpen?.()}
    >
      <Base.Trigger
        aria-label={`${label}: ${says ?? chosen?.label ?? value}`}
        className="inline-flex min-h-8 max-w-72 min-w-0 items-center gap-1.5 rounded-md border border-line px-2.5 text-sm text-ink transition-colors duration-150 hover:border-edge data-popup-open:border-edge"
      >
        <span className="flex min-w-0 overflow-hidden whitespace-pre">{shown ?? chosen?.label ?? value}</span>
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
          <Base.Popup className="slides max-h-(--available-height) max-w-[min(24rem,var(--available-width))] min-w-(--anchor-width) overflow-auto rounded-lg border border-line bg-raised p-1 text-sm shadow-float outline-none">
            <Base.List>
              {options.map((option) => (
                <Item key={option.value} option={option} />
              ))}
              {groups.map((group) => (
                <Base.Group key={group.key} className="pb-1 last:pb-0">
                  <Base.GroupLabel className="sticky -top-1 z-10 bg-raised px-2.5 pt-2 pb-1 text-xs font-medium text-soft">
                    {group.label}
                  </Base.GroupLabel>
                  {group.options.map((option) => (
                    <Item key={option.value} option={option} />
                  ))}
                </Base.Group>
              ))}
              {more !== undefined && (
                <div className="mt-1 border-t border-line pt-1">
                  <Item option={{ value: MORE, label: more.label }} />
                </div>
              )}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

function Item({ option }: { readonly option: SelectOption }) {
  return (
    <Base.Item
      value={option.value}
      // Clear of the heading that stays at the top.
      className="flex min-h-8 scroll-mt-9 items-start gap-2 rounded-md px-2.5 py-1.5 outline-none select-none data-highlighted:bg-press"
    >
      <span className="min-w-0 flex-1">
        <span className="flex items-baseline gap-3">
          <Base.ItemText className="min-w-0 flex-1">{option.label}</Base.ItemText>
          {option.aside !== undefined && <span className="tabular shrink-0 text-xs text-soft">{option.aside}</span>}
        </span>
        {option.hint !== undefined && <span className="mt-0.5 block text-xs text-soft">{option.hint}</span>}
      </span>
      <span className="grid h-5 w-3.5 shrink-0 place-items-center">
        <Base.ItemIndicator>
          <CheckIcon aria-hidden size={14} className="text-accent" />
        </Base.ItemIndicator>
      </span>
    </Base.Item>
  );
}
