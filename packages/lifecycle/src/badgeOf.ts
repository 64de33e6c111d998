import { errorEntry } from "./errorTable.ts";
import type { Asset } from "./asset.ts";
import type { BadgeView, PrimaryActionView } from "./assetView.ts";
import type { Language } from "./language.ts";
import type { Words } from "./words/Words.ts";

/** A completed asset whose last try ended otherwise than its picture tells (A6), or in spite of a cancel wish (J7). */
export function badgeOf(
  asset: Asset,
  action: PrimaryActionView | null,
  language: Language,
  words: Words,
): BadgeView | null {
  const last = asset.lastJob;
  if (asset.status !== "completed" || asset.liveJob !== null || last === null) return null;
  switch (last.status) {
    case "failed": {
      const said = last.errorCode === null ? words.failedUnexplained : errorEntry(last.errorCode).words[language];
      return {
        tone: "failed",
        icon: "triangle-alert",
        label: words.lastTryFailed,
        hint: `${said.title}${words.stop}${words.oldVersionKept}`,
        action,
      };
    }
    case "cancelled":
      return { tone: "cancelled", icon: "ban", label: words.lastTryCancelled, hint: words.oldVersionKept, action };
    case "completed": {
      const { title, hint } = words.finishedBeforeCancel;
      return last.cancelRequested ? { tone: "done", icon: "info", label: title, hint, action: null } : null;
    }
  }
}
