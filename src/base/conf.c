/* conf.c: the table of settings, and reading them from a file and the environment. */
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/conf.h"

enum kind { TEXT, NUMBER, SWITCH };
enum { SECRET = 1 };

struct setting {
	const char *name, *def, *help;
	enum kind kind;
	unsigned flags;
	size_t at;              /* offset in struct conf */
	int64_t min, max;       /* NUMBER */
};

#define AT(member) offsetof(struct conf, member)

static const struct setting settings[] = {
	{ "database", "dbname=peerage", "PostgreSQL: a libpq connection string; several hosts are allowed", TEXT, SECRET, AT(database), 0, 0 },
	{ "redis", "redis://127.0.0.1:6379/0", "Redis: redis://[:password@]host[:port][/db] or unix:/path", TEXT, SECRET, AT(redis), 0, 0 },
	{ "secret_file", PEERAGE_SYSCONFDIR "/secret.key", "File with 32 random bytes that seal router and session keys", TEXT, 0, AT(secret_file), 0, 0 },
	{ "ssh_key_file", "", "File with the private key that signs in to routers which have none of their own; empty: none", TEXT, 0, AT(ssh_key_file), 0, 0 },
	{ "html_dir", PEERAGE_DATADIR "/html", "Folder of the page templates", TEXT, 0, AT(html_dir), 0, 0 },
	{ "base_path", "", "Where the web server mounts Peerage: empty, or as /peerage", TEXT, 0, AT(base_path), 0, 0 },
	{ "time_zone", "UTC", "Time zone of pages and of now() in templates", TEXT, 0, AT(time_zone), 0, 0 },
	{ "login_required", "yes", "no: who is not signed in may read what is not secret", SWITCH, 0, AT(login_required), 0, 0 },
	{ "remote_user", "no", "Trust REMOTE_USER of the web server", SWITCH, 0, AT(remote_user), 0, 0 },
	{ "remote_groups_header", "", "FastCGI parameter with the user's groups; empty: none", TEXT, 0, AT(remote_groups_header), 0, 0 },
	{ "remote_groups_separator", "|", "What separates the groups there", TEXT, 0, AT(remote_groups_separator), 0, 0 },
	{ "remote_create_users", "no", "Make a user for a REMOTE_USER that is not known", SWITCH, 0, AT(remote_create_users), 0, 0 },
	{ "remote_superuser_groups", "", "Groups whose members are superusers", TEXT, 0, AT(remote_superuser_groups), 0, 0 },
	{ "session_seconds", "1209600", "Life of a signed-in session", NUMBER, 0, AT(session_seconds), 60, 31536000 },
	{ "page_size", "20", "Rows a page unless asked otherwise", NUMBER, 0, AT(page_size), 1, 1000 },
	{ "max_page_size", "1000", "Most rows a page", NUMBER, 0, AT(max_page_size), 1, 100000 },
	{ "requests_per_process", "10000", "A handler process leaves after so many requests", NUMBER, 0, AT(requests_per_process), 1, 1000000000 },
	{ "log_level", "info", "debug, info, warning or error", TEXT, 0, AT(log_level), 0, 0 },
	{ "log_format", "text", "text, or json: an object a line", TEXT, 0, AT(log_format), 0, 0 },
	{ "tally_file", "/var/cache/peerage/requests", "File in which the programs of this host count requests; empty: each counts alone", TEXT, 0, AT(tally_file), 0, 0 },
	{ "metrics_allow", "127.0.0.0/8 ::1/128", "Networks that may read /metrics without signing in", TEXT, 0, AT(metrics_allow), 0, 0 },
	{ "banner_login", "", "Text above the sign-in form", TEXT, 0, AT(banner_login), 0, 0 },
	{ "validate_bgp_community_value", "yes", "Refuse a community that is not standard, extended or large", SWITCH, 0, AT(validate_bgp_community_value), 0, 0 },
	{ "config_context_recursive_merge", "yes", "Merge objects inside config contexts", SWITCH, 0, AT(config_context_recursive_merge), 0, 0 },
	{ "config_context_list_merge", "replace", "Lists in config contexts: replace, keep, append, prepend, append_rp or prepend_rp", TEXT, 0, AT(config_context_list_merge), 0, 0 },
	{ "changelog_retention", "90", "Days that changes are kept; 0: for ever", NUMBER, 0, AT(changelog_retention), 0, 36500 },
	{ "history_retention", "400", "Days that states and prefix counts of sessions are kept; 0: for ever", NUMBER, 0, AT(history_retention), 0, 36500 },
	{ "job_retention", "90", "Days that jobs are kept; 0: for ever", NUMBER, 0, AT(job_retention), 0, 36500 },
	{ "bgpq_path", "bgpq4", "Program that asks the routing registries", TEXT, 0, AT(bgpq_path), 0, 0 },
	{ "bgpq_host", "rr.ntt.net", "Registry server it asks", TEXT, 0, AT(bgpq_host), 0, 0 },
	{ "bgpq_second_host", "", "Registry server that is asked when the first one fails; empty: none", TEXT, 0, AT(bgpq_second_host), 0, 0 },
	{ "bgpq_sources", "RPKI,RIPE,ARIN,APNIC,AFRINIC,LACNIC,RADB", "Registries in order of trust", TEXT, 0, AT(bgpq_sources), 0, 0 },
	{ "bgpq_ipv4_args", "-A -r 8 -R 24", "Arguments for IPv4 prefixes", TEXT, 0, AT(bgpq_ipv4_args), 0, 0 },
	{ "bgpq_ipv6_args", "-A -r 16 -R 48", "Arguments for IPv6 prefixes", TEXT, 0, AT(bgpq_ipv6_args), 0, 0 },
	{ "bgpq_keep_source", "no", "Ask for RIPE::AS-FOO in that registry alone (bgpq4)", SWITCH, 0, AT(bgpq_keep_source), 0, 0 },
	{ "bgpq_timeout", "120", "Seconds that one question to a registry may take", NUMBER, 0, AT(bgpq_timeout), 1, 3600 },
	{ "bgpq_parallel", "4", "Questions to registries at a time", NUMBER, 0, AT(bgpq_parallel), 1, 32 },
	{ "bgpq_brake", "30", "Percent of a list's entries that may go or come at once; more waits for somebody to accept it. 100: any", NUMBER, 0, AT(bgpq_brake), 0, 100 },
	{ "cache_prefix_list_timeout", "3600", "Seconds that what registries said of an AS-SET is said again", NUMBER, 0, AT(cache_prefix_list_timeout), 0, 2592000 },
	{ "jinja2_template_extensions", "", "Further extensions of configuration templates: do, loopcontrols, i18n", TEXT, 0, AT(jinja2_template_extensions), 0, 0 },
	{ "netbox_api", "", "NetBox whose devices are read, such as https://netbox.example.net; empty: none", TEXT, 0, AT(netbox_api), 0, 0 },
	{ "netbox_api_token", "", "Token to read it with", TEXT, SECRET, AT(netbox_api_token), 0, 0 },
	{ "netbox_api_verify_ssl", "yes", "Look at its certificate", SWITCH, 0, AT(netbox_api_verify_ssl), 0, 0 },
	{ "netbox_api_timeout", "30", "Seconds that it may take for one page", NUMBER, 0, AT(netbox_api_timeout), 1, 600 },
	{ "netbox_device_roles", "router, firewall", "Slugs of the roles of devices that are read; empty: all", TEXT, 0, AT(netbox_device_roles), 0, 0 },
	{ "netbox_tags", "", "Slugs of tags that they must have", TEXT, 0, AT(netbox_tags), 0, 0 },
	{ "peeringdb_api_key", "", "Key of PeeringDB's API", TEXT, SECRET, AT(peeringdb_api_key), 0, 0 },
	{ "peeringdb_url", "https://www.peeringdb.com/api", "PeeringDB's API", TEXT, 0, AT(peeringdb_url), 0, 0 },
	{ "peeringdb_bulk_url", "https://public.peeringdb.com", "PeeringDB's daily files, read first; empty: all is asked of the API", TEXT, 0, AT(peeringdb_bulk_url), 0, 0 },
	{ "peeringdb_pause", "2000", "Milliseconds between two queries to PeeringDB", NUMBER, 0, AT(peeringdb_pause), 0, 3600000 },
	{ "peeringdb_timeout", "300", "Seconds that one answer of PeeringDB may take", NUMBER, 0, AT(peeringdb_timeout), 1, 3600 },
	{ "peeringdb_brake", "20", "Percent of a type's rows that one synchronisation may remove or change; 100: any", NUMBER, 0, AT(peeringdb_brake), 0, 100 },
	{ "deploy_confirm_seconds", "180", "Seconds after which a router goes back by itself unless a deployment is confirmed", NUMBER, 0, AT(deploy_confirm_seconds), 2, 86400 },
	{ "deploy_gate_seconds", "90", "Seconds that the neighbours have to be up again after a deployment", NUMBER, 0, AT(deploy_gate_seconds), 1, 3600 },
	{ "deploy_gate_share", "50", "Percent of its accepted prefixes that each neighbour must then have again", NUMBER, 0, AT(deploy_gate_share), 0, 100 },
	{ "http_proxy", "", "Proxy for requests outward, as http://proxy.example:3128; empty: none", TEXT, SECRET, AT(http_proxy), 0, 0 },
	{ "ix_api_timeout", "30", "Seconds that an exchange's IX-API may take for one answer", NUMBER, 0, AT(ix_api_timeout), 1, 600 },
	{ "webhook_timeout", "10", "Seconds that a webhook's receiver may take to answer", NUMBER, 0, AT(webhook_timeout), 1, 300 },
	{ "webhook_tries", "10", "Tries before a delivery is given up", NUMBER, 0, AT(webhook_tries), 1, 100 },
	{ "webhook_backoff", "10", "Seconds before the second try, twice as long before each later one, at most an hour", NUMBER, 0, AT(webhook_backoff), 1, 3600 },
	{ "webhook_max_failures", "10", "Deliveries given up in a row before a webhook is disabled; 0: never", NUMBER, 0, AT(webhook_max_failures), 0, 32000 },
	{ "internal_hosts", "", "Hosts with an internal address that webhooks and data sources may call, by the name their URLs have; separated by commas", TEXT, 0, AT(internal_hosts), 0, 0 },
	{ "data_folders", "", "Folders that data sources may read and write, absolute paths separated by colons; empty: none", TEXT, 0, AT(data_folders), 0, 0 },
	{ "git_commit_author", "Peerage <peerage@localhost>", "Author of commits in data sources: Name <address>", TEXT, 0, AT(git_commit_author), 0, 0 },
	{ "git_commit_message", "Committed using Peerage", "What commits end with, after what they change", TEXT, 0, AT(git_commit_message), 0, 0 },
	{ "email_from", "", "Address that mail is sent from", TEXT, 0, AT(email_from), 0, 0 },
	{ "email_server", "smtp://127.0.0.1:25", "Server that takes mail: smtp://host:port, or smtps://host:port for TLS from the start", TEXT, SECRET, AT(email_server), 0, 0 },
	{ "email_user", "", "Name to sign in to it with; empty: not at all", TEXT, 0, AT(email_user), 0, 0 },
	{ "email_password", "", "Password to sign in to it with", TEXT, SECRET, AT(email_password), 0, 0 },
	{ "email_tls", "try", "STARTTLS with it: try, always or never", TEXT, 0, AT(email_tls), 0, 0 },
	{ "email_ca_file", "", "Certificates to check it against, if not the system's", TEXT, 0, AT(email_ca_file), 0, 0 },
	{ "email_cc", "", "Addresses that every mail is copied to, separated by commas", TEXT, 0, AT(email_cc), 0, 0 },
	{ "email_rate", "30", "Mails a minute; 0: as many as the server takes", NUMBER, 0, AT(email_rate), 0, 100000 },
	{ "email_tries", "5", "Tries before a mail is given up: the second after a minute, each later one after twice as long", NUMBER, 0, AT(email_tries), 1, 50 },
};

