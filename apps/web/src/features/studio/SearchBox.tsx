import { SearchIcon, XIcon } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useWords } from "../../i18n/LanguageProvider.tsx";
import { usePlace } from "../../address/usePlace.ts";

export const SEARCH_FIELD = "search";
const TYPING_MS = 250;

/** Searches as one types, a moment after the last letter. */
export function SearchBox() {
  const { words } = useWords();
  const { place, go } = usePlace();
  const asked = place.q ?? "";
  const [typed, setTyped] = useState(asked);
  const settled = useRef(asked);
  useEffect(() => {
    // The address changed under the field: a view was chosen, or the reader went back.
    if (settled.current === asked) return;
    settled.current = asked;
    setTyped(asked);
  }, [asked]);
  useEffect(() => {
    if (typed === settled.current) return;
    const timer = setTimeout(() => {
      settled.current = typed;
      const { q: _q, ...elsewhere } = place;
      go(typed.trim() === "" ? elsewhere : { ...elsewhere, q: typed });
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [go, place, typed]);
  return (
    <div className="relative min-w-0 flex-1 sm:max-w-md">
      <SearchIcon
        aria-hidden
        size={16}
        className="pointer-events-none absolute top-1/2 left-2.5 -translate-y-1/2 text-faint"
      />
      <input
        id={SEARCH_FIELD}
        type="text"
        role="searchbox"
        enterKeyHint="search"
        aria-label={words.top.search}
        placeholder={words.top.search}
        value={typed}
        maxLength={200}
        onChange={({ target }) => setTyped(target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          setTyped("");
          event.currentTarget.blur();
        }}
        className="h-9 w-full truncate rounded-md border border-transparent bg-press pr-8 pl-8.5 text-sm transition-colors duration-150 placeholder:text-faint hover:border-line focus:border-edge"
      />
      {typed !== "" && (
        <button
          type="button"
          aria-label={words.top.clearSearch}
          onClick={() => setTyped("")}
          className="absolute top-1/2 right-1 grid size-7 -translate-y-1/2 place-items-center rounded-sm text-faint hover:text-ink"
        >
          <XIcon aria-hidden size={14} />
        </button>
      )}
    </div>
  );
}
