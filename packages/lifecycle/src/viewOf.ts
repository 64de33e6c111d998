import { permittedActions } from "./assetActions.ts";
import { badgeOf } from "./badgeOf.ts";
import { cancelledView, failureView, remedyOf } from "./failureView.ts";
import { mayHavePaid } from "./mayHavePaid.ts";
import { overlayOf } from "./overlayOf.ts";
import { rowsOf } from "./rowsOf.ts";
import { wordsOf } from "./words/wordsOf.ts";
import type { Asset } from "./asset.ts";
import type { ActionView, AssetView, IconName, Tone } from "./assetView.ts";
import type { AssetAction } from "./assetActions.ts";
import type { Language } from "./language.ts";
import type { Status } from "./status.ts";

/**
 * What a card says about an asset and what it offers: pure, from the asset alone, so that the browser, a command line
 * and anyone's own screen agree (U6). Times are given as they are, to be shown in the reader's own clock.
 */
export function viewOf(asset: Asset, language: Language = "en"): AssetView {
  const words = wordsOf(language);
  const overlay = overlayOf(asset, words);
  const permitted = permittedActions(rowsOf(asset)).filter((action) => !lacksItsModel(asset, action));
  const actions = permitted.map((type): ActionView => ({
    type,
    label: type === "retry" && mayCostTwice(asset) ? words.retryMayCostTwice : words.action[type],
  }));
  const remedy = remedyOf(asset, actions, words);
  return {
    status: asset.status,
    tone: overlay?.tone ?? TONES[asset.status],
    icon: overlay?.icon ?? ICONS[asset.status],
    label: overlay !== null && asset.status === "completed" ? words.newVersion : words.status[asset.status],
    overlay,
    failure: asset.status === "failed" ? failureView(asset, language, words) : null,
    cancelled: asset.status === "cancelled" ? cancelledView(asset, words) : null,
    badge: badgeOf(asset, remedy, language, words),
    actions,
    primaryAction: asset.status === "completed" ? null : remedy,
  };
}

const TONES = {
  pending: "waiting",
  processing: "making",
  completed: "done",
  failed: "failed",
  cancelled: "cancelled",
} as const satisfies Record<Status, Tone>;

const ICONS = {
  pending: "clock",
  processing: "sparkles",
  completed: "check",
  failed: "triangle-alert",
  cancelled: "ban",
} as const satisfies Record<Status, IconName>;

/** Every new job works with the model of the version it makes; one that takes up what was paid for needs its provider alone (P6). */
function lacksItsModel({ currentVersion }: Asset, action: AssetAction): boolean {
  const needsIt = action === "retry" || action === "regenerate";
  return currentVersion.modelGone === true && needsIt;
}

/** The provider may already have been asked and paid once; the asset's own row knows it when the job is purged (A4). */
function mayCostTwice(asset: Asset): boolean {
  const { status, errorCode } = asset.lastJob ?? asset;
  const paid = asset.lastJob?.recoverable === true || mayHavePaid(asset.lastJob);
  return status === "failed" && (paid || errorCode === "unconfirmed_submit");
}
