/* test_store.c: reading and writing resources against a real database. */
#include "config.h"

#include <criterion/criterion.h>

#include "base/json.h"
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

#define is(...) cr_expect_str_eq(__VA_ARGS__)

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

/* ---- validation: the messages are a contract ---- */

static const struct refusal {
	const char *api, *input, *want;
} refusals[] = {
	{ TAG, "{}", "{\"name\":[\"This field is required.\"],\"slug\":[\"This field is required.\"]}" },
	{ TAG, "{\"name\": null, \"slug\": \"a\"}", "{\"name\":[\"This field may not be null.\"]}" },
	{ TAG, "{\"name\": \"  \", \"slug\": \"a\"}", "{\"name\":[\"This field may not be blank.\"]}" },
	{ TAG, "{\"name\": [], \"slug\": \"a\"}", "{\"name\":[\"Not a valid string.\"]}" },
	{ TAG, "{\"name\": true, \"slug\": \"a\"}", "{\"name\":[\"Not a valid string.\"]}" },
	{ TAG, "{\"name\": \"a\", \"slug\": \"a\", \"color\": \"zzz\"}", "{\"color\":[\"Enter a valid hexadecimal RGB color code.\"]}" },
	{ TAG, "{\"name\": \"x y\", \"slug\": \"x y\"}", "{\"slug\":[\"Enter a valid \\\"slug\\\" consisting of Unicode letters, numbers, "
	    "underscores, or hyphens.\"]}" },
	{ TAG, "{\"name\": \"core\", \"slug\": \"core\"}",
	    "{\"name\":[\"tag with this name already exists.\"],\"slug\":[\"tag with this slug already exists.\"]}" },
	{ AS, "{\"asn\": \"x\", \"name\": \"n\"}", "{\"asn\":[\"A valid integer is required.\"]}" },
	{ AS, "{\"asn\": 0, \"name\": \"n\"}", "{\"asn\":[\"Ensure this value is greater than or equal to 1.\"]}" },
	{ AS, "{\"asn\": 4294967296, \"name\": \"n\"}", "{\"asn\":[\"Ensure this value is less than or equal to 4294967295.\"]}" },
	{ AS, "{\"asn\": 1e30, \"name\": \"n\"}", "{\"asn\":[\"A valid integer is required.\"]}" },
	{ AS, "{\"asn\": 64500, \"name\": \"n\"}", "{\"asn\":[\"autonomous system with this ASN already exists.\"]}" },
	{ AS, "{\"asn\": 1, \"name\": \"n\", \"affiliated\": \"maybe\"}", "{\"affiliated\":[\"Must be a valid boolean.\"]}" },
	{ AS, "{\"asn\": 1, \"name\": \"n\", \"local_context_data\": [1]}",
	    "{\"local_context_data\":[\"JSON data must be in object form. Example: {\\\"foo\\\": 123}\"]}" },
	{ AS, "{\"asn\": 1, \"name\": \"n\", \"import_routing_policies\": [99999]}",
	    "{\"import_routing_policies\":[\"Invalid pk \\\"99999\\\" - object does not exist.\"]}" },
	{ AS, "{\"asn\": 1, \"name\": \"n\", \"import_routing_policies\": 5}",
	    "{\"import_routing_policies\":[\"Expected a list of items but got type \\\"int\\\".\"]}" },
	{ AS, "{\"asn\": 1, \"name\": \"n\", \"import_routing_policies\": [\"a\"]}",
	    "{\"import_routing_policies\":[\"Incorrect type. Expected pk value, received str.\"]}" },
	{ AS, "{\"asn\": 1, \"name\": \"n\", \"tags\": [\"core\"]}", "{\"tags\":[[\"Related objects must be referenced by numeric ID or by dictionary "
	    "of attributes. Received an unrecognized value: core\"]]}" },
	{ SESSION, "{}", "{\"autonomous_system\":[\"This field is required.\"],\"ixp_connection\":[\"This field is required.\"],"
	    "\"ip_address\":[\"This field is required.\"]}" },
	{ SESSION, "{\"autonomous_system\": 1, \"ixp_connection\": 1, \"ip_address\": \"300.1.2.3\"}",
	    "{\"ip_address\":[\"'300.1.2.3' does not appear to be an IPv4 or IPv6 interface\"]}" },
	{ SESSION, "{\"autonomous_system\": 1, \"ixp_connection\": 1, \"ip_address\": \"192.0.2.9\", \"status\": \"bogus\"}",
	    "{\"status\":[\"bogus is not a valid choice.\"]}" },
	{ SESSION, "{\"autonomous_system\": 1, \"ixp_connection\": 1, \"ip_address\": \"192.0.2.9\", \"status\": {\"value\": \"enabled\"}}",
	    "{\"status\":[\"Value must be passed directly (e.g. \\\"foo\\\": 123); do not use a dictionary or list.\"]}" },
	{ SESSION, "{\"autonomous_system\": 1, \"ixp_connection\": 1, \"ip_address\": \"192.0.2.9\", \"status\": null}",
	    "{\"status\":[\"This field may not be blank.\"]}" },
	{ SESSION, "{\"autonomous_system\": 1, \"ixp_connection\": 1, \"ip_address\": \"192.0.2.9\", \"bgp_state\": \"x\"}",
	    "{\"bgp_state\":[\"\\\"x\\\" is not a valid choice.\"]}" },
	{ SESSION, "{\"autonomous_system\": 9, \"ixp_connection\": 1, \"ip_address\": \"192.0.2.9\"}",
	    "{\"autonomous_system\":[\"Related object not found using the provided numeric ID: 9\"]}" },
	{ SESSION, "{\"autonomous_system\": {\"asn\": 9}, \"ixp_connection\": 1, \"ip_address\": \"192.0.2.9\"}",
	    "{\"autonomous_system\":[\"Related object not found using the provided attributes: {'asn': 9}\"]}" },
	{ SESSION, "{\"autonomous_system\": {\"affiliated\": false}, \"ixp_connection\": 1, \"ip_address\": \"192.0.2.9\"}",
	    "{\"autonomous_system\":[\"Multiple objects match the provided attributes: {'affiliated': False}\"]}" },
	{ SESSION, "{\"autonomous_system\": \"abc\", \"ixp_connection\": 1, \"ip_address\": \"192.0.2.9\"}",
	    "{\"autonomous_system\":[\"Related objects must be referenced by numeric ID or by dictionary of attributes. Received an unrecognized value: abc\"]}" },
	{ SESSION, "{\"autonomous_system\": null, \"ixp_connection\": 1, \"ip_address\": \"192.0.2.9\"}",
	    "{\"autonomous_system\":[\"This field may not be null.\"]}" },
	{ SESSION, "{\"autonomous_system\": 1, \"ixp_connection\": 1, \"ip_address\": \"192.0.2.5\"}",
	    "{\"non_field_errors\":[\"The fields ixp_connection, ip_address must make a unique set.\"]}" },
	{ SESSION, "{\"autonomous_system\": 1, \"ixp_connection\": 1, \"ip_address\": \"192.0.2.9\", \"multihop_ttl\": 256}",
	    "{\"multihop_ttl\":[\"Ensure this value is less than or equal to 255.\"]}" },
	{ SESSION, "{\"autonomous_system\": 1, \"ixp_connection\": 1, \"ip_address\": \"192.0.2.9\", \"last_established_state\": \"yesterday\"}",
	    "{\"last_established_state\":[\"Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].\"]}" },
	{ CONNECTION, "{\"internet_exchange_point\": null, \"router\": null, \"mac_address\": \"zz\"}",
	    "{\"mac_address\":[\"failed to detect EUI version: 'zz'\"]}" },
	{ CONNECTION, "{\"internet_exchange_point\": null, \"router\": null, \"ipv6_address\": \"192.0.2.1/24\"}",
	    "{\"ipv6_address\":[\"Enter a valid IPv6 address.\"]}" },
	{ CONNECTION, "{\"internet_exchange_point\": null, \"router\": null, \"vlan\": 5000}",
	    "{\"vlan\":[\"Ensure this value is less than or equal to 4094.\"]}" },
	{ "extras/webhooks", "{\"name\": \"w\", \"content_types\": [\"x.y\"], \"payload_url\": \"http://x/\"}",
	    "{\"content_types\":[\"Invalid content type: x.y\"]}" },
	{ "extras/webhooks", "{\"name\": \"w\", \"content_types\": [\"router\"], \"payload_url\": \"http://x/\"}",
	    "{\"content_types\":[\"Invalid value. Specify a content type as '<app_label>.<model_name>'.\"]}" },
	{ "extras/journal-entries", "{\"assigned_object_type\": \"peering.autonomoussystem\", \"assigned_object_id\": 99, \"comments\": \"x\"}",
	    "{\"non_field_errors\":[\"Invalid assigned_object: Peering | autonomous system ID 99\"]}" },
	{ "messaging/contacts", "{\"name\": \"a\", \"email\": \"no\"}", "{\"email\":[\"Enter a valid email address.\"]}" },
	{ "extras/ix-api", "{\"name\": \"a\", \"api_url\": \"no\", \"api_key\": \"k\", \"api_secret\": \"s\", \"identity\": \"\"}",
	    "{\"identity\":[\"This field may not be blank.\"]}" },
};

