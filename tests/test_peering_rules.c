/* test_peering_rules.c: the rules of sessions, communities and routers, as the store applies them. */
#include "config.h"

#include <criterion/criterion.h>

#include "book.h"
#include "peering/ciphers.h"
#include "peering/peering.h"
#include "peering/render.h"
#include "pg.h"

#define AS "peering/autonomous-systems"
#define IX "peering/internet-exchanges"
#define SESSION "peering/internet-exchange-peering-sessions"
#define DIRECT "peering/direct-peering-sessions"
#define CONNECTION "net/connections"
#define ROUTER "devices/routers"
#define POLICY "peering/routing-policies"

static struct book b;

ReportHook(PRE_ALL)(struct criterion_test_set *tests) {
	(void)tests;
	pg_start();
}

static void setup(void) {
	book_open(&b);
	b.s.behaviours = peering_behaviours;
	book_id(&b, AS, "{\"asn\": 64500, \"name\": \"Ours\"}");
	book_id(&b, AS, "{\"asn\": 64501, \"name\": \"Theirs\"}");
	book_id(&b, "bgp/relationships", "{\"name\": \"Peer\", \"slug\": \"peer\"}");
	book_id(&b, POLICY, "{\"name\": \"Six\", \"slug\": \"six\", \"type\": \"import-policy\", \"address_family\": 6}");
	book_id(&b, POLICY, "{\"name\": \"Any\", \"slug\": \"any\", \"type\": \"import-policy\", \"address_family\": 0}");
}

static void teardown(void) {
	book_close(&b);
}

TestSuite(rules, .init = setup, .fini = teardown, .timeout = 60);

static const char *direct(const char *more) {
	return book_create(&b, DIRECT, arena_printf(b.a,
	    "{\"local_autonomous_system\": {\"asn\": 64500}, \"autonomous_system\": {\"asn\": 64501}, \"relationship\": {\"slug\": \"peer\"}, %s}", more));
}

static int64_t router(const char *platform, const char *encrypt) {
	return book_id(&b, ROUTER, arena_printf(b.a, "{\"name\": \"r-%s\", \"hostname\": \"r\", \"platform\": {\"slug\": \"%s\"}, \"encrypt_passwords\": %s,"
	    " \"local_autonomous_system\": {\"asn\": 64500}}", platform, platform, encrypt));
}

Test(rules, addresses_of_direct_sessions) {
	static const struct { const char *input, *want; } x[] = {
		{ "\"ip_address\": \"192.0.2.0/24\"", "{\"__all__\":[\"IP address 192.0.2.0/24 is a network address, please use a host address.\"]}" },
		{ "\"ip_address\": \"192.0.2.255/24\"", "{\"__all__\":[\"IP address 192.0.2.255/24 is a broadcast address, please use a host address.\"]}" },
		{ "\"ip_address\": \"192.0.2.1/24\", \"local_ip_address\": \"192.0.2.1/24\"",
		  "{\"__all__\":[\"Local IP address 192.0.2.1/24 cannot be the same as remote IP address 192.0.2.1/24.\"]}" },
		{ "\"ip_address\": \"192.0.2.1/24\", \"local_ip_address\": \"198.51.100.1/24\"",
		  "{\"__all__\":[\"198.51.100.1/24 and 192.0.2.1/24 don't belong to the same subnet.\"]}" },
		{ "\"ip_address\": \"192.0.2.1/24\", \"local_ip_address\": \"192.0.2.0/24\"",
		  "{\"__all__\":[\"IP address 192.0.2.0/24 is a network address, please use a host address.\"]}" },
	};
	static const char *const good[] = {
		"\"ip_address\": \"192.0.2.0/31\", \"local_ip_address\": \"192.0.2.1/31\"",
		"\"ip_address\": \"2001:db8::/64\", \"local_ip_address\": \"2001:db8::1/64\"",
		"\"ip_address\": \"192.0.2.1\", \"local_ip_address\": \"198.51.100.1\", \"multihop_ttl\": 2",
		"\"ip_address\": \"192.0.2.1/30\"",
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(x); i++)
		cr_expect_str_eq(direct(x[i].input), x[i].want, "%s gives %s", x[i].input, direct(x[i].input));
	for (i = 0; i < ARRAY_LEN(good); i++)
		cr_expect_str_neq(book_field(&b, direct(good[i]), "id"), "", "%s", good[i]);
	/* a write that does not touch them is not held up by what an older system let in */
	book_sql(&b, "SELECT 1");
	cr_expect_str_eq(book_field(&b, book_patch(&b, DIRECT, 1, "{\"comments\": \"x\"}"), "comments"), "\"x\"");
}

