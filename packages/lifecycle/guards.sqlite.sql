-- Generated from the machines by `pnpm run generate`; do not edit.

CREATE TRIGGER job_insert_guard BEFORE INSERT ON job FOR EACH ROW
BEGIN
  SELECT RAISE(ABORT, 'reelstate: a job is born pending, attempt 0, its hold held (J1)') WHERE NEW.status <> 'pending' OR NEW.attempt <> 0 OR NEW.hold_state <> 'held';
  SELECT RAISE(ABORT, 'reelstate: this job exists; it cannot be replaced (J8)') WHERE EXISTS (SELECT 1 FROM job WHERE id = NEW.id);
  SELECT RAISE(ABORT, 'reelstate: the asset has a live job (J11)') WHERE EXISTS (SELECT 1 FROM job WHERE asset_id = NEW.asset_id AND status IN ('pending', 'processing'));
  SELECT RAISE(ABORT, 'reelstate: the phase does not belong to the status') WHERE NOT (CASE NEW.status WHEN 'pending' THEN COALESCE(NEW.phase, '') IN ('waiting_inputs', 'queued', 'backoff') WHEN 'processing' THEN COALESCE(NEW.phase, '') IN ('submitting', 'at_provider', 'fetching', 'storing') ELSE NEW.phase IS NULL END);
END;

CREATE TRIGGER job_update_guard BEFORE UPDATE OF id, asset_id, status, phase, attempt, hold_state, quote ON job FOR EACH ROW
BEGIN
  SELECT RAISE(ABORT, 'reelstate: a job keeps its id, asset and quote') WHERE NEW.id <> OLD.id OR NEW.asset_id <> OLD.asset_id OR NEW.quote <> OLD.quote;
  SELECT RAISE(ABORT, 'reelstate: illegal job transition (J8)') WHERE NEW.status <> OLD.status AND OLD.status || '>' || NEW.status NOT IN ('pending>cancelled', 'pending>failed', 'pending>processing', 'processing>completed', 'processing>cancelled', 'processing>pending', 'processing>failed');
  SELECT RAISE(ABORT, 'reelstate: a claim raises the attempt by one, and nothing else changes it (J2, J9)') WHERE NEW.attempt <> OLD.attempt + CASE WHEN OLD.status = 'pending' AND NEW.status = 'processing' THEN 1 ELSE 0 END;
  SELECT RAISE(ABORT, 'reelstate: a hold ends with its job, once: captured when completed, else released (C2)') WHERE NEW.hold_state <> CASE NEW.status WHEN 'completed' THEN 'captured' WHEN 'failed' THEN 'released' WHEN 'cancelled' THEN 'released' ELSE 'held' END;
  SELECT RAISE(ABORT, 'reelstate: the phase does not belong to the status') WHERE NOT (CASE NEW.status WHEN 'pending' THEN COALESCE(NEW.phase, '') IN ('waiting_inputs', 'queued', 'backoff') WHEN 'processing' THEN COALESCE(NEW.phase, '') IN ('submitting', 'at_provider', 'fetching', 'storing') ELSE NEW.phase IS NULL END);
  SELECT RAISE(ABORT, 'reelstate: within an attempt phases only move forward (J3)') WHERE OLD.status = 'processing' AND NEW.status = 'processing' AND (CASE NEW.phase WHEN 'submitting' THEN 0 WHEN 'at_provider' THEN 1 WHEN 'fetching' THEN 2 WHEN 'storing' THEN 3 END) < (CASE OLD.phase WHEN 'submitting' THEN 0 WHEN 'at_provider' THEN 1 WHEN 'fetching' THEN 2 WHEN 'storing' THEN 3 END);
END;

CREATE TRIGGER version_insert_guard BEFORE INSERT ON version FOR EACH ROW
BEGIN
  SELECT RAISE(ABORT, 'reelstate: a version is born pending, or completed when uploaded') WHERE NEW.status NOT IN ('pending', 'completed');
  SELECT RAISE(ABORT, 'reelstate: this version exists; it cannot be replaced (J8)') WHERE EXISTS (SELECT 1 FROM version WHERE id = NEW.id OR (asset_id = NEW.asset_id AND number = NEW.number));
END;

CREATE TRIGGER version_update_guard BEFORE UPDATE OF id, asset_id, number, status ON version FOR EACH ROW
BEGIN
  SELECT RAISE(ABORT, 'reelstate: a version keeps its id, asset and number') WHERE NEW.id <> OLD.id OR NEW.asset_id <> OLD.asset_id OR NEW.number <> OLD.number;
  SELECT RAISE(ABORT, 'reelstate: illegal version transition (J8)') WHERE NEW.status <> OLD.status AND OLD.status || '>' || NEW.status NOT IN ('pending>processing', 'pending>failed', 'pending>cancelled', 'processing>pending', 'processing>completed', 'processing>failed', 'processing>cancelled', 'failed>pending', 'cancelled>pending');
END;

CREATE TRIGGER asset_insert_guard BEFORE INSERT ON asset FOR EACH ROW
BEGIN
  SELECT RAISE(ABORT, 'reelstate: an asset is born pending, or completed when uploaded (A1)') WHERE NEW.status <> CASE NEW.origin WHEN 'uploaded' THEN 'completed' ELSE 'pending' END;
  SELECT RAISE(ABORT, 'reelstate: this asset exists; it cannot be replaced (J8)') WHERE EXISTS (SELECT 1 FROM asset WHERE id = NEW.id);
END;

CREATE TRIGGER asset_update_guard BEFORE UPDATE OF id, origin, status, row_version ON asset FOR EACH ROW
BEGIN
  SELECT RAISE(ABORT, 'reelstate: an asset keeps its id and origin') WHERE NEW.id <> OLD.id OR NEW.origin <> OLD.origin;
  SELECT RAISE(ABORT, 'reelstate: illegal asset transition (J8)') WHERE NEW.status <> OLD.status AND OLD.status || '>' || NEW.status NOT IN ('pending>processing', 'pending>failed', 'pending>cancelled', 'processing>pending', 'processing>completed', 'processing>failed', 'processing>cancelled', 'failed>pending', 'cancelled>pending');
  SELECT RAISE(ABORT, 'reelstate: a change of status raises row_version, and nothing lowers it (A9)') WHERE NEW.row_version < OLD.row_version OR (NEW.status <> OLD.status AND NEW.row_version = OLD.row_version);
END;
