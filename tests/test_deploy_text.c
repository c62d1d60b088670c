/* test_deploy_text.c: what a deployment makes of texts: what takes away what is no longer wanted, differences, whom they touch. */
#include "config.h"

#include <criterion/criterion.h>

#include "base/diff.h"
#include "peering/deploy.h"

static struct arena *a;

static void setup(void) {
	a = arena_new_root();
}

static void teardown(void) {
	arena_free(a);
}

TestSuite(texts, .init = setup, .fini = teardown);

/* ---- removal on platforms that only add ---- */

#define LAST "router bgp 64500\n neighbor 192.0.2.1 remote-as 64501\n neighbor 192.0.2.1 description A\n neighbor 192.0.2.2 remote-as 64502\n" \
	" address-family ipv4 unicast\n  neighbor 192.0.2.1 activate\n  neighbor 192.0.2.2 activate\n  neighbor 192.0.2.2 maximum-prefix 10\n" \
	" exit-address-family\n!\nip prefix-list P seq 5 permit 192.0.2.0/24\nroute-map M permit 10\n match tag 5\n!\n"
#define NOW "router bgp 64500\n neighbor 192.0.2.2 remote-as 64502\n address-family ipv4 unicast\n  neighbor 192.0.2.2 activate\n" \
	" exit-address-family\n!\n"

static const char *removal_by(const char *way, const char *last, const char *now) {
	struct sbuf out;

	sb_init(&out, a);
	deploy_removal(a, way, last, now, &out);
	return out.s;
}

static const char *removal(const char *last, const char *now) {
	return removal_by(NULL, last, now);
}

Test(texts, what_is_no_longer_wanted_is_taken_away) {
	cr_expect_str_eq(removal(LAST, LAST), "");
	cr_expect_str_eq(removal("/configure router \"Base\" bgp neighbor 192.0.2.1 peer-as 2\n", "# nothing\n"), "", "the MD-CLI has no \"no\"");
	cr_expect_str_eq(removal("router bgp 1\n  neighbor 192.0.2.1\n    remote-as 2\n  neighbor 192.0.2.2\n    remote-as 3\n", "router bgp 1\n  neighbor 192.0.2.2\n    remote-as 3\n"),
	    "router bgp 1\n no neighbor 192.0.2.1\n!\n", "NX-OS");
	cr_expect_str_eq(removal(LAST, NOW),
	    "router bgp 64500\n no neighbor 192.0.2.1\n!\nrouter bgp 64500\n address-family ipv4 unicast\n  no neighbor 192.0.2.2 maximum-prefix 10\n!\n"
	    "no ip prefix-list P seq 5 permit 192.0.2.0/24\nno route-map M permit 10\n");
	cr_expect_str_eq(removal("router bgp 1\n neighbor 192.0.2.1 remote-as 2\n", "! nothing\n"), "router bgp 1\n no neighbor 192.0.2.1\n!\n");
	cr_expect_str_eq(removal("router bgp 1\n bgp router-id 192.0.2.9\n neighbor 192.0.2.1 remote-as 2\n neighbor 192.0.2.1 description A\n"
	    " neighbor 192.0.2.1 route-map A in\n neighbor 192.0.2.1 route-map B out\n network 192.0.2.0/24\n",
	    "router bgp 1\n bgp router-id 192.0.2.8\n neighbor 192.0.2.1 remote-as 3\n neighbor 192.0.2.1 route-map C in\n network 192.0.2.0/25\n"),
	    "router bgp 1\n no neighbor 192.0.2.1 description A\n no neighbor 192.0.2.1 route-map B out\n no network 192.0.2.0/24\n!\n");
	cr_expect_str_eq(removal("interface x\n no shutdown\n", "hostname y\n"), "interface x\n shutdown\n!\n");
	cr_expect_str_eq(removal("set protocols bgp neighbor 192.0.2.1 remote-as 1\nset protocols bgp neighbor 192.0.2.1 description x\nset a b\nset a c\n", "set a c\n"),
	    "delete protocols bgp neighbor 192.0.2.1\ndelete a b\n");
	cr_expect_str_eq(removal("group x {\n a;\n}\n", "group y {\n a;\n}\n"), "");
}

