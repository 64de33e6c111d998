/** What a version cost at its provider, where that told (P8). */
export const COSTS: readonly string[] = [
  "ALTER TABLE version ADD COLUMN cost_micros integer",
  "ALTER TABLE version ADD COLUMN cost_basis text",
];
