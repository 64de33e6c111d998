import { LONGEST_LINE, startsIn } from "../../rows/startsIn.ts";
import { usualRunTime } from "./usualRunTime.ts";
import type { Span } from "@reelstate/lifecycle";
import type { JobRecord } from "../../rows/records.ts";
import type { Session } from "../Session.ts";

/** 1 is next for its model in its workspace; null when the line is longer than anyone counts. */
export function placeInLine(session: Session, job: JobRecord): number | null {
  const { workspaceId, model, priority, id } = job;
  const before = Number(session.sql.linePosition.get({ workspaceId, model, priority, id, limit: LONGEST_LINE }));
  return before < LONGEST_LINE ? before + 1 : null;
}

/**
 * How long until the job at that place is likely to start: its model's usual run time as often as those before it fill the
 * slots, other workspaces taking their turns. Null where the model has no limit or no history, or while it shares its
 * provider's slots with work of other models, whose times say nothing about its own; nor while a slot is free, because then it
 * is hands that are lacking, or room, and nothing here knows until when. No number is made up (U3).
 */
export function placeStartsIn(
  session: Session,
  { model, provider }: Pick<JobRecord, "model" | "provider">,
  place: number,
): Span | null {
  const slots = session.slots.sizeFor({ model, provider });
  const usual = slots === null ? null : usualRunTime(session, model);
  if (usual === null) return null;
  if (session.slots.room().in(session.slots.poolsOf({ model, provider }))) return null;
  const lines = session.linesNow();
  const others = lines.some((line) => line.provider === provider && line.model !== model);
  if (session.slots.isShared({ provider, model }, others)) return null;
  const workspaces = lines.filter((line) => line.model === model).length;
  return startsIn({ slots, usual, workspaces }, place);
}
