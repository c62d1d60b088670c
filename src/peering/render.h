/* render.h: from a template and the book to a text: router configurations, e-mails, exports. A failed render is an error, never a text. */
#ifndef PEERAGE_RENDER_H
#define PEERAGE_RENDER_H

#include "model/store.h"
#include "template/template.h"

struct render_report {
	uint64_t statements;            /* of SQL; does not depend on the number of rows */
	size_t sessions;                /* of the router */
	size_t bytes;
	unsigned milliseconds;          /* in all, and until the objects that every template has were in memory */
	unsigned load_milliseconds;
};

/* A template's text and how it treats blanks. */
struct render_source {
	const char *name, *text;
	bool trim, lstrip;
};

/*
 * Render the configuration of a router: with `text` as template, or with the one that is set for it when NULL (none set: an
 * empty text). Everything is read in one read-only transaction unless one is open. False with *te filled: ERR_NOT_FOUND when there
 * is no such router, ERR_TEMPLATE with place and cause when the template fails; *out then is as it was.
 */
bool render_router(struct store *, int64_t router_id, const char *text, struct sbuf *out, struct render_report *, struct tmpl_err *te);

/* Subject and body of an e-mail to an autonomous system: autonomous_system, affiliated_autonomous_systems. */
bool render_email(struct store *, int64_t as_id, const struct render_source *subject, const struct render_source *body, struct sbuf *subject_out,
    struct sbuf *body_out, struct tmpl_err *);

/* The same to a network that only PeeringDB knows: autonomous_systems is [ours, theirs]. */
bool render_network_email(struct store *, int64_t local_as_id, int64_t asn, const struct render_source *subject,
    const struct render_source *body, struct sbuf *subject_out, struct sbuf *body_out, struct tmpl_err *);

/* An export template over every object of its type ("peering.autonomoussystem"): dataset. */
bool render_export(struct store *, const char *app_model, const struct render_source *, struct sbuf *out, struct tmpl_err *);

/* A template over plain values, for what is sent to others: with a second to do it in. */
bool render_text(struct store *, const struct render_source *, struct map *context, struct sbuf *out, struct tmpl_err *);

/* What went wrong as an error in one line, "NAME line 3: ...". False. */
bool render_failed(const struct tmpl_err *, struct err *);

/* Only parse: what is wrong with a template as it is being written. */
bool render_check(struct store *, const struct render_source *, struct tmpl_err *);

/* The id of a router given by name or id; ERR_NOT_FOUND when there is none. */
bool render_find_router(struct store *, const char *name, int64_t *id, struct err *);

#endif
