-- A job may hold several locks: a change of several routers keeps polls and other changes from each of them.

ALTER TABLE job ADD COLUMN lock_keys text[] CHECK (array_position(lock_keys, NULL) IS NULL AND cardinality(lock_keys) BETWEEN 1 AND 1000);
COMMENT ON COLUMN job.lock_keys IS 'More keys, with the meaning of lock_key: all of them are held while it runs';
CREATE INDEX job_lock_keys_idx ON job USING gin (lock_keys) WHERE status = 'pending' AND lock_keys IS NOT NULL;

CREATE TABLE job_lock (
	key text PRIMARY KEY,
	job_id bigint NOT NULL REFERENCES job ON DELETE CASCADE
);
COMMENT ON TABLE job_lock IS 'Keys that running jobs hold: taken with the claim, given back by a trigger when a job no longer runs';
COMMENT ON COLUMN job_lock.key IS 'Key';
COMMENT ON COLUMN job_lock.job_id IS 'Job that holds it';
CREATE INDEX ON job_lock (job_id);

INSERT INTO job_lock SELECT lock_key, id FROM job WHERE status = 'running' AND lock_key IS NOT NULL;

CREATE FUNCTION job_unlock() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
	DELETE FROM job_lock WHERE job_id = NEW.id;
	RETURN NULL;
END $$;
COMMENT ON FUNCTION job_unlock() IS 'Row trigger: a job that no longer runs holds no key';
CREATE TRIGGER job_unlock AFTER UPDATE OF status ON job
	FOR EACH ROW WHEN (OLD.status = 'running' AND NEW.status <> 'running' AND (NEW.lock_key IS NOT NULL OR NEW.lock_keys IS NOT NULL))
	EXECUTE FUNCTION job_unlock();
