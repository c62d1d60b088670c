/*
 * test_resources.c: every resource that can be written, from its table alone: made with no more than it requires, each field set to
 * the ends of its range, to every choice, to nothing, and to what no client should send. Whatever comes, it is stored and read
 * back as it was, or refused with a reason.
 */
#include "config.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "base/json.h"
#include "book.h"
#include "model/types.h"
#include "pg.h"

ReportHook(PRE_ALL)(struct criterion_test_set *tests) {
	(void)tests;
	pg_start();
}

static struct book b;

static void setup(void) {
	book_open(&b);
}

static void teardown(void) {
	book_close(&b);
}

TestSuite(resources, .init = setup, .fini = teardown, .timeout = 240);

static int64_t make(const struct resource *res, unsigned depth);

/* A value that the field surely takes; n makes it another one each time. */
static struct val some(const struct field *f, unsigned depth) {
	static unsigned n;
	struct list *l = list_new(b.a, 1);

	n++;
	switch (f->type) {
	case F_BOOL: return val_bool(true);
	case F_INT: return val_int(f->min > 0 ? f->min : 1);
	case F_FLOAT: return val_float(1.5);
	case F_ASN: return val_int(64512 + n);
	case F_SLUG: return val_printf(b.a, "s%u", n);
	case F_EMAIL: return val_printf(b.a, "m%u@example.net", n);
	case F_URL: return val_printf(b.a, "https://x%u.example.net/", n);
	case F_COLOR: return val_str("9e9e9e");
	case F_ENUM: return val_str(f->choices->value);
	case F_INET: return val_printf(b.a, "2001:db8::%x", n);
	case F_IFACE: return f->min == 4 ? val_printf(b.a, "198.51.100.%u/24", n % 250 + 1) : val_printf(b.a, "2001:db8::%x/64", n);
	case F_CIDR: return val_str("2001:db8::/32");
	case F_MAC: return val_printf(b.a, "02:00:00:00:%02x:%02x", n / 256 % 256, n % 256);
	case F_TIME: return val_str("2026-01-02T03:04:05Z");
	case F_DATE: return val_str("2026-01-02");
	case F_UUID: return val_str("2d2a2dd2-08c1-4a3a-9d4a-1d2a2dd208c1");
	case F_JSON: return val_map(map_new(b.a, 0));
	case F_REF: return val_int(make(f->ref, depth + 1));
	case F_REFS: list_push(l, val_int(make(f->ref, depth + 1))); return val_list(l);
	case F_OBJTYPE: return val_str("peering.autonomoussystem");
	case F_OBJTYPES: list_push(l, val_str("peering.autonomoussystem")); return val_list(l);
	case F_ASNS: list_push(l, val_int(64512)); return val_list(l);
	case F_CIDRS: list_push(l, val_str("192.0.2.0/24")); return val_list(l);
	case F_TEXTS: list_push(l, val_str("view")); return val_list(l);
	case F_ID: case F_TEXT: case F_LONGTEXT: case F_SECRET: case F_PASSWORD: case F_TAGS: case F_OBJECT: case F_COUNT: case F_PATH: case F_DISPLAY:
	case F_IN: case F_FUNC: case F_COMPUTED: case F__COUNT: break;
	}
	return val_printf(b.a, "t%u", n);
}

/* What a table cannot say: a webhook is for some event; communities have a form. */
static struct val special(const struct resource *res, const struct field *f) {
	if (strcmp(res->table, "webhook") == 0 && strcmp(f->name, "type_create") == 0)
		return val_bool(true);
	if (strcmp(res->table, "community") == 0 && strcmp(f->name, "value") == 0)
		return val_str("64500:1");
	return val_undef();
}

static struct map *least(const struct resource *res, unsigned depth) {
	struct map *m = map_new(b.a, 8);

	for (size_t i = 0; i < res->nfields; i++) {
		const struct field *f = &res->fields[i];
		struct val v = special(res, f);

		if (v.type == V_UNDEF && i > 0 && f->type == F_INT && res->fields[i - 1].type == F_OBJTYPE && (f->flags & FF_REQUIRED) != 0)
			v = val_int(make(res_by_model("peering.autonomoussystem"), depth + 1));
		if (v.type == V_UNDEF && (f->flags & FF_REQUIRED) != 0 && (f->flags & FF_READONLY) == 0)
			v = some(f, depth);
		if (v.type != V_UNDEF)
			map_set(m, f->name, v);
	}
	return m;
}

static bool writable(const struct resource *res) {
	return (res->flags & RF_READONLY) == 0 && strncmp(res->table, "peeringdb_", 10) != 0 &&
	    strcmp(res->table, "auth_token") != 0;          /* its key is made where it is shown */
}

static const char *said(bool ok) {
	struct sbuf s;

	sb_init(&s, b.a);
	if (ok)
		return "";
	json_write(&s, b.problems.fields == NULL ? val_str(b.e.msg) : val_map(b.problems.fields));
	return s.s;
}

