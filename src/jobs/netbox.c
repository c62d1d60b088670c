/* netbox.c: reading the devices of NetBox as a job. */
#include "config.h"

#include "jobs/jobs.h"
#include "outside/netbox.h"

bool job_netbox(struct job *j, struct err *e) {
	struct db *db;
	size_t n;

	if (*j->conf->netbox_api == '\0' && j->schedule_id != 0) {
		job_log(j, JOB_INFO, "The settings name no NetBox");
		return true;
	}
	if (!job_db(j, &db, e) || !netbox_synchronise(j->a, db, j->conf, &n, e))
		return false;
	job_log(j, JOB_SUCCESS, "%zu devices", n);
	return true;
}
