import type { asset, job, version } from "../sqlite/schema.ts";

/** A row as the program reads it, the same from either database (the schema parity test holds that). */
export type AssetRecord = typeof asset.$inferSelect;
export type VersionRecord = typeof version.$inferSelect;
export type JobRecord = typeof job.$inferSelect;
