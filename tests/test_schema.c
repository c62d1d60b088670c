/*
 * test_schema.c: the resource tables agree with the live schema: columns, types, NOT NULL, uniqueness, references with their delete rules,
 * choices, lengths; links, views and functions that they name. And the schema keeps its own rules.
 */
#include "config.h"

#include <criterion/criterion.h>

#include "model/tables/tables.h"
#include "pg.h"

ReportHook(PRE_ALL)(struct criterion_test_set *tests) {
	(void)tests;
	pg_start();
}

static struct arena *a;
static struct db *db;
static struct err e;

static void setup(void) {
	const char *name;

	a = arena_new_root();
	db = pg_fresh(a, &name);
}

static void teardown(void) {
	arena_free(a);
}

TestSuite(schema, .init = setup, .fini = teardown);

static struct result query(const char *sql, const char *p1, const char *p2) {
	struct result r;
	const struct val params[] = { val_str_or_null(p1), val_str_or_null(p2) };

	cr_assert(db_query(db, a, sql, params, p2 != NULL ? 2 : p1 != NULL ? 1 : 0, &r, &e), "%s: %s", sql, e.msg);
	return r;
}

static bool yes(const char *sql, const char *p1, const char *p2) {
	struct result r = query(sql, p1, p2);

	return r.n > 0;
}

/* No row is good; else each names what is wrong. */
static void none(const char *what, const char *sql) {
	struct result r = query(sql, NULL, NULL);

	for (size_t i = 0; i < r.n; i++)
		cr_expect_fail("%s: %s %s", what, val_cstr(result_at(&r, i, 0), ""), val_cstr(result_at(&r, i, 1), ""));
}

/* What each type of field may be in the database; NULL: it has no column. */
static const char *const column_types[F__COUNT] = {
	[F_ID] = "bigint", [F_BOOL] = "boolean", [F_INT] = "smallint integer bigint", [F_FLOAT] = "numeric(9,6)", [F_ASN] = "bigint",
	[F_TEXT] = "text", [F_LONGTEXT] = "text", [F_SLUG] = "text", [F_EMAIL] = "text", [F_URL] = "text", [F_COLOR] = "text",
	[F_ENUM] = "text smallint", [F_INET] = "inet", [F_IFACE] = "inet", [F_CIDR] = "cidr", [F_MAC] = "macaddr",
	[F_TIME] = "timestamp with time zone", [F_DATE] = "date", [F_UUID] = "uuid", [F_JSON] = "jsonb", [F_SECRET] = "text",
	[F_PASSWORD] = "text", [F_REF] = "bigint", [F_OBJTYPE] = "smallint", [F_ASNS] = "bigint[]", [F_CIDRS] = "cidr[]", [F_TEXTS] = "text[]",
};

static const char *column_of(const struct field *f) {
	if (column_types[f->type] == NULL)
		return NULL;
	if (f->column != NULL)
		return *f->column == '\0' ? NULL : f->column;
	if (f->type == F_REF || f->type == F_OBJTYPE) {
		struct val v = val_printf(a, "%s_id", f->name);

		return v.u.s;
	}
	return f->name;
}

static void check_column(const struct resource *r, const struct field *f, const char *column) {
	struct result c = query("SELECT format_type(atttypid, atttypmod), attnotnull FROM pg_attribute"
	    " WHERE attrelid = to_regclass($1) AND attname = $2 AND NOT attisdropped", r->table, column);
	bool nullable = (f->flags & (FF_NULL | FF_OLDNULL)) != 0;

	cr_expect_eq(c.n, 1, "%s.%s: no such column", r->table, column);
	if (c.n == 1) {
		const char *type = val_cstr(result_at(&c, 0, 0), "");

		cr_expect(strstr(column_types[f->type], type) != NULL, "%s.%s is %s", r->table, column, type);
		cr_expect_eq(result_at(&c, 0, 1).u.b, !nullable, "%s.%s: null", r->table, column);
	}
}

static void check_unique(const struct resource *r, const struct field *f, const char *column) {
	/* an index over an expression of the one column counts (tags: lower case) */
	bool unique = yes("SELECT FROM pg_index i WHERE i.indrelid = to_regclass($1) AND i.indisunique AND i.indnkeyatts = 1"
	    " AND i.indpred IS NULL AND pg_get_indexdef(i.indexrelid, 1, true) IN ($2, 'lower(' || $2 || ')')", r->table, column);

	cr_expect_eq(unique, (f->flags & FF_UNIQUE) != 0, "%s.%s: unique", r->table, column);
}

