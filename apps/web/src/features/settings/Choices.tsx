import { useId } from "react";

export interface ChoicesProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly offered: readonly (readonly [value: T, label: string])[];
  onChoose(value: T): void;
}

/** One of a few, all of them in sight. */
export function Choices<T extends string>({ label, value, offered, onChoose }: ChoicesProps<T>) {
  const name = useId();
  return (
    <fieldset>
      <legend className="mb-2 text-sm font-medium">{label}</legend>
      <div className="flex flex-wrap gap-0.5 rounded-md border border-line p-0.5">
        {offered.map(([choice, words]) => (
          <label
            key={choice}
            className="relative flex h-8 flex-1 cursor-pointer items-center justify-center rounded-sm px-3 text-sm whitespace-nowrap text-soft has-checked:bg-press has-checked:text-ink has-focus-visible:outline-2 has-focus-visible:outline-accent"
          >
            <input
              type="radio"
              name={name}
              value={choice}
              checked={choice === value}
              onChange={() => onChoose(choice)}
              className="absolute inset-0 cursor-pointer opacity-0"
            />
            {words}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
