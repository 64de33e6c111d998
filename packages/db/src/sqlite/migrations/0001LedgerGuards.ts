/** Lines of the ledger and of the feed are written once (C3, E1); only whole prefixes of the feed are ever pruned. */
export const LEDGER_GUARDS: readonly string[] = [
  `CREATE TRIGGER credit_entry_update_guard BEFORE UPDATE ON credit_entry FOR EACH ROW
BEGIN
  SELECT RAISE(ABORT, 'reelstate: a ledger entry is never changed (C3)');
END`,
  `CREATE TRIGGER credit_entry_delete_guard BEFORE DELETE ON credit_entry FOR EACH ROW
BEGIN
  SELECT RAISE(ABORT, 'reelstate: a ledger entry is never removed (C3)');
END`,
  `CREATE TRIGGER credit_entry_insert_guard BEFORE INSERT ON credit_entry FOR EACH ROW
BEGIN
  SELECT RAISE(ABORT, 'reelstate: this ledger entry exists; it cannot be replaced (C3)')
  WHERE EXISTS (SELECT 1 FROM credit_entry WHERE id = NEW.id);
  SELECT RAISE(ABORT, 'reelstate: a ledger entry that no rule knows (C3)')
  WHERE NOT CASE NEW.kind
    WHEN 'grant' THEN NEW.balance > 0 AND NEW.held = 0
    WHEN 'hold' THEN NEW.balance = 0 AND NEW.held > 0
    WHEN 'capture' THEN NEW.balance < 0 AND NEW.held = NEW.balance
    WHEN 'release' THEN NEW.balance = 0 AND NEW.held < 0
    ELSE 0 END;
END`,
  `CREATE TRIGGER event_update_guard BEFORE UPDATE ON event FOR EACH ROW
BEGIN
  SELECT RAISE(ABORT, 'reelstate: an event is never changed (E1)');
END`,
  `CREATE TRIGGER event_delete_guard BEFORE DELETE ON event FOR EACH ROW
BEGIN
  SELECT RAISE(ABORT, 'reelstate: only events that were pruned are removed (E1)')
  WHERE OLD.seq > (SELECT pruned_seq FROM workspace WHERE id = OLD.workspace_id);
END`,
  `CREATE TRIGGER event_insert_guard BEFORE INSERT ON event FOR EACH ROW
BEGIN
  SELECT RAISE(ABORT, 'reelstate: events are numbered densely by their workspace (E1)')
  WHERE NEW.seq <> (SELECT seq FROM workspace WHERE id = NEW.workspace_id)
     OR EXISTS (SELECT 1 FROM event WHERE workspace_id = NEW.workspace_id AND seq = NEW.seq);
END`,
];
