import { MinusIcon, PlusIcon } from "lucide-react";
import { useId } from "react";
import { useWords } from "../../i18n/LanguageProvider.tsx";
import { measuresOf } from "../../i18n/measures.ts";
import { IconButton } from "../../ui/IconButton.tsx";
import { Select } from "../../ui/Select.tsx";
import { AspectPicker } from "./AspectPicker.tsx";
import { KindSwitch } from "./KindSwitch.tsx";
import { ModelName, ModelSelect } from "./ModelSelect.tsx";
import type { Composing } from "./useComposer.ts";
import type { Settings } from "./requestOf.ts";

const MOST = 8;
const LENGTH_STEP_MS = 500;

/** Everything that can be chosen with the model at hand; what it does not offer is not there. */
export function ComposerOptions({ composing }: { readonly composing: Composing }) {
  const { words } = useWords();
  const { draft, models, settings, change } = composing;
  const locked = draft.versionOf !== null;
  const makers = (models ?? []).filter(({ type }) => type === draft.type);
  return (
    <div className="flex flex-wrap items-center gap-x-2.5 gap-y-2">
      <KindSwitch value={draft.type} disabled={locked} onChoose={(type) => change({ type })} />
      {settings === null ? (
        <span className="text-sm text-soft">
          {models === null
            ? words.common.loading
            : models.length === 0
              ? words.composer.noModels
              : words.composer.noModelsOf(words.type[draft.type])}
        </span>
      ) : (
        <>
          {locked ? (
            <span className="flex min-w-0 text-sm whitespace-pre text-soft">
              <ModelName model={settings.model} />
            </span>
          ) : (
            <ModelSelect
              chosen={settings.model}
              offered={makers}
              onChoose={(id) => change({ models: { ...draft.models, [draft.type]: id } })}
            />
          )}
          {settings.model.aspectRatios.length > 1 && (
            <AspectPicker
              label={words.composer.aspect}
              value={settings.aspectRatio}
              offered={settings.model.aspectRatios}
              onChoose={(aspectRatio) => change({ aspectRatio })}
            />
          )}
          {settings.model.resolutions.length > 1 && settings.resolution !== null && (
            <Select
              label={words.composer.resolution}
              value={settings.resolution}
              options={settings.model.resolutions.map((value) => ({ value, label: value }))}
              onChoose={(resolution) => change({ resolution })}
            />
          )}
          <LengthSlider settings={settings} onChange={(durationMs) => change({ durationMs })} />
          {!locked && <CountStepper count={draft.count} onChange={(count) => change({ count })} />}
          <SeedField value={draft.seed} wrong={settings.seedIsWrong} onChange={(seed) => change({ seed })} />
          {settings.slate !== null && (
            <label
              className="flex h-8 cursor-pointer items-center gap-2 rounded-md px-1 text-sm text-soft"
              title={words.composer.slateHint}
            >
              <input
                type="checkbox"
                checked={settings.slate}
                onChange={({ target }) => change({ slate: target.checked })}
                className="size-4 accent-accent"
              />
              {words.composer.slate}
            </label>
          )}
        </>
      )}
    </div>
  );
}

function LengthSlider({ settings, onChange }: { readonly settings: Settings; onChange(ms: number): void }) {
  const { words } = useWords();
  const { durationsMs } = settings.model;
  if (durationsMs === null || settings.durationMs === null || durationsMs.min === durationsMs.max) return null;
  const said = words.composer.seconds(measuresOf(words).number(settings.durationMs / 1_000));
  return (
    <label className="flex h-8 items-center gap-2 text-sm text-soft">
      {words.composer.length}
      <input
        type="range"
        min={durationsMs.min}
        max={durationsMs.max}
        step={LENGTH_STEP_MS}
        value={settings.durationMs}
        aria-valuetext={said}
        onChange={({ target }) => onChange(Number(target.value))}
        className="h-6 w-28 cursor-pointer accent-accent"
      />
      <span className="tabular w-12 text-ink">{said}</span>
    </label>
  );
}

function CountStepper({ count, onChange }: { readonly count: number; onChange(count: number): void }) {
  const { words } = useWords();
  return (
    <fieldset className="flex items-center rounded-md border border-line">
      <legend className="sr-only">{words.composer.count}</legend>
      <IconButton
        label={words.composer.fewer}
        disabled={count <= 1}
        onClick={() => onChange(count - 1)}
        className="size-8"
      >
        <MinusIcon aria-hidden size={14} />
      </IconButton>
      <output aria-label={words.composer.countOf(count)} className="tabular min-w-5 text-center text-sm">
        {count}
      </output>
      <IconButton
        label={words.composer.moreOf}
        disabled={count >= MOST}
        onClick={() => onChange(count + 1)}
        className="size-8"
      >
        <PlusIcon aria-hidden size={14} />
      </IconButton>
    </fieldset>
  );
}

function SeedField({
  value,
  wrong,
  onChange,
}: {
  readonly value: string;
  readonly wrong: boolean;
  onChange(seed: string): void;
}) {
  const { words } = useWords();
  const errorId = useId();
  return (
    <label className="flex h-8 items-center gap-2 text-sm text-soft">
      {words.composer.seed}
      <input
        inputMode="numeric"
        value={value}
        placeholder={words.composer.seedPlaceholder}
        aria-invalid={wrong}
        aria-describedby={wrong ? errorId : undefined}
        onChange={({ target }) => onChange(target.value)}
        className="timecode h-8 w-24 rounded-md border border-line bg-transparent px-2 text-sm text-ink placeholder:text-faint aria-invalid:border-failed"
      />
      {wrong && (
        <span id={errorId} className="text-xs text-failed">
          {words.composer.seedWrong}
        </span>
      )}
    </label>
  );
}
