import { errorEntry } from "./errorTable.ts";
import { mayHavePaid } from "./mayHavePaid.ts";
import type { Asset } from "./asset.ts";
import type { ActionView, FailureView, NoticeView, PrimaryActionView } from "./assetView.ts";
import type { Remedy } from "./errorTable.ts";
import type { Language } from "./language.ts";
import type { Words } from "./words/Words.ts";

/** Why it failed, whether it was charged, and what was recorded (U1). The asset's own row outlives its job (A4). */
export function failureView(asset: Asset, language: Language, words: Words): FailureView {
  const code = asset.errorCode;
  const said = code === null ? words.failedUnexplained : errorEntry(code).words[language];
  const gone = asset.lastJob?.recoverable === true ? words.modelGoneRecoverable : words.modelGone;
  const hint = asset.currentVersion.modelGone === true ? gone : said.hint;
  return { code, title: said.title, hint, detail: asset.errorMessage, charged: chargedText(asset, words) };
}

export function cancelledView(asset: Asset, words: Words): NoticeView {
  return { ...words.cancelled, charged: chargedText(asset, words) };
}

/** The button that helps after the last job failed or was cancelled: a paid result first, then what the code asks for. */
export function remedyOf(asset: Asset, actions: readonly ActionView[], words: Words): PrimaryActionView | null {
  const ended = endedBadly(asset);
  if (ended === null) return null;
  const offered = (type: Remedy): ActionView | undefined => actions.find((action) => action.type === type);
  const recover = offered("recover");
  if (recover !== undefined) return { ...recover, edit: false };
  if (asset.currentVersion.modelGone === true)
    return { type: "choose_model", label: words.remedy.choose_model, edit: true };
  const remedy =
    ended.status === "cancelled" || ended.errorCode === null ? "retry" : errorEntry(ended.errorCode).remedy;
  if (remedy === "add_credits" || remedy === "check_settings")
    return { type: remedy, label: words.remedy[remedy], edit: false };
  if (remedy === "regenerate" && offered("regenerate") !== undefined) {
    return { type: "regenerate", label: words.remedy.regenerate, edit: true };
  }
  const retry = offered("retry");
  return retry === undefined ? null : { ...retry, edit: false };
}

/** How the last try ended, from its job or, once that is purged, from the asset's own row. */
function endedBadly(asset: Asset): Pick<Asset, "status" | "errorCode"> | null {
  if (asset.liveJob !== null) return null;
  const ended = asset.lastJob ?? asset;
  return ended.status === "failed" || ended.status === "cancelled" ? ended : null;
}

function chargedText(asset: Asset, words: Words): string {
  const last = asset.lastJob;
  if (last !== null && last.charged > 0) return words.charged(last.charged);
  if (last !== null && last.recoverable && last.status === "failed") return words.paidAndRecoverable;
  const known = (asset.currentVersion.cost?.usdMicros ?? 0) > 0;
  const mayBe = asset.errorCode !== null && errorEntry(asset.errorCode).charged === "maybe";
  return known || mayBe || mayHavePaid(last) ? words.mayBeCharged : words.noCharge;
}
