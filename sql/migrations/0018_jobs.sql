-- What the runner needs beyond the tables: time limits that a kind of job brings itself, the schedule kept true by the database.

ALTER TABLE job ALTER COLUMN time_limit DROP NOT NULL, ALTER COLUMN time_limit DROP DEFAULT;
COMMENT ON COLUMN job.time_limit IS 'Time it may take once started; null until then: as its kind has it';
ALTER TABLE schedule ALTER COLUMN deadline DROP NOT NULL, ALTER COLUMN deadline DROP DEFAULT;
COMMENT ON COLUMN schedule.deadline IS 'Time that one run may take; null: as its kind of job has it';

CREATE FUNCTION schedule_changed() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
	IF (NEW.cron, NEW.time_zone, NEW.enabled) IS DISTINCT FROM (OLD.cron, OLD.time_zone, OLD.enabled) THEN
		NEW.next_run := NULL;
	END IF;
	RETURN NEW;
END $$;
COMMENT ON FUNCTION schedule_changed() IS 'Row trigger: the next run of a changed schedule is reckoned anew by the runner';
CREATE TRIGGER schedule_changed BEFORE UPDATE OF cron, time_zone, enabled ON schedule
	FOR EACH ROW EXECUTE FUNCTION schedule_changed();

CREATE FUNCTION job_of_schedule() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
	UPDATE schedule SET last_status = NEW.status WHERE id = NEW.schedule_id AND last_job_id = NEW.id;
	RETURN NULL;
END $$;
COMMENT ON FUNCTION job_of_schedule() IS 'Row trigger: a schedule shows how its last job stands';
CREATE TRIGGER job_of_schedule AFTER UPDATE OF status ON job
	FOR EACH ROW WHEN (NEW.schedule_id IS NOT NULL) EXECUTE FUNCTION job_of_schedule();

INSERT INTO schedule (name, description, job, cron) VALUES
	('Housekeeping', 'Remove what is older than it is to be kept', 'core.housekeeping', '17 3 * * *');