static void small_book(void) {
	book_id(&b, TAG, "{\"name\": \"core\", \"slug\": \"core\"}");
	book_id(&b, AS, "{\"asn\": 64500, \"name\": \"Ours\"}");
	book_id(&b, AS, "{\"asn\": 64501, \"name\": \"Theirs\"}");
	book_id(&b, IX, "{\"name\": \"IX one\", \"slug\": \"ix-one\", \"local_autonomous_system\": 1}");
	book_id(&b, ROUTER, "{\"name\": \"r1\", \"hostname\": \"r1.example.net\", \"platform\": 1, \"local_autonomous_system\": 1}");
	book_id(&b, CONNECTION, "{\"internet_exchange_point\": 1, \"router\": 1, \"interface\": \"ae0\"}");
	book_id(&b, SESSION, "{\"autonomous_system\": 2, \"ixp_connection\": 1, \"ip_address\": \"192.0.2.5\"}");
}

Test(store, messages_of_refusals) {
	small_book();
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		const char *got = book_create(&b, refusals[i].api, refusals[i].input);

		cr_expect_str_eq(got, refusals[i].want, "%s %s:\n got %s\nwant %s", refusals[i].api, refusals[i].input, got, refusals[i].want);
	}
	is(book_sql(&b, "SELECT count(*) FROM autonomous_system"), "2");
}

