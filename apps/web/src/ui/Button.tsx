import { clsx } from "clsx";
import type { ComponentProps, ReactNode } from "react";

const KINDS = {
  /** The one thing to do here. */
  primary: "bg-accent text-on-accent font-medium hover:brightness-110 active:brightness-95",
  plain: "border border-edge text-ink hover:bg-press",
  quiet: "text-soft hover:bg-press hover:text-ink",
  danger: "border border-failed text-failed font-medium hover:bg-press",
} as const;

export interface ButtonProps extends ComponentProps<"button"> {
  readonly kind?: keyof typeof KINDS;
  readonly small?: boolean;
  readonly icon?: ReactNode;
}

export function Button({ kind = "plain", small = false, icon, className, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={clsx(
        "inline-flex items-center justify-center gap-1.5 rounded-md text-center disabled:opacity-50 aria-disabled:opacity-50 transition-[background,filter] duration-150",
        small ? "min-h-7 px-2.5 py-1 text-xs" : "min-h-9 px-3.5 py-1.5 text-sm",
        KINDS[kind],
        className,
      )}
    >
      {icon}
      {children}
    </button>
  );
}
