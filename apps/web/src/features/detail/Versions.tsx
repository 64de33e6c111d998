import { clsx } from "clsx";
import { useWords } from "../../i18n/LanguageProvider.tsx";
import { PromptField } from "../../ui/PromptField.tsx";
import { statusView } from "../../ui/statusView.ts";
import { StateIcon } from "../../ui/StateIcon.tsx";
import type { AssetVersion, VersionId } from "@reelstate/lifecycle";

export interface VersionsProps {
  /** Newest first. */
  readonly versions: readonly AssetVersion[];
  readonly currentId: VersionId;
  readonly shownId: VersionId;
  onLook(version: AssetVersion | null): void;
}

export function Versions({ versions, currentId, shownId, onLook }: VersionsProps) {
  const { words, language } = useWords();
  return (
    <section aria-label={words.detail.versions} className="p-5">
      <h2 className="text-xs text-faint">{words.detail.versions}</h2>
      <ul className="mt-2 flex flex-wrap gap-2">
        {versions.map((version) => {
          const { tone, icon, label } = statusView(version.status, language);
          const isCurrent = version.id === currentId;
          return (
            <li key={version.id}>
              <button
                type="button"
                disabled={version.media === null}
                aria-pressed={version.id === shownId}
                onClick={() => onLook(isCurrent ? null : version)}
                className="group block w-20 text-left"
              >
                <span
                  className={clsx(
                    "relative grid h-14 place-items-center overflow-hidden rounded-md border",
                    version.id === shownId ? "border-accent" : "border-line group-enabled:group-hover:border-edge",
                  )}
                >
                  {version.media === null ? (
                    <>
                      <PromptField
                        prompt={version.prompt}
                        desaturated={version.status === "failed" || version.status === "cancelled"}
                      />
                      <StateIcon icon={icon} tone={tone} className="relative" />
                    </>
                  ) : (
                    <img src={version.media.thumbUrl} alt="" className="size-full object-cover" />
                  )}
                </span>
                <span className="tabular mt-1 block truncate text-xs text-soft">
                  {words.detail.version(version.number)}
                </span>{" "}
                <span className="block truncate text-xs text-faint">{isCurrent ? words.detail.current : label}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