Test(rules, policies_fit_the_address_family) {
	const char *mismatch = "{\"non_field_errors\":[\"Routing policy 'Six' cannot be used for this session, address families mismatch.\"]}";

	cr_expect_str_eq(direct("\"ip_address\": \"192.0.2.1/30\", \"import_routing_policies\": [1, 2]"), mismatch);
	cr_expect_str_eq(book_field(&b, direct("\"ip_address\": \"192.0.2.1/30\", \"import_routing_policies\": [2]"), "status.value"), "\"enabled\"");
	cr_expect_str_eq(book_patch(&b, DIRECT, 1, "{\"export_routing_policies\": [1]}"), mismatch);
	cr_expect_str_eq(book_field(&b, book_patch(&b, DIRECT, 1, "{\"ip_address\": \"2001:db8::1/64\", \"export_routing_policies\": [1]}"), "ip_address"),
	    "\"2001:db8::1/64\"");
	cr_expect_str_eq(book_patch(&b, DIRECT, 1, "{\"ip_address\": \"192.0.2.1/30\"}"), mismatch);
}

Test(rules, communities_are_what_routers_know) {
	static const char *const bad[] = { "a", "70000:1", "64500", "origin:x:1", "1:2:3:4" };
	static const char *const good[] = { "64500:1", "64500:1:2", "target:64500:100" };
	size_t i;

	for (i = 0; i < ARRAY_LEN(bad); i++)
		cr_expect_str_eq(book_create(&b, "bgp/communities", arena_printf(b.a, "{\"name\": \"%s\", \"slug\": \"b%zu\", \"value\": \"%s\"}", bad[i], i, bad[i])),
		    "{\"value\":[\"BGP community does not match the standard, extended or large notation\"]}");
	for (i = 0; i < ARRAY_LEN(good); i++)
		book_id(&b, "bgp/communities", arena_printf(b.a, "{\"name\": \"%s\", \"slug\": \"g%zu\", \"value\": \"%s\"}", good[i], i, good[i]));
	b.conf.validate_bgp_community_value = false;
	book_id(&b, "bgp/communities", "{\"name\": \"free\", \"slug\": \"free\", \"value\": \"whatever\"}");
}

Test(rules, keys_are_written_for_the_platform) {
	int64_t arista = router("arista-eos", "true"), juniper = router("juniper-junos", "true"), clear = router("cisco-ios", "false");
	const char *out = direct(arena_printf(b.a, "\"ip_address\": \"192.0.2.1/30\", \"router\": %lld, \"password\": \"mypassword\"", (long long)arista));

	cr_expect_str_eq(book_field(&b, out, "encrypted_password"), "\"7 y+H7lLFzp/YsDHHDOkvsCg==\"", "%s", out);
	cr_expect_str_eq(book_field(&b, out, "password"), "\"mypassword\"");
	/* another neighbour, another text; another platform, another form; nothing stays when the key goes */
	out = book_patch(&b, DIRECT, 1, "{\"ip_address\": \"2001:db8::1/64\"}");
	cr_expect_str_eq(book_field(&b, out, "encrypted_password"), "\"7 MvaoTUNIrHU4N6c3nmp5gg==\"", "%s", out);
	out = book_patch(&b, DIRECT, 1, arena_printf(b.a, "{\"router\": %lld}", (long long)juniper));
	cr_expect_str_eq(book_field(&b, out, "encrypted_password"), "\"$9$lqlK87goGUi.vWZjq.F3KM87VY4aUkqf\"", "%s", out);
	out = book_patch(&b, DIRECT, 1, "{\"comments\": \"y\"}");
	cr_expect_str_eq(book_field(&b, out, "encrypted_password"), "\"$9$lqlK87goGUi.vWZjq.F3KM87VY4aUkqf\"");
	out = book_patch(&b, DIRECT, 1, "{\"password\": \"\"}");
	cr_expect_str_eq(book_field(&b, out, "encrypted_password"), "null", "%s", out);
	out = direct(arena_printf(b.a, "\"ip_address\": \"192.0.2.5/30\", \"router\": %lld, \"password\": \"plain\"", (long long)clear));
	cr_expect_str_eq(book_field(&b, out, "encrypted_password"), "null", "%s", out);
	/* neither form stands open in the database */
	cr_expect_str_eq(book_sql(&b, "SELECT count(*) FROM direct_peering_session WHERE password LIKE '%plain%' OR encrypted_password LIKE '$9$%'"), "0");
}

