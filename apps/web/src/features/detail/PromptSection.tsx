import { CopyIcon } from "lucide-react";
import { useWords } from "../../i18n/LanguageProvider.tsx";
import { IconButton } from "../../ui/IconButton.tsx";
import { say } from "../../ui/toasts.ts";
import { copyText } from "../copyText.ts";
import type { AssetVersion } from "@reelstate/lifecycle";

export function PromptSection({ version }: { readonly version: AssetVersion }) {
  const { words } = useWords();
  return (
    <section className="p-5">
      <div className="flex items-center justify-between">
        <h2 className="text-xs text-faint">{words.detail.prompt}</h2>
        <IconButton
          label={words.card.copyPrompt}
          className="-my-2 size-8"
          onClick={() => void copyText(version.prompt).then((done) => done && say(words.common.copied))}
        >
          <CopyIcon aria-hidden size={15} />
        </IconButton>
      </div>
      <p className="mt-2 text-base whitespace-pre-wrap wrap-anywhere">{version.prompt}</p>
    </section>
  );
}
