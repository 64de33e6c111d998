import { advance } from "../advance.ts";
import { stepEvent } from "./stepEvent.ts";
import type { Decision } from "../decision.ts";
import type { AssetRows, JobRow } from "../rows.ts";
import type { Step } from "./steps.ts";

export interface Applied {
  /** The rows afterwards: the same when the step was refused. */
  readonly rows: AssetRows | null;
  /** Null for evidence about a submission, which no machine decides. */
  readonly decision: Decision | null;
}

/** What a step does to the model. */
export function applyStep(rows: AssetRows | null, step: Step): Applied {
  const event = stepEvent(rows, step);
  if (event === null) return { rows: withEvidence(rows, step), decision: null };
  const decision = advance(rows, event);
  return { rows: decision.ok ? decision.next : rows, decision };
}

/** P1: an attempt intends one submission at a time; its id and its end are recorded whoever learns of them. */
function withEvidence(rows: AssetRows | null, step: Step): AssetRows | null {
  if (rows === null || rows.job === null || rows.job.endedAt !== null) return rows;
  const submission = submissionAfter(rows.job, step);
  return submission === rows.job.submission ? rows : { ...rows, job: { ...rows.job, submission } };
}

function submissionAfter({ submission, status }: JobRow, step: Step): JobRow["submission"] {
  const alive = submission === "intended" || submission === "open";
  switch (step) {
    case "submission_intended":
      return !alive && status === "processing" ? "intended" : submission;
    case "submission_open":
      return submission === "intended" ? "open" : submission;
    default:
      return alive ? "ended" : submission;
  }
}
