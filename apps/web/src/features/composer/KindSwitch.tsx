import { ASSET_TYPES } from "@reelstate/lifecycle";
import { ClapperboardIcon, ImageIcon } from "lucide-react";
import { useWords } from "../../i18n/LanguageProvider.tsx";
import type { AssetType } from "@reelstate/lifecycle";

const ICONS = { image: ImageIcon, video: ClapperboardIcon } as const satisfies Record<AssetType, unknown>;

export interface KindSwitchProps {
  readonly value: AssetType;
  readonly disabled: boolean;
  onChoose(type: AssetType): void;
}

export function KindSwitch({ value, disabled, onChoose }: KindSwitchProps) {
  const { words } = useWords();
  return (
    <fieldset
      disabled={disabled}
      className="flex items-center gap-0.5 rounded-md border border-line p-0.5 disabled:opacity-60"
    >
      <legend className="sr-only">{words.composer.kind}</legend>
      {ASSET_TYPES.map((type) => {
        const Icon = ICONS[type];
        return (
          <label
            key={type}
            className="relative flex h-7 cursor-pointer items-center gap-1.5 rounded-sm px-2 text-sm text-soft transition-colors duration-150 hover:text-ink has-checked:bg-press has-checked:text-ink has-focus-visible:outline-2 has-focus-visible:outline-accent"
          >
            <input
              type="radio"
              name="kind"
              value={type}
              checked={type === value}
              onChange={() => onChoose(type)}
              className="absolute inset-0 cursor-pointer opacity-0"
            />
            <Icon aria-hidden size={15} />
            {words.type[type]}
          </label>
        );
      })}
    </fieldset>
  );
}
