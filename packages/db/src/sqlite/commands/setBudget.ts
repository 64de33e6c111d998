import { budget } from "../reads/views.ts";
import type { SetBudget } from "../../store/people.ts";
import type { BudgetView } from "../../store/views.ts";
import type { Session } from "../Session.ts";

/** Of what begins from now on (C5). */
export function setBudget(session: Session, { workspaceId, day, month }: SetBudget): BudgetView {
  if (day !== undefined) session.sql.setBudgetDay.run(day, workspaceId);
  if (month !== undefined) session.sql.setBudgetMonth.run(month, workspaceId);
  return budget(session, { workspaceId });
}