Test(rules, keys_of_exchange_sessions) {
	int64_t cisco = router("cisco-ios", "true");
	const char *out, *text, *back;
	struct err e;

	book_id(&b, IX, "{\"name\": \"IX\", \"slug\": \"ix\", \"local_autonomous_system\": {\"asn\": 64500}}");
	book_id(&b, CONNECTION, arena_printf(b.a, "{\"internet_exchange_point\": 1, \"router\": %lld, \"ipv4_address\": \"192.0.2.1/24\"}", (long long)cisco));
	out = book_create(&b, SESSION, "{\"autonomous_system\": {\"asn\": 64501}, \"ixp_connection\": 1, \"ip_address\": \"192.0.2.2\", \"password\": \"sesame\"}");
	text = book_field(&b, out, "encrypted_password");
	cr_assert(strncmp(text, "\"7 ", 3) == 0, "%s", out);
	text = arena_strndup(b.a, text + 1, strlen(text) - 2);
	cr_assert(cipher_decrypt(b.a, "cisco-type7", text, "", &back, &e));
	cr_expect_str_eq(back, "sesame");
	/* as long as it says the same, it is not written anew with another salt */
	out = book_patch(&b, SESSION, 1, "{\"comments\": \"z\", \"password\": \"sesame\"}");
	cr_expect_str_eq(book_field(&b, out, "encrypted_password"), arena_printf(b.a, "\"%s\"", text));
}

/* A template gets the key of a session in clear and as the router writes it, from a sealed column. */
Test(rules, templates_read_sealed_keys) {
	int64_t id = router("juniper-junos", "true");
	struct render_report report;
	struct tmpl_err te;
	struct sbuf out;

	direct(arena_printf(b.a, "\"ip_address\": \"192.0.2.1/30\", \"router\": %lld, \"password\": \"mypassword\"", (long long)id));
	sb_init(&out, b.a);
	cr_assert(render_router(&b.s, id, "{% for s in router | direct_sessions %}{{ s.password }} {{ s.encrypted_password }}{% endfor %}", &out, &report, &te),
	    "%s", te.e.msg);
	cr_expect_str_eq(out.s, "mypassword $9$ikPQtu1IhrqmBEyrLXk.PQnCp0ISyK");
	/* with another key file it is an error, not an empty key */
	b.conf.secret_file = "/nonexistent";
	sb_reset(&out);
	cr_expect_not(render_router(&b.s, id, "{% for s in router | direct_sessions %}{{ s.password }}{% endfor %}", &out, &report, &te));
	cr_expect_eq(out.len, 0);
}

Test(rules, a_router_that_is_not_polled_has_no_last_poll) {
	int64_t id = router("cisco-ios", "false");

	book_sql(&b, "UPDATE router SET poll_bgp_sessions_state = true, poll_bgp_sessions_last_updated = now() RETURNING 1");
	book_patch(&b, ROUTER, id, "{\"poll_bgp_sessions_state\": false}");
	cr_expect_str_eq(book_sql(&b, "SELECT poll_bgp_sessions_last_updated FROM router"), "null");
}
