import { NO_FACTS } from "../../rows/toAsset.ts";
import { placeInLine, placeStartsIn } from "./placeInLine.ts";
import { usualRunTime } from "./usualRunTime.ts";
import type { WaitedFor } from "@reelstate/lifecycle";
import type { JobRecord } from "../../rows/records.ts";
import type { JobFacts } from "../../rows/toAsset.ts";
import type { Session } from "../Session.ts";

/** Asked only for what an answer of such a job shows. */
export function jobFacts(session: Session, job: JobRecord | null): JobFacts {
  // Where its model is no longer offered there is no line: it is taken up, or fails.
  if (job?.phase === "queued" && session.offers(job.model)) {
    const place = placeInLine(session, job);
    return { ...NO_FACTS, place, startsIn: place === null ? null : placeStartsIn(session, job, place) };
  }
  if (job?.phase === "waiting_inputs")
    return { ...NO_FACTS, waitingFor: session.sql.waitsForAssets.all(job.id) as WaitedFor[] };
  if (job?.status === "processing" && job.fraction === null)
    return { ...NO_FACTS, usual: usualRunTime(session, job.model) };
  return NO_FACTS;
}
