import { useState } from "react";
import { useWords } from "../../i18n/LanguageProvider.tsx";
import { refusalOf } from "../../live/refusalOf.ts";
import { Button } from "../../ui/Button.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";
import { RoomPage } from "../studio/RoomPage.tsx";
import { ProviderList } from "./ProviderList.tsx";
import { PROVIDERS_PAGE_WORDS } from "./providersPageWords.ts";
import { useProviderSettings } from "./useProviderSettings.ts";
import type { ProviderSettings } from "./useProviderSettings.ts";

/** Who makes media here: their keys, their models, and the order in which they are offered. */
export function ProvidersPage({ opened }: { readonly opened: string | null }) {
  const { language } = useWords();
  const words = PROVIDERS_PAGE_WORDS[language];
  const settings = useProviderSettings();
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set(opened === null ? [] : [opened]));
  const toggle = (name: string) => setOpen(toggled(open, name));
  return (
    <RoomPage title={words.title}>
      <p className="text-sm text-soft">{words.intro}</p>
      {settings.providers === null ? (
        <NotYet settings={settings} />
      ) : (
        <ProviderList settings={settings} providers={settings.providers} open={open} onToggle={toggle} />
      )}
    </RoomPage>
  );
}

function toggled(names: ReadonlySet<string>, name: string): ReadonlySet<string> {
  return new Set(names.has(name) ? [...names].filter((other) => other !== name) : [...names, name]);
}

function NotYet({ settings: { loadError, reload } }: { readonly settings: ProviderSettings }) {
  const { words: studioWords, language } = useWords();
  const words = PROVIDERS_PAGE_WORDS[language];
  if (!loadError) return <Skeleton label={studioWords.common.loading} className="mt-6 h-60" />;
  if (refusalOf(loadError)?.why === "not_found") return <p className="mt-6 text-base">{words.notHere}</p>;
  return (
    <div role="alert" className="mt-6">
      <p className="text-base">{words.loadFailed}</p>
      <Button className="mt-3" onClick={reload}>
        {studioWords.common.tryAgain}
      </Button>
    </div>
  );
}
