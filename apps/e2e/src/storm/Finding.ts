/** What does not hold, under the number of the rule that says it should. */
export interface Finding {
  readonly rule: string;
  readonly subject: string;
  readonly explanation: string;
}
