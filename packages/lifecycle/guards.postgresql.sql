-- Generated from the machines by `pnpm run generate`; do not edit.

CREATE OR REPLACE FUNCTION reelstate_job_guard() RETURNS trigger LANGUAGE plpgsql AS $guard$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF (NEW.status <> 'pending' OR NEW.attempt <> 0 OR NEW.hold_state <> 'held') THEN
      RAISE EXCEPTION 'reelstate: a job is born pending, attempt 0, its hold held (J1)' USING ERRCODE = '23514';
    END IF;
    IF (EXISTS (SELECT 1 FROM job WHERE id = NEW.id)) THEN
      RAISE EXCEPTION 'reelstate: this job exists; it cannot be replaced (J8)' USING ERRCODE = '23514';
    END IF;
    IF (EXISTS (SELECT 1 FROM job WHERE asset_id = NEW.asset_id AND status IN ('pending', 'processing'))) THEN
      RAISE EXCEPTION 'reelstate: the asset has a live job (J11)' USING ERRCODE = '23514';
    END IF;
    IF (NOT (CASE NEW.status WHEN 'pending' THEN (COALESCE(NEW.phase, '') = 'waiting_inputs' OR COALESCE(NEW.phase, '') = 'queued' OR COALESCE(NEW.phase, '') = 'backoff') WHEN 'processing' THEN (COALESCE(NEW.phase, '') = 'submitting' OR COALESCE(NEW.phase, '') = 'at_provider' OR COALESCE(NEW.phase, '') = 'fetching' OR COALESCE(NEW.phase, '') = 'storing') ELSE NEW.phase IS NULL END)) THEN
      RAISE EXCEPTION 'reelstate: the phase does not belong to the status' USING ERRCODE = '23514';
    END IF;
  ELSE
    IF (NEW.id <> OLD.id OR NEW.asset_id <> OLD.asset_id OR NEW.quote <> OLD.quote) THEN
      RAISE EXCEPTION 'reelstate: a job keeps its id, asset and quote' USING ERRCODE = '23514';
    END IF;
    IF (NEW.status <> OLD.status AND NOT (CASE OLD.status WHEN 'pending' THEN (NEW.status = 'cancelled' OR NEW.status = 'failed' OR NEW.status = 'processing') WHEN 'processing' THEN (NEW.status = 'completed' OR NEW.status = 'cancelled' OR NEW.status = 'pending' OR NEW.status = 'failed') ELSE 1 = 0 END)) THEN
      RAISE EXCEPTION 'reelstate: illegal job transition (J8)' USING ERRCODE = '23514';
    END IF;
    IF (NEW.attempt <> OLD.attempt + CASE WHEN OLD.status = 'pending' AND NEW.status = 'processing' THEN 1 ELSE 0 END) THEN
      RAISE EXCEPTION 'reelstate: a claim raises the attempt by one, and nothing else changes it (J2, J9)' USING ERRCODE = '23514';
    END IF;
    IF (NEW.hold_state <> CASE NEW.status WHEN 'completed' THEN 'captured' WHEN 'failed' THEN 'released' WHEN 'cancelled' THEN 'released' ELSE 'held' END) THEN
      RAISE EXCEPTION 'reelstate: a hold ends with its job, once: captured when completed, else released (C2)' USING ERRCODE = '23514';
    END IF;
    IF (NOT (CASE NEW.status WHEN 'pending' THEN (COALESCE(NEW.phase, '') = 'waiting_inputs' OR COALESCE(NEW.phase, '') = 'queued' OR COALESCE(NEW.phase, '') = 'backoff') WHEN 'processing' THEN (COALESCE(NEW.phase, '') = 'submitting' OR COALESCE(NEW.phase, '') = 'at_provider' OR COALESCE(NEW.phase, '') = 'fetching' OR COALESCE(NEW.phase, '') = 'storing') ELSE NEW.phase IS NULL END)) THEN
      RAISE EXCEPTION 'reelstate: the phase does not belong to the status' USING ERRCODE = '23514';
    END IF;
    IF (OLD.status = 'processing' AND NEW.status = 'processing' AND (CASE NEW.phase WHEN 'submitting' THEN 0 WHEN 'at_provider' THEN 1 WHEN 'fetching' THEN 2 WHEN 'storing' THEN 3 END) < (CASE OLD.phase WHEN 'submitting' THEN 0 WHEN 'at_provider' THEN 1 WHEN 'fetching' THEN 2 WHEN 'storing' THEN 3 END)) THEN
      RAISE EXCEPTION 'reelstate: within an attempt phases only move forward (J3)' USING ERRCODE = '23514';
    END IF;
  END IF;
  RETURN NEW;