Test(store, what_is_too_long_is_told) {
	struct sbuf s;

	sb_init(&s, b.a);
	sb_str(&s, "{\"slug\": \"a\", \"name\": \"");
	for (int i = 0; i < 101; i++)
		sb_str(&s, "\xC3\xA9");
	sb_str(&s, "\"}");
	is(book_create(&b, TAG, s.s), "{\"name\":[\"Ensure this field has no more than 100 characters.\"]}");
}

/* ---- update, change log, events, search ---- */

Test(store, put_and_patch) {
	small_book();
	is(book_put(&b, SESSION, 1, "{\"status\": \"enabled\"}"), "{\"autonomous_system\":[\"This field is required.\"],"
	    "\"ixp_connection\":[\"This field is required.\"],\"ip_address\":[\"This field is required.\"]}");
	is(book_field(&b, book_patch(&b, SESSION, 1, "{\"id\": 7, \"nope\": 1, \"display\": \"x\", \"status\": \"disabled\", \"tags\": [1]}"), "status.value"), "\"disabled\"");
	is(book_field(&b, book_get(&b, SESSION, 1), "tags.slug"), "[\"core\"]");
	book_patch(&b, SESSION, 1, "{\"comments\": \"x\"}");
	is(book_field(&b, book_get(&b, SESSION, 1), "tags.slug"), "[\"core\"]", "absent is unchanged");
	book_patch(&b, SESSION, 1, "{\"tags\": []}");
	is(book_field(&b, book_get(&b, SESSION, 1), "tags"), "[]");
	is(book_field(&b, book_patch(&b, SESSION, 999, "{}"), "detail"), "\"No InternetExchangePeeringSession matches the given query.\"");
}

