/* data_files.h: what follows a file of a data source: templates, e-mails, export templates, config contexts. */
#ifndef PEERAGE_DATA_FILES_H
#define PEERAGE_DATA_FILES_H

#include "model/behaviour.h"

extern const struct behaviour follows_configuration, follows_email, follows_export_template, follows_config_context, data_source_behaviour;

/* A path below the root of a source: relative, without "." and "..", nothing of git's own. ERR_INVALID says what would be right. */
bool data_path_check(const char *path, struct err *);

/* The types that follow files, ended by NULL. */
extern const struct resource *const data_followers[];

#endif