static void check_reference(const struct resource *r, const struct field *f, const char *column) {
	static const char *const rules[] = { [DEL_CASCADE] = "c", [DEL_SET_NULL] = "n", [DEL_PROTECT] = "r" };
	struct result c = query("SELECT confrelid::regclass::text, confdeltype::text FROM pg_constraint WHERE contype = 'f'"
	    " AND conrelid = to_regclass($1) AND conkey[1] = (SELECT attnum FROM pg_attribute WHERE attrelid = conrelid AND attname = $2)",
	    r->table, column);

	cr_expect_eq(c.n, 1, "%s.%s: no foreign key", r->table, column);
	if (c.n == 1) {
		cr_expect_str_eq(val_cstr(result_at(&c, 0, 0), ""), f->ref->table, "%s.%s", r->table, column);
		cr_expect_str_eq(val_cstr(result_at(&c, 0, 1), ""), rules[f->on_delete], "%s.%s: delete rule", r->table, column);
	}
}

/* The text of the CHECKs on a column; "" when there is none. */
static const char *checks_of(const struct resource *r, const char *column) {
	struct result c = query("SELECT coalesce(string_agg(pg_get_constraintdef(oid), ' '), '') FROM pg_constraint WHERE contype = 'c'"
	    " AND conrelid = to_regclass($1) AND (SELECT attnum FROM pg_attribute WHERE attrelid = conrelid AND attname = $2) = ANY(conkey)",
	    r->table, column);

	return val_cstr(result_at(&c, 0, 0), "");
}

static bool is_peeringdb(const struct resource *r) {
	return strncmp(r->table, "peeringdb_", 10) == 0;
}

static void check_choices(const struct resource *r, const struct field *f, const char *column) {
	const char *def = checks_of(r, column);
	size_t n = 0, m = 0;

	for (const struct choice *c = f->choices; c->value != NULL; c++, n++) {
		struct val quoted = val_printf(a, "'%s'::text", c->value), bare = val_printf(a, "%s", c->value);

		cr_expect(strstr(def, quoted.u.s) != NULL || (f->choices == choices_family && strstr(def, bare.u.s) != NULL),
		    "%s.%s: the database refuses %s", r->table, column, c->value);
	}
	for (const char *p = strstr(def, "'::text"); p != NULL; p = strstr(p + 1, "'::text"))
		m += p[-1] != '\'';     /* '' is for FF_BLANK */
	if (f->choices != choices_family)
		cr_expect_eq(n, m, "%s.%s: %zu choices, %zu in the database", r->table, column, n, m);
}

/* A limit that a client is told of is in the database too. */
static void check_limits(const struct resource *r, const struct field *f, const char *column) {
	const char *def = checks_of(r, column);
	bool text = f->type == F_TEXT || f->type == F_SLUG || f->type == F_EMAIL, number = f->type == F_INT;
	const struct val max = val_printf(a, "%lld", (long long)f->max);

	if ((text && f->max > 0) || (number && f->max > 0 && f->max != INT16_MAX && f->max != INT32_MAX && f->max != INT64_MAX))
		cr_expect(strstr(def, max.u.s) != NULL, "%s.%s: at most %s, but the database says: %s", r->table, column, max.u.s, def);
	if (number && f->min > 0) {
		const struct val min = val_printf(a, "%lld", (long long)f->min);

		cr_expect(strstr(def, min.u.s) != NULL, "%s.%s: at least %s, but the database says: %s", r->table, column, min.u.s, def);
	}
	if (f->type == F_ASN)
		cr_expect(strstr(def, "4294967295") != NULL || (f->flags & FF_READONLY), "%s.%s: any number", r->table, column);
}

Test(schema, fields_have_their_columns) {
	for (size_t i = 0; all_resources[i] != NULL; i++) {
		const struct resource *r = all_resources[i];

		for (size_t j = 0; j < r->nfields; j++) {
			const struct field *f = &r->fields[j];
			const char *column = column_of(f);

			if (column == NULL)
				continue;
			check_column(r, f, column);
			check_unique(r, f, column);
			if (f->type == F_REF)
				check_reference(r, f, column);
			if (f->type == F_ENUM && !is_peeringdb(r))
				check_choices(r, f, column);
			if (!is_peeringdb(r) && !(f->flags & FF_READONLY))
				check_limits(r, f, column);
		}
	}
}