Test(store, the_change_log_tells_what_changed_and_nothing_else) {
	const char *updates = "SELECT count(*) FROM object_change WHERE action = 'update'";

	small_book();
	is(book_sql(&b, "SELECT count(*) FROM object_change WHERE action = 'create'"), "7");
	is(book_sql(&b, "SELECT prechange_data FROM object_change WHERE object_repr = 'AS64500 - Ours'"), "null");
	is(book_sql(&b, "SELECT postchange_data ->> 'name' FROM object_change WHERE object_repr = 'AS64500 - Ours'"), "\"Ours\"");
	is(book_sql(&b, "SELECT user_name FROM object_change LIMIT 1"), "\"tester\"");
	book_patch(&b, AS, 1, "{\"name\": \"Ours\"}");
	is(book_sql(&b, updates), "0", "a write that changes nothing leaves no record");
	is(book_sql(&b, "SELECT updated = created FROM autonomous_system WHERE id = 1"), "true");
	book_patch(&b, AS, 1, "{\"tags\": [1]}");
	is(book_sql(&b, updates), "1");
	is(book_sql(&b, "SELECT prechange_data -> 'tags' FROM object_change WHERE action = 'update'"), "[]");
	is(book_sql(&b, "SELECT postchange_data -> 'tags' FROM object_change WHERE action = 'update'"), "[\"core\"]");
	book_patch(&b, AS, 1, "{\"name\": \"Other\"}");
	is(book_sql(&b, "SELECT postchange_data -> 'tags' FROM object_change WHERE action = 'update' ORDER BY id DESC LIMIT 1"), "[\"core\"]");
	is(book_sql(&b, "SELECT count(*) FROM event"), "8", "all but the tag's");
	is(book_sql(&b, "SELECT data ->> 'url' FROM event ORDER BY id LIMIT 1"), "\"/api/peering/autonomous-systems/1/\"");
	is(book_sql(&b, "SELECT string_agg(field || '=' || value || '@' || label, ';' ORDER BY field) FROM search_entry WHERE object_type_id = 70 AND object_id = 1"),
	    "\"asn=64500@AS64500 - Other;name=Other@AS64500 - Other\"");
	is(book_sql(&b, "SELECT count(DISTINCT request_id) FROM object_change"), "1");
}

Test(store, secrets_stay_secret) {
	struct actor other = b.actor;

	small_book();
	is(book_field(&b, book_patch(&b, SESSION, 1, "{\"password\": \"s3cret!\"}"), "password"), "\"s3cret!\"");
	is(book_sql(&b, "SELECT password LIKE 'seal1:%' FROM internet_exchange_peering_session"), "true");
	book_patch(&b, ROUTER, 1, "{\"napalm_password\": \"s3cret!\"}");
	is(book_field(&b, book_get(&b, ROUTER, 1), "napalm_password"), "null");
	is(book_sql(&b, "SELECT count(*) FROM object_change WHERE prechange_data::text || postchange_data::text LIKE '%s3cret%'"), "0");
	is(book_sql(&b, "SELECT count(*) FROM event WHERE data::text LIKE '%s3cret%' OR data::jsonb ? 'password'"), "0");
	is(book_sql(&b, "SELECT count(*) FROM search_entry WHERE value LIKE '%s3cret%'"), "0");
	other.superuser = false;
	other.permissions = list_new(b.a, 1);
	struct map *g = map_new(b.a, 3);
	struct list *actions = list_new(b.a, 1);
	list_push(actions, val_str("view"));
	map_set(g, "type", val_str("peering.internetexchangepeeringsession"));
	map_set(g, "actions", val_list(actions));
	map_set(g, "constraints", val_null());
	list_push((struct list *)(uintptr_t)other.permissions, val_map(g));
	b.s.actor = &other;
	is(book_field(&b, book_get(&b, SESSION, 1), "password"), "null", "reading is not reading secrets");
	b.s.actor = &b.actor;
	is(book_field(&b, book_patch(&b, SESSION, 1, "{\"password\": \"s3cret!\"}"), "password"), "\"s3cret!\"");
	is(book_sql(&b, "SELECT updated = created FROM router"), "false");
}

Test(store, delete_protects_cascades_and_loosens) {
	small_book();
	book_id(&b, "bgp/relationships", "{\"name\": \"Peer\", \"slug\": \"peer\"}");
	book_id(&b, DIRECT, "{\"local_autonomous_system\": 1, \"autonomous_system\": 2, \"ip_address\": \"198.51.100.2/30\", \"local_ip_address\": \"198.51.100.1/30\","
	    " \"relationship\": 1, \"router\": 1}");
	is(book_field(&b, book_delete(&b, "bgp/relationships", 1), "detail"),
	    "\"unable to delete object. 1 dependent objects were found: Peer - AS64501 - IP 198.51.100.2/30 (1)\"");
	is(book_delete(&b, ROUTER, 1), "{}");
	is(book_field(&b, book_get(&b, DIRECT, 1), "router"), "null");
	is(book_sql(&b, "SELECT prechange_data ->> 'router' FROM object_change WHERE action = 'update' AND changed_object_type_id = 72"), "\"1\"");
	is(book_delete(&b, AS, 1), "{}");
	is(book_sql(&b, "SELECT string_agg(object_repr, '; ' ORDER BY object_repr) FROM object_change WHERE action = 'delete'"),
	    "\"AS64500 - Ours; IX one; IX one; IX one - AS64501 - IP 192.0.2.5; Peer - AS64501 - IP 198.51.100.2/30; r1\"");
	is(book_sql(&b, "SELECT count(*) FROM internet_exchange_peering_session"), "0");
	is(book_sql(&b, "SELECT count(*) FROM search_entry WHERE object_type_id IN (73, 74)"), "0");
	is(book_field(&b, book_delete(&b, AS, 1), "error"), "\"not_found\"");
}