static bool create(const struct resource *res, const struct map *m, struct row **row) {
	bool ok;

	b.problems.fields = NULL;
	b.e.code = ERR_NONE;
	cr_assert(db_begin(b.db, DB_WRITE, &b.e));
	ok = store_create(&b.s, res, m, row, &b.problems, &b.e);
	return ok && db_commit(b.db, &b.e) ? true : (db_rollback(b.db), false);
}

static bool patch(const struct resource *res, int64_t id, const struct map *m, struct row **row) {
	bool ok;

	b.problems.fields = NULL;
	b.e.code = ERR_NONE;
	cr_assert(db_begin(b.db, DB_WRITE, &b.e));
	ok = store_update(&b.s, res, id, m, WRITE_PATCH, row, &b.problems, &b.e);
	return ok && db_commit(b.db, &b.e) ? true : (db_rollback(b.db), false);
}

static int64_t make(const struct resource *res, unsigned depth) {
	struct row *row;

	if (strncmp(res->table, "peeringdb_", 10) == 0)
		return 1;
	cr_assert(depth < 6, "%s needs itself", res->table);
	cr_assert(create(res, least(res, depth), &row), "%s: %s", res->table, said(false));
	return row->id;
}

/* PeeringDB's rows are not made by clients; one of each will do. */
static void peeringdb(void) {
	cr_assert(db_script(b.db, "INSERT INTO peeringdb_organization (id, name) VALUES (1, 'o');"
	    "INSERT INTO peeringdb_internet_exchange (id, org_id, name) VALUES (1, 1, 'x');"
	    "INSERT INTO peeringdb_ixlan (id, ix_id) VALUES (1, 1);"
	    "INSERT INTO peeringdb_network (id, org_id, asn, name) VALUES (1, 1, 64496, 'n');"
	    "INSERT INTO peeringdb_network_ixlan (id, net_id, ixlan_id, asn, speed) VALUES (1, 1, 1, 64496, 1)", &b.e), "%s", b.e.msg);
}

Test(resources, each_is_made_read_changed_and_deleted) {
	peeringdb();
	for (size_t r = 0; all_resources[r] != NULL; r++) {
		const struct resource *res = all_resources[r];
		struct row *row, *again;

		if (!writable(res))
			continue;
		if (!create(res, least(res, 0), &row)) {
			cr_expect(false, "%s: %s", res->table, said(false));
			continue;
		}
		cr_expect(store_get(&b.s, res, row->id, "view", &again, &b.e), "%s: %s", res->table, b.e.msg);
		cr_expect(patch(res, row->id, map_new(b.a, 0), &again), "%s: %s", res->table, said(false));
		cr_assert(db_begin(b.db, DB_WRITE, &b.e));
		cr_expect(store_delete(&b.s, res, row->id, &b.e), "%s: %s", res->table, b.e.msg);
		cr_expect(db_commit(b.db, &b.e), "%s: %s", res->table, b.e.msg);
	}
}

/* Set, read back, compare as JSON. */
static void holds(const struct resource *res, int64_t id, const struct field *f, struct val v, struct val want) {
	struct map *m = map_new(b.a, 1);
	struct row *row;
	struct val got;
	struct sbuf x, y;

	map_set(m, f->name, v);
	if (!patch(res, id, m, &row)) {
		cr_expect(false, "%s.%s: %s", res->table, f->name, said(false));
		return;
	}
	if (f->type == F_PASSWORD || (f->type == F_SECRET && (f->flags & FF_CLEAR) == 0))
		return;
	got = row_get(row, f->name);
	sb_init(&x, b.a);
	sb_init(&y, b.a);
	json_write(&x, got);
	json_write(&y, want);
	cr_expect_str_eq(x.s, y.s, "%s.%s: got %s want %s", res->table, f->name, x.s, y.s);
}

static struct val letters(int64_t n) {
	struct sbuf s;

	sb_init(&s, b.a);
	for (int64_t i = 0; i < n; i++)
		sb_chr(&s, 'a');
	return val_mem(s.s, s.len);
}

static bool apart(const struct resource *res, const struct field *f) {
	return (res->unique != NULL && strstr(res->unique, f->name) != NULL) || strcmp(res->table, "webhook") == 0 || strcmp(f->name, "is_superuser") == 0;
}

