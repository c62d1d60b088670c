/* test_tables.c: the resource tables agree with themselves: every path leads somewhere, every name is told apart. */
#include "config.h"

#include <criterion/criterion.h>

#include "model/tables/tables.h"

static const struct field *field_of(const struct resource *r, const char *name, size_t len) {
	for (size_t i = 0; i < r->nfields; i++)
		if (strlen(r->fields[i].name) == len && memcmp(r->fields[i].name, name, len) == 0)
			return &r->fields[i];
	return NULL;
}

/* The field that a path ends in; NULL when it leads nowhere. "id" ends in itself: *is_id. */
static const struct field *walk(const struct resource *r, const char *path, size_t len, bool *is_id) {
	const struct field *f = NULL;

	*is_id = false;
	while (len > 0) {
		const char *dot = memchr(path, '.', len);
		size_t step = dot == NULL ? len : (size_t)(dot - path);

		if (step == 2 && memcmp(path, "id", 2) == 0) {
			*is_id = true;
			return NULL;
		}
		if ((f = field_of(r, path, step)) == NULL)
			return NULL;
		if (dot == NULL)
			return f;
		if (f->type != F_REF && f->type != F_REFS)
			return NULL;
		r = f->ref;
		path += step + 1;
		len -= step + 1;
	}
	return f;
}

static bool leads(const struct resource *r, const char *path, size_t len) {
	bool is_id;

	return walk(r, path, len, &is_id) != NULL || is_id;
}

/* Every word of a comma list, without blanks and a sign before it, must lead somewhere. */
static void check_list(const struct resource *r, const char *what, const char *list) {
	for (const char *p = list; p != NULL && *p != '\0';) {
		size_t n = strspn(p, " ,;-");

		p += n;
		n = strcspn(p, ",;");
		if (n > 0)
			cr_expect(leads(r, p, n), "%s: %s names %.*s", r->table, what, (int)n, p);
		p += n;
	}
}

Test(tables, names_are_told_apart) {
	for (size_t i = 0; all_resources[i] != NULL; i++) {
		const struct resource *r = all_resources[i];

		cr_assert(r->name && r->plural && r->table && r->app && r->model && r->class_name && r->api && r->page && r->command &&
		    r->display && r->order, "%s lacks a name", r->table);
		for (size_t j = i + 1; all_resources[j] != NULL; j++) {
			const struct resource *o = all_resources[j];

			cr_expect_str_neq(r->table, o->table);
			cr_expect_str_neq(r->api, o->api);
			cr_expect_str_neq(r->page, o->page);
			cr_expect_str_neq(r->command, o->command);
			cr_expect(strcmp(r->app, o->app) != 0 || strcmp(r->model, o->model) != 0, "%s and %s", r->table, o->table);
		}
	}
}

static void check_reference(const struct resource *r, const struct field *f) {
	bool counts = f->type == F_COUNT && f->link == NULL, refers = f->type == F_REF || f->type == F_REFS;
	bool links = f->type == F_REFS || f->type == F_OBJTYPES || f->type == F_IN || (f->type == F_COUNT && !counts);
	bool via = f->type == F_COUNT || f->type == F_PATH || f->type == F_OBJECT || f->type == F_FUNC || (f->flags & FF_PREDICATE) != 0;

	cr_expect_eq(f->ref != NULL, counts || refers, "%s.%s: ref", r->table, f->name);
	cr_expect_eq(f->link != NULL, links, "%s.%s: link", r->table, f->name);
	cr_expect_eq(f->via != NULL, via, "%s.%s: via", r->table, f->name);
	if (counts) {
		bool is_id;
		const struct field *back = walk(f->ref, f->via, strlen(f->via), &is_id);

		cr_expect(back != NULL && back->ref == r, "%s.%s: %s.%s does not point here", r->table, f->name, f->ref->table, f->via);
	}
	if (f->type == F_PATH || f->type == F_OBJECT)
		cr_expect(leads(r, f->via, strlen(f->via)), "%s.%s: via %s", r->table, f->name, f->via);
	if (f->type == F_REF && f->on_delete == DEL_SET_NULL)
		cr_expect(f->flags & FF_NULL, "%s.%s is emptied but may not be null", r->table, f->name);
}

static void check_field(const struct resource *r, const struct field *f) {
	bool known = f->def == NULL || f->choices == NULL || f->type == F_COLOR || *f->def == '\0';
	bool made = f->type >= F_COUNT || f->type == F_OBJECT;

	cr_expect_str_neq(f->name, "id", "%s", r->table);
	cr_expect(f->min <= f->max, "%s.%s: range", r->table, f->name);
	cr_expect_eq(f->choices != NULL, f->type == F_ENUM || f->type == F_COLOR, "%s.%s: choices", r->table, f->name);
	for (const struct choice *c = f->choices; c != NULL && c->value != NULL; c++) {
		known = known || strcmp(c->value, f->def) == 0;
		cr_expect(c->label != NULL, "%s.%s: %s has no label", r->table, f->name, c->value);
	}
	cr_expect(known, "%s.%s: default %s is not a choice", r->table, f->name, f->def);
	cr_expect((f->flags & (FF_REQUIRED | FF_READONLY)) != (FF_REQUIRED | FF_READONLY), "%s.%s", r->table, f->name);
	if (made)
		cr_expect(f->flags & FF_READONLY, "%s.%s is made, so never taken", r->table, f->name);
	if (f->type == F_SECRET || f->type == F_PASSWORD)
		cr_expect(!(f->flags & (FF_LIST | FF_SEARCH | FF_FILTER)) && (f->flags & FF_NOCOLUMN), "%s.%s is a secret", r->table, f->name);
	if (r->flags & RF_READONLY)
		cr_expect(f->flags & FF_READONLY, "%s.%s: nobody writes it", r->table, f->name);
}

