/** What people set about providers in the studio itself. Keys are sealed before they come here. */
export const PROVIDER_SETTINGS: readonly string[] = [
  `CREATE TABLE provider_setting (
  name text PRIMARY KEY NOT NULL,
  position integer,
  enabled integer,
  sealed_key text,
  key_home text,
  home text,
  at_once integer,
  model_order text NOT NULL,
  models_off text NOT NULL,
  revision integer NOT NULL,
  updated_at integer NOT NULL,
  CONSTRAINT provider_setting_key_has_home CHECK((sealed_key IS NULL) = (key_home IS NULL))
) WITHOUT ROWID, STRICT`,
];
