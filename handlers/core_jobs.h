/* core_jobs.h: see the .c; rows of core.c. */
#ifndef PEERAGE_CORE_JOBS_H
#define PEERAGE_CORE_JOBS_H

#include "web/web.h"

route_fn api_job_cancel, api_job_retry, api_schedule_run, page_job_cancel, page_job_retry, page_schedule_run;

#endif
