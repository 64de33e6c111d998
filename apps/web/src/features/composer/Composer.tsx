import { clsx } from "clsx";
import { ChevronDownIcon, ImagePlusIcon, XIcon } from "lucide-react";
import { lazy, Suspense, useId, useRef } from "react";
import { budgetHref } from "../../address/Address.ts";
import { navigate } from "../../address/navigate.ts";
import { openHere } from "../../address/openHere.ts";
import { usePlace } from "../../address/usePlace.ts";
import { useWords } from "../../i18n/LanguageProvider.tsx";
import { Button } from "../../ui/Button.tsx";
import { IconButton } from "../../ui/IconButton.tsx";
import { StateIcon } from "../../ui/StateIcon.tsx";
import { PROMPT_FIELD } from "./focusPrompt.ts";
import { PriceLine } from "./PriceLine.tsx";
import { ReferenceTray } from "./ReferenceTray.tsx";
import { useComposer } from "./useComposer.ts";
import { useBroughtFiles } from "./useBroughtFiles.ts";
import { flawedReference } from "./flawedReference.ts";
import { useReferences } from "./useReferences.ts";
import { useReferenceStates } from "./useReferenceStates.ts";
import type { AssetType, ProjectId } from "@reelstate/lifecycle";
import type { KeyboardEvent } from "react";
import type { Composing } from "./useComposer.ts";

const ComposerOptions = lazy(() =>
  import("./ComposerOptions.tsx").then(({ ComposerOptions }) => ({ default: ComposerOptions })),
);

export interface ComposerProps {
  readonly projectId: ProjectId | undefined;
  /** Something new is in the lists. */
  onCreated?(type: AssetType): void;
}

/** One line at the bottom of the room, growing as it is used. */
export function Composer({ projectId, onCreated }: ComposerProps) {
  const { words } = useWords();
  const { place } = usePlace();
  const composed = useComposer(projectId, onCreated);
  const { draft, settings, change, refusal } = composed;
  const atMost = settings === null ? 0 : settings.model.maxInputs;
  const references = useReferences(projectId, atMost);
  const waitingForPicture = references.uploading.length > 0;
  const states = useReferenceStates(draft.inputs);
  const flawed = settings === null ? null : flawedReference(draft, settings, states);
  const composing = { ...composed, canSend: composed.canSend && !waitingForPicture && flawed === null };
  const send = async (): Promise<void> => {
    if (composing.canSend) await composed.send();
  };
  const dragging = useBroughtFiles(references.add);
  const chooser = useRef<HTMLInputElement>(null);
  const messageId = useId();
  const isVersion = draft.versionOf !== null;
  const message = refusal ?? references.problem ?? (flawed === null ? null : words.composer[flawed.why](flawed.name));

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void send();
    }
    if (event.key === "Escape" && !event.defaultPrevented) {
      change({ expanded: false });
      if (event.target instanceof HTMLElement) event.target.blur();
    }
  };

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Ctrl+Enter works in all of it
    <form
      aria-label={words.composer.label}
      data-expanded={draft.expanded ? "" : undefined}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
      onKeyDown={onKeyDown}
      className={clsx(
        "max-h-[75dvh] w-full overflow-y-auto rounded-lg border bg-raised shadow-float transition-colors duration-150 focus-within:border-edge",
        dragging ? "border-accent" : "border-line",
      )}
    >
      {isVersion && (
        <div className="flex items-center gap-2 border-b border-line py-1 pr-1 pl-4 text-sm text-soft">
          <span className="min-w-0 flex-1 truncate">{words.composer.newVersionOf(draft.versionOf?.name ?? "")}</span>
          <IconButton
            label={words.composer.backToNew}
            className="size-8"
            onClick={() => change({ versionOf: null, prompt: "", inputs: [] })}
          >
            <XIcon aria-hidden size={14} />
          </IconButton>
        </div>
      )}
      <div className="flex flex-col gap-2.5 p-2.5">
        <ReferenceTray
          inputs={draft.inputs}
          states={states}
          uploading={references.uploading}
          atMost={atMost}
          onRemove={({ assetId }) => {
            references.forgive();
            change({ inputs: draft.inputs.filter((input) => input.assetId !== assetId) });
          }}
        />
        <div className="flex items-start gap-1.5">
          <IconButton
            label={atMost === 0 && settings !== null ? words.composer.noReference : words.composer.addReference}
            onClick={() => chooser.current?.click()}
          >
            <ImagePlusIcon aria-hidden size={18} />
          </IconButton>
          <input
            ref={chooser}
            type="file"
            hidden
            multiple
            accept="image/png,image/jpeg,image/webp"
            data-reference-input
            aria-label={words.composer.addReference}
            onChange={({ target }) => {
              references.add([...(target.files ?? [])]);
              target.value = "";
            }}
          />
          <textarea
            id={PROMPT_FIELD}
            aria-label={words.composer.prompt}
            aria-describedby={message === null ? undefined : messageId}
            value={draft.prompt}
            rows={1}
            maxLength={4_000}
            placeholder={dragging ? words.composer.dropHere : words.composer.placeholder[draft.type]}
            onFocus={() => change({ expanded: true })}
            onClick={() => change({ expanded: true })}
            onChange={({ target }) => change({ prompt: target.value, expanded: true })}
            className={clsx(
              "field-sizing-content max-h-44 min-w-0 flex-1 resize-none bg-transparent px-1.5 py-1.5 text-base outline-none placeholder:text-faint",
              draft.expanded && "min-h-15",
            )}
          />
          {draft.expanded ? (
            <IconButton
              label={words.composer.collapse}
              onClick={() => change({ expanded: false })}
              className="max-sm:-mr-1"
            >
              <ChevronDownIcon aria-hidden size={18} />
            </IconButton>
          ) : (
            <SendButton composing={composing} waitingForPicture={waitingForPicture} />
          )}
        </div>
        {draft.expanded && (
          <div className="appears flex flex-col gap-2.5">
            <Suspense fallback={<div className="skeleton h-8 rounded-md bg-press" />}>
              <ComposerOptions composing={composing} />
            </Suspense>
            <div className="flex flex-wrap items-center justify-end gap-x-4 gap-y-2 border-t border-line pt-2.5">
              <PriceLine composing={composing} />
              <SendButton composing={composing} waitingForPicture={waitingForPicture} />
            </div>
          </div>
        )}
      </div>
      <div id={messageId} aria-live="polite">
        {message !== null && (
          <p className="appears flex items-center gap-2 px-4 pb-3 text-sm text-failed" data-composer-message>
            <StateIcon icon="triangle-alert" tone="failed" />
            <span>
              {message}
              {composed.overBudget && (
                <>
                  {" "}
                  <a
                    href={budgetHref(place)}
                    onClick={(event) => openHere(event, () => navigate(budgetHref(place)))}
                    className="whitespace-nowrap underline underline-offset-2"
                  >
                    {words.settings.budget}
                  </a>
                </>
              )}
            </span>
          </p>
        )}
      </div>
    </form>
  );
}

interface SendButtonProps {
  readonly composing: Composing;
  readonly waitingForPicture: boolean;
}

function SendButton({ composing: { draft, sending, canSend }, waitingForPicture }: SendButtonProps) {
  const { words } = useWords();
  return (
    <Button kind="primary" type="submit" disabled={!canSend} aria-keyshortcuts="Control+Enter Meta+Enter">
      {waitingForPicture
        ? words.composer.waitingForPicture
        : sending
          ? words.composer.generating
          : draft.versionOf === null
            ? words.composer.generate
            : words.composer.makeVersion}
    </Button>
  );
}