static bool put(const struct setting *s, struct conf *c, const char *value, struct err *e) {
	char *at = (char *)c + s->at, *end;
	long long n;

	if (s->kind == TEXT) {
		memcpy(at, &value, sizeof(value));
		return true;
	}
	if (s->kind == NUMBER) {
		errno = 0;
		n = strtoll(value, &end, 10);
		if (errno != 0 || end == value || *end != '\0' || n < s->min || n > s->max)
			return err_set(e, ERR_INVALID, s->name, "setting %s: \"%s\" is not a number from %lld to %lld", s->name, value,
			    (long long)s->min, (long long)s->max);
		memcpy(at, &(int64_t){ n }, sizeof(int64_t));
		return true;
	}
	if (strcasecmp(value, "yes") == 0 || strcasecmp(value, "true") == 0 || strcmp(value, "1") == 0 || strcasecmp(value, "on") == 0)
		memcpy(at, &(bool){ true }, sizeof(bool));
	else if (strcasecmp(value, "no") == 0 || strcasecmp(value, "false") == 0 || strcmp(value, "0") == 0 || strcasecmp(value, "off") == 0)
		memcpy(at, &(bool){ false }, sizeof(bool));
	else
		return err_set(e, ERR_INVALID, s->name, "setting %s: \"%s\" is neither yes nor no", s->name, value);
	return true;
}

