import { clsx } from "clsx";
import { useId } from "react";
import type { ComponentProps, ReactNode } from "react";

export interface TextFieldProps extends Omit<ComponentProps<"input">, "id" | "className"> {
  readonly label: string;
  readonly hint?: string | undefined;
  /** What is wrong with what stands in it. */
  readonly wrong?: string | undefined;
  readonly narrow?: boolean;
  /** What can be done beside typing. */
  readonly children?: ReactNode;
}

/** A line to type, with what it is for under it. */
export function TextField({ label, hint, wrong, narrow = false, children, ...input }: TextFieldProps) {
  const id = useId();
  const invalid = wrong !== undefined || input["aria-invalid"] === true;
  return (
    <div className="mt-4 first:mt-0">
      <label htmlFor={id} className="block text-sm font-medium">
        {label}
      </label>
      <div className="mt-1 flex flex-wrap items-center gap-2">
        <input
          {...input}
          id={id}
          aria-invalid={invalid}
          aria-describedby={`${id}-hint`}
          spellCheck={false}
          autoCapitalize="off"
          className={clsx(
            "timecode h-9 min-w-0 rounded-md border border-edge bg-transparent px-2.5 text-sm text-ink placeholder:text-faint aria-invalid:border-failed",
            narrow ? "w-28" : "flex-1 basis-52",
          )}
        />
        {children}
      </div>
      <p id={`${id}-hint`} className={clsx("mt-1 text-xs", wrong === undefined ? "text-soft" : "text-failed")}>
        {wrong ?? hint}
      </p>
    </div>
  );
}

/** What stands there and cannot be changed here. */
export function FixedField({
  label,
  value,
  hint,
}: {
  readonly label: string;
  readonly value: string;
  readonly hint: string;
}) {
  return (
    <dl className="mt-4 first:mt-0" data-fixed>
      <dt className="text-sm font-medium">{label}</dt>
      <dd className="timecode mt-1 text-sm wrap-anywhere">{value}</dd>
      <dd className="mt-1 text-xs text-soft">{hint}</dd>
    </dl>
  );
}
