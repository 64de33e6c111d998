import { jobOf } from "./judgeSubmits.ts";
import { rootsOf } from "./readEvidence.ts";
import type { CreditEntry } from "@reelstate/api";
import type { Finding } from "./Finding.ts";
import type { Evidence } from "./readEvidence.ts";

const sum = (entries: readonly CreditEntry[], of: "balance" | "held"): number =>
  entries.reduce((total, entry) => total + entry[of], 0);

/** C2 and C3, to the credit; and nobody pays for what the provider did not deliver. */
export function judgeLedger(evidence: Evidence): readonly Finding[] {
  const { entries, credits, assets, log } = evidence;
  const rootOf = rootsOf(evidence);
  const delivered = new Set(
    log.filter(({ op, ok }) => op === "fetch" && ok === true).map(({ client_ref }) => rootOf(jobOf(client_ref))),
  );
  // Who recovered what is told by an asset's history, and a deleted one has none to show.
  const listed = new Set<string>(assets.map(({ id }) => id));
  const ofJobs = Map.groupBy(
    entries.filter(({ jobId }) => jobId !== null),
    ({ jobId }) => String(jobId),
  );
  const finding = (rule: string, subject: string, explanation: string): Finding => ({ rule, subject, explanation });
  return [
    ...(credits.held === 0 ? [] : [finding("C2", "workspace", `${credits.held} credits are held for nobody.`)]),
    ...(sum(entries, "balance") === credits.balance && sum(entries, "held") === credits.held
      ? []
      : [finding("C3", "workspace", `The ledger does not sum to ${JSON.stringify(credits)}.`)]),
    ...[...ofJobs].flatMap(([job, lines]) => {
      const kinds = lines.map(({ kind }) => kind).toSorted();
      const ends = kinds.join(" ");
      if (ends !== "capture hold" && ends !== "hold release") return [finding("C2", job, `Its ledger says: ${ends}.`)];
      if (sum(lines, "held") !== 0) return [finding("C2", job, "More or less was held than ended.")];
      const capture = lines.find(({ kind }) => kind === "capture");
      if (capture === undefined || !listed.has(capture.assetId ?? "") || delivered.has(rootOf(job))) return [];
      return [finding("C2", job, "Was charged for what the provider did not deliver.")];
    }),
    ...assets.flatMap(({ lastJob }) => {
      if (lastJob === null) return [];
      const capture = ofJobs.get(lastJob.id)?.find(({ kind }) => kind === "capture");
      const charged = 0 - (capture?.balance ?? 0);
      const due = lastJob.status === "completed" ? lastJob.quote : 0;
      if (charged === lastJob.charged && charged === due) return [];
      return [finding("C2", lastJob.id, `Ended ${lastJob.status}, says ${lastJob.charged}, was charged ${charged}.`)];
    }),
  ];
}
