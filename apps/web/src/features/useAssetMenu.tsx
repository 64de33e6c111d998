import { viewOf } from "@reelstate/lifecycle";
import { CopyIcon, DownloadIcon, ImagePlusIcon, WandSparklesIcon } from "lucide-react";
import { useWords } from "../i18n/LanguageProvider.tsx";
import { say } from "../ui/toasts.ts";
import { draftLike, draftWithInput, inputFrom } from "./composer/draftFrom.ts";
import { focusPrompt } from "./composer/focusPrompt.ts";
import { copyText } from "./copyText.ts";
import { useStudioUi } from "./studio/StudioUi.ts";
import type { Asset, PrimaryActionView } from "@reelstate/lifecycle";
import type { MenuChoice } from "../ui/Menu.tsx";

const ICON = 15;
/** The composer leaves out what its model does not take, and says so. */
const MOST_INPUTS = 4;

/** What an asset's menu offers: what the machine permits, then what can be done with its picture and words. */
export function useAssetMenu(
  onLeave?: () => void,
): (asset: Asset, press: (action: PrimaryActionView) => void) => readonly MenuChoice[] {
  const { words, language } = useWords();
  const { draft } = useStudioUi();
  return (asset, press) => {
    const { media, prompt } = asset.currentVersion;
    const actions = viewOf(asset, language).actions.map((action): MenuChoice => ({
      key: action.type,
      label: action.label,
      danger: action.type === "delete",
      onChoose: () => press({ ...action, edit: false }),
    }));
    const withPicture: MenuChoice[] =
      media === null
        ? []
        : [
            ...(asset.type === "image"
              ? [
                  {
                    key: "reference",
                    label: words.card.useAsReference,
                    icon: <ImagePlusIcon aria-hidden size={ICON} />,
                    onChoose() {
                      draft.set(draftWithInput(draft.get(), inputFrom(asset), MOST_INPUTS));
                      onLeave?.();
                      focusPrompt();
                    },
                  },
                ]
              : []),
            {
              key: "download",
              label: words.card.download,
              icon: <DownloadIcon aria-hidden size={ICON} />,
              onChoose: () => download(media.url, asset.name),
            },
          ];
    const withWords: MenuChoice[] =
      asset.origin === "uploaded"
        ? []
        : [
            {
              key: "like",
              label: words.card.useSettings,
              icon: <WandSparklesIcon aria-hidden size={ICON} />,
              onChoose() {
                draft.set(draftLike(draft.get(), asset));
                onLeave?.();
                focusPrompt();
              },
            },
            {
              key: "copy",
              label: words.card.copyPrompt,
              icon: <CopyIcon aria-hidden size={ICON} />,
              onChoose: () => void copyText(prompt).then((done) => done && say(words.common.copied)),
            },
          ];
    const more = [...withPicture, ...withWords].map((choice, index) => ({ ...choice, apart: index === 0 }));
    const [remove, others] = [actions.filter(({ danger }) => danger), actions.filter(({ danger }) => !danger)];
    return [
      ...others,
      ...(others.length === 0 ? more.map((choice) => ({ ...choice, apart: false })) : more),
      ...remove.map((choice) => ({ ...choice, apart: true })),
    ];
  };
}

function download(url: string, name: string): void {
  const link = document.createElement("a");
  link.href = `${url}?download=${encodeURIComponent(name)}`;
  link.download = name;
  link.click();
}
