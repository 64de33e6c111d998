import { clsx } from "clsx";
import type { ComponentProps } from "react";

export interface IconButtonProps extends ComponentProps<"button"> {
  /** What it does, for those who do not see the icon, and as a tip for those who do. */
  readonly label: string;
}

export function IconButton({ label, className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={clsx(
        "inline-grid size-9 shrink-0 place-items-center rounded-md text-soft transition-colors duration-150 hover:bg-press hover:text-ink disabled:opacity-40 aria-pressed:bg-press aria-pressed:text-ink data-popup-open:bg-press data-popup-open:text-ink",
        className,
      )}
    />
  );
}
