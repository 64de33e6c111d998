import { recheckInputs } from "../../commands/moveAsset.ts";
import type { JobId } from "@reelstate/lifecycle";
import type { Invariant } from "./Invariant.ts";

export const a7: readonly Invariant[] = [
  {
    name: "waits_for_nothing",
    rule: "A7",
    explanation: "A job waits for inputs of which none is being made any more.",
    sql: `SELECT j.id AS subject, j.workspace_id AS workspaceId, j.asset_id AS assetId FROM job j
      WHERE j.status = 'pending' AND j.phase = 'waiting_inputs'
        AND NOT EXISTS (SELECT 1 FROM job_input i JOIN version v ON v.id = i.version_id
          WHERE i.job_id = j.id AND v.status IN ('pending', 'processing'))`,
    mend: (session, { subject }) => recheckInputs(session.desk, subject as JobId, session.now())?.ok === true,
  },
];
