import { ClapperboardIcon, ImageIcon } from "lucide-react";
import { useWords } from "../../i18n/LanguageProvider.tsx";
import { Button } from "../../ui/Button.tsx";
import { promptTones } from "../../ui/promptTones.ts";
import { focusPrompt } from "../composer/focusPrompt.ts";
import { useStudioUi } from "../studio/StudioUi.ts";
import { usePlace } from "../../address/usePlace.ts";
import type { CSSProperties } from "react";
import type { Place } from "../../address/place.ts";

/** Nothing to show: an invitation, or why nothing matches. */
export function GalleryEmpty({ place }: { readonly place: Place }) {
  const { words } = useWords();
  const { go } = usePlace();
  const narrowed = place.q !== undefined || place.status !== undefined || place.type !== undefined;
  if (narrowed) {
    return (
      <div className="grid min-h-full place-content-center justify-items-center gap-1.5 p-8 pb-32 text-center">
        <h2 className="text-lg font-medium">{words.gallery.nothingFound}</h2>
        <p className="max-w-sm text-sm text-soft">{words.gallery.nothingFoundHint}</p>
        <Button className="mt-4" onClick={() => go(place.project === undefined ? {} : { project: place.project })}>
          {words.gallery.clearFilters}
        </Button>
      </div>
    );
  }
  const inProject = place.project !== undefined;
  return (
    <div className="mx-auto grid min-h-full w-full max-w-5xl content-center justify-items-center px-5 pt-10 pb-40 text-center">
      <h2 className="text-xl font-medium sm:text-2xl">
        {inProject ? words.gallery.nothingHere : words.gallery.welcome}
      </h2>
      <p className="mt-2 max-w-md text-base text-balance text-soft">
        {inProject ? words.gallery.nothingHereHint : words.gallery.welcomeHint}
      </p>
      <Examples />
    </div>
  );
}

const ICONS = { image: ImageIcon, video: ClapperboardIcon } as const;

function Examples() {
  const { words } = useWords();
  const { draft } = useStudioUi();
  return (
    <ul aria-label={words.gallery.tryExample} className="mt-9 grid w-full gap-3 sm:grid-cols-3">
      {words.gallery.examples.map(({ type, prompt }) => {
        const Icon = ICONS[type];
        const [a, b] = promptTones(prompt);
        return (
          <li key={prompt}>
            <button
              type="button"
              onClick={() => {
                draft.set({ ...draft.get(), type, prompt, versionOf: null, expanded: true });
                focusPrompt();
              }}
              className="group relative flex size-full flex-col justify-end gap-2 overflow-hidden rounded-md border border-line p-4 text-left transition-colors duration-150 hover:border-edge sm:aspect-[4/3]"
            >
              <span
                className="prompt-field absolute inset-0"
                style={{ "--tone-a": a, "--tone-b": b } as CSSProperties}
              />
              <span className="relative flex items-center gap-1.5 text-xs text-soft">
                <Icon aria-hidden size={14} />
                {words.type[type]}
              </span>
              <span className="relative text-sm text-ink">{prompt}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
