import { TriangleAlertIcon } from "lucide-react";
import { usePlace } from "../../address/usePlace.ts";
import { Button } from "../../ui/Button.tsx";
import type { HealthFinding } from "@reelstate/api/health";
import type { HealthPageWords } from "./healthPageWords.ts";

/** One thing that is wrong: what, what it means, what helps. */
export function FindingRow({ finding, words }: { readonly finding: HealthFinding; readonly words: HealthPageWords }) {
  const { openAsset } = usePlace();
  const { check, rule, subject, assetId, mendable } = finding;
  const { wrong, means, helps } = words.findings[check];
  return (
    <li data-finding={check} className="flex gap-3 py-4">
      <TriangleAlertIcon aria-hidden size={16} className="mt-0.75 shrink-0 text-failed" />
      <div className="min-w-0 flex-1">
        <h2 className="text-sm font-medium">{wrong}</h2>
        <p className="mt-0.5 text-sm text-soft">{means}</p>
        <p className="mt-0.5 text-sm">{helps}</p>
        <p className="mt-1 text-xs wrap-anywhere text-faint">
          <span className="timecode">{`${rule} · ${subject}`}</span>
          {!mendable && ` · ${words.cannot}`}
        </p>
      </div>
      {assetId !== null && (
        <Button small className="shrink-0 self-start" onClick={() => openAsset(assetId)}>
          {words.open}
        </Button>
      )}
    </li>
  );
}
