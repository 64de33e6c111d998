import { CircleCheckIcon, TriangleAlertIcon } from "lucide-react";
import { useState } from "react";
import { useWords } from "../../i18n/LanguageProvider.tsx";
import { measuresOf } from "../../i18n/measures.ts";
import { Button } from "../../ui/Button.tsx";
import { useUntilChanged } from "../composer/useUntilChanged.ts";
import { refusalOf } from "../../live/refusalOf.ts";
import { notSavedWords } from "../settings/notSavedWords.ts";
import { SAVED_WORDS } from "../settings/savedWords.ts";
import { changesOf, flawOf } from "./ProviderDraft.ts";
import { PROVIDERS_PAGE_WORDS } from "./providersPageWords.ts";
import type { ProviderCard, ProviderCheck } from "@reelstate/api";
import type { ProviderDraft } from "./ProviderDraft.ts";
import type { ProviderSettings } from "./useProviderSettings.ts";

export interface KeyCheckProps {
  readonly card: ProviderCard;
  readonly draft: ProviderDraft;
  readonly check: ProviderSettings["check"];
}

type Found =
  | { readonly check: ProviderCheck; readonly typed: boolean; readonly keyed: boolean }
  | { readonly error: unknown };

/** Asks the provider itself, with what is typed or else with what is kept; what it said stands until either changes. */
export function KeyCheck({ card, draft, check }: KeyCheckProps) {
  const { language } = useWords();
  const words = PROVIDERS_PAGE_WORDS[language];
  const { key, home } = changesOf(card, draft);
  const about = JSON.stringify([key, home, card.key, card.home]);
  const [found, setFound] = useUntilChanged<Found>(about);
  const [asking, setAsking] = useState(false);
  const lacks =
    (card.keyNeeded === "required" && typeof key !== "string" && card.key === null) ||
    (typeof home !== "string" && card.home === null) ||
    // It would be asked where it is not to be any more.
    home === null ||
    // What is kept is for another address, or cannot be read; that stands at the key, or above.
    flawOf(card, draft) === "key" ||
    (card.state === "key_unreadable" && key === undefined);
  // Of another address nobody knows before it is asked.
  if (!card.checkable && typeof home !== "string")
    return <p className="mt-3 text-xs text-soft">{words.notCheckable}</p>;

  const ask = async () => {
    if (asking || lacks) return;
    setAsking(true);
    setFound(null, "");
    try {
      const answer = await check({
        name: card.name,
        ...(typeof key === "string" ? { key } : {}),
        ...(typeof home === "string" ? { home } : {}),
      });
      setFound(
        {
          check: answer,
          typed: key !== undefined || home !== undefined,
          keyed: typeof key === "string" || card.key !== null,
        },
        about,
      );
    } catch (error) {
      setFound({ error }, about);
    } finally {
      setAsking(false);
    }
  };

  return (
    <div className="mt-4">
      <Button aria-disabled={asking || lacks} onClick={() => void ask()}>
        {asking ? words.checking : card.keyNeeded === "required" ? words.check : words.checkHome}
      </Button>
      <div aria-live="polite" data-check={found === null ? "" : "check" in found && found.check.ok ? "ok" : "failed"}>
        {found !== null && <Verdict found={found} label={card.label} />}
      </div>
    </div>
  );
}

function Verdict({ found, label }: { readonly found: Found; readonly label: string }) {
  const { words: studioWords, language } = useWords();
  const words = PROVIDERS_PAGE_WORDS[language];
  if ("error" in found) {
    // No field of it is wrong: there is no such call at this address.
    if (refusalOf(found.error)?.field === "name") return <p className="appears mt-3 text-sm">{words.notCheckable}</p>;
    return <Failed title={notSavedWords(found.error, SAVED_WORDS[language], studioWords)} hint={null} said="" />;
  }
  const { check, typed, keyed } = found;
  if (!check.ok) {
    const said = [check.message, check.detail].filter(Boolean).join("\n");
    return <Failed {...words.checkFailed(check.code, label)} said={said} />;
  }
  return (
    <p className="appears mt-3 flex gap-2 text-sm">
      <CircleCheckIcon aria-hidden size={16} className="mt-0.5 shrink-0" />
      {words.checkOk(label, measuresOf(studioWords).span(check.ms), { typed, keyed })}
    </p>
  );
}

interface FailedProps {
  readonly title: string;
  readonly hint: string | null;
  /** What came back, in English. */
  readonly said: string;
}

function Failed({ title, hint, said }: FailedProps) {
  const { language } = useWords();
  const words = PROVIDERS_PAGE_WORDS[language];
  return (
    <div className="appears mt-3 flex gap-2 text-sm">
      <TriangleAlertIcon aria-hidden size={16} className="mt-0.5 shrink-0 text-failed" />
      <div className="min-w-0">
        <p className="font-medium text-failed">{title}</p>
        {hint !== null && <p className="text-soft">{hint}</p>}
        {said !== "" && (
          <details className="mt-1">
            <summary className="py-1 text-xs text-soft">{words.checkDetail}</summary>
            <p className="timecode text-xs wrap-anywhere whitespace-pre-line text-soft">{said}</p>
          </details>
        )}
      </div>
    </div>
  );
}
