import { GaugeIcon, HeartPulseIcon, PlugIcon } from "lucide-react";
import { budgetHref, healthHref, providersHref } from "../../address/Address.ts";
import { navigate } from "../../address/navigate.ts";
import { openHere } from "../../address/openHere.ts";
import { usePlace } from "../../address/usePlace.ts";
import { useWords } from "../../i18n/LanguageProvider.tsx";
import { trpc } from "../../trpc.ts";
import { THEMES, useTheme } from "../../useTheme.ts";
import { byProvider } from "../models/byProvider.ts";
import { priceFrom } from "../models/priceFrom.ts";
import { providerName } from "../models/providerName.ts";
import { Choices } from "./Choices.tsx";
import type { ReactNode } from "react";

/** How the studio looks and speaks, and what it can make things with. */
export function SettingsPanel({ onLeave }: { onLeave(): void }) {
  const { words, language, setLanguage } = useWords();
  const [theme, setTheme] = useTheme();
  const { place } = usePlace();
  const { data: models = [] } = trpc.models.list.useQuery();
  return (
    <div className="flex flex-col gap-6 p-5">
      <Choices
        label={words.top.theme}
        value={theme}
        offered={THEMES.map((choice) => [choice, words.top.themes[choice]])}
        onChoose={setTheme}
      />
      <Choices
        label={words.top.language}
        value={language}
        offered={[
          ["en", "English"],
          ["zh", "中文"],
        ]}
        onChoose={setLanguage}
      />
      <section>
        <h3 className="text-sm font-medium">{words.settings.providers}</h3>
        <p className="mt-1 text-sm text-soft">{words.settings.providersHint}</p>
        <PageLink href={providersHref(place)} onLeave={onLeave}>
          <PlugIcon aria-hidden size={16} />
          {words.settings.providers}
        </PageLink>
      </section>
      <section>
        <h3 className="text-sm font-medium">{words.settings.budget}</h3>
        <p className="mt-1 text-sm text-soft">{words.settings.budgetHint}</p>
        <PageLink href={budgetHref(place)} onLeave={onLeave}>
          <GaugeIcon aria-hidden size={16} />
          {words.settings.budget}
        </PageLink>
      </section>
      <section>
        <h3 className="text-sm font-medium">{words.settings.health}</h3>
        <p className="mt-1 text-sm text-soft">{words.settings.healthHint}</p>
        <PageLink href={healthHref(place)} onLeave={onLeave}>
          <HeartPulseIcon aria-hidden size={16} />
          {words.settings.health}
        </PageLink>
      </section>
      <section>
        <h3 className="text-sm font-medium">{words.settings.models}</h3>
        {byProvider(models).map((group) => (
          <section key={group.provider} aria-label={providerName(group, words)} className="mt-4">
            <h4 className="text-xs font-medium text-soft">{providerName(group, words)}</h4>
            <ul className="mt-2 divide-y divide-line border-y border-line">
              {group.models.map((model) => (
                <li key={model.id} className="py-3 text-sm">
                  <p className="flex items-baseline justify-between gap-3">
                    <span className="font-medium">{model.name}</span>
                    <span className="tabular shrink-0 text-soft">{priceFrom(model, words)}</span>
                  </p>
                  <p className="mt-0.5 text-soft">{model.description[language]}</p>
                  <p className="mt-1 text-xs text-faint">
                    {[
                      words.type[model.type],
                      model.progress === "measured" ? words.settings.measured : words.settings.notMeasured,
                    ].join(" · ")}
                  </p>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </section>
    </div>
  );
}

interface PageLinkProps {
  readonly href: string;
  readonly children: ReactNode;
  onLeave(): void;
}

/** To a page of its own. */
function PageLink({ href, children, onLeave }: PageLinkProps) {
  return (
    <a
      href={href}
      onClick={(event) =>
        openHere(event, () => {
          onLeave();
          navigate(href);
        })
      }
      className="mt-3 inline-flex min-h-9 items-center gap-1.5 rounded-md border border-edge px-3.5 py-1.5 text-sm hover:bg-press"
    >
      {children}
    </a>
  );
}
