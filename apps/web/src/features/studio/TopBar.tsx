import { CoinsIcon, LanguagesIcon, LayersIcon, MenuIcon, SettingsIcon, SunMoonIcon } from "lucide-react";
import { useWords } from "../../i18n/LanguageProvider.tsx";
import { measuresOf } from "../../i18n/measures.ts";
import { useQueue } from "../../live/useQueue.ts";
import { trpc } from "../../trpc.ts";
import { IconButton } from "../../ui/IconButton.tsx";
import { MenuButton } from "../../ui/MenuButton.tsx";
import { THEMES, useTheme } from "../../useTheme.ts";
import { ConnectionPill } from "./ConnectionPill.tsx";
import { SearchBox } from "./SearchBox.tsx";
import { StatusFilter } from "./StatusFilter.tsx";
import { useStudioUi } from "./StudioUi.ts";

const LANGUAGE_NAMES = { en: "English", zh: "中文" } as const;

export function TopBar() {
  const { words, language, setLanguage } = useWords();
  const { drawer } = useStudioUi();
  const [theme, setTheme] = useTheme();
  return (
    <header className="flex h-13 shrink-0 items-center gap-1 border-b border-line px-2 sm:gap-1.5">
      <IconButton label={words.views.menu} className="sm:hidden" onClick={() => drawer.set("rail")}>
        <MenuIcon aria-hidden size={18} />
      </IconButton>
      <SearchBox />
      <StatusFilter />
      <div className="ml-auto flex shrink-0 items-center gap-0.5 sm:gap-1">
        <ConnectionPill />
        <QueueButton />
        <CreditsButton />
        <MenuButton
          label={words.top.theme}
          className="max-sm:hidden"
          choices={THEMES.map((choice) => ({
            key: choice,
            label: words.top.themes[choice],
            chosen: choice === theme,
            onChoose: () => setTheme(choice),
          }))}
        >
          <SunMoonIcon aria-hidden size={17} />
        </MenuButton>
        <MenuButton
          label={words.top.language}
          className="max-sm:hidden"
          choices={(["en", "zh"] as const).map((choice) => ({
            key: choice,
            label: LANGUAGE_NAMES[choice],
            chosen: choice === language,
            onChoose: () => setLanguage(choice),
          }))}
        >
          <LanguagesIcon aria-hidden size={17} />
        </MenuButton>
        <IconButton label={words.top.settings} className="max-sm:hidden" onClick={() => drawer.set("settings")}>
          <SettingsIcon aria-hidden size={17} />
        </IconButton>
      </div>
    </header>
  );
}

function QueueButton() {
  const { words } = useWords();
  const { drawer } = useStudioUi();
  const { waiting } = useQueue();
  const { data: running = [] } = trpc.jobs.list.useQuery({ status: "processing" });
  const count = running.length + waiting;
  return (
    <button
      type="button"
      data-queue-count={count}
      aria-label={words.top.queue(running.length, waiting)}
      title={words.queue.title}
      onClick={() => drawer.set("queue")}
      className="flex h-9 items-center gap-1.5 rounded-md px-2.5 text-sm text-soft transition-colors duration-150 hover:bg-press hover:text-ink"
    >
      <LayersIcon aria-hidden size={17} className={running.length > 0 ? "text-making" : undefined} />
      <span className="tabular min-w-2">{count}</span>
    </button>
  );
}

function CreditsButton() {
  const { words } = useWords();
  const { drawer } = useStudioUi();
  const { data: credits } = trpc.credits.summary.useQuery();
  const available = credits === undefined ? null : credits.balance - credits.held;
  const shown = available === null ? "–" : measuresOf(words).number(available);
  return (
    <button
      type="button"
      data-credits={available ?? undefined}
      aria-label={words.top.credits(shown)}
      title={words.credits.title}
      onClick={() => drawer.set("credits")}
      className="flex h-9 items-center gap-1.5 rounded-md px-2.5 text-sm text-soft transition-colors duration-150 hover:bg-press hover:text-ink"
    >
      <CoinsIcon aria-hidden size={17} />
      <span className="tabular">{shown}</span>
    </button>
  );
}
