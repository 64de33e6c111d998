import type { Mutant } from "../Mutant.ts";

const KNOWLEDGE = "apps/web/src/live/knowledge.ts";
const KNOWLEDGE_TEST = "apps/web/src/live/knowledge.test.ts";
const MERGE_TEST = "packages/lifecycle/src/merge.test.ts";
const VIEW_TEST = "packages/lifecycle/src/viewOf.test.ts";

/** What a browser believes, and what a card says of it. */
export const CLIENT_ROWS: readonly Mutant[] = [
  {
    name: "the client accepts older news",
    rule: "E5",
    file: "packages/lifecycle/src/mergeAsset.ts",
    find: "  if (isNewer(incoming, current)) return current;\n",
    replace: "  if (isNewer(incoming, current)) return incoming;\n",
    test: { file: MERGE_TEST, name: "[E5] doubled, dropped, reordered and late answers" },
  },
  {
    name: "news of the row takes progress back",
    rule: "E4",
    file: "packages/lifecycle/src/mergeAsset.ts",
    find: "if (isNewer(current, incoming)) return keepFurther(incoming, current);",
    replace: "if (isNewer(current, incoming)) return keepFurther(incoming, incoming);",
    test: { file: MERGE_TEST, name: "[E4] an answer read before the last progress" },
  },
  {
    name: "progress of another attempt is merged",
    rule: "E4",
    file: "packages/lifecycle/src/mergeProgress.ts",
    find: "job.id !== report.jobId || job.attempt !== report.attempt ||",
    replace: "job.id !== report.jobId ||",
    test: { file: MERGE_TEST, name: "[E4] progress that is an attempt's before" },
  },
  {
    name: "the client shows progress going backwards",
    rule: "E4",
    file: "packages/lifecycle/src/mergeProgress.ts",
    find: "if (job.progress.fraction !== null && (report.progress.fraction ?? -1) < job.progress.fraction) return false;",
    replace: "",
    test: { file: MERGE_TEST, name: "[E4] in whatever order reports come" },
  },
  {
    name: "the client forgets removals",
    rule: "E5",
    file: KNOWLEDGE,
    find: "removed: new Map(known.removed).set(id, Math.max(before ?? 0, seq)),",
    replace: "removed: known.removed,",
    test: { file: KNOWLEDGE_TEST, name: "[E5] a list read before a removal" },
  },
  {
    name: "a late list brings a removed asset back",
    rule: "E5",
    file: KNOWLEDGE,
    find: "if (removedAt !== undefined && !(seq > removedAt && seq !== JUST_NOW)) continue;",
    replace: "if (removedAt !== undefined && seq === JUST_NOW) continue;",
    test: { file: KNOWLEDGE_TEST, name: "[E5] a list read before a removal" },
  },
  {
    name: "the client ignores a gap in seq",
    rule: "E2",
    file: KNOWLEDGE,
    find: "ahead.filter(({ prev, seq }) => prev <= position && seq > position)",
    replace: "ahead.filter(({ seq }) => seq > position)",
    test: { file: KNOWLEDGE_TEST, name: "[E2] a missing event keeps the position back" },
  },
  {
    name: "a lost last event is not missed",
    rule: "E2",
    file: KNOWLEDGE,
    find: "Math.max(max, seq), known.head ?? 0);",
    replace: "Math.max(max, seq), 0);",
    test: { file: KNOWLEDGE_TEST, name: "[E2] a missing event keeps the position back, and a head" },
  },
  {
    name: "a reset keeps what was known",
    rule: "E3",
    file: KNOWLEDGE,
    find: "return alreadyVoid ? known : startOver(known, seq, known.feedId);",
    replace: "return alreadyVoid ? known : jumpTo(known, seq);",
    test: { file: KNOWLEDGE_TEST, name: "[E3] a reset, or the head of another database" },
  },
  {
    name: "an older balance comes back",
    rule: "C3",
    file: KNOWLEDGE,
    find: "if (known.credits !== null && known.credits.seq >= seq) return known;",
    replace: "",
    test: { file: KNOWLEDGE_TEST, name: "[C3] a late event does not bring back an older balance" },
  },
  {
    name: "a created asset stands in lists it does not belong to",
    rule: "U4",
    file: "apps/web/src/live/reconcileList.ts",
    find: "return matchesKind(asset, filter) && matchesWords(asset, filter.search);",
    replace: "return matchesWords(asset, filter.search);",
    test: { file: "apps/web/src/live/reconcileList.test.ts", name: "[U4] a created asset stands at the top" },
  },
  {
    name: "a gap is waited for and never asked about",
    rule: "E2",
    file: "apps/web/src/live/liveHub.ts",
    find: "known.position === null || furthest(known) <= known.position) return;",
    replace: "known.position === null || furthest(known) >= known.position) return;",
    test: { file: "apps/web/src/live/liveHub.test.ts", name: "[E2] a lost last event is noticed by the next head" },
  },
  {
    name: "a lost answer's press gets a new key",
    rule: "C4",
    file: "apps/web/src/live/pressKeys.ts",
    find: "const key = keys.get(press) ?? newKey();",
    replace: "const key = newKey();",
    test: {
      file: "apps/web/src/live/StudioProviders.test.tsx",
      name: "[C4] a press whose answer was lost is repeated under its own key",
    },
  },
  {
    name: "viewOf offers retry while a job is live",
    rule: "U6",
    file: "packages/lifecycle/src/viewOf.ts",
    find: "const permitted = permittedActions(rowsOf(asset));",
    replace:
      'const permitted = [...permittedActions(rowsOf(asset)), ...(asset.liveJob === null ? [] : (["retry"] as const))];',
    test: { file: VIEW_TEST, name: "[U6] [model] permits exactly what advance takes" },
  },
  {
    name: "a completed asset without a live job wears an overlay",
    rule: "U2",
    file: "packages/lifecycle/src/overlayOf.ts",
    find: "const job = asset.liveJob;",
    replace:
      'const job = asset.liveJob ?? (asset.lastJob === null ? null : ({ ...asset.lastJob, phase: "storing", progress: { kind: "unknown" } } as never as LiveJob));',
    test: { file: VIEW_TEST, name: "[U2] completed without a live job has no overlay" },
  },
  {
    name: "a guess is shown as a measured number",
    rule: "U3",
    file: "packages/lifecycle/src/overlayOf.ts",
    find: "return { ...progress, percent: null, label: words.estimated(",
    replace: "return { ...progress, percent: 50, label: words.estimated(",
    test: { file: VIEW_TEST, name: "[U3] a number is shown only when the provider measured one" },
  },
  {
    name: "a card does not say that it was charged",
    rule: "U1",
    file: "packages/lifecycle/src/failureView.ts",
    find: "if (last !== null && last.charged > 0) return words.charged(last.charged);",
    replace: "",
    test: { file: VIEW_TEST, name: "[U1] the reason and the charge are told in words" },
  },
];
