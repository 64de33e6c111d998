import { changedSetting, orderedSettings } from "../../rows/changedSetting.ts";
import type { Store } from "../../Store.ts";
import type { ProviderSetting } from "../../store/settings.ts";
import type { Connection } from "../Connection.ts";
import type { Session } from "../Session.ts";

type SettingMethods = Pick<Store, "providerSettings" | "settingsRevision" | "saveProviderSetting" | "orderProviders">;

const REVISION = "SELECT coalesce(max(revision), 0) AS revision FROM provider_setting";
const SETTINGS = `SELECT name, position, enabled, sealed_key AS "sealedKey", key_home AS "keyHome", home, at_once AS "atOnce",
  model_order AS "modelOrder", models_off AS "modelsOff" FROM provider_setting ORDER BY name`;

/** What people have set about providers, for every process on the database. */
export function providerSettings(session: Session): SettingMethods {
  const { db, clock } = session;

  async function revisionOf({ rows }: Connection): Promise<number> {
    return (await rows<{ readonly revision: number }>(REVISION))[0]?.revision ?? 0;
  }

  /** One change after the other: each has a revision of its own, which nobody can have read before it. */
  async function change(decide: (before: readonly ProviderSetting[]) => readonly ProviderSetting[]): Promise<void> {
    await db.write(async (connection) => {
      const { rows, run } = connection;
      await run("LOCK TABLE provider_setting IN SHARE ROW EXCLUSIVE MODE");
      const revision = (await revisionOf(connection)) + 1;
      const settings = decide(await rows<ProviderSetting>(SETTINGS));
      for (const setting of settings) await run(PUT(clock()), ...valuesOf(setting), revision);
    });
    session.wake({ feed: false, work: true });
  }

  return {
    providerSettings: () =>
      db.snapshot(async (connection) => ({
        revision: await revisionOf(connection),
        settings: await connection.rows<ProviderSetting>(SETTINGS),
      })),
    settingsRevision: () => db.read(revisionOf),
    saveProviderSetting: (request) =>
      change((before) => [
        changedSetting(
          request,
          before.find(({ name }) => name === request.name),
        ),
      ]),
    orderProviders: ({ names }) => change((before) => orderedSettings(names, before)),
  };
}

const PUT = (
  clock: string,
): string => `INSERT INTO provider_setting (name, position, enabled, sealed_key, key_home, home,
    at_once, model_order, models_off, revision, updated_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8::json, $9::json, $10, ${clock})
  ON CONFLICT (name) DO UPDATE SET position = excluded.position, enabled = excluded.enabled, sealed_key = excluded.sealed_key,
    key_home = excluded.key_home, home = excluded.home, at_once = excluded.at_once, model_order = excluded.model_order,
    models_off = excluded.models_off, revision = excluded.revision, updated_at = excluded.updated_at`;

function valuesOf(setting: ProviderSetting): readonly unknown[] {
  const { name, position, enabled, sealedKey, keyHome, home, atOnce, modelOrder, modelsOff } = setting;
  const lists = [JSON.stringify(modelOrder), JSON.stringify(modelsOff)];
  return [name, position, enabled, sealedKey, keyHome, home, atOnce, ...lists];
}
