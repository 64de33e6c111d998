import { sqlState } from "./postgresFailure.ts";

/**
 * SQL for which history a server writes on: of this cluster, and this way of it. A standby that took over, or a restored backup,
 * goes another way, on which a number of the old one may be anybody's.
 */
export const SERVER_HISTORY = `(SELECT system_identifier FROM pg_control_system()),
    CASE WHEN pg_is_in_recovery() THEN '' ELSE substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) END`;

/** A hosted server does not tell its users about it, and never will: what depends on a moment is another error. */
export function isKeptFromGuests(error: unknown): boolean {
  return /^(42501|42883|0A000)$/.test(sqlState(error));
}
