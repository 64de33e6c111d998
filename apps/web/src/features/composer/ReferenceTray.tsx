import { clsx } from "clsx";
import { XIcon } from "lucide-react";
import { useWords } from "../../i18n/LanguageProvider.tsx";
import { measuresOf } from "../../i18n/measures.ts";
import { StateIcon } from "../../ui/StateIcon.tsx";
import type { ReactNode } from "react";
import type { AssetId } from "@reelstate/lifecycle";
import type { DraftInput } from "./Draft.ts";
import type { Uploading } from "./useReferences.ts";
import type { ReferenceState } from "./useReferenceStates.ts";

export interface ReferenceTrayProps {
  readonly inputs: readonly DraftInput[];
  /** What became of them since they were chosen. */
  readonly states: ReadonlyMap<AssetId, ReferenceState>;
  readonly uploading: readonly Uploading[];
  /** How many of them the model takes. */
  readonly atMost: number;
  onRemove(input: DraftInput): void;
}

/** The reference pictures, those on their way included; what the model will not look at is dimmed. */
export function ReferenceTray({ inputs, states, uploading, atMost, onRemove }: ReferenceTrayProps) {
  const { words } = useWords();
  if (inputs.length === 0 && uploading.length === 0) return null;
  const tooMany = inputs.length > atMost;
  return (
    <div className="flex flex-wrap items-center gap-2">
      <ul aria-label={words.composer.reference} className="flex flex-wrap gap-2">
        {inputs.map((input, index) => {
          const { asset = null, flaw = null } = states.get(input.assetId) ?? {};
          const name = asset?.name || input.name || words.composer.unnamedReference;
          return (
            <Thumb
              key={input.assetId}
              name={name}
              thumbUrl={flaw === null ? (asset?.currentVersion.media?.thumbUrl ?? input.thumbUrl) : null}
              dimmed={index >= atMost}
              flawed={flaw !== null}
              removeLabel={words.composer.removeReference(name)}
              onRemove={() => onRemove(input)}
            />
          );
        })}
        {uploading.map(({ key, name, fraction, stop }) => (
          <Thumb
            key={key}
            name={name}
            thumbUrl={null}
            dimmed={false}
            flawed={false}
            removeLabel={words.composer.removeReference(name)}
            onRemove={stop}
          >
            <span
              // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- drawn as a thin line
              role="progressbar"
              aria-label={name}
              aria-valuenow={Math.round(fraction * 100)}
              className="absolute inset-x-0 bottom-0 h-1 origin-left bg-making"
              style={{ transform: `scaleX(${fraction})` }}
            />
            <span className="tabular absolute inset-0 grid place-items-center text-xs text-soft">
              {measuresOf(words).percent(fraction)}
            </span>
          </Thumb>
        ))}
      </ul>
      {tooMany && (
        <p className="flex items-center gap-1.5 text-xs text-soft">
          <StateIcon icon="info" tone="done" size={14} />
          {atMost === 0 ? words.composer.noReference : words.composer.referenceLimit(atMost)}
        </p>
      )}
    </div>
  );
}

interface ThumbProps {
  readonly name: string;
  readonly thumbUrl: string | null;
  readonly dimmed: boolean;
  /** It can be no reference any more. */
  readonly flawed: boolean;
  readonly removeLabel: string;
  readonly children?: ReactNode;
  onRemove(): void;
}

function Thumb({ name, thumbUrl, dimmed, flawed, removeLabel, children, onRemove }: ThumbProps) {
  return (
    <li
      data-flawed={flawed ? "" : undefined}
      title={name}
      className={clsx(
        "relative size-14 overflow-hidden rounded-md border bg-press",
        flawed ? "border-failed" : "border-line",
      )}
    >
      {flawed && (
        <span className="grid size-full place-items-center">
          <StateIcon icon="triangle-alert" tone="failed" size={16} />
        </span>
      )}
      {thumbUrl !== null && (
        <img
          src={thumbUrl}
          alt={name}
          className={dimmed ? "size-full object-cover opacity-35" : "size-full object-cover"}
        />
      )}
      {children}
      <button
        type="button"
        aria-label={removeLabel}
        onClick={onRemove}
        className="over-picture absolute top-0 right-0 grid size-6 place-items-center rounded-bl-md bg-scrim"
      >
        <XIcon aria-hidden size={12} />
      </button>
    </li>
  );
}
