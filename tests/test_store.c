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