END
$guard$;

CREATE TRIGGER job_guard BEFORE INSERT OR UPDATE OF id, asset_id, status, phase, attempt, hold_state, quote ON job
FOR EACH ROW EXECUTE FUNCTION reelstate_job_guard();

CREATE OR REPLACE FUNCTION reelstate_version_guard() RETURNS trigger LANGUAGE plpgsql AS $guard$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF (NEW.status NOT IN ('pending', 'completed')) THEN
      RAISE EXCEPTION 'reelstate: a version is born pending, or completed when uploaded' USING ERRCODE = '23514';
    END IF;
    IF (EXISTS (SELECT 1 FROM version WHERE id = NEW.id OR (asset_id = NEW.asset_id AND number = NEW.number))) THEN
      RAISE EXCEPTION 'reelstate: this version exists; it cannot be replaced (J8)' USING ERRCODE = '23514';
    END IF;
  ELSE
    IF (NEW.id <> OLD.id OR NEW.asset_id <> OLD.asset_id OR NEW.number <> OLD.number) THEN
      RAISE EXCEPTION 'reelstate: a version keeps its id, asset and number' USING ERRCODE = '23514';
    END IF;
    IF (NEW.status <> OLD.status AND NOT (CASE OLD.status WHEN 'pending' THEN (NEW.status = 'processing' OR NEW.status = 'failed' OR NEW.status = 'cancelled') WHEN 'processing' THEN (NEW.status = 'pending' OR NEW.status = 'completed' OR NEW.status = 'failed' OR NEW.status = 'cancelled') WHEN 'failed' THEN (NEW.status = 'pending') WHEN 'cancelled' THEN (NEW.status = 'pending') ELSE 1 = 0 END)) THEN
      RAISE EXCEPTION 'reelstate: illegal version transition (J8)' USING ERRCODE = '23514';
    END IF;
  END IF;
  RETURN NEW;
END
$guard$;

CREATE TRIGGER version_guard BEFORE INSERT OR UPDATE OF id, asset_id, number, status ON version
FOR EACH ROW EXECUTE FUNCTION reelstate_version_guard();

CREATE OR REPLACE FUNCTION reelstate_asset_guard() RETURNS trigger LANGUAGE plpgsql AS $guard$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF (NEW.status <> CASE NEW.origin WHEN 'uploaded' THEN 'completed' ELSE 'pending' END) THEN
      RAISE EXCEPTION 'reelstate: an asset is born pending, or completed when uploaded (A1)' USING ERRCODE = '23514';
    END IF;
    IF (EXISTS (SELECT 1 FROM asset WHERE id = NEW.id)) THEN
      RAISE EXCEPTION 'reelstate: this asset exists; it cannot be replaced (J8)' USING ERRCODE = '23514';
    END IF;
  ELSE
    IF (NEW.id <> OLD.id OR NEW.origin <> OLD.origin) THEN
      RAISE EXCEPTION 'reelstate: an asset keeps its id and origin' USING ERRCODE = '23514';
    END IF;
    IF (NEW.status <> OLD.status AND NOT (CASE OLD.status WHEN 'pending' THEN (NEW.status = 'processing' OR NEW.status = 'failed' OR NEW.status = 'cancelled') WHEN 'processing' THEN (NEW.status = 'pending' OR NEW.status = 'completed' OR NEW.status = 'failed' OR NEW.status = 'cancelled') WHEN 'failed' THEN (NEW.status = 'pending') WHEN 'cancelled' THEN (NEW.status = 'pending') ELSE 1 = 0 END)) THEN
      RAISE EXCEPTION 'reelstate: illegal asset transition (J8)' USING ERRCODE = '23514';
    END IF;
    IF (NEW.row_version < OLD.row_version OR (NEW.status <> OLD.status AND NEW.row_version = OLD.row_version)) THEN
      RAISE EXCEPTION 'reelstate: a change of status raises row_version, and nothing lowers it (A9)' USING ERRCODE = '23514';
    END IF;
  END IF;
  RETURN NEW;
END
$guard$;

CREATE TRIGGER asset_guard BEFORE INSERT OR UPDATE OF id, origin, status, row_version ON asset
FOR EACH ROW EXECUTE FUNCTION reelstate_asset_guard();