static void ends_of(const struct resource *res, int64_t id, const struct field *f) {
	const struct type_info *t = type_info(f->type);
	int64_t min = f->min != 0 || f->max != 0 ? f->min : t->min, max = f->min != 0 || f->max != 0 ? f->max : t->max;

	if ((f->flags & FF_NULL) != 0 && f->type != F_REFS && f->type != F_TAGS)
		holds(res, id, f, val_null(), val_null());
	switch (f->type) {
	case F_BOOL:
		holds(res, id, f, val_bool(true), val_bool(true));
		holds(res, id, f, val_str("false"), val_bool(false));
		break;
	case F_INT:
	case F_ASN:
		holds(res, id, f, val_int(min), val_int(min));
		holds(res, id, f, val_printf(b.a, "%lld", (long long)max), val_int(max));
		break;
	case F_TEXT:
	case F_SLUG:
	case F_SECRET:
		if (max > 0 && strcmp(f->name, "value") != 0)
			holds(res, id, f, letters(max), letters(max));
		if ((f->flags & FF_REQUIRED) == 0 && f->type == F_TEXT && (f->def == NULL || f->def[0] == '\0'))
			holds(res, id, f, val_str("  "), val_str(""));
		break;
	case F_LONGTEXT:
		holds(res, id, f, val_str(" a\nb\xE2\x82\xAC\n"), val_str(" a\nb\xE2\x82\xAC\n"));
		break;
	case F_ENUM:
		for (const struct choice *c = f->choices; c->value != NULL; c++) {
			bool number = c->value[0] >= '0' && c->value[0] <= '9' && strlen(c->value) < 6;

			holds(res, id, f, val_str(c->value), number ? val_int(c->value[0] - '0') : val_str(c->value));
		}
		break;
	case F_JSON:
		holds(res, id, f, val_map(map_new(b.a, 0)), val_map(map_new(b.a, 0)));
		break;
	case F_INET: holds(res, id, f, val_str("192.0.2.77/24"), val_str("192.0.2.77")); break;
	case F_MAC: holds(res, id, f, val_str("001B.7749.54FD"), val_str("00:1b:77:49:54:fd")); break;
	case F_ID: case F_FLOAT: case F_EMAIL: case F_URL: case F_COLOR: case F_IFACE: case F_CIDR: case F_TIME: case F_DATE: case F_UUID: case F_PASSWORD:
	case F_REF: case F_REFS: case F_TAGS: case F_OBJTYPE: case F_OBJTYPES: case F_OBJECT: case F_ASNS: case F_CIDRS: case F_TEXTS: case F_COUNT:
	case F_PATH: case F_DISPLAY: case F_IN: case F_FUNC: case F_COMPUTED: case F__COUNT: break;
	}
}

Test(resources, each_field_takes_the_ends_of_its_range) {
	peeringdb();
	for (size_t r = 0; all_resources[r] != NULL; r++) {
		const struct resource *res = all_resources[r];
		int64_t id;

		if (!writable(res))
			continue;
		id = make(res, 0);
		for (size_t i = 0; i < res->nfields; i++) {
			const struct field *f = &res->fields[i];
			bool object = i > 0 && f->type == F_INT && res->fields[i - 1].type == F_OBJTYPE;

			if ((f->flags & FF_READONLY) == 0 && !apart(res, f) && !object)
				ends_of(res, id, f);
		}
	}
}

Test(resources, no_value_of_a_field_is_our_fault) {
	static const char *const values[] = { "null", "true", "-1", "0", "1", "65536", "9999999999", "9223372036854775807", "1e308", "0.5", "\"\"", "\" \"", "\"x\"",
		"\"a\\u0000b\"", "\"\\ufffd\\ud83d\\ude00\"", "\"'; DROP TABLE tag; --\"", "\"2026-99-99\"", "\"192.0.2.1/33\"", "\"::1\"", "[]", "[null]", "[[]]", "[1, 1]",
		"[\"a\\u0000b\"]", "[-1]", "[{\"nope\": 1}]", "{}", "{\"id\": 1}", "{\"id\": \"x\"}", "{\"name\": [1]}", "{\"name\": \"a\\u0000b\"}", "{\"value\": null}",
		"{\"id\": 99999999999999999999}", "\"peering.autonomoussystem\"", "\"infinity\"", "\"NaN\"", "{\"a\": {\"b\": {\"c\": \"\\u0000\"}}}" };

	peeringdb();
	for (size_t r = 0; all_resources[r] != NULL; r++) {
		const struct resource *res = all_resources[r];
		int64_t id;

		if (!writable(res))
			continue;
		id = make(res, 0);
		for (size_t i = 0; i < res->nfields; i++) {
			for (size_t k = 0; k <= ARRAY_LEN(values); k++) {
				struct map *m = map_new(b.a, 1);
				struct row *row;
				struct val v = letters(70000);

				if (k < ARRAY_LEN(values) && !json_parse(b.a, values[k], strlen(values[k]), 32, &v, &b.e))
					continue;
				map_set(m, res->fields[i].name, v);
				if (!patch(res, id, m, &row))
					cr_expect(b.e.code == ERR_INVALID && problems_any(&b.problems), "%s.%s = %s: %s (%s)", res->table, res->fields[i].name,
					    k < ARRAY_LEN(values) ? values[k] : "70,000 letters", b.e.msg, err_slug(b.e.code));
			}
		}
	}
}
