import { toBudgetView } from "../../rows/toBudgetView.ts";
import { columnsOf, selected } from "../columns.ts";
import { workspace } from "../schema.ts";
import type { EpochMs } from "@reelstate/lifecycle";
import type { Store } from "../../Store.ts";
import type { BudgetView, WorkspaceCredits } from "../../store/views.ts";
import type { Connection } from "../Connection.ts";
import type { Reader } from "./Reader.ts";

const OF_CREDIT: readonly string[] = [
  "balance",
  "held",
  "budgetDay",
  "budgetMonth",
  "dayBegun",
  "monthBegun",
  "spentInDay",
  "spentInMonth",
];

/** What a SELECT names to read a workspace's credits, from a table called `w`. */
export const CREDIT = selected(
  columnsOf(workspace).filter(({ property }) => OF_CREDIT.includes(property)),
  "w",
);

export async function budget(
  { clock }: Pick<Reader, "clock">,
  { rows }: Connection,
  { workspaceId }: Parameters<Store["budget"]>[0],
): Promise<BudgetView> {
  const [found] = await rows<WorkspaceCredits & { readonly now: EpochMs }>(
    `SELECT ${CREDIT}, ${clock()} AS now FROM workspace w WHERE w.id = $1`,
    workspaceId,
  );
  return toBudgetView(found, found?.now ?? (0 as EpochMs));
}
