import { clsx } from "clsx";
import { BanIcon, ChevronRightIcon, CircleCheckIcon, KeyRoundIcon, PlugIcon, TriangleAlertIcon } from "lucide-react";
import { useId } from "react";
import { useWords } from "../../i18n/LanguageProvider.tsx";
import { MoveButtons } from "./MoveButtons.tsx";
import { ProviderForm } from "./ProviderForm.tsx";
import { ProviderModels } from "./ProviderModels.tsx";
import { PROVIDERS_PAGE_WORDS } from "./providersPageWords.ts";
import { Switch } from "./Switch.tsx";
import type { LucideIcon } from "lucide-react";
import type { ProviderCard } from "@reelstate/api";
import type { ProviderSettings } from "./useProviderSettings.ts";

export interface ProviderRowProps {
  readonly card: ProviderCard;
  readonly settings: ProviderSettings;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  readonly open: boolean;
  onToggle(): void;
  onMove(by: -1 | 1): void;
}

const LOOKS = {
  ready: [CircleCheckIcon, "text-ink"],
  off: [BanIcon, "text-cancelled"],
  needs_key: [KeyRoundIcon, "text-waiting"],
  needs_home: [PlugIcon, "text-waiting"],
  key_unreadable: [TriangleAlertIcon, "text-failed"],
  broken: [TriangleAlertIcon, "text-failed"],
} as const satisfies Record<ProviderCard["state"], readonly [icon: LucideIcon, tone: string]>;

/** One provider: how it stands, on or off, its place; unfolded, all that can be set. */
export function ProviderRow({ card, settings, isFirst, isLast, open, onToggle, onMove }: ProviderRowProps) {
  const { language } = useWords();
  const words = PROVIDERS_PAGE_WORDS[language];
  const insideId = useId();
  const { name, label, state, flaw, models } = card;
  const [Icon, tone] = LOOKS[state];
  const hint = words.stateHints[state] ?? null;
  const aside = models.length === 0 ? null : words.modelCount(models.filter(({ off }) => !off).length, models.length);
  return (
    <li data-provider={name} data-state={state} className="py-1">
      <div className="flex items-center gap-1">
        <button
          type="button"
          aria-expanded={open}
          aria-controls={insideId}
          onClick={onToggle}
          className="flex min-h-11 min-w-0 flex-1 items-center gap-3 rounded-md px-2 py-1.5 text-left hover:bg-press"
        >
          <Icon aria-hidden size={18} className={clsx("shrink-0", tone)} />
          <span className="min-w-0 flex-1">
            <span className="block truncate text-base font-medium">{label}</span>
            <span className="block text-xs text-soft">
              <span className={tone}>{words.states[state]}</span>
              {aside !== null && ` · ${aside}`}
            </span>
          </span>
          <ChevronRightIcon
            aria-hidden
            size={16}
            className={clsx("shrink-0 text-faint transition-transform duration-150", open && "rotate-90")}
          />
        </button>
        <Switch
          label={words.offer(label)}
          checked={card.enabled}
          onChange={(enabled) => settings.turn(name, enabled)}
        />
        <MoveButtons up={words.up(label)} down={words.down(label)} isFirst={isFirst} isLast={isLast} onMove={onMove} />
      </div>
      <div id={insideId} hidden={!open} className="px-2 pt-2 pb-5 sm:pl-10">
        {open && (
          <>
            {(flaw ?? hint) !== null && (
              <p className={clsx("mb-4 text-sm wrap-anywhere", state === "off" ? "text-soft" : "text-failed")}>
                {flaw ?? hint}
              </p>
            )}
            <ProviderForm card={card} settings={settings} />
            {models.length > 0 && <ProviderModels card={card} onChange={(next) => settings.setModels(name, next)} />}
          </>
        )}
      </div>
    </li>
  );
}
