import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useWords } from "../../../i18n/LanguageProvider.tsx";
import { openStudioPage } from "../../../testing/openStudioPage.tsx";
import { Composer } from "../Composer.tsx";
import type { ModelCard } from "@reelstate/api";

/** The composer with its options open, over a model studio; with `switches`, a button beside it that changes the language. */
export async function openComposer({
  switches = false,
  models,
}: { readonly switches?: boolean; readonly models?: readonly ModelCard[] } = {}) {
  const studio = openStudioPage(
    <>
      <Composer projectId={undefined} />
      {switches && <Switch />}
    </>,
    models === undefined ? {} : { models },
  );
  const user = userEvent.setup({ pointerEventsCheck: 0 });
  await user.click(prompt());
  await screen.findByRole("combobox");
  return { ...studio, user };
}

export const message = () => document.querySelector("[data-composer-message]")?.textContent;
export const prompt = () => screen.getByRole<HTMLTextAreaElement>("textbox", { name: /^(Prompt|提示词)$/ });

function Switch() {
  const { setLanguage } = useWords();
  return (
    <button type="button" onClick={() => setLanguage("zh")}>
      中文
    </button>
  );
}
