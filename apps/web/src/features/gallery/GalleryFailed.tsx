import { useWords } from "../../i18n/LanguageProvider.tsx";
import { studioBroke } from "../../live/studioBroke.ts";
import { Button } from "../../ui/Button.tsx";
import { StateIcon } from "../../ui/StateIcon.tsx";

export function GalleryFailed({ error, onAgain }: { readonly error: unknown; onAgain(): void }) {
  const { words } = useWords();
  return (
    <div className="grid min-h-full place-content-center justify-items-center gap-1.5 p-8 text-center">
      <StateIcon icon="triangle-alert" tone="failed" size={24} />
      <h2 className="mt-2 text-lg font-medium">{words.gallery.loadFailed}</h2>
      <p className="max-w-sm text-sm text-soft">
        {studioBroke(error) ? words.gallery.loadBrokeHint : words.gallery.loadFailedHint}
      </p>
      <Button className="mt-4" onClick={onAgain}>
        {words.common.tryAgain}
      </Button>
    </div>
  );
}
