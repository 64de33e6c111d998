import { useRef, useState } from "react";
import { useWords } from "../../i18n/LanguageProvider.tsx";
import { Button } from "../../ui/Button.tsx";
import { ConfirmDialog } from "../../ui/ConfirmDialog.tsx";
import { FixedField, TextField } from "../../ui/TextField.tsx";
import { PROVIDERS_PAGE_WORDS } from "./providersPageWords.ts";
import type { ProviderCard } from "@reelstate/api";

export interface KeyFieldProps {
  readonly card: ProviderCard;
  readonly value: string;
  /** Its address has changed, and it is sent to no other than it was entered for. */
  readonly again: boolean;
  readonly refused: boolean;
  onChange(key: string): void;
  onRemove(): void;
}

/** A key is typed and never shown: what is kept is known by its end. */
export function KeyField({ card, value, again, refused, onChange, onRemove }: KeyFieldProps) {
  const { language } = useWords();
  const words = PROVIDERS_PAGE_WORDS[language];
  const [asking, setAsking] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const removed = useRef(false);
  const { key, keyNeeded, keyVariable, label } = card;
  if (keyNeeded === "none") return null;
  if (key?.from === "environment" && keyVariable !== null)
    return <FixedField label={words.key} value={`••••${key.hint}`} hint={words.setBy(keyVariable)} />;
  const kept = key === null ? null : key.hint === "" ? words.keyKeptUnseen : words.keyKept(key.hint);
  return (
    <>
      <TextField
        ref={field}
        label={
          key !== null && key.hint !== "" ? words.newKey : keyNeeded === "optional" ? words.keyOptional : words.key
        }
        hint={[kept, words.keyHint(key === null ? keyVariable : null)].filter((said) => said !== null).join(" ")}
        wrong={again ? words.keyAgain(keyNeeded) : undefined}
        aria-invalid={refused}
        type="password"
        autoComplete="off"
        value={value}
        onChange={({ target }) => onChange(target.value)}
      >
        {key !== null && (
          <Button
            kind="quiet"
            onClick={() => {
              removed.current = false;
              setAsking(true);
            }}
          >
            {words.removeKey}
          </Button>
        )}
      </TextField>
      <ConfirmDialog
        open={asking}
        title={words.removeKeyTitle(label)}
        hint={words.removeKeyHint(label, keyNeeded)}
        confirm={words.removeKey}
        keep={words.keepKey}
        // The button that asked goes with the key.
        nextFocus={() => (removed.current ? field.current : null)}
        onClose={() => setAsking(false)}
        onConfirm={() => {
          removed.current = true;
          setAsking(false);
          onRemove();
        }}
      />
    </>
  );
}
