/* main.c: the table of subcommands, and --help that follows from it. */
#include "config.h"

#include <stdio.h>

#include "base/log.h"
#include "cli/commands.h"

static const struct command commands[] = {
	{ "action", "RESOURCE NAME [WHICH] [FIELD=VALUE ...]", "what may be done with an object beyond changing it", cmd_action },
	{ "add", "RESOURCE FIELD=VALUE ...", "make an object", cmd_add },
	{ "apply", "FILE [--dry-run] [--prune]", "make the book what a file says", cmd_apply },
	{ "check", "", "settings, database, migrations, statements", cmd_check },
	{ "deploy", "plan|show|approve|run|stop ...", "changes of routers", cmd_deploy },
	{ "euro-ix", "fetch|compare EXCHANGE", "member exports of exchanges", cmd_euro_ix },
	{ "export", "[RESOURCE ...] [--format yaml|json|csv]", "write the book as a file", cmd_export },
	{ "import", "RESOURCE FILE [--dry-run] [--map NAME=FIELD ...]", "objects of one kind from a table or list", cmd_import_file },
	{ "import-peering-manager", "[--dry-run] CONNINFO", "copy a Peering Manager database into this one", cmd_import },
	{ "irr-load", "FILE", "take prefixes and AS lists from a file", cmd_irr_load },
	{ "ix-api", "read|show|change WHICH", "exchanges' IX-APIs", cmd_ix_api },
	{ "jobs", "list|show|log|run|cancel|retry|kinds", "jobs: what ran, what runs, run one", cmd_jobs },
	{ "list", "[RESOURCE [FILTER=VALUE ...]]", "objects, or the kinds of object", cmd_list },
	{ "load", "DIRECTORY|FILE ...", "load a book of objects", cmd_load },
	{ "migrate", "[--status]", "bring the database's schema forward", cmd_migrate },
	{ "peeringdb", "sync|load|changes ...", "the cache of PeeringDB", cmd_peeringdb },
	{ "poll", "[--wait SECONDS] ROUTER...|--all", "ask routers how their sessions are", cmd_poll },
	{ "reindex", "", "make the search index anew", cmd_reindex },
	{ "remove", "RESOURCE WHICH", "delete an object", cmd_remove },
	{ "render", "ROUTER... [--template FILE] [--output PATH]", "print the configuration of routers", cmd_render },
	{ "router", "trust|facts|neighbours|running|pending|confirm|rollback ROUTER", "speak with a router", cmd_router },
	{ "schedule", "list|run|enable|disable", "work that is done again and again", cmd_schedule },
	{ "schema", "sql-check|filters|objects|openapi", "check statements and tables; what templates can use; the API's document", cmd_schema },
	{ "set", "RESOURCE WHICH FIELD=VALUE ...", "change an object", cmd_set },
	{ "show", "RESOURCE WHICH", "one object", cmd_show },
	{ "template", "FILE [--data JSON] [OPTION ...] | --batch", "render a template over plain JSON", cmd_template },
	{ "token", "add|list|revoke ...", "keys for programs", cmd_token },
	{ "user", "add|passwd|list ...", "users", cmd_user },
	{ "webhooks", "listen [--port PORT] [--secret SECRET]", "a receiver to try webhooks with", cmd_webhooks },
	{ NULL, NULL, NULL, NULL },
};

static int usage(FILE *to, int status) {
	const struct command *c;

	fprintf(to, "usage: peerage [-c FILE] [--json] COMMAND [ARGUMENT ...]\n\n");
	for (c = commands; c->name != NULL; c++)
		fprintf(to, "  %-23s %-40s %s\n", c->name, c->args, c->help);
	return status;
}

int main(int argc, char **argv) {
	struct cli cli = { .a = arena_new_root() };
	const struct command *c;
	int i;

	log_init("peerage", LOG_LEVEL_WARNING);
	for (i = 1; i < argc && argv[i][0] == '-'; i++) {
		if (strcmp(argv[i], "-c") == 0 && i + 1 < argc)
			cli.conf_path = argv[++i];
		else if (strcmp(argv[i], "--json") == 0)
			cli.json = true;
		else if (strcmp(argv[i], "--version") == 0)
			return printf("%s\n", PACKAGE_STRING) > 0 ? 0 : 7;
		else
			return strcmp(argv[i], "--help") == 0 ? usage(stdout, 0) : usage(stderr, 2);
	}
	if (i == argc)
		return usage(stderr, 2);
	cli.argc = argc - i;
	cli.argv = argv + i;
	for (c = commands; c->name != NULL; c++) {
		if (strcmp(c->name, argv[i]) == 0)
			return c->fn(&cli);
	}
	fprintf(stderr, "peerage: there is no command \"%s\"; `peerage --help` lists them\n", argv[i]);
	return 2;
}
