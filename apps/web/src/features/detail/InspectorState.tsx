import { clsx } from "clsx";
import { useWords } from "../../i18n/LanguageProvider.tsx";
import { Button } from "../../ui/Button.tsx";
import { StateIcon, TONE_TEXT } from "../../ui/StateIcon.tsx";
import { useModelNames } from "../models/useModelNames.ts";
import type { Asset, AssetView, PrimaryActionView } from "@reelstate/lifecycle";

export interface InspectorStateProps {
  readonly asset: Asset;
  readonly view: AssetView;
  readonly busy: boolean;
  onPress(action: PrimaryActionView): void;
}

/** What is true of it now, and exactly what can be done. */
export function InspectorState({ asset, view, busy, onPress }: InspectorStateProps) {
  const { words } = useWords();
  const madeBy = useModelNames()(asset.currentVersion.model);
  const notice = view.failure ?? view.cancelled;
  const helps = view.primaryAction ?? view.badge?.action ?? null;
  // An action that the button which helps stands for already is not offered twice.
  const others = view.actions.filter(({ type }) => helps?.type !== type || helps.edit);
  return (
    <section data-status={asset.status} className="p-5">
      <p className={clsx("flex items-center gap-2 text-sm font-medium", TONE_TEXT[view.tone])}>
        <StateIcon icon={view.icon} tone={view.tone} size={17} />
        {view.label}
      </p>
      {notice !== null && (
        <div className="mt-2 text-sm">
          <p className="font-medium">{notice.title}</p>
          {view.failure !== null && (
            <p data-made-by className="mt-0.5 text-xs text-soft">
              {madeBy}
            </p>
          )}
          <p className="mt-0.5 text-soft">{notice.hint}</p>
          <p className="mt-0.5 text-soft">{notice.charged}</p>
        </div>
      )}
      {view.failure?.detail && (
        <details className="mt-2 text-sm">
          <summary className="py-1 text-xs text-soft">{words.detail.detailLabel}</summary>
          <p className="timecode mt-1 text-xs wrap-anywhere text-soft">{view.failure.detail}</p>
        </details>
      )}
      {view.badge !== null && (
        <div className="mt-3 flex gap-2 text-sm">
          <StateIcon icon={view.badge.icon} tone={view.badge.tone} className="mt-0.5" />
          <div>
            <p>{view.badge.label}</p>
            <p className="text-soft">{view.badge.hint}</p>
            {view.badge.tone === "failed" && (
              <p data-made-by className="mt-0.5 text-xs text-soft">
                {madeBy}
              </p>
            )}
          </div>
        </div>
      )}
      <div className="mt-4 flex flex-wrap gap-2">
        {helps !== null && (
          <Button kind="primary" disabled={busy} data-primary={helps.type} onClick={() => onPress(helps)}>
            {helps.label}
          </Button>
        )}
        {others.map((action) => (
          <Button
            key={action.type}
            kind={action.type === "delete" ? "quiet" : "plain"}
            disabled={busy}
            data-action={action.type}
            onClick={() => onPress({ ...action, edit: false })}
          >
            {action.label}
          </Button>
        ))}
      </div>
    </section>
  );
}
