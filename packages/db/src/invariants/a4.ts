import { reasonOf } from "./followStatus.ts";
import { subjectIs } from "./Invariant.ts";
import { rows } from "./Mending.ts";
import { assetOf, jobOf } from "./recorded.ts";
import { tellMend } from "./tellMend.ts";
import type { EpochMs } from "@reelstate/lifecycle";
import type { Broken, Invariant } from "./Invariant.ts";
import type { Mending } from "./Mending.ts";

export const a4: readonly Invariant[] = [
  {
    name: "failure_unexplained",
    rule: "A4",
    explanation: "A failed asset does not say why.",
    sql: `${subjectIs("id", "workspace_id", "id")} FROM asset
      WHERE status = 'failed' AND (error_code IS NULL OR COALESCE(error_message, '') = '')`,
    mend: sayWhy,
  },
];

function* sayWhy({ assetId }: Broken, at: EpochMs): Mending<boolean> {
  const asset = yield* assetOf(assetId);
  if (asset === undefined) return false;
  const job = yield* jobOf(asset.jobId);
  const { code, message } = reasonOf(job?.versionId === asset.currentVersionId ? job : undefined);
  yield* rows("UPDATE asset SET error_code = $1, error_message = $2 WHERE id = $3", code, message, asset.id);
  yield* tellMend(asset.id, at);
  return true;
}
