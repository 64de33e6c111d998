/** The columns that `sqlGuards` speaks of, and one of each kind that it does not. */
export const GUARDED_TABLES = `
  CREATE TABLE job (id TEXT PRIMARY KEY, asset_id TEXT NOT NULL, status TEXT NOT NULL, phase TEXT, attempt INTEGER NOT NULL,
    hold_state TEXT NOT NULL, quote INTEGER NOT NULL, lease_until INTEGER) STRICT;
  CREATE TABLE version (id TEXT PRIMARY KEY, asset_id TEXT NOT NULL, number INTEGER NOT NULL, status TEXT NOT NULL,
    UNIQUE (asset_id, number)) STRICT;
  CREATE TABLE asset (id TEXT PRIMARY KEY, origin TEXT NOT NULL, status TEXT NOT NULL, row_version INTEGER NOT NULL, name TEXT) STRICT;
`;