static const struct setting *find(const char *name, size_t len) {
	size_t i;

	for (i = 0; i < ARRAY_LEN(settings); i++) {
		if (strlen(settings[i].name) == len && memcmp(settings[i].name, name, len) == 0)
			return &settings[i];
	}
	return NULL;
}

static char *trim(char *s) {
	size_t n;

	while (isspace((unsigned char)*s))
		s++;
	for (n = strlen(s); n > 0 && isspace((unsigned char)s[n - 1]); n--)
		s[n - 1] = '\0';
	return s;
}

/* `name = value`, `name = "value with blanks at its ends"`, `# comment`. */
static bool take_line(struct arena *a, char *line, struct conf *c, struct err *e) {
	const struct setting *s;
	char *name = trim(line), *value;

	if (*name == '\0' || *name == '#')
		return true;
	value = strchr(name, '=');
	if (value == NULL)
		return err_set(e, ERR_INVALID, NULL, "\"%s\" is not of the form name = value", name);
	*value++ = '\0';
	name = trim(name);
	value = trim(value);
	if (value[0] == '"' && strlen(value) > 1 && value[strlen(value) - 1] == '"') {
		value[strlen(value) - 1] = '\0';
		value++;
	}
	s = find(name, strlen(name));
	if (s == NULL)
		return err_set(e, ERR_INVALID, NULL, "there is no setting \"%s\"; `peerage check` lists them", name);
	return put(s, c, arena_strdup(a, value), e);
}

