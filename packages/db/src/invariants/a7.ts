import { recheckInputs } from "../commands/moveAsset.ts";
import { subjectIs } from "./Invariant.ts";
import type { JobId } from "@reelstate/lifecycle";
import type { Invariant } from "./Invariant.ts";

export const a7: readonly Invariant[] = [
  {
    name: "waits_for_nothing",
    rule: "A7",
    explanation: "A job waits for inputs of which none is being made any more.",
    sql: `${subjectIs("j.id", "j.workspace_id", "j.asset_id")} FROM job j
      WHERE j.status = 'pending' AND j.phase = 'waiting_inputs'
        AND NOT EXISTS (SELECT 1 FROM job_input i JOIN version v ON v.id = i.version_id
          WHERE i.job_id = j.id AND v.status IN ('pending', 'processing'))`,
    move: (desk, { subject }) => recheckInputs(desk, subject as JobId, desk.now())?.ok === true,
  },
];
