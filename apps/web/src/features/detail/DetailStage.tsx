import { viewOf } from "@reelstate/lifecycle";
import { clsx } from "clsx";
import { useWords } from "../../i18n/LanguageProvider.tsx";
import { Button } from "../../ui/Button.tsx";
import { ProgressOverlay } from "../../ui/ProgressOverlay.tsx";
import { StateIcon, TONE_TEXT } from "../../ui/StateIcon.tsx";
import { PromptField } from "../../ui/PromptField.tsx";
import { aspectNamed } from "../gallery/aspectOf.ts";
import { MediaView } from "./MediaView.tsx";
import type { Asset, AssetVersion, AssetView } from "@reelstate/lifecycle";

export interface DetailStageProps {
  readonly asset: Asset;
  /** An older version that is looked at. */
  readonly older: AssetVersion | null;
  readonly comparing: boolean;
  onCompare(comparing: boolean): void;
  onCurrent(): void;
}

/** The picture or film, as large as the room allows; two of them when versions are compared. */
export function DetailStage({ asset, older, comparing, onCompare, onCurrent }: DetailStageProps) {
  const { words, language } = useWords();
  const view = viewOf(asset, language);
  const { currentVersion } = asset;
  const shown = older === null ? [currentVersion] : comparing ? [older, currentVersion] : [older];
  return (
    <section
      aria-label={asset.name}
      className="relative flex min-h-[50dvh] min-w-0 flex-1 flex-col bg-room max-lg:shrink-0"
    >
      <div className="relative flex min-h-0 flex-1 gap-2 p-3 sm:p-5">
        {shown.map((version) => (
          <figure key={version.id} className="relative flex min-w-0 flex-1 flex-col">
            <div className="relative min-h-0 flex-1">
              {version.media === null ? (
                <EmptyFrame version={version} view={view} />
              ) : (
                <MediaView media={version.media} name={asset.name} />
              )}
            </div>
            {shown.length > 1 && (
              <figcaption className="pt-2 text-center text-xs text-soft">
                {words.detail.version(version.number)}
              </figcaption>
            )}
          </figure>
        ))}
      </div>
      {older !== null && (
        <div className="flex flex-wrap items-center justify-center gap-2 border-t border-line px-4 py-2 text-sm text-soft">
          <span className="mr-2">{words.detail.viewing(older.number)}</span>
          <Button small onClick={() => onCompare(!comparing)} aria-pressed={comparing}>
            {comparing ? words.detail.stopComparing : words.detail.compare}
          </Button>
          <Button small onClick={onCurrent}>
            {words.detail.backToCurrent}
          </Button>
        </div>
      )}
      {view.overlay !== null && (
        <div className="border-t border-line sm:px-2">
          <ProgressOverlay overlay={view.overlay} place="beside" language={language} />
        </div>
      )}
    </section>
  );
}

/** Where the picture will be, in its shape. */
function EmptyFrame({ version, view }: { readonly version: AssetVersion; readonly view: AssetView }) {
  const notice = view.failure ?? view.cancelled;
  return (
    <div className="@container-size grid size-full place-items-center">
      <div
        className="relative overflow-hidden rounded-md"
        style={{
          aspectRatio: aspectNamed(version.params.aspectRatio),
          width: `min(100cqw, calc(100cqh * ${aspectNamed(version.params.aspectRatio)}))`,
        }}
      >
        <PromptField prompt={version.prompt} desaturated={notice !== null} />
        {notice !== null && (
          <p
            className={clsx(
              "absolute inset-0 grid place-content-center justify-items-center gap-3 p-6 text-center text-lg",
              TONE_TEXT[view.tone],
            )}
          >
            <StateIcon icon={view.icon} tone={view.tone} size={28} />
            {notice.title}
          </p>
        )}
      </div>
    </div>
  );
}
