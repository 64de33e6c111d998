/** Caps as typed and not saved; null: left as it is. */
export interface BudgetDraft {
  readonly day: string | null;
  readonly month: string | null;
}
