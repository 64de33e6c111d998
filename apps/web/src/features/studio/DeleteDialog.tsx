import { lazy, Suspense } from "react";
import { useWords } from "../../i18n/LanguageProvider.tsx";
import { useAssetAction } from "../../live/useStudioActions.ts";
import { say } from "../../ui/toasts.ts";
import { useStored, useStudioUi } from "./StudioUi.ts";
import { failureWords } from "../failureWords.ts";
import { useLast } from "../useLast.ts";

const ConfirmDialog = lazy(() =>
  import("../../ui/ConfirmDialog.tsx").then(({ ConfirmDialog }) => ({ default: ConfirmDialog })),
);

export function DeleteDialog() {
  const { words } = useWords();
  const { toDelete } = useStudioUi();
  const { act } = useAssetAction();
  const asset = useStored(toDelete);
  const shown = useLast(asset);
  const close = () => toDelete.set(null);
  const remove = async () => {
    close();
    if (asset === null) return;
    const result = await act(asset, "delete");
    if (result === null || result.ok || result.refusal?.why === "not_found") return;
    say(failureWords(result.error, words), "failed");
  };
  if (shown === null) return null;
  return (
    <Suspense>
      <ConfirmDialog
        open={asset !== null}
        title={words.remove.title(shown.name)}
        hint={shown.liveJob !== null ? words.remove.hintLive : words.remove.hint}
        confirm={words.remove.confirm}
        keep={words.common.cancel}
        onConfirm={() => void remove()}
        onClose={close}
      />
    </Suspense>
  );
}
