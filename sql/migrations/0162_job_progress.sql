-- How far a job is, in the list of jobs; of one that did not end well the beginning of why.
CREATE FUNCTION job_progress(j job) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
SELECT nullif(CASE j.status WHEN 'running' THEN concat_ws(' ', CASE WHEN j.progress_total > 0 THEN j.progress_done || ' of ' || j.progress_total END, nullif(j.progress_label, ''))
       WHEN 'completed' THEN '' WHEN 'pending' THEN '' ELSE regexp_replace(left(j.error, 80), '\s+', ' ', 'g') || CASE WHEN length(j.error) > 80 THEN ' …' ELSE '' END END, '')
$$;
COMMENT ON FUNCTION job_progress(job) IS 'How far a running job is, or why it did not end well';
