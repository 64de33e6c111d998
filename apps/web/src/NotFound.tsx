import { navigate } from "./address/navigate.ts";
import { openHere } from "./address/openHere.ts";
import { useWords } from "./i18n/LanguageProvider.tsx";

export function NotFound() {
  const { words } = useWords();
  return (
    <main className="fixed inset-0 z-40 grid place-content-center justify-items-center gap-1.5 bg-room p-8 text-center">
      <h1 className="text-lg font-medium">{words.notFound.title}</h1>
      <p className="max-w-sm text-sm text-soft">{words.notFound.hint}</p>
      <a
        href="/"
        onClick={(event) => openHere(event, () => navigate("/"))}
        className="mt-4 rounded-md border border-edge px-3.5 py-1.5 text-sm hover:bg-press"
      >
        {words.detail.toGallery}
      </a>
    </main>
  );
}
