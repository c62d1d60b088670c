/* test_store.c: reading and writing resources against a real database. */
#include "config.h"

#include <criterion/criterion.h>

#include "book.h"
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

TestSuite(store, .init = setup, .fini = teardown, .timeout = 60);

#define is(got, want) cr_assert_str_eq(got, want)

#define AS "peering/autonomous-systems"
#define IX "peering/internet-exchanges"
#define SESSION "peering/internet-exchange-peering-sessions"
#define DIRECT "peering/direct-peering-sessions"
#define CONNECTION "net/connections"
#define ROUTER "devices/routers"
#define TAG "extras/tags"
#define POLICY "peering/routing-policies"

Test(store, create_reads_back_as_recorded) {
	int64_t as = book_id(&b, AS, "{\"asn\": 64500, \"name\": \"Ours\", \"affiliated\": true}");
	int64_t ix = book_id(&b, IX, "{\"name\": \"IX one\", \"slug\": \"ix-one\", \"local_autonomous_system\": 1}");
	int64_t conn = book_id(&b, CONNECTION, "{\"internet_exchange_point\": {\"slug\": \"ix-one\"}, \"router\": null, \"ipv6_address\": \"2001:db8::1/64\"}");
	const char *out;

	cr_assert_eq(as, 1);
	cr_assert_eq(ix, 1);
	cr_assert_eq(conn, 1);
	out = book_create(&b, SESSION, "{\"autonomous_system\": {\"asn\": 64500}, \"ixp_connection\": \"1\", \"ip_address\": \"2001:db8::2/64\", \"status\": \"enabled\"}");
	is(book_field(&b, out, "display"), "\"IX one - AS64500 - IP 2001:db8::2\"");
	is(book_field(&b, out, "url"), "\"http://x/api/peering/internet-exchange-peering-sessions/1/\"");
	is(book_field(&b, out, "display_url"), "\"http://x/internet-exchange-peering-sessions/1/\"");
	is(book_field(&b, out, "status"), "{\"value\":\"enabled\",\"label\":\"Enabled\"}");
	is(book_field(&b, out, "ip_address"), "\"2001:db8::2\"");
	is(book_field(&b, out, "autonomous_system"), "{\"id\":1,\"url\":\"http://x/api/peering/autonomous-systems/1/\","
	    "\"display_url\":\"http://x/autonomous-systems/1/\",\"display\":\"AS64500 - Ours\",\"asn\":64500,\"name\":\"Ours\","
	    "\"ipv6_max_prefixes\":0,\"ipv4_max_prefixes\":0}");
	is(book_field(&b, out, "ixp_connection.display"), "\"IX one\"");
	is(book_field(&b, out, "ixp_connection.ipv6_address"), "\"2001:db8::1/64\"");
	is(book_field(&b, out, "import_routing_policies"), "[]");
	is(book_field(&b, out, "exists_in_peeringdb"), "false");
	is(book_get(&b, SESSION, 1), out);
}

/* Every resource, every form, every filter with a value of its kind, every order: the statements must at least run. */
static const char *value_for(const struct filter *f) {
	static const char *const values[FILTER__COUNT] = {
		[FILTER_NUMBER] = "1", [FILTER_TIME] = "2026-01-01", [FILTER_BOOL] = "true", [FILTER_REF] = "null", [FILTER_NAMES] = "null",
		[FILTER_FAMILY] = "6", [FILTER_UUID] = "2d2a2dd2-08c1-4a3a-9d4a-1d2a2dd208c1", [FILTER_REQUEST] = "2d2a2dd2-08c1-4a3a-9d4a-1d2a2dd208c1",
		[FILTER_TAG] = "null", [FILTER_OBJTYPE] = "devices.router", [FILTER_OBJTYPE_ID] = "32", [FILTER_TAGGED] = "devices.router",
		[FILTER_TAGGED_ID] = "32", [FILTER_BEFORE] = "2026-01-01", [FILTER_AFTER] = "2026-01-01", [FILTER_CHOICE] = "enabled",
	};

	return values[f->kind] == NULL ? "1" : values[f->kind];
}

static void lists(const struct resource *res, const struct param *p, enum form form, const char *order) {
	struct query q = { .res = res, .params = p, .nparams = p == NULL ? 0 : 1, .form = form, .order = order, .count = true, .limit = 5, .offset = 1 };
	struct problems bad = { .a = b.a };
	struct rows rows;

	cr_expect(db_begin(b.db, DB_READ, &b.e));
	if (!store_list(&b.s, &q, &rows, &bad, &b.e))
		cr_expect(b.e.code == ERR_INVALID && problems_any(&bad), "%s ?%s=%s order %s form %d: %s", res->table, p == NULL ? "" : p->name,
		    p == NULL ? "" : p->value, order == NULL ? "-" : order, (int)form, b.e.msg);
	db_rollback(b.db);
}

Test(store, every_derived_statement_runs) {
	static const char *const suffixes[] = { "", "__n", "__ic", "__nisw", "__lte", "__gt", "__ie" };

	for (size_t r = 0; all_resources[r] != NULL; r++) {
		const struct resource *res = all_resources[r];

		for (int form = FORM_FULL; form <= FORM_ID; form++)
			lists(res, NULL, (enum form)form, NULL);
		lists(res, &(struct param){ "q", "192.0.2.1" }, FORM_ID, NULL);
		lists(res, &(struct param){ "q", "645" }, FORM_ID, NULL);
		for (size_t i = 0; i < res->nfields; i++) {
			const char *columns[] = { res->fields[i].name, NULL };
			struct query q = { .res = res, .form = FORM_COLUMNS, .columns = columns };
			struct rows rows;

			cr_expect(store_list(&b.s, &q, &rows, NULL, &b.e), "%s column %s: %s", res->table, columns[0], b.e.msg);
			lists(res, NULL, FORM_ID, arena_printf(b.a, "-%s", res->fields[i].name));
			for (size_t k = 0; k < ARRAY_LEN(suffixes); k++) {
				lists(res, &(struct param){ arena_printf(b.a, "%s%s", columns[0], suffixes[k]), "1" }, FORM_ID, NULL);
				lists(res, &(struct param){ arena_printf(b.a, "%s_id%s", columns[0], suffixes[k]), "null" }, FORM_ID, NULL);
			}
		}
		for (size_t i = 0; i < res->nfilters; i++) {
			for (size_t k = 0; k < ARRAY_LEN(suffixes); k++)
				lists(res, &(struct param){ arena_printf(b.a, "%s%s", res->filters[i].name, suffixes[k]), value_for(&res->filters[i]) }, FORM_ID, NULL);
		}
		for (size_t i = 0; i < res->nchildren; i++) {
			struct query q = { .res = res->children[i].res, .child = &res->children[i], .child_of = 1, .form = FORM_ID };
			struct rows rows;

			cr_expect(store_list(&b.s, &q, &rows, NULL, &b.e), "%s child %s: %s", res->table, res->children[i].slug, b.e.msg);
		}
	}
}
