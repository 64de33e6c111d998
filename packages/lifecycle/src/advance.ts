import { assetTable } from "./assetTable.ts";
import { createAsset } from "./createAsset.ts";
import { deleteAsset } from "./deleteAsset.ts";
import { moveJob } from "./moveJob.ts";
import { REFUSED } from "./refused.ts";
import { startJob } from "./startJob.ts";
import { uploadAsset } from "./uploadAsset.ts";
import type { Decision } from "./decision.ts";
import type { LifecycleEvent } from "./events.ts";
import type { AssetRows } from "./rows.ts";

/**
 * What may happen: takes the rows of one asset as they are (null: it does not exist) and an event, and gives the rows
 * as they must be written, the ledger entry and the event to record, all in one transaction, or the reason why nothing
 * may be written. Pure; `rows` are not changed.
 *
 * Legality is the machines' (`jobMachine`, `assetMachine`, `holdMachine`), asked through tables compiled from them.
 * Throws only on rows that no sequence of events can produce: that is a bug in whoever wrote them.
 */
export function advance(rows: AssetRows | null, event: LifecycleEvent): Decision {
  if (rows === null) {
    if (event.type === "create") return createAsset(event);
    if (event.type === "upload") return uploadAsset(event);
    return REFUSED.illegal;
  }
  switch (event.type) {
    case "create":
    case "upload":
      return REFUSED.illegal;
    case "retry":
    case "regenerate":
    case "recover":
      return startJob(rows, event);
    case "delete":
      return deleteAsset(rows, event);
    case "cancel": {
      const leaf = assetTable().ask(rows.asset.status, rows, event);
      return leaf.taken ? moveJob(rows, event) : REFUSED[leaf.why];
    }
    default:
      return moveJob(rows, event);
  }
}
