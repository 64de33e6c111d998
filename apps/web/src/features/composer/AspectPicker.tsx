import { aspectNamed } from "../gallery/aspectOf.ts";

export interface AspectPickerProps {
  readonly label: string;
  readonly value: string | null;
  readonly offered: readonly string[];
  onChoose(ratio: string): void;
}

const LONG_SIDE = 16;

/** Each shape drawn as it is, with its numbers beneath for those who think in them. */
export function AspectPicker({ label, value, offered, onChoose }: AspectPickerProps) {
  return (
    <fieldset className="flex flex-wrap items-center gap-0.5 rounded-md border border-line p-0.5">
      <legend className="sr-only">{label}</legend>
      {offered.map((ratio) => {
        const aspect = aspectNamed(ratio);
        const width = aspect >= 1 ? LONG_SIDE : Math.max(6, LONG_SIDE * aspect);
        const height = aspect >= 1 ? Math.max(6, LONG_SIDE / aspect) : LONG_SIDE;
        return (
          <label
            key={ratio}
            title={ratio}
            className="relative flex h-7 cursor-pointer items-center gap-1.5 rounded-sm px-1.5 text-xs text-soft transition-colors duration-150 hover:text-ink has-checked:bg-press has-checked:text-ink has-focus-visible:outline-2 has-focus-visible:outline-accent"
          >
            <input
              type="radio"
              name="aspect"
              value={ratio}
              checked={ratio === value}
              onChange={() => onChoose(ratio)}
              aria-label={ratio}
              className="absolute inset-0 cursor-pointer opacity-0"
            />
            <svg aria-hidden width={LONG_SIDE + 2} height={LONG_SIDE + 2} className="shrink-0">
              <rect
                x={(LONG_SIDE + 2 - width) / 2}
                y={(LONG_SIDE + 2 - height) / 2}
                width={width}
                height={height}
                rx={2}
                fill={ratio === value ? "currentColor" : "none"}
                fillOpacity={0.25}
                stroke="currentColor"
                strokeWidth={1.25}
              />
            </svg>
            <span aria-hidden className="tabular">
              {ratio}
            </span>
          </label>
        );
      })}
    </fieldset>
  );
}
