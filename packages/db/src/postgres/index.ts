export { inspectPostgres } from "./keeping/inspectPostgres.ts";
export { openPostgresReader } from "./keeping/openPostgresReader.ts";
export { openPostgresStore } from "./openPostgresStore.ts";
export type { PostgresStoreOptions } from "./openPostgresSession.ts";
