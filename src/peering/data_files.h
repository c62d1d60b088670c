/* data_files.h: what follows a file of a data source: templates, e-mails, export templates, config contexts. */
#ifndef PEERAGE_DATA_FILES_H
#define PEERAGE_DATA_FILES_H

#include "model/behaviour.h"

extern const struct behaviour follows_configuration, follows_email, follows_export_template, follows_config_context, data_source_behaviour;

/* For behaviour.input: what old clients send as a member of a JSON field, and is a secret, becomes the field of its own that is sealed. */
void input_take_secret(struct store *, const struct map **input, const char *json, const char *member, const char *field);

/* A path below the root of a source: relative, without "." and "..", nothing of git's own. ERR_INVALID says what would be right. */
bool data_path_check(const char *path, struct err *);

/* The types that follow files, ended by NULL. */
extern const struct resource *const data_followers[];

#endif
