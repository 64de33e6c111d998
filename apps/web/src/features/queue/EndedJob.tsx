import { useWords } from "../../i18n/LanguageProvider.tsx";
import { measuresOf } from "../../i18n/measures.ts";
import { statusView } from "../../ui/statusView.ts";
import { StateIcon } from "../../ui/StateIcon.tsx";
import { usePlace } from "../../address/usePlace.ts";
import { useModelNames } from "../models/useModelNames.ts";
import type { JobSummary } from "@reelstate/api";

export function EndedJob({ job, onLeave }: { readonly job: JobSummary; onLeave(): void }) {
  const { words, language } = useWords();
  const { openAsset } = usePlace();
  const modelNamed = useModelNames();
  const { tone, icon, label } = statusView(job.status, language);
  return (
    <li>
      <button
        type="button"
        onClick={() => {
          onLeave();
          openAsset(job.assetId);
        }}
        className="flex w-full items-center gap-3 px-5 py-2.5 text-left text-sm hover:bg-press"
      >
        <StateIcon icon={icon} tone={tone} />
        <span className="min-w-0 flex-1">
          <span className="block truncate">{job.assetName}</span>
          <span className="block truncate text-xs text-soft">
            {job.errorCode === null ? label : `${label} · ${words.codes(job.errorCode)}`}
          </span>
          {job.status === "failed" && (
            <span data-made-by className="block truncate text-xs text-faint">
              {modelNamed(job.model)}
            </span>
          )}
        </span>
        <span className="tabular shrink-0 text-xs text-faint">
          {job.endedAt !== null && measuresOf(words).clock(job.endedAt)}
        </span>
      </button>
    </li>
  );
}
