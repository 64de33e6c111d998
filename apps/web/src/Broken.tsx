import { useWords } from "./i18n/LanguageProvider.tsx";
import { Button } from "./ui/Button.tsx";

/** A bug of the page itself: nothing in the studio is touched by it. */
export function Broken() {
  const { words } = useWords();
  return (
    <main
      role="alert"
      className="fixed inset-0 grid place-content-center justify-items-center gap-1.5 bg-room p-8 text-center"
    >
      <h1 className="text-lg font-medium">{words.broken.title}</h1>
      <p className="max-w-sm text-sm text-soft">{words.broken.hint}</p>
      <Button className="mt-4" onClick={() => location.reload()}>
        {words.broken.reload}
      </Button>
    </main>
  );
}
