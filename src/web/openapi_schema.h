/* openapi_schema.h: JSON Schema of a resource's forms, and its filters as parameters; for openapi.c. */
#ifndef PEERAGE_OPENAPI_SCHEMA_H
#define PEERAGE_OPENAPI_SCHEMA_H

#include "model/model.h"

void schema_common(struct arena *, struct map *schemas);
/* Adds Name, BriefName, NameRequest and PatchedNameRequest; returns Name. */
const char *schema_add(struct arena *, const struct resource *, struct map *schemas);
struct val schema_page(struct arena *, struct val item);
void schema_query(struct arena *, const struct resource *, struct list *params);

#endif
