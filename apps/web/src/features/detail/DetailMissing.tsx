import { useWords } from "../../i18n/LanguageProvider.tsx";
import { Button } from "../../ui/Button.tsx";
import { usePlace } from "../../address/usePlace.ts";

export function DetailMissing() {
  const { words } = useWords();
  const { go } = usePlace();
  return (
    <div className="grid flex-1 place-content-center justify-items-center gap-1.5 p-8 text-center">
      <p className="max-w-sm text-base text-soft">{words.detail.notFoundHint}</p>
      <Button className="mt-4" onClick={() => go({})}>
        {words.detail.toGallery}
      </Button>
    </div>
  );
}