static void check_link(const struct resource *r, const struct field *f) {
	const char *target = f->type == F_OBJTYPES ? "object_type" : f->ref->table;
	const struct val here = val_printf(a, "%s_id", r->table), there = val_printf(a, "%s_id", target);

	cr_expect(yes("SELECT FROM pg_attribute WHERE attrelid = to_regclass($1) AND attname = $2", f->link, here.u.s),
	    "%s.%s: %s has no %s", r->table, f->name, f->link, here.u.s);
	cr_expect(yes("SELECT FROM pg_attribute WHERE attrelid = to_regclass($1) AND attname = $2", f->link, there.u.s),
	    "%s.%s: %s has no %s", r->table, f->name, f->link, there.u.s);
	cr_expect(yes("SELECT FROM pg_index WHERE indrelid = to_regclass($1) AND indisprimary AND indnkeyatts = 2", f->link, NULL),
	    "%s has no primary key of two", f->link);
}

Test(schema, links_views_and_functions_exist) {
	for (size_t i = 0; all_resources[i] != NULL; i++) {
		const struct resource *r = all_resources[i];

		for (size_t j = 0; j < r->nfields; j++) {
			const struct field *f = &r->fields[j];

			if (f->type == F_REFS || f->type == F_OBJTYPES)
				check_link(r, f);
			if (f->type == F_IN)
				cr_expect(yes("SELECT FROM pg_class WHERE oid = to_regclass($1) AND relkind = 'v'", f->link, NULL), "no view %s", f->link);
			if (f->type == F_FUNC)
				cr_expect(yes("SELECT FROM pg_proc WHERE proname = $1 AND proargtypes[0] = to_regtype($2)", f->via, r->table),
				    "no function %s(%s)", f->via, r->table);
			if (f->type == F_COUNT && f->link != NULL)
				cr_expect(yes("SELECT FROM pg_attribute WHERE attrelid = to_regclass($1) AND attname = $2", f->link, f->via),
				    "%s has no %s", f->link, f->via);
			if (f->type == F_OBJECT)
				cr_expect(yes("SELECT FROM pg_attribute WHERE attrelid = to_regclass($1) AND attname = CASE $2 WHEN 'content_type'"
				    " THEN 'object_id' ELSE regexp_replace($2, '_type$', '_id') END", r->table, f->via), "%s.%s", r->table, f->name);
		}
	}
}

Test(schema, resources_are_object_types) {
	struct result r;

	for (size_t i = 0; all_resources[i] != NULL; i++) {
		const struct resource *res = all_resources[i];
		const struct val name = val_printf(a, "%s.%s", res->app, res->model);

		cr_expect(yes("SELECT FROM object_type WHERE app_label || '.' || model = $1 AND table_name = $2", name.u.s, res->table),
		    "%s is not an object type of table %s", name.u.s, res->table);
	}
	r = query("SELECT table_name FROM object_type WHERE to_regclass(table_name) IS NULL", NULL, NULL);
	cr_expect_eq(r.n, 0, "an object type without a table");
}

/* Columns that no field names, on purpose. */
static const char *const unnamed[] = {
	"peeringdb_", "data_file.data", "job.data", "job.request_id", "job.parameters", "job.time_limit", "job.heartbeat", "job.lock_key",
	"schedule.deadline", "deployment.rendered_hash", "deployment.running_hash", "deployment.diff_hash",
	"deployment.candidate_hash", "deployment.after_hash", "configuration_version.hash", "drift.diff_hash", "auth_token.key_hash",
	"ixapi.access_token", "ixapi.refresh_token", "webhook_delivery.event_id",
};

static bool is_unnamed(const char *table, const char *column) {
	const struct val v = val_printf(a, "%s.%s", table, column);

	for (size_t i = 0; i < sizeof unnamed / sizeof unnamed[0]; i++)
		if (strncmp(v.u.s, unnamed[i], strlen(unnamed[i])) == 0)
			return true;
	return strcmp(column, "id") == 0;
}

Test(schema, columns_have_their_fields) {
	for (size_t i = 0; all_resources[i] != NULL; i++) {
		const struct resource *r = all_resources[i];
		struct result c = query("SELECT attname::text FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped",
		    r->table, NULL);

		for (size_t k = 0; k < c.n; k++) {
			const char *column = val_cstr(result_at(&c, k, 0), "");
			bool found = is_unnamed(r->table, column);

			for (size_t j = 0; j < r->nfields && !found; j++) {
				const char *mine = column_of(&r->fields[j]);

				found = mine != NULL && strcmp(mine, column) == 0;
			}
			cr_expect(found, "%s.%s has no field", r->table, column);
		}
	}
}

