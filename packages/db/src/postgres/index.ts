export { openPostgresStore } from "./openPostgresStore.ts";
export type { PostgresStoreOptions } from "./openPostgresSession.ts";