/* A line is a statement: what goes is told by lines before the text. */
Test(texts, what_is_no_longer_wanted_is_taken_away_by_delete) {
	static const char last[] = "protocols {\n    bgp {\n        neighbor 192.0.2.1 {\n            remote-as \"64501\"\n            address-family {\n                ipv4-unicast {\n"
	    "                }\n            }\n        }\n        neighbor 192.0.2.2 {\n            description \"it's {two}\"\n            remote-as \"64502\"\n        }\n"
	    "        system-as 64500\n    }\n}\n/* policies */\npolicy {\n    route-map OLD {\n        rule 10 {\n            action permit\n        }\n    }\n    prefix-list P {\n"
	    "        rule 10 {\n            prefix 192.0.2.0/24\n        }\n        rule 20 {\n            prefix 198.51.100.0/24\n        }\n    }\n}\n"
	    "interfaces {\n    ethernet eth0 {\n        address 192.0.2.9/24\n    }\n}\n// vyos-config-version: \"bgp@5\"\n";
	static const char now[] = "protocols {\n    bgp {\n        neighbor 192.0.2.2 {\n            remote-as \"64503\"\n        }\n        system-as 64500\n    }\n}\n"
	    "policy { prefix-list P { rule 20 { prefix 198.51.100.0/24 } } }\n";
	static const char srl[] = "network-instance default {\n    protocols {\n        bgp {\n            neighbor 192.0.2.1 {\n                peer-group ix\n            }\n"
	    "            neighbor 192.0.2.2 {\n                peer-group ix\n                description \"a b\"\n                import-policy [\n                    A\n                    B\n"
	    "                ]\n            }\n            neighbor 192.0.2.3 { }\n        }\n    }\n}\nset / interface lo0 description \"x y\"\n"
	    "routing-policy {\n    prefix-set P {\n        prefix 192.0.2.0/24 mask-length-range exact {\n        }\n        prefix 198.51.100.0/24 mask-length-range exact {\n        }\n    }\n}\n";
	static const char srl_now[] = "network-instance default {\n    protocols {\n        bgp {\n            neighbor 192.0.2.2 {\n                description c\n                import-policy [ B ]\n"
	    "            }\n        }\n    }\n}\nrouting-policy {\n    prefix-set P {\n        prefix 192.0.2.0/24 mask-length-range exact {\n        }\n    }\n}\n";

	cr_expect_str_eq(removal_by("delete", last, last), "");
	cr_expect_str_eq(removal_by("delete", last, now), "delete protocols bgp neighbor 192.0.2.1\ndelete protocols bgp neighbor 192.0.2.2 description \"it's {two}\"\n"
	    "delete protocols bgp neighbor 192.0.2.2 remote-as \"64502\"\ndelete policy route-map OLD\ndelete policy prefix-list P rule 10\n"
	    "delete interfaces ethernet eth0 address 192.0.2.9/24\n", "what has a name goes whole, what others share stays");
	cr_expect_str_eq(removal_by("delete", "set policy route-map A rule 10 action permit\nset policy prefix-list P rule 1 action deny\n", "set policy prefix-list P rule 2 action deny\n"),
	    "delete policy route-map A\ndelete policy prefix-list P rule 1\n", "lines as well");
	cr_expect_str_eq(removal_by("delete /", srl, srl), "");
	cr_expect_str_eq(removal_by("delete /", srl, srl_now), "delete / network-instance default protocols bgp neighbor 192.0.2.1\n"
	    "delete / network-instance default protocols bgp neighbor 192.0.2.2 peer-group\ndelete / network-instance default protocols bgp neighbor 192.0.2.2 import-policy\n"
	    "delete / network-instance default protocols bgp neighbor 192.0.2.3\ndelete / interface lo0 description\n"
	    "delete / routing-policy prefix-set P prefix 198.51.100.0/24 mask-length-range exact\n", "no values, and none that another takes the place of");
	cr_expect_str_eq(removal_by("delete /", "set / a import-policy 1\nset / a import-policy 2\nset / a description \"x y\"\n", "set / a import-policy 2\nset / a description z\n"),
	    "delete / a import-policy\n", "one of several values");
	cr_expect_str_eq(removal_by("delete /", "set / interface lo0\ninterface lo1 {\n    subinterface 0 {\n        ipv4 {\n            address 192.0.2.1/31 {\n            }\n        }\n    }\n}\n"
	    "set / interface lo2 ipv4 address 192.0.2.3/31\nset x\nfoo\n", "# none\n"), "delete / interface lo1 subinterface 0 ipv4 address 192.0.2.1/31\n"
	    "delete / interface lo2 ipv4 address 192.0.2.3/31\ndelete x\ndelete / foo\n", "never more than was deployed");
	cr_expect_str_eq(removal_by("delete /", "{\"a\": 1}", "{}"), "", "JSON says itself what goes");
}

