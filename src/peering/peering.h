/*
 * peering.h: what other layers take from this one: the tables of template filters, the rules of the resources.
 */
#ifndef PEERAGE_PEERING_H
#define PEERAGE_PEERING_H

#include "model/behaviour.h"
#include "template/template.h"

/* For tmpl_options: the 52 filters, now(), and the tags include_configuration, include_email, include_exporttemplate. The filters work on
 * plain values as well as on the objects of a render. */
extern const struct tmpl_def *const peering_filters[];
extern const struct tmpl_def *const peering_globals[];
extern const struct tmpl_include_tag peering_include_tags[];

/* What a template's functions know of the world (tmpl_host()); may be NULL. */
struct render_host {
	const char *time_zone;
};

/* Rules and computed attributes of the resources; ended by NULL. */
extern const struct behaviour *const peering_behaviours[];
extern const struct behaviour webhook_behaviour;

#endif