static void close_file(void *f) {
	fclose(f);
}

static bool read_file(struct arena *a, const char *path, struct conf *c, struct err *e) {
	FILE *f = fopen(path, "r");
	char line[4096];
	struct err why;
	unsigned n;

	if (f == NULL)
		return err_set(e, ERR_INVALID, NULL, "%s: %s", path, strerror(errno));
	arena_defer(a, close_file, f);
	for (n = 1; fgets(line, sizeof(line), f) != NULL; n++) {
		if (!take_line(a, line, c, &why))
			return err_set(e, ERR_INVALID, why.field, "%s line %u: %s", path, n, why.msg);
	}
	return true;
}

static const char *env_name(struct arena *a, const struct setting *s) {
	char *name = arena_printf(a, "PEERAGE_%s", s->name), *p;

	for (p = name; *p != '\0'; p++)
		*p = (char)toupper((unsigned char)*p);
	return name;
}

bool conf_load(struct arena *a, const char *path, struct conf *c, struct err *e) {
	static const char usual[] = PEERAGE_SYSCONFDIR "/peerage.conf";
	const char *value;
	FILE *f;
	size_t i;

	memset(c, 0, sizeof(*c));
	for (i = 0; i < ARRAY_LEN(settings); i++) {
		if (!put(&settings[i], c, settings[i].def, e))
			return false;
	}
	if (path == NULL)
		path = getenv("PEERAGE_CONF");
	if (path == NULL && (f = fopen(usual, "r")) != NULL) {
		fclose(f);
		path = usual;
	}
	if (path != NULL && !read_file(a, path, c, e))
		return false;
	for (i = 0; i < ARRAY_LEN(settings); i++) {
		value = getenv(env_name(a, &settings[i]));
		if (value != NULL && !put(&settings[i], c, arena_strdup(a, value), e))
			return false;
	}
	return true;
}

struct list *conf_describe(struct arena *a, const struct conf *c) {
	struct list *l = list_new(a, ARRAY_LEN(settings));
	size_t i;

	for (i = 0; i < ARRAY_LEN(settings); i++) {
		const struct setting *s = &settings[i];
		const char *at = (const char *)c + s->at;
		struct map *m = map_new(a, 4);
		struct val v = val_null();

		if (s->kind == TEXT) {
			const char *text;

			memcpy(&text, at, sizeof(text));
			v = (s->flags & SECRET) != 0 && *text != '\0' && strcmp(text, s->def) != 0 ? val_str("(set)") : val_str(text);
		} else if (s->kind == NUMBER) {
			memcpy(&v.u.i, at, sizeof(int64_t));
			v.type = V_INT;
		} else {
			v = val_bool(*(const bool *)at);
		}
		map_set(m, "name", val_str(s->name));
		map_set(m, "value", v);
		map_set(m, "default", val_str(s->def));
		map_set(m, "help", val_str(s->help));
		list_push(l, val_map(m));
	}
	return l;
}