/* Junos: "delete:" before what goes, in the levels that stay. */
Test(texts, what_is_no_longer_wanted_is_taken_away_in_braces) {
	static const char last[] = "/* ours */\nprotocols {\n    bgp {\n        group ix4 {\n            type external;\n            import [ A B ];\n"
	    "            neighbor 192.0.2.1 {\n                description \"one; {two}\";\n                peer-as 64501;\n            }\n"
	    "            neighbor 192.0.2.2 {\n                description \"two\";\n                peer-as 64502;\n                authentication-key \"x\";\n            }\n"
	    "        }\n        group gone {\n            type external;\n            neighbor 192.0.2.9;\n        }\n    }\n}\n"
	    "policy-options {\n    prefix-list P {\n        192.0.2.0/24;\n        198.51.100.0/24;\n    }\n    policy-statement old {\n        then reject;\n    }\n"
	    "    replace:\n    policy-statement kept {\n        term a {\n            then accept;\n        }\n    }\n}\n";
	static const char now[] = "protocols {\n    bgp {\n        group ix4 {\n            type external;\n            import [ B C ];\n"
	    "            neighbor 192.0.2.2 {\n                description \"new\";\n                peer-as 64502;\n            }\n        }\n    }\n}\n"
	    "policy-options {\n    prefix-list P {\n        198.51.100.0/24;\n    }\n    replace:\n    policy-statement kept {\n        term b {\n            then accept;\n        }\n    }\n}\n";

	cr_expect_str_eq(removal_by("delete:", last, last), "");
	cr_expect_str_eq(removal_by("delete:", last, now), "protocols {\n    bgp {\n        group ix4 {\n            delete: import A;\n            delete: neighbor 192.0.2.1;\n"
	    "            neighbor 192.0.2.2 {\n                delete: authentication-key;\n            }\n        }\n        delete: group gone;\n    }\n}\n"
	    "policy-options {\n    prefix-list P {\n        delete: 192.0.2.0/24;\n    }\n    delete: policy-statement old;\n}\n");
	cr_expect_str_eq(removal(last, now), "", "no other platform has such a mark");
	cr_expect_str_eq(removal_by("delete:", "interfaces {\n xe-0/0/0 {\n  unit 0 {\n   family inet {\n    address 192.0.2.1/24;\n   }\n  }\n }\n}\n", "system {\n}\n"),
	    "interfaces {\n    xe-0/0/0 {\n        unit 0 {\n            family inet {\n                delete: address 192.0.2.1/24;\n            }\n        }\n    }\n}\n",
	    "levels that others share stay");
	cr_expect_str_eq(removal_by("delete:", "a {\n x 1;\n}\na {\n y 1;\n}\n", "a {\n y 1;\n}\na {\n x 2;\n}\n"), "a {\n    delete: x 1;\n}\n", "a block in two parts is one");
	cr_expect_str_eq(removal_by("delete:", "a {\n delete: x 1;\n y 2;\n", "a {\n"), "a {\n    delete: y 2;\n}\n", "half a text does no harm");
}