/* ---- filters ---- */

static const struct { const char *api, *query, *want; } selections[] = {
	{ AS, "", "AS64500 - Ours; AS64501 - Theirs" },
	{ AS, "asn=64500", "AS64500 - Ours" },
	{ AS, "asn=64500&asn=64501", "AS64500 - Ours; AS64501 - Theirs" },
	{ AS, "asn__n=64500", "AS64501 - Theirs" },
	{ AS, "asn__gt=64500", "AS64501 - Theirs" },
	{ AS, "asn__gt=64500&asn__gt=1", "AS64500 - Ours; AS64501 - Theirs" },
	{ AS, "asn__lte=64500", "AS64500 - Ours" },
	{ AS, "asn=x", "{\"asn\":[\"Enter a whole number.\"]}" },
	{ AS, "asn=99999999999999999999", "{\"asn\":[\"Enter a whole number.\"]}" },
	{ AS, "id=9999999999", "" },
	{ AS, "name=Ours", "AS64500 - Ours" },
	{ AS, "name=ours", "" },
	{ AS, "name__ie=ours", "AS64500 - Ours" },
	{ AS, "name__ic=HEI", "AS64501 - Theirs" },
	{ AS, "name__nic=hei", "AS64500 - Ours" },
	{ AS, "name__isw=th", "AS64501 - Theirs" },
	{ AS, "name__niew=RS", "" },
	{ AS, "name__ic=%", "" },
	{ AS, "name__empty=true", "" },
	{ AS, "name__empty=false", "AS64500 - Ours; AS64501 - Theirs" },
	{ AS, "irr_as_set__n=x", "AS64500 - Ours; AS64501 - Theirs" },
	{ AS, "affiliated=true", "" },
	{ AS, "affiliated=False", "AS64500 - Ours; AS64501 - Theirs" },
	{ AS, "affiliated=maybe", "AS64500 - Ours; AS64501 - Theirs" },
	{ AS, "tag=core", "AS64501 - Theirs" },
	{ AS, "tag__n=core", "AS64500 - Ours" },
	{ AS, "tag=null", "AS64500 - Ours" },
	{ AS, "tag=nope", "{\"tag\":[\"Select a valid choice. nope is not one of the available choices.\"]}" },
	{ AS, "q=64501", "AS64501 - Theirs" },
	{ AS, "q=our", "AS64500 - Ours" },
	{ AS, "q=", "AS64500 - Ours; AS64501 - Theirs" },
	{ AS, "created__gte=2020-01-01", "AS64500 - Ours; AS64501 - Theirs" },
	{ AS, "created__lt=2020-01-01 10:00", "" },
	{ AS, "created__gte=soon", "{\"created__gte\":[\"Enter a valid date/time.\"]}" },
	{ AS, "created__gte=2026-02-30", "{\"created__gte\":[\"Enter a valid date/time.\"]}" },
	{ AS, "created_by_request=x", "{\"created_by_request\":[\"Enter a valid UUID.\"]}" },
	{ AS, "created_by_request=00000000-0000-4000-8000-000000000000", "" },
	{ AS, "ordering=-asn", "AS64501 - Theirs; AS64500 - Ours" },
	{ AS, "ordering=nope", "AS64500 - Ours; AS64501 - Theirs" },
	{ SESSION, "status=enabled", "IX one - AS64501 - IP 192.0.2.5" },
	{ SESSION, "status__n=enabled", "" },
	{ SESSION, "status=bogus", "{\"status\":[\"Select a valid choice. bogus is not one of the available choices.\"]}" },
	{ SESSION, "bgp_state=", "IX one - AS64501 - IP 192.0.2.5" },
	{ SESSION, "autonomous_system_id=2", "IX one - AS64501 - IP 192.0.2.5" },
	{ SESSION, "autonomous_system_id=9", "{\"autonomous_system_id\":[\"Select a valid choice. 9 is not one of the available choices.\"]}" },
	{ SESSION, "autonomous_system_id=x", "{\"autonomous_system_id\":[\"\xE2\x80\x9Cx\xE2\x80\x9D is not a valid value.\"]}" },
	{ SESSION, "autonomous_system_asn=64501", "IX one - AS64501 - IP 192.0.2.5" },
	{ SESSION, "autonomous_system_asn__n=64501", "" },
	{ SESSION, "autonomous_system=Ours", "" },
	{ SESSION, "internet_exchange_id=1", "IX one - AS64501 - IP 192.0.2.5" },
	{ SESSION, "internet_exchange=IX one", "IX one - AS64501 - IP 192.0.2.5" },
	{ SESSION, "internet_exchange=IX two", "{\"internet_exchange\":[\"Select a valid choice. IX two is not one of the available choices.\"]}" },
	{ SESSION, "bfd_id=null", "IX one - AS64501 - IP 192.0.2.5" },
	{ SESSION, "bfd_id__n=null", "" },
	{ SESSION, "address_family=4", "IX one - AS64501 - IP 192.0.2.5" },
	{ SESSION, "address_family=6", "" },
	{ SESSION, "address_family=x", "{\"address_family\":[\"Enter a number.\"]}" },
	{ SESSION, "exists_in_peeringdb=true", "" },
	{ SESSION, "is_abandoned=false", "IX one - AS64501 - IP 192.0.2.5" },
	{ SESSION, "q=192.0.2.5", "IX one - AS64501 - IP 192.0.2.5" },
	{ SESSION, "q=ix-one", "IX one - AS64501 - IP 192.0.2.5" },
	{ SESSION, "q=r1.example", "IX one - AS64501 - IP 192.0.2.5" },
	{ SESSION, "q=nothing", "" },
	{ CONNECTION, "router=r1.example.net", "IX one on r1 ae0" },
	{ CONNECTION, "router_name=r1", "IX one on r1 ae0" },
	{ CONNECTION, "vlan=99999999", "" },
	{ TAG, "content_type=peering.autonomoussystem", "core" },
	{ TAG, "content_type=devices.router", "" },
	{ POLICY, "type=export-policy", "both; out" },
	{ POLICY, "address_family=6", "out" },
	{ "core/object-changes", "action=update", "Peering | autonomous system AS64501 - Theirs updated by tester" },
	{ "core/object-changes", "changed_object_type_id=peering.bgpgroup", "" },
	{ "core/object-changes", "changed_object_type_id=9999", "{\"changed_object_type_id\":[\"Select a valid choice. That choice is not one of the available choices.\"]}" },
};

