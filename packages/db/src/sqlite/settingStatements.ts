import type { Database } from "better-sqlite3";

/** What people have set about providers: a few rows, read when their revision has grown. */
export function prepareSettingStatements(db: Database) {
  return {
    providerSettings: db.prepare(
      `SELECT name, position, enabled, sealed_key AS sealedKey, key_home AS keyHome, home, at_once AS atOnce,
         model_order AS modelOrder, models_off AS modelsOff FROM provider_setting ORDER BY name`,
    ),
    settingsRevision: db.prepare("SELECT coalesce(max(revision), 0) FROM provider_setting").pluck(),
    putProviderSetting: db.prepare(
      `INSERT OR REPLACE INTO provider_setting (name, position, enabled, sealed_key, key_home, home, at_once, model_order,
         models_off, revision, updated_at)
       VALUES (@name, @position, @enabled, @sealedKey, @keyHome, @home, @atOnce, @modelOrder, @modelsOff, @revision, @at)`,
    ),
  };
}
