/* openapi.h: the API described for programs (OpenAPI 3.1), written from the tables and the routes; nothing of it is typed. */
#ifndef PEERAGE_OPENAPI_H
#define PEERAGE_OPENAPI_H

#include "base/yaml.h"
#include "web/web.h"

/* The whole document for these families (ended by NULL). */
struct val openapi_document(struct arena *, const struct handler *const *);

#endif
