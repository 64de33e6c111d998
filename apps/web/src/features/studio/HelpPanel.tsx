import { useWords } from "../../i18n/LanguageProvider.tsx";

export function HelpPanel() {
  const { words } = useWords();
  return (
    <dl className="grid grid-cols-[auto_1fr] items-baseline gap-x-5 gap-y-3 p-5 text-sm">
      {words.help.keys.map(({ keys, does }) => (
        <div key={does} className="contents">
          <dt className="flex gap-1">
            {keys.map((key) => (
              <kbd
                key={key}
                className="min-w-6 rounded-sm border border-line px-1.5 py-0.5 text-center font-sans text-xs text-soft"
              >
                {key}
              </kbd>
            ))}
          </dt>
          <dd>{does}</dd>
        </div>
      ))}
    </dl>
  );
}
