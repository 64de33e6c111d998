export { inspectPostgres } from "./keeping/inspectPostgres.ts";
export { openPostgresReader } from "./keeping/openPostgresReader.ts";
export { openPostgresStore } from "./openPostgresStore.ts";
export type { PostgresStoreOptions } from "./openPostgresSession.ts";
export { MoveRefused } from "../moving/MoveRefused.ts";
export { openMove } from "../moving/openMove.ts";
export type { Compared, Move, MovedMedia } from "../moving/openMove.ts";
export type { TableProgress } from "../moving/copyRows.ts";
export type { MediaRow, MediaRows } from "../moving/openSource.ts";