/* "content_type, object_id" -> the columns, and an index over just these that is unique */
Test(schema, sets_are_unique) {
	for (size_t i = 0; all_resources[i] != NULL; i++) {
		const struct resource *r = all_resources[i];
		struct sbuf b;

		if (r->unique == NULL)
			continue;
		sb_init(&b, a);
		for (const char *p = r->unique; *p != '\0'; p += strspn(p, ", ")) {
			size_t n = strcspn(p, ",");

			for (size_t j = 0; j < r->nfields; j++)
				if (strlen(r->fields[j].name) == n && memcmp(r->fields[j].name, p, n) == 0)
					sb_fmt(&b, "%s%s%s", b.len > 0 ? "," : "", column_of(&r->fields[j]), r == &res_hidden_peer ? "_copy" : "");
			p += n;
		}
		cr_expect(yes("SELECT FROM pg_index i WHERE indrelid = to_regclass($1) AND indisunique AND $2 = (SELECT string_agg(attname, ',' ORDER BY k.n)"
		    " FROM unnest(i.indkey::int[]) WITH ORDINALITY AS k(att, n) JOIN pg_attribute ON attrelid = i.indrelid AND attnum = k.att)",
		    r->table, b.s), "%s (%s) is not unique", r->table, b.s);
	}
}

Test(schema, keeps_its_own_rules) {
	none("no comment", "SELECT c.relname::text, a.attname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND attnum > 0"
	    " WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'v') AND relname <> 'migration'"
	    " AND col_description(c.oid, attnum) IS NULL");
	none("foreign key without index", "SELECT conrelid::regclass::text, conname::text FROM pg_constraint WHERE contype = 'f'"
	    " AND connamespace = current_schema()::regnamespace AND confrelid <> 'object_type'::regclass"
	    " AND NOT EXISTS (SELECT FROM pg_index WHERE indrelid = conrelid AND indkey[0] = conkey[1])");
	none("name of a constraint", "SELECT conrelid::regclass::text, conname::text FROM pg_constraint"
	    " WHERE connamespace = current_schema()::regnamespace AND contype IN ('c', 'u', 'f') AND length(conname) < 63"
	    " AND conrelid::regclass::text NOT LIKE '%\\_communities' AND conrelid::regclass::text NOT LIKE '%\\_policies'"
	    " AND (conname NOT LIKE conrelid::regclass || '\\_%' OR conname !~ '(_key|_check|_fkey)$')");
	none("doubled index", "SELECT indrelid::regclass::text, string_agg(indexrelid::regclass::text, ' ') FROM pg_index"
	    " WHERE indrelid IN (SELECT oid FROM pg_class WHERE relnamespace = current_schema()::regnamespace)"
	    " GROUP BY indrelid, indkey, indclass, indoption, pg_get_expr(indexprs, indrelid), pg_get_expr(indpred, indrelid) HAVING count(*) > 1");
}

static int64_t number(const char *sql) {
	struct result r = query(sql, NULL, NULL);

	cr_assert(r.n == 1 && r.v[0].type == V_INT, "%s", sql);
	return r.v[0].u.i;
}

static void run(const char *sql) {
	query(sql, NULL, NULL);
}

Test(schema, sessions_carry_the_as_number) {
	run("INSERT INTO autonomous_system (id, asn, name) VALUES (1, 64500, 'us'), (2, 64501, 'them'), (3, 64502, 'others')");
	run("INSERT INTO relationship (id, name, slug) VALUES (1, 'Peer', 'peer')");
	run("INSERT INTO direct_peering_session (local_autonomous_system_id, autonomous_system_id, asn, ip_address, relationship_id)"
	    " VALUES (1, 2, 7, '192.0.2.1/30', 1)");
	cr_expect_eq(number("SELECT asn FROM direct_peering_session"), 64501, "what was given does not count");
	cr_expect_eq(number("SELECT local_asn FROM direct_peering_session"), 64500);
	run("UPDATE autonomous_system SET asn = 64999 WHERE id = 2");
	cr_expect_eq(number("SELECT asn FROM direct_peering_session"), 64999);
	run("UPDATE direct_peering_session SET autonomous_system_id = 3, local_autonomous_system_id = NULL");
	cr_expect_eq(number("SELECT asn FROM direct_peering_session WHERE local_asn IS NULL"), 64502);
	cr_expect(!db_query(db, a, "UPDATE direct_peering_session SET autonomous_system_id = 99", NULL, 0, NULL, &e));
	cr_expect_str_eq(e.kind, "23503");
	cr_expect_str_eq(db_constraint(db), "direct_peering_session_autonomous_system_id_fkey");
}