Test(store, filters) {
	small_book();
	book_patch(&b, AS, 2, "{\"tags\": [1]}");
	book_id(&b, POLICY, "{\"name\": \"in\", \"slug\": \"in\", \"type\": \"import-policy\"}");
	book_id(&b, POLICY, "{\"name\": \"out\", \"slug\": \"out\", \"type\": \"export-policy\", \"address_family\": 6}");
	book_id(&b, POLICY, "{\"name\": \"both\", \"slug\": \"both\", \"type\": \"import-export-policy\", \"weight\": 5}");
	for (size_t i = 0; i < ARRAY_LEN(selections); i++) {
		const char *got = book_list(&b, selections[i].api, selections[i].query);

		cr_expect_str_eq(got, selections[i].want, "%s?%s:\n got %s\nwant %s", selections[i].api, selections[i].query, got, selections[i].want);
	}
}

/* ---- rights ---- */

static struct actor someone;

static void grant(const char *type, const char *action, const char *constraints) {
	struct val c = val_null();
	struct map *g = map_new(b.a, 3);
	struct list *actions = list_new(b.a, 1);

	if (someone.permissions == NULL)
		someone = (struct actor){ .user_id = 1, .user_name = "someone", .authenticated = true, .permissions = list_new(b.a, 4) };
	if (constraints != NULL)
		cr_assert(json_parse(b.a, constraints, strlen(constraints), 8, &c, &b.e));
	list_push(actions, val_str(action));
	map_set(g, "type", val_str(type));
	map_set(g, "actions", val_list(actions));
	map_set(g, "constraints", c);
	list_push((struct list *)(uintptr_t)someone.permissions, val_map(g));
	b.s.actor = &someone;
}

