import { useRef, useState } from "react";
import { useWords } from "../../i18n/LanguageProvider.tsx";
import { refusalOf } from "../../live/refusalOf.ts";
import { Button } from "../../ui/Button.tsx";
import { FixedField, TextField } from "../../ui/TextField.tsx";
import { SavedLine } from "../settings/SavedLine.tsx";
import { SAVED_WORDS } from "../settings/savedWords.ts";
import { KeyCheck } from "./KeyCheck.tsx";
import { KeyField } from "./KeyField.tsx";
import { changesOf, draftAfter, flawOf, isUnsaved, ownHome, UNTOUCHED } from "./ProviderDraft.ts";
import { PROVIDERS_PAGE_WORDS } from "./providersPageWords.ts";
import { useProviderDraft } from "./useProviderDraft.ts";
import type { ProviderCard } from "@reelstate/api";
import type { ProviderDraft } from "./ProviderDraft.ts";
import type { Saving } from "../settings/SavedLine.tsx";
import type { ProviderSettings } from "./useProviderSettings.ts";

export interface ProviderFormProps {
  readonly card: ProviderCard;
  readonly settings: ProviderSettings;
}

/** The key, the address and the limit of a provider, kept together by one press: a key belongs to its address. */
export function ProviderForm({ card, settings }: ProviderFormProps) {
  const { language } = useWords();
  const words = PROVIDERS_PAGE_WORDS[language];
  const said = SAVED_WORDS[language];
  const { draft, now, set } = useProviderDraft(card.name);
  const form = useRef<HTMLFormElement>(null);
  const [saving, setSaving] = useState<Saving>({ at: "idle" });
  const unsaved = isUnsaved(card, draft);
  const flaw = flawOf(card, draft);
  const refused = saving.at === "failed" ? (refusalOf(saving.error)?.field ?? null) : null;

  const change = (part: Partial<ProviderDraft>) => {
    set({ ...draft, ...part });
    if (saving.at !== "saving") setSaving({ at: "idle" });
  };
  const keep = async (changes: ReturnType<typeof changesOf>, sent: ProviderDraft) => {
    setSaving({ at: "saving" });
    try {
      await settings.save({ name: card.name, ...changes });
      set(draftAfter(now(), sent));
      setSaving({ at: "saved" });
    } catch (error) {
      setSaving({ at: "failed", error });
    }
  };
  /** Where none is needed the new address goes with it, so that nothing is sent to the old one without a key meanwhile. */
  const remove = () => {
    const { home } = changesOf(card, draft);
    return home !== undefined && flaw === "key" && card.keyNeeded === "optional"
      ? keep({ key: null, home }, { ...UNTOUCHED, home: draft.home })
      : keep({ key: null }, UNTOUCHED);
  };
  const mayKeep = unsaved && flaw === null && saving.at !== "saving";

  // A machine of one's own is where it is before anything else.
  const own = card.keyNeeded !== "required";
  const address = (
    <HomeField card={card} draft={draft} refused={refused === "home"} onChange={(home) => change({ home })} />
  );

  return (
    <form
      ref={form}
      aria-label={card.label}
      onSubmit={(event) => {
        event.preventDefault();
        if (mayKeep) void keep(changesOf(card, draft), draft);
      }}
    >
      {own && address}
      <KeyField
        card={card}
        value={draft.key}
        again={flaw === "key"}
        refused={refused === "key"}
        onChange={(key) => change({ key })}
        onRemove={() => void remove()}
      />
      {!own && address}
      <TextField
        label={words.limit}
        hint={words.limitHint}
        wrong={flaw === "limit" ? words.limitWrong : undefined}
        aria-invalid={refused === "limit"}
        inputMode="numeric"
        autoComplete="off"
        narrow
        value={draft.limit ?? String(card.limit ?? "")}
        onChange={({ target }) => change({ limit: target.value })}
      />
      <div className="mt-5 flex flex-wrap items-center gap-2">
        <Button kind={unsaved ? "primary" : "plain"} type="submit" aria-disabled={!mayKeep}>
          {said.save}
        </Button>
        {unsaved && saving.at !== "saving" && (
          <Button
            kind="quiet"
            onClick={() => {
              set(UNTOUCHED);
              setSaving({ at: "idle" });
              // This button goes with what was typed.
              form.current?.querySelector("input")?.focus();
            }}
          >
            {said.discard}
          </Button>
        )}
        <SavedLine saving={saving} unsaved={unsaved} />
      </div>
      <KeyCheck card={card} draft={draft} check={settings.check} />
    </form>
  );
}

interface HomeFieldProps {
  readonly card: ProviderCard;
  readonly draft: ProviderDraft;
  readonly refused: boolean;
  onChange(home: string): void;
}

function HomeField({
  card: { home, key, keyNeeded, keyVariable, homeVariable },
  draft,
  refused,
  onChange,
}: HomeFieldProps) {
  const { language } = useWords();
  const words = PROVIDERS_PAGE_WORDS[language];
  if (home?.from === "environment")
    return <FixedField label={words.home} value={home.value} hint={words.setBy(homeVariable)} />;
  // The environment's key is sent to no address that was typed here.
  if (home !== null && key?.from === "environment" && keyVariable !== null)
    return <FixedField label={words.home} value={home.value} hint={words.homeOfKey(keyVariable)} />;
  return (
    <TextField
      label={words.home}
      hint={keyNeeded === "required" ? words.homeOfGateway : words.homeOfMachine}
      aria-invalid={refused}
      type="url"
      autoComplete="off"
      placeholder={home?.from === "default" ? home.value : "http://"}
      value={draft.home ?? ownHome(home)}
      onChange={({ target }) => onChange(target.value)}
    />
  );
}
