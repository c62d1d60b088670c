/* profile.c: what templates of configurations can use beyond Jinja2, for `peerage template --peering-manager`. */
#include "config.h"

#include "cli/commands.h"
#include "peering/peering.h"
#include "template/template.h"

void template_profile(struct tmpl_options *o) {
	o->filters = peering_filters;
	o->globals = peering_globals;
	o->include_tags = peering_include_tags;
	o->sandboxed = o->item_attributes = true;
}
