export interface SwitchProps {
  readonly label: string;
  readonly checked: boolean;
  onChange(checked: boolean): void;
}

/** On or off, by a press. */
export function Switch({ label, checked, onChange }: SwitchProps) {
  return (
    <label title={label} className="grid h-9 w-12 shrink-0 cursor-pointer place-items-center">
      <input
        type="checkbox"
        role="switch"
        aria-label={label}
        checked={checked}
        aria-checked={checked}
        onChange={({ target }) => onChange(target.checked)}
        className="peer sr-only"
      />
      <span
        aria-hidden
        className="flex h-5 w-9 items-center rounded-full border border-edge p-0.5 transition-colors duration-150 peer-checked:border-accent peer-checked:bg-accent peer-focus-visible:outline-2 peer-focus-visible:outline-offset-2 peer-focus-visible:outline-accent before:size-3.5 before:rounded-full before:bg-soft before:transition-transform before:duration-150 peer-checked:before:translate-x-4 peer-checked:before:bg-on-accent"
      />
    </label>
  );
}