Test(schema, rows_are_counted) {
	cr_expect_eq(number("SELECT peerage_count('autonomous_system')"), 0);
	cr_expect(yes("SELECT 1 WHERE peerage_count('tag') IS NULL", NULL, NULL), "tags are few and not counted");
	run("INSERT INTO autonomous_system (asn, name) SELECT n, 'x' FROM generate_series(1, 100) n");
	run("DELETE FROM autonomous_system WHERE asn <= 30");
	cr_expect_eq(number("SELECT peerage_count('autonomous_system')"), 70);
	run("INSERT INTO autonomous_system (asn, name) VALUES (50, 'x'), (200, 'y') ON CONFLICT (asn) DO NOTHING");
	cr_expect_eq(number("SELECT peerage_count('autonomous_system')"), 71);
	cr_expect_gt(number("SELECT peerage_count_compact()"), 0);
	cr_expect_eq(number("SELECT peerage_count('autonomous_system')"), 71);
	cr_expect_eq(number("SELECT count(*) FROM table_count WHERE table_name = 'autonomous_system'"), 1);
	run("TRUNCATE autonomous_system CASCADE");
	cr_expect_eq(number("SELECT peerage_count('autonomous_system')"), 0);
}

Test(schema, what_points_at_an_object_goes_with_it) {
	run("INSERT INTO autonomous_system (id, asn, name) VALUES (1, 64500, 'us'), (2, 64501, 'them')");
	run("INSERT INTO tag (name, slug) VALUES ('Core', 'core')");
	run("INSERT INTO tagged_item (tag_id, object_type_id, object_id) VALUES (1, 70, 1), (1, 70, 2), (1, 71, 2)");
	run("INSERT INTO journal_entry (assigned_object_type_id, assigned_object_id, comments) VALUES (70, 2, 'x')");
	run("INSERT INTO search_entry (object_type_id, object_id, field, value) VALUES (70, 2, 'name', 'them')");
	run("DELETE FROM autonomous_system WHERE id = 2");
	cr_expect_eq(number("SELECT count(*) FROM tagged_item"), 2);
	cr_expect_eq(number("SELECT count(*) FROM journal_entry"), 0);
	cr_expect_eq(number("SELECT count(*) FROM search_entry"), 0);
	cr_expect(!db_query(db, a, "INSERT INTO tag (name, slug) VALUES ('CORE', 'other')", NULL, 0, NULL, &e), "case does not tell tags apart");
	cr_expect_str_eq(db_constraint(db), "tag_name_key");
}

Test(schema, the_change_log_is_only_added_to) {
	static const char add[] = "INSERT INTO object_change (time, user_name, request_id, action, changed_object_type_id, changed_object_id, object_repr)"
	    " VALUES (now() - interval '1 year', 'x', gen_random_uuid(), 'create', 45, 1, 'Core'), (now(), 'x', gen_random_uuid(), 'create', 45, 2, 'Edge')";

	run("SET ROLE peerage_web");
	run(add);
	cr_expect(!db_query(db, a, "UPDATE object_change SET user_name = 'y'", NULL, 0, NULL, &e));
	cr_expect_str_eq(e.kind, "42501");
	cr_expect(!db_query(db, a, "DELETE FROM object_change", NULL, 0, NULL, &e));
	cr_expect(!db_query(db, a, "TRUNCATE object_change", NULL, 0, NULL, &e));
	cr_expect(!db_query(db, a, "SELECT object_change_expire('90 days')", NULL, 0, NULL, &e), "that is for the runner");
	run("RESET ROLE");
	run("SET ROLE peerage_jobs");
	cr_expect(!db_query(db, a, "DELETE FROM object_change", NULL, 0, NULL, &e));
	cr_expect(!db_query(db, a, "SELECT object_change_expire('1 day')", NULL, 0, NULL, &e), "too young");
	cr_expect_eq(number("SELECT object_change_expire('90 days')"), 1);
	cr_expect_eq(number("SELECT count(*) FROM object_change"), 1);
}

static bool flag(const char *column) {
	const struct val sql = val_printf(a, "SELECT %s::int FROM internet_exchange_peering_session WHERE id = 1", column);

	return number(sql.u.s) == 1;
}