Test(store, rights_default_to_none_and_end_at_predicates) {
	small_book();
	grant("extras.webhook", "view", NULL);
	is(book_field(&b, book_list(&b, AS, ""), "error"), "\"permission_denied\"");
	is(book_field(&b, book_get(&b, AS, 1), "error"), "\"permission_denied\"");
	grant("peering.autonomoussystem", "view", "{\"asn\": 64501}");
	is(book_list(&b, AS, ""), "AS64501 - Theirs");
	is(book_field(&b, book_get(&b, AS, 1), "error"), "\"not_found\"");
	is(book_field(&b, book_get(&b, AS, 2), "name"), "\"Theirs\"");
	is(book_list(&b, AS, "asn=64500"), "");
	is(book_field(&b, book_patch(&b, AS, 2, "{\"name\": \"x\"}"), "error"), "\"permission_denied\"");
	grant("peering.autonomoussystem", "change", "{\"asn\": [64501, 64502]}");
	is(book_field(&b, book_patch(&b, AS, 2, "{\"name\": \"New\"}"), "name"), "\"New\"");
	is(book_field(&b, book_patch(&b, AS, 1, "{\"name\": \"x\"}"), "error"), "\"not_found\"");
	is(book_field(&b, book_patch(&b, AS, 2, "{\"asn\": 64999}"), "error"), "\"permission_denied\"", "nobody writes out of their right");
	is(book_field(&b, book_patch(&b, AS, 2, "{\"asn\": 64502}"), "asn"), "64502");
	is(book_field(&b, book_create(&b, AS, "{\"asn\": 1, \"name\": \"x\"}"), "error"), "\"permission_denied\"");
	grant("peering.autonomoussystem", "add", "[{\"name__isw\": \"Lab\"}, {\"affiliated\": true}]");
	is(book_field(&b, book_create(&b, AS, "{\"asn\": 1, \"name\": \"x\"}"), "error"), "\"permission_denied\"");
	is(book_field(&b, book_create(&b, AS, "{\"asn\": 1, \"name\": \"Lab 1\"}"), "asn"), "1");
	is(book_field(&b, book_create(&b, AS, "{\"asn\": 3, \"name\": \"x\", \"affiliated\": true}"), "asn"), "3");
	is(book_field(&b, book_delete(&b, AS, 2), "error"), "\"permission_denied\"");
}

Test(store, a_wrong_predicate_matches_nothing) {
	static const char *const wrong[] = { "{\"nope\": 1}", "{\"asn\": \"x\"}", "{\"affiliated\": \"maybe\"}", "{\"name\": \"\"}", "{\"asn\": []}", "{\"q\": \"\"}" };

	small_book();
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		someone.permissions = NULL;
		grant("peering.autonomoussystem", "view", wrong[i]);
		cr_expect_str_eq(book_list(&b, AS, ""), "", "%s", wrong[i]);
	}
}

Test(store, anonymous) {
	struct actor nobody = { .user_name = "" };

	small_book();
	b.s.actor = &nobody;
	is(book_field(&b, book_list(&b, AS, ""), "error"), "\"not_authenticated\"");
	b.conf.login_required = false;
	is(book_list(&b, AS, "asn=64500"), "AS64500 - Ours");
	is(book_field(&b, book_list(&b, "users/users", ""), "error"), "\"not_authenticated\"");
	is(book_field(&b, book_patch(&b, AS, 1, "{}"), "error"), "\"not_authenticated\"");
}

Test(store, nobody_makes_a_superuser_who_is_not_one) {
	grant("auth.user", "add", NULL);
	is(book_create(&b, "users/users", "{\"username\": \"evil\", \"password\": \"x\", \"is_superuser\": true}"),
	    "{\"is_superuser\":[\"Only a superuser may set this.\"]}");
}

/* ---- costs ---- */

static uint64_t cost(const char *api, size_t limit) {
	struct query q = { .res = res_by_api(api), .limit = limit, .form = FORM_FULL, .count = true };
	struct rows rows;
	uint64_t before;

	cr_assert(store_list(&b.s, &q, &rows, NULL, &b.e), "%s", b.e.msg);      /* what is read once a process */
	before = db_statements(b.db);
	cr_assert(store_list(&b.s, &q, &rows, NULL, &b.e));
	return db_statements(b.db) - before;
}

Test(store, a_list_costs_the_same_for_any_number_of_rows) {
	small_book();
	book_id(&b, POLICY, "{\"name\": \"in\", \"slug\": \"in\"}");
	book_id(&b, "bgp/communities", "{\"name\": \"c\", \"slug\": \"c\", \"value\": \"64500:1\"}");
	for (int i = 2; i < 40; i++)
		book_id(&b, SESSION, arena_printf(b.a, "{\"autonomous_system\": %d, \"ixp_connection\": 1, \"ip_address\": \"192.0.3.%d\", \"tags\": [1],"
		    " \"import_routing_policies\": [1], \"export_routing_policies\": [1], \"communities\": [1], \"local_context_data\": {\"a\": 1}}", 1 + i % 2, i));
	book_patch(&b, SESSION, 1, "{\"tags\": [1], \"import_routing_policies\": [1], \"communities\": [1]}");
	cr_expect_eq(cost(SESSION, 1), cost(SESSION, 40));
	cr_expect_leq(cost(SESSION, 40), 8);
	cr_expect_eq(cost("core/object-changes", 2), cost("core/object-changes", 2));
	cr_expect_leq(cost("core/object-changes", 50), 12);
}

