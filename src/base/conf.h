/*
 * conf.h: settings, from a file of `name = value` lines, then from the environment (PEERAGE_NAME).
 *
 * One table in conf.c has every setting with its default and its text; `peerage check` prints it. Unknown names are an error.
 */
#ifndef PEERAGE_CONF_H
#define PEERAGE_CONF_H

#include "base/val.h"

struct conf {
	const char *database;           /* libpq conninfo */
	const char *redis;              /* URL, see db/redis.h */
	const char *secret_file;        /* 32 random bytes: seals router and session keys; not in the database */
	const char *ssh_key_file;       /* private key for routers that have none of their own */
	const char *html_dir;           /* page templates */
	const char *base_path;          /* "" or "/peerage": where the web server mounts us */
	const char *time_zone;          /* IANA name for pages and templates' now() */
	bool login_required;            /* false: anonymous may read what is not secret */
	bool remote_user;               /* trust REMOTE_USER of the web server */
	const char *remote_groups_header;       /* FastCGI parameter with the groups, "" for none */
	const char *remote_groups_separator;
	bool remote_create_users;
	const char *remote_superuser_groups;
	int64_t session_seconds, page_size, max_page_size;
	int64_t requests_per_process;   /* a handler leaves after so many: leaks and stale settings with it */
	const char *log_level, *log_format;
	const char *tally_file, *metrics_allow;
	const char *banner_login;
	/* what follows stands in Peering Manager's configuration too, under the same names in capitals */
	bool validate_bgp_community_value, config_context_recursive_merge;
	const char *config_context_list_merge;
	int64_t changelog_retention, history_retention, job_retention;
	const char *bgpq_path, *bgpq_host, *bgpq_second_host, *bgpq_sources, *bgpq_ipv4_args, *bgpq_ipv6_args;
	bool bgpq_keep_source;
	int64_t bgpq_timeout, bgpq_parallel, bgpq_brake, cache_prefix_list_timeout;     /* s, processes, percent, s */
	const char *jinja2_template_extensions;
	const char *peeringdb_api_key;
	const char *peeringdb_url, *peeringdb_bulk_url;
	int64_t peeringdb_pause, peeringdb_timeout, peeringdb_brake;    /* ms, s, percent */
	int64_t deploy_confirm_seconds, deploy_gate_seconds, deploy_gate_share;         /* s, s, percent */
	const char *http_proxy;
	int64_t webhook_timeout, webhook_tries, webhook_backoff, webhook_max_failures;  /* s, times, s, deliveries */
	const char *netbox_api, *netbox_api_token, *netbox_device_roles, *netbox_tags;
	bool netbox_api_verify_ssl;
	int64_t netbox_api_timeout;                                     /* s */
	int64_t ix_api_timeout;                                         /* s */
	const char *internal_hosts;
	const char *data_folders, *git_commit_author, *git_commit_message;
	const char *email_from, *email_server, *email_user, *email_password, *email_tls, *email_ca_file, *email_cc;
	int64_t email_rate, email_tries;                                /* a minute, times */
};

/* Read `path` (NULL: $PEERAGE_CONF, else /etc/peerage/peerage.conf if it is there), then the environment. */
bool conf_load(struct arena *, const char *path, struct conf *, struct err *);

/* Every setting as {name, value, default, help}, secrets masked: for `peerage check`. */
struct list *conf_describe(struct arena *, const struct conf *);

#endif