static void peeringdb_setup(void) {
	run("INSERT INTO autonomous_system (id, asn, name) VALUES (1, 3000, 'us'), (2, 3001, 'them')");
	run("INSERT INTO router (id, name, hostname, poll_bgp_sessions_state) VALUES (1, 'r1', 'r1', true)");
	run("INSERT INTO peeringdb_organization (id, name) VALUES (1, 'o')");
	run("INSERT INTO peeringdb_internet_exchange (id, org_id, name) VALUES (1, 1, 'ix')");
	run("INSERT INTO peeringdb_ixlan (id, ix_id) VALUES (1, 1)");
	run("INSERT INTO peeringdb_network (id, org_id, asn, name) VALUES (10, 1, 3000, 'us')");
	run("INSERT INTO peeringdb_network_ixlan (id, net_id, ixlan_id, asn, ipaddr4) VALUES (100, 10, 1, 3000, '192.0.2.1')");
	run("INSERT INTO connection (id, peeringdb_netixlan_id, router_id) VALUES (1, 100, 1)");
	run("INSERT INTO internet_exchange_peering_session (id, autonomous_system_id, ixp_connection_id, ip_address, bgp_state)"
	    " VALUES (1, 2, 1, '2001:db8::2', 'idle')");
}

/* From every side that the answer depends on. */
Test(schema, sessions_know_whether_peeringdb_knows_them) {
	peeringdb_setup();
	cr_expect(!flag("exists_in_peeringdb") && !flag("is_abandoned"), "the network is not known at all");
	run("INSERT INTO peeringdb_network (id, org_id, asn, name) VALUES (11, 1, 3001, 'them')");
	cr_expect(flag("is_abandoned"), "the network is known, the address is not");
	run("INSERT INTO peeringdb_network_ixlan (id, net_id, ixlan_id, asn, ipaddr6) VALUES (101, 11, 1, 3001, '2001:db8::2')");
	cr_expect(flag("exists_in_peeringdb") && !flag("is_abandoned"));
	run("UPDATE peeringdb_network_ixlan SET ipaddr6 = '2001:db8::3' WHERE id = 101");
	cr_expect(!flag("exists_in_peeringdb") && flag("is_abandoned"), "it moved");
	run("UPDATE internet_exchange_peering_session SET ip_address = '2001:db8::3'");
	cr_expect(flag("exists_in_peeringdb"), "we followed");
	run("UPDATE autonomous_system SET asn = 3002 WHERE id = 2");
	cr_expect(!flag("exists_in_peeringdb") && !flag("is_abandoned"), "an AS that PeeringDB does not know");
	run("UPDATE autonomous_system SET asn = 3001 WHERE id = 2");
	run("DELETE FROM peeringdb_network_ixlan WHERE id = 101");
	cr_expect(!flag("exists_in_peeringdb") && flag("is_abandoned"));
	run("UPDATE internet_exchange_peering_session SET bgp_state = 'established'");
	cr_expect(!flag("is_abandoned"), "it is up");
	run("UPDATE internet_exchange_peering_session SET bgp_state = 'active'");
	run("UPDATE router SET poll_bgp_sessions_state = false");
	cr_expect(!flag("is_abandoned"), "nobody asks the router");
	run("UPDATE connection SET router_id = NULL");
	cr_expect(flag("is_abandoned"), "there is no router to ask");
	run("UPDATE connection SET peeringdb_netixlan_id = NULL");
	cr_expect(!flag("is_abandoned"), "our port is not in PeeringDB");
	run("UPDATE connection SET peeringdb_netixlan_id = 100");
	cr_expect(flag("is_abandoned"));
	run("UPDATE peeringdb_network SET asn = 3003 WHERE id = 11");
	cr_expect(!flag("is_abandoned"), "the network goes by another number");
	run("UPDATE peeringdb_network SET asn = 3001 WHERE id = 11");
	cr_expect(flag("is_abandoned"));
	run("DELETE FROM peeringdb_organization");
	cr_expect(!flag("is_abandoned") && !flag("exists_in_peeringdb"), "the cache was emptied");
}

/* Statements over all sessions ask them: only an SQL function becomes part of such a statement, any other is called for each row. */
Test(schema, what_is_asked_of_many_rows_is_inlined) {
	none("not an SQL function", "SELECT p.proname FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang"
	    " WHERE p.proname IN ('session_in_peeringdb', 'session_abandoned') AND l.lanname <> 'sql'");
}