/* RouterOS: what was added is found by what names it. */
Test(texts, what_is_no_longer_wanted_is_found_and_removed) {
	static const char last[] = "/routing/bgp/connection add name=ix1 remote.address=192.0.2.1\n/routing/bgp/connection add name=\"ix 2\" remote.address=192.0.2.2\n"
	    "/routing bgp template\nset default as=64500\n/ip firewall address-list\nadd address=192.0.2.0/24 \\\n    list=ours\nadd address=198.51.100.0/24 list=ours\n";

	cr_expect_str_eq(removal_by("find", last, last), "");
	cr_expect_str_eq(removal_by("find", last, "/routing/bgp/connection add name=ix1 remote.address=192.0.2.1\n/ip firewall address-list\nadd address=198.51.100.0/24 list=ours\n"),
	    "/routing/bgp/connection remove [find where name=\"ix 2\"]\n/ip firewall address-list remove [find where address=192.0.2.0/24]\n");
}

/* ---- differences ---- */

static const char *unified(const char *x, const char *y) {
	struct diff d;
	struct sbuf out;

	sb_init(&out, a);
	diff_lines(a, x, strlen(x), y, strlen(y), &d);
	diff_unified(&out, &d, 1);
	return out.s;
}

Test(texts, differences_of_lines) {
	cr_expect_str_eq(unified("a\nb\nc\n", "a\nb\nc\n"), "");
	cr_expect_str_eq(unified("", "a\n"), "@@ -0,0 +1,1 @@\n+a\n");
	cr_expect_str_eq(unified("a\n", ""), "@@ -1,1 +0,0 @@\n-a\n");
	cr_expect_str_eq(unified("a\nb\nc\n", "a\nx\nc\n"), "@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n");
	cr_expect_str_eq(unified("1\n2\n3\n4\n5\n6\n7\n8\n", "1\n2\nx\n4\n5\n6\n7\ny\n8\n"),
	    "@@ -2,3 +2,3 @@\n 2\n-3\n+x\n 4\n@@ -7,2 +7,3 @@\n 7\n+y\n 8\n");
	cr_expect_str_eq(unified("a", "a\nb"), "@@ -1,1 +1,2 @@\n a\n+b\n");
}

Test(texts, what_a_difference_touches) {
	struct touched_neighbour n[] = { { "192.0.2.1", true, 0 }, { "192.0.2.2", true, 0 }, { "192.0.2.3", false, 0 }, { "2001:db8::4", true, 0 },
		{ "192.0.2.11", true, 0 } };
	struct touched t = { n, ARRAY_LEN(n), NULL, NULL, "neighbor 192.0.2.2 x" };
	struct map *m = deploy_touched(a, "[edit protocols bgp neighbor 2001:db8::4]\n+ limit 5\n- neighbor 192.0.2.1 as 1\n+ no neighbor 192.0.2.1 z\n"
	    "- neighbor 192.0.2.2 y\n+ neighbor 192.0.2.2 x\n+neighbor 192.0.2.3;\n+ permit 198.51.100.0/24\n", &t);

	cr_expect_eq(n[0].touch, TOUCH_REMOVED);
	cr_expect_eq(n[1].touch, TOUCH_CHANGED);
	cr_expect_eq(n[2].touch, TOUCH_ADDED);
	cr_expect_eq(n[3].touch, TOUCH_CHANGED);
	cr_expect_eq(n[4].touch, TOUCH_NONE);
	cr_expect_eq(map_get(m, "lines_added").u.i, 5);
	cr_expect_eq(map_get(m, "lines_removed").u.i, 2);
	cr_expect_eq(map_get(m, "prefixes_added").u.i, 1);
}

Test(texts, a_line_within_a_block_touches_its_neighbour) {
	const char *before = "protocol bgp a {\n\tneighbor 192.0.2.1 as 1;\n\tipv4 {\n\t\timport all;\n\t};\n}\nprotocol bgp b {\n\tneighbor 192.0.2.2 as 2;\n}\n";
	const char *after = "protocol bgp a {\n\tneighbor 192.0.2.1 as 1;\n\tipv4 {\n\t\timport none;\n\t};\n}\nprotocol bgp b {\n\tneighbor 192.0.2.2 as 2;\n}\n";
	struct touched_neighbour n[] = { { "192.0.2.1", true, 0 }, { "192.0.2.2", true, 0 } };
	struct touched t = { n, ARRAY_LEN(n), before, after, after };

	deploy_touched(a, unified(before, after), &t);
	cr_expect_eq(n[0].touch, TOUCH_CHANGED);
	cr_expect_eq(n[1].touch, TOUCH_NONE);
}
