import { viewOf } from "@reelstate/lifecycle";
import { useWords } from "../../i18n/LanguageProvider.tsx";
import { trpc } from "../../trpc.ts";
import { Button } from "../../ui/Button.tsx";
import { ProgressOverlay } from "../../ui/ProgressOverlay.tsx";
import { useAssetPress } from "../useAssetPress.ts";
import { usePlace } from "../../address/usePlace.ts";
import { useModelNames } from "../models/useModelNames.ts";
import type { JobSummary } from "@reelstate/api";

/** A job under way: its asset is asked for, because there its progress is live. */
export function LiveJobRow({ job, onLeave }: { readonly job: JobSummary; onLeave(): void }) {
  const { words, language } = useWords();
  const { openAsset } = usePlace();
  const modelNamed = useModelNames();
  const { press, pendingOf } = useAssetPress();
  const { data: asset } = trpc.assets.get.useQuery({ id: job.assetId });
  const view = asset === undefined ? null : viewOf(asset, language);
  const cancel = view?.actions.find(({ type }) => type === "cancel");
  return (
    <li data-job-id={job.id} className="relative px-2">
      <button
        type="button"
        onClick={() => {
          onLeave();
          openAsset(job.assetId);
        }}
        className="group block w-full rounded-md px-3 pt-3 text-left text-sm"
      >
        <span className="block truncate group-hover:underline">{job.assetName}</span>
        <span data-made-by className="block truncate text-xs text-faint">
          {modelNamed(job.model)}
        </span>
      </button>
      <div className="min-h-16">
        {asset !== undefined && view !== null && view.overlay !== null && (
          <ProgressOverlay
            overlay={view.overlay}
            place="beside"
            language={language}
            action={
              cancel !== undefined && (
                <Button
                  small
                  disabled={pendingOf(asset.id) !== null}
                  onClick={() => press(asset, { ...cancel, edit: false })}
                >
                  {cancel.label}
                </Button>
              )
            }
          />
        )}
        {view === null && <span className="sr-only">{words.common.loading}</span>}
      </div>
    </li>
  );
}
