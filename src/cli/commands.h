/* commands.h: the functions of the table in main.c, alphabetical. */
#ifndef PEERAGE_CLI_COMMANDS_H
#define PEERAGE_CLI_COMMANDS_H

#include "cli/cli.h"

int cmd_action(struct cli *);
int cmd_add(struct cli *);
int cmd_apply(struct cli *);
int cmd_check(struct cli *);
int cmd_deploy(struct cli *);
int cmd_euro_ix(struct cli *);
int cmd_export(struct cli *);
int cmd_import(struct cli *);
int cmd_import_file(struct cli *);
int cmd_irr_load(struct cli *);
int cmd_ix_api(struct cli *);
int cmd_jobs(struct cli *);
int cmd_list(struct cli *);
int cmd_load(struct cli *);
int cmd_migrate(struct cli *);
int cmd_peeringdb(struct cli *);
int cmd_poll(struct cli *);
int cmd_reindex(struct cli *);
int cmd_remove(struct cli *);
int cmd_render(struct cli *);
int cmd_router(struct cli *);
int cmd_schedule(struct cli *);
int cmd_schema(struct cli *);
int cmd_set(struct cli *);
int cmd_show(struct cli *);
int cmd_template(struct cli *);
int cmd_token(struct cli *);
int cmd_user(struct cli *);
int cmd_webhooks(struct cli *);

/* What the profile peering-manager adds to the engine's options. */
struct tmpl_options;
void template_profile(struct tmpl_options *);

#endif
