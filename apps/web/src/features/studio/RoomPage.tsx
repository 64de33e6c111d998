import { ArrowLeftIcon } from "lucide-react";
import { useEffect, useRef } from "react";
import { usePlace } from "../../address/usePlace.ts";
import { useWords } from "../../i18n/LanguageProvider.tsx";
import { IconButton } from "../../ui/IconButton.tsx";
import { isBusy } from "./isBusy.ts";
import type { ReactNode } from "react";

/** A page over the library, which is as it was when one comes back: with the arrow, with Escape, or with the browser. */
export function RoomPage({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const { words } = useWords();
  const { go, place } = usePlace();
  const room = useRef<HTMLElement>(null);
  useEffect(() => room.current?.focus(), []);
  useEffect(() => {
    document.title = `${title} · ${words.studio}`;
    return () => {
      document.title = words.studio;
    };
  }, [title, words.studio]);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || event.defaultPrevented || isBusy(event.target)) return;
      event.preventDefault();
      go(place);
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [go, place]);
  return (
    <main
      ref={room}
      tabIndex={-1}
      aria-label={title}
      className="appears fixed inset-0 z-40 flex flex-col bg-room outline-none"
    >
      <header className="flex h-13 shrink-0 items-center gap-1 border-b border-line px-2">
        <IconButton label={words.detail.back} onClick={() => go(place)}>
          <ArrowLeftIcon aria-hidden size={18} />
        </IconButton>
        <h1 className="min-w-0 flex-1 truncate px-1 text-base font-medium">{title}</h1>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto max-w-2xl px-5 py-8">{children}</div>
      </div>
    </main>
  );
}