/* ---- config contexts ---- */

Test(store, contexts_merge_by_weight_and_local_data_wins) {
	small_book();
	book_id(&b, "extras/config-contexts", "{\"name\": \"a\", \"data\": {\"x\": {\"one\": 1, \"two\": 2}, \"l\": [1], \"k\": \"a\"}}");
	book_id(&b, "extras/config-contexts", "{\"name\": \"b\", \"data\": {\"x\": {\"two\": 22}, \"l\": [2], \"k\": \"b\"}}");
	book_id(&b, "extras/config-contexts", "{\"name\": \"off\", \"data\": {\"off\": true}, \"is_active\": false}");
	for (int i = 1; i <= 3; i++)
		book_id(&b, "extras/config-context-assignments", arena_printf(b.a, "{\"content_type\": \"devices.router\", \"object_id\": 1, \"config_context\": %d, \"weight\": %d}", i, 1000 - i));
	is(book_field(&b, book_get(&b, ROUTER, 1), "config_context.k"), "\"a\"", "the greater weight wins");
	is(book_field(&b, book_get(&b, ROUTER, 1), "config_context.x"), "{\"two\":2,\"one\":1}");
	is(book_field(&b, book_get(&b, ROUTER, 1), "config_context.off"), "null");
	book_patch(&b, ROUTER, 1, "{\"local_context_data\": {\"k\": \"local\", \"l\": [3]}}");
	is(book_field(&b, book_get(&b, ROUTER, 1), "config_context.k"), "\"local\"");
	is(book_field(&b, book_get(&b, ROUTER, 1), "config_context.l"), "[3]");
	b.conf.config_context_list_merge = "append_rp";
	is(book_field(&b, book_get(&b, ROUTER, 1), "config_context.l"), "[2,1,3]");
	is(book_create(&b, "extras/config-context-assignments", "{\"content_type\": \"devices.router\", \"object_id\": 1, \"config_context\": 1}"),
	    "{\"non_field_errors\":[\"The fields content_type, object_id, config_context must make a unique set.\"]}");
}

/* ---- two writers, revisions, races ---- */

Test(store, two_writers_one_after_the_other) {
	struct db *second;
	struct store t = b.s;
	struct problems p = { .a = b.a };
	struct row *row, *first;
	struct map *m = map_new(b.a, 1);
	const char *before, *after;

	small_book();
	cr_assert(db_open(b.a, pg_conninfo(b.a, b.database), "second", &second, &b.e));
	t.db = second;
	cr_assert(store_get(&b.s, res_by_api(AS), 1, "view", &row, &b.e));
	before = store_etag(&b.s, row);
	cr_assert(store_get(&b.s, res_by_api(AS), 1, "view", &row, &b.e));
	is(store_etag(&b.s, row), before);
	cr_assert(db_begin(b.db, DB_WRITE, &b.e));
	map_set(m, "name", val_str("First"));
	cr_assert(store_update(&b.s, res_by_api(AS), 1, m, WRITE_PATCH, &first, &p, &b.e));
	cr_assert(db_begin(second, DB_WRITE, &b.e));
	cr_assert(db_query(second, b.a, "SET LOCAL lock_timeout = '200ms'", NULL, 0, NULL, &b.e));
	cr_assert(!store_update(&t, res_by_api(AS), 1, m, WRITE_PATCH, &row, &p, &b.e), "the second waits for the first");
	cr_assert_eq(b.e.code, ERR_CONFLICT);
	db_rollback(second);
	cr_assert(db_commit(b.db, &b.e));
	map_set(m, "name", val_str("Second"));
	cr_assert(db_begin(second, DB_WRITE, &b.e));
	cr_assert(store_update(&t, res_by_api(AS), 1, m, WRITE_PATCH, &row, &p, &b.e));
	cr_assert(db_commit(second, &b.e));
	after = store_etag(&b.s, row);
	cr_assert_str_neq(after, before);
	is(book_sql(&b, "SELECT prechange_data ->> 'name' FROM object_change WHERE action = 'update' ORDER BY id DESC LIMIT 1"), "\"First\"");
}
