/**
 * Lines of the ledger and of the feed are written once (C3, E1); only whole prefixes of the feed are ever pruned. A primary
 * key refuses a line that is there already, and TRUNCATE, which asks no row, is refused as a whole.
 */
export const LEDGER_GUARDS: readonly string[] = [
  ...refusal("credit_entry_update_guard", "UPDATE", "credit_entry", "a ledger entry is never changed (C3)"),
  ...refusal("credit_entry_delete_guard", "DELETE OR TRUNCATE", "credit_entry", "a ledger entry is never removed (C3)"),
  ...guard("credit_entry_insert_guard", "INSERT", "credit_entry", {
    refuse: `NOT CASE NEW.kind
    WHEN 'grant' THEN NEW.balance > 0 AND NEW.held = 0
    WHEN 'hold' THEN NEW.balance = 0 AND NEW.held > 0
    WHEN 'capture' THEN NEW.balance < 0 AND NEW.held = NEW.balance
    WHEN 'release' THEN NEW.balance = 0 AND NEW.held < 0
    ELSE FALSE END`,
    message: "a ledger entry that no rule knows (C3)",
    returns: "NEW",
  }),
  ...refusal("event_update_guard", "UPDATE OR TRUNCATE", "event", "an event is never changed (E1)"),
  ...guard("event_delete_guard", "DELETE", "event", {
    refuse: "OLD.seq > (SELECT pruned_seq FROM workspace WHERE id = OLD.workspace_id)",
    message: "only events that were pruned are removed (E1)",
    returns: "OLD",
  }),
  ...guard("event_insert_guard", "INSERT", "event", {
    refuse: "NEW.seq <> (SELECT seq FROM workspace WHERE id = NEW.workspace_id)",
    message: "events are numbered densely by their workspace (E1)",
    returns: "NEW",
  }),
];

interface RowGuard {
  /** True for what is refused. */
  readonly refuse: string;
  readonly message: string;
  readonly returns: "NEW" | "OLD";
}

function guard(name: string, on: string, table: string, { refuse, message, returns }: RowGuard): readonly string[] {
  return [
    `CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS $guard$
BEGIN
  IF (${refuse}) THEN
    RAISE EXCEPTION 'reelstate: ${message}' USING ERRCODE = '23514';
  END IF;
  RETURN ${returns};
END
$guard$`,
    `CREATE TRIGGER ${name} BEFORE ${on} ON ${table} FOR EACH ROW EXECUTE FUNCTION ${name}()`,
  ];
}

/** Asked once for a whole statement, which is refused whatever its rows. */
function refusal(name: string, on: string, table: string, message: string): readonly string[] {
  return [
    `CREATE FUNCTION ${name}() RETURNS trigger LANGUAGE plpgsql AS $guard$
BEGIN
  RAISE EXCEPTION 'reelstate: ${message}' USING ERRCODE = '23514';
END
$guard$`,
    `CREATE TRIGGER ${name} BEFORE ${on} ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION ${name}()`,
  ];
}
