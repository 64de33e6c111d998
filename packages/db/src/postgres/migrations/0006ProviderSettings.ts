/** What people set about providers in the studio itself. Keys are sealed before they come here. */
export const PROVIDER_SETTINGS: readonly string[] = [
  `CREATE TABLE provider_setting (
  name text COLLATE "C" PRIMARY KEY,
  position integer,
  enabled boolean,
  sealed_key text COLLATE "C",
  key_home text COLLATE "C",
  home text COLLATE "C",
  at_once integer,
  model_order json NOT NULL,
  models_off json NOT NULL,
  revision bigint NOT NULL,
  updated_at bigint NOT NULL,
  CONSTRAINT provider_setting_key_has_home CHECK ((sealed_key IS NULL) = (key_home IS NULL))
)`,
];