Test(tables, fields) {
	for (size_t i = 0; all_resources[i] != NULL; i++) {
		const struct resource *r = all_resources[i];

		for (size_t j = 0; j < r->nfields; j++) {
			const struct field *f = &r->fields[j];

			check_field(r, f);
			check_reference(r, f);
			for (size_t k = j + 1; k < r->nfields; k++)
				cr_expect_str_neq(f->name, r->fields[k].name, "%s has two %s", r->table, f->name);
		}
		cr_expect_eq((r->flags & RF_CONTEXTS) != 0, field_of(r, "config_context", 14) != NULL && r != &res_config_context_assignment,
		    "%s: contexts", r->table);
	}
}

/* Pieces in braces are paths, with an ending that says how to print them. */
static void check_display(const struct resource *r) {
	static const char *const endings[] = { ".label", ".lower", ".title", ".minute" };
	size_t n = 0;

	for (const char *p = strchr(r->display, '{'); p != NULL; p = strchr(p, '{'), n++) {
		size_t len = strcspn(++p, "}");

		for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
			size_t e = strlen(endings[i]);

			if (len > e && memcmp(p + len - e, endings[i], e) == 0) {
				len -= e;
				break;
			}
		}
		cr_expect(leads(r, p, len), "%s: display names %.*s", r->table, (int)len, p);
	}
	cr_expect(n > 0, "%s: all would look alike", r->table);
}

Test(tables, paths_lead_somewhere) {
	for (size_t i = 0; all_resources[i] != NULL; i++) {
		const struct resource *r = all_resources[i];

		check_display(r);
		check_list(r, "order", r->order);
		check_list(r, "search", r->search);
		check_list(r, "nested", r->nested);
		check_list(r, "unique", r->unique);
		for (size_t j = 0; j < r->nfilters; j++) {
			const struct filter *f = &r->filters[j];

			if (f->kind != FILTER_TAGGED && f->kind != FILTER_TAGGED_ID && f->kind != FILTER_REQUEST)
				cr_expect(leads(r, f->path, strlen(f->path)), "%s: filter %s: %s", r->table, f->name, f->path);
			for (size_t k = j + 1; k < r->nfilters; k++)
				cr_expect_str_neq(f->name, r->filters[k].name, "%s", r->table);
		}
		for (size_t j = 0; j < r->nchildren; j++) {
			const struct child *c = &r->children[j];
			bool is_id;
			const struct field *f = walk(c->res, c->via, strlen(c->via), &is_id);

			cr_expect(f != NULL && f->ref == r, "%s: child %s: %s does not point here", r->table, c->slug, c->via);
		}
	}
}

/* Which form card names the field? Cards are "Title: a, b; Title: c". */
static bool in_form(const struct resource *r, const char *name) {
	size_t len = strlen(name);

	for (const char *p = strstr(r->form, name); p != NULL; p = strstr(p + 1, name))
		if (p > r->form && strchr(" ", p[-1]) != NULL && strchr(",;", p[len]) != NULL)
			return true;
	return false;
}

Test(tables, forms_have_what_can_be_written) {
	for (size_t i = 0; all_resources[i] != NULL; i++) {
		const struct resource *r = all_resources[i];

		/* of what is only read it is the cards of its page, for those who have more than one */
		bool read_only = (r->flags & RF_READONLY) != 0;

		cr_expect(r->form != NULL || read_only, "%s: form", r->table);
		if (r->form == NULL || r == &res_auth_token)
			continue;
		for (size_t j = 0; j < r->nfields; j++) {
			const struct field *f = &r->fields[j];
			bool writable = !(f->flags & (FF_READONLY | FF_NOFORM));

			cr_expect(read_only || in_form(r, f->name) == writable, "%s: form and %s", r->table, f->name);
		}
		for (const char *p = r->form; p != NULL; p = strchr(p, ';')) {
			p = strchr(p, ':');
			cr_assert(p != NULL, "%s: a card without a title", r->table);
			p++;
			char card[512];
			size_t n = strcspn(p, ";");

			cr_assert_lt(n, sizeof card);
			memcpy(card, p, n);
			card[n] = '\0';
			check_list(r, "form", card);
		}
	}
}

Test(tables, head_and_nested_are_keys_of_the_api) {
	for (size_t i = 0; all_resources[i] != NULL; i++) {
		const struct resource *r = all_resources[i];

		for (const char *p = r->head; p != NULL && *p != '\0'; p += strcspn(p, ", "), p += strspn(p, ", ")) {
			size_t n = strcspn(p, ",");

			cr_expect((n == 2 && memcmp(p, "id", n) == 0) || (n == 3 && memcmp(p, "url", n) == 0) ||
			    (n == 7 && memcmp(p, "display", n) == 0) || (n == 11 && memcmp(p, "display_url", n) == 0), "%s: head %s", r->table, p);
		}
		for (const char *p = r->nested; p != NULL && *p != '\0'; p += strcspn(p, ", "), p += strspn(p, ", ")) {
			const struct field *f = field_of(r, p, strcspn(p, ","));

			cr_expect(f != NULL && (!(f->flags & FF_NOAPI) || (r->flags & RF_NOAPI)), "%s: nested %s", r->table, p);
		}
	}
}
