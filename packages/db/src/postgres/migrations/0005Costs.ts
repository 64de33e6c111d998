/** What a version cost at its provider, where that told (P8). */
export const COSTS: readonly string[] = [
  `ALTER TABLE version ADD COLUMN cost_micros bigint, ADD COLUMN cost_basis text COLLATE "C"`,
];
