/* limits.h: the largest of everything that comes from outside, in one place, each with its reason. */
#ifndef PEERAGE_LIMITS_H
#define PEERAGE_LIMITS_H

enum {
	LIMIT_BODY = 8 * 1024 * 1024,           /* a request's body: a bulk write of 10,000 sessions has 4 MB */
	LIMIT_IMPORT = 64 * 1024 * 1024,        /* a file for `peerage import` and `apply`: 200,000 sessions have 40 MB */
	LIMIT_PARAMS = 2000,                    /* query or form parameters: a bulk form of 1,000 rows */
	LIMIT_URL = 16 * 1024,                  /* path and query: what web servers take */
	LIMIT_JSON_DEPTH = 32,                  /* nesting of JSON from a client */
	LIMIT_JSON_DATA_DEPTH = 200,            /* nesting of JSON given to the template command, as json.loads can take */
	LIMIT_PAGE = 1000,                      /* rows a page: MAX_PAGE_SIZE of Peering Manager */
	LIMIT_PAGE_DEFAULT = 20,                /* PAGINATE_COUNT */
	LIMIT_BULK = 10000,                     /* rows of a bulk write */
	LIMIT_TEMPLATE_STEPS = 50 * 1000 * 1000,        /* nodes evaluated in one render */
	LIMIT_TEMPLATE_DEPTH = 200,             /* calls, includes and nested expressions */
	LIMIT_TEMPLATE_OUTPUT = 64 * 1024 * 1024,       /* a full-table router configuration has 20 MB */
	LIMIT_TEMPLATE_MEMORY = 1024 * 1024 * 1024,     /* what one render may take: 10,000 sessions take 100 MB */
	LIMIT_TEMPLATE_SECONDS = 20,
	LIMIT_STATEMENT_SECONDS = 30,           /* one SQL statement of a handler */
	LIMIT_PEERINGDB_ROW = 4 * 1024 * 1024,  /* one row of PeeringDB: the largest has some 20 kB of notes */
	LIMIT_PEERINGDB_ANSWER = 128 * 1024 * 1024,     /* one answer of PeeringDB, unpacked: the largest type has 27 MB */
	LIMIT_EURO_IX = 32 * 1024 * 1024,       /* a member export: the largest exchanges' have 5 MB */
	LIMIT_IX_API = 32 * 1024 * 1024,        /* one answer of an IX-API: all product offerings of a large one have 5 MB */
	LIMIT_DATA_FILE = 2 * 1024 * 1024,      /* a file of a data source: a large template has 100 kB */
	LIMIT_DATA_PUSH = 32 * 1024 * 1024,     /* a file pushed to one: a full-table configuration has 20 MB */
	LIMIT_DATA_FILES = 10 * 1000,           /* files of one */
	LIMIT_DATA_BYTES = 64 * 1024 * 1024,    /* all files of one */
	LIMIT_DATA_FETCH = 256 * 1024 * 1024,   /* what a git repository sends, its history with it */
	LIMIT_IRR_ANSWER = 64 * 1024 * 1024,    /* one answer of bgpq: the largest AS-SET has 30 MB of prefixes */
	LIMIT_NETBOX = 16 * 1024 * 1024,        /* one page of NetBox: 200 devices with their contexts have 2 MB */
	LIMIT_JOB_MESSAGE = 64 * 1024,          /* one log line of a job */
	LIMIT_JOB_LINES = 100 * 1000,           /* log lines of one job */
	LIMIT_JOB_OUTPUT = LIMIT_TEMPLATE_OUTPUT        /* the text that a job makes */
};

#endif
