import { ArrowDownIcon, ArrowUpIcon } from "lucide-react";
import { useLayoutEffect, useRef } from "react";
import { IconButton } from "../../ui/IconButton.tsx";

export interface MoveButtonsProps {
  readonly up: string;
  readonly down: string;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  onMove(by: -1 | 1): void;
}

/** A place earlier, a place later. At an end they stay where they are, so that the keyboard does not lose its place. */
export function MoveButtons({ up, down, isFirst, isLast, onMove }: MoveButtonsProps) {
  const pressed = useRef<HTMLButtonElement>(null);
  // A browser lets the focus go when what has it is put elsewhere in the page.
  useLayoutEffect(() => {
    const button = pressed.current;
    if (button !== null && document.activeElement === document.body) button.focus();
  });
  const buttons = [
    [-1, up, isFirst, ArrowUpIcon],
    [1, down, isLast, ArrowDownIcon],
  ] as const;
  return (
    <span
      className="flex shrink-0"
      onBlur={({ relatedTarget }) => {
        if (relatedTarget !== null) pressed.current = null;
      }}
    >
      {buttons.map(([by, label, atEnd, Icon]) => (
        <IconButton
          key={by}
          label={label}
          aria-disabled={atEnd}
          className="size-8 aria-disabled:opacity-30"
          onClick={({ currentTarget }) => {
            if (atEnd) return;
            pressed.current = currentTarget;
            onMove(by);
          }}
        >
          <Icon aria-hidden size={15} />
        </IconButton>
      ))}
    </span>
  );
}
