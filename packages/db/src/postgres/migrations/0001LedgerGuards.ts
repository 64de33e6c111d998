/**
 * Several events of a workspace may be written by one statement: together they end at its number, without a gap, and the
 * primary key refuses a number that was given before.
 */
const DENSE_EVENTS: readonly string[] = [
  `CREATE FUNCTION event_insert_guard() RETURNS trigger LANGUAGE plpgsql AS $guard$
BEGIN
  IF EXISTS (
    SELECT 1 FROM (SELECT workspace_id, min(seq) AS first, max(seq) AS last, count(*) AS events FROM written GROUP BY workspace_id) AS w
    WHERE w.last IS DISTINCT FROM (SELECT seq FROM workspace WHERE id = w.workspace_id) OR w.events <> w.last - w.first + 1
  ) THEN
    RAISE EXCEPTION 'reelstate: events are numbered densely by their workspace (E1)' USING ERRCODE = '23514';
  END IF;
  RETURN NULL;
END
$guard$`,
  `CREATE TRIGGER event_insert_guard AFTER INSERT ON event REFERENCING NEW TABLE AS written
FOR EACH STATEMENT EXECUTE FUNCTION event_insert_guard()`,
];

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
  ...DENSE_EVENTS,
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
