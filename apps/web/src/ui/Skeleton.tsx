import { clsx } from "clsx";

/** The shape of what is coming; no spinner. */
export function Skeleton({ label, className }: { readonly label: string; readonly className: string }) {
  return (
    <div className={clsx("skeleton rounded-md bg-press", className)}>
      <output className="sr-only">{label}</output>
    </div>
  );
}
