/* test_peering.c: templates over a small book in a real database: every filter, relation, derived value and lookup. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include <criterion/criterion.h>
#include <criterion/hooks.h>

#include "base/conf.h"
#include "model/tables/tables.h"
#include "peering/graph.h"
#include "peering/render.h"
#include "pg.h"

static struct arena *a;
static struct store s;
static struct conf conf;

ReportHook(PRE_ALL)(struct criterion_test_set *tests) {
	(void)tests;
	pg_start();
}

static const char *read_all(const char *path) {
	FILE *f = fopen(arena_printf(a, "%s/%s", getenv("PEERAGE_TOP") != NULL ? getenv("PEERAGE_TOP") : TEST_SRCDIR, path), "r");
	struct sbuf b;
	int c;

	cr_assert_not_null(f, "%s", path);
	sb_init(&b, a);
	while ((c = fgetc(f)) != EOF)
		sb_chr(&b, (char)c);
	fclose(f);
	return b.s;
}

static void script(const char *sql) {
	struct err e;

	cr_assert(db_script(s.db, sql, &e), "%s", e.msg);
}

static void setup(void) {
	const char *name;
	struct err e;

	a = arena_new_root();
	s = (struct store){ .a = a, .base_url = "" };
	s.db = pg_fresh(a, &name);
	cr_assert(conf_load(a, "/dev/null", &conf, &e), "%s", e.msg);
	s.conf = &conf;
	script(read_all("tests/data/peering/book.sql"));
}

static void teardown(void) {
	arena_free(a);
}

TestSuite(peering, .init = setup, .fini = teardown, .timeout = 60);

static const char *render(int64_t router, const char *template, struct render_report *report) {
	struct render_report r;
	struct tmpl_err te;
	struct sbuf out;

	sb_init(&out, a);
	if (!render_router(&s, router, template, &out, report == NULL ? &r : report, &te))
		return arena_printf(a, "%s: %s", te.e.kind == NULL ? "error" : te.e.kind, te.e.msg);
	return out.s;
}

struct example {
	const char *template, *want;
};

static void expect_all(const struct example *x, size_t n) {
	size_t i;

	for (i = 0; i < n; i++) {
		const char *got = render(1, arena_printf(a, "%s%s",
		    "{% set as = autonomous_systems | get(asn=2914) %}{% set google = autonomous_systems | get(asn=15169) %}"
		    "{% set decix = internet_exchange_points | get(slug='de-cix') %}{% set transits = bgp_groups | get(slug='transits') %}"
		    "{% set direct = router | direct_sessions(4) | get(id=1) %}{% set ix = router | ixp_sessions(4, decix) | get(id=2) %}"
		    "{% set ix6 = router | ixp_sessions(6) | first %}", x[i].template), NULL);

		cr_expect_str_eq(got, x[i].want, "%s\n  gives %s\n  not   %s", x[i].template, got, x[i].want);
	}
}

Test(peering, variables_of_a_router) {
	static const struct example x[] = {
		{ "{{ router }} {{ local_as }}", "r1 AS201281 - Guillaume" },
		{ "{{ autonomous_systems | iterate('asn') | join(',') }}", "2914,15169,65550" },
		{ "{{ bgp_groups | iterate('slug') | join(',') }}", "customers,transits" },
		{ "{{ internet_exchange_points | iterate('slug') | join(',') }}", "ams-ix,de-cix" },
		{ "{{ communities | iterate('value') | join(',') }}", "64500:100,64500:1:1,64500:200,64500:666" },
		{ "{{ routing_policies | iterate('slug') | join(',') }}", "announce,peers-v4,peers-v6,reject-all,special" },
		{ "{% for s in router.directpeeringsession_set.all() %}{{ s }}; {% endfor %}",
		  "Transit - AS2914 - IP 192.0.2.2/30; Customer - AS65550 - IP 2001:db8:1::2/64; " },
		{ "{{ router | ixp_sessions | iterate('id') | join(' ') }}", "4 2 1 3" },
		{ "{{ ix }}", "DE-CIX - AS2914 - IP 80.81.192.10" },
		{ "{{ router | connections | join(', ') }}", "AMS-IX on r1, DE-CIX on r1 xe-0/0/0" },
	};

	expect_all(x, ARRAY_LEN(x));
}

Test(peering, policies_and_communities) {
	static const struct example x[] = {
		{ "{{ direct | merge_import_policies | iterate('slug') | join(' ') }}", "special peers-v6 peers-v4 reject-all" },
		{ "{{ direct | merge_export_policies | iterate('slug') | join(' ') }}", "announce special" },
		{ "{{ ix | merge_import_policies | iterate('slug') | join(' ') }}", "special peers-v4 reject-all" },
		{ "{{ ix | merge_import_policies('reverse') | iterate('slug') | join(' ') }}", "reject-all peers-v4 special" },
		{ "{{ ix6 | merge_import_policies | iterate('slug') | join(' ') }}", "peers-v6 reject-all" },
		{ "{{ decix | merge_import_policies | iterate('slug') | join(' ') }}", "peers-v4 reject-all" },
		{ "{{ as | merge_import_policies | iterate('slug') | join(' ') }}", "peers-v4 peers-v6" },
		{ "{{ decix | iter_import_policies('slug') | join(' ') }}", "peers-v4 reject-all" },
		{ "{{ decix | iter_import_policies('slug', family=6) | join(' ') }}", "reject-all" },
		{ "{{ decix | iter_import_policies(field='slug', family=4) | join(' ') }}", "peers-v4 reject-all" },
		{ "{{ transits | iter_export_policies('name') | join }}", "Special" },
		{ "{{ direct | merge_communities | iterate('slug') | join(' ') }}", "customer blackhole peer on-r1" },
		{ "{{ decix | communities('value') | join(' ') }}", "64500:100 64500:200" },
		{ "{{ direct | communities | count }} {{ local_as | communities | length }} {{ 'x' | communities }}", "2 0 []" },
		{ "{{ router | routing_policies('slug', family=6) | join(' ') }}", "announce peers-v6 reject-all special" },
		{ "{{ direct.merged_import_policies(True)[0].slug }} {{ direct.merged_communities() | count }}", "reject-all 4" },
		{ "{% for p in routing_policies if p.slug == 'special' %}{{ p.communities.all() | iterate('slug') | join(',') }} {{ p.get_type_display() }}"
		  " {{ p.address_family }} {{ p.bgpgroup_import_routing_policies.all() | join }}{% endfor %}", "customer,blackhole Import+Export 0 Customers" },
		{ "{{ communities | iterate('kind') | join(' ') }}", "standard large standard standard" },
	};

	expect_all(x, ARRAY_LEN(x));
}

Test(peering, sessions) {
	static const struct example x[] = {
		{ "{{ direct | inherited_status }} {{ ix | inherited_status }}", "maintenance enabled" },
		{ "{{ router | ixp_sessions | get(id=4) | inherited_status }}", "maintenance" },
		{ "{{ router | direct_sessions(6) | first | inherited_status }}", "disabled" },
		{ "{{ router | connections | map('inherited_status') | join(' ') }}", "maintenance enabled" },
		{ "{{ direct | ip }} {{ ix | ip }} {{ ix6 | ip }} {{ [direct, ix] | ip | join(' ') }}", "192.0.2.2 80.81.192.10 2001:7f8::10 192.0.2.2 80.81.192.10" },
		{ "{{ direct | ip_version }} {{ ix6 | ip_version }}", "4 6" },
		{ "{{ direct | max_prefix }} {{ ix6 | max_prefix }}", "900000 200000" },
		{ "{{ direct | local_ips }} {{ ix | local_ips }} {{ ix6 | local_ips }}", "192.0.2.1/30 80.81.192.1/21 2001:7f8::1/64" },
		{ "{{ decix | local_ips | join(' ') }}", "80.81.192.1/21 2001:7f8::1/64 80.81.192.2/21 2001:7f8::2/64" },
		{ "{{ decix | local_ips(6) | join(', ') }} {{ transits | local_ips }}", "2001:7f8::1/64, 2001:7f8::2/64 None" },
		{ "{{ direct.password }} {{ direct.enabled }} {{ direct.bfd.slug }} {{ direct.relationship }} {{ direct.router.name }}", "sesame True fast Transit r1" },
		{ "{{ direct.ip_address }} {{ direct.ip_address.ip }} {{ direct.ip_address.network }} {{ direct.ip_address.network.prefixlen }}"
		  " {{ direct.ip_address.version }} {{ direct.ip_address.netmask }} {{ ix.ip_address }}",
		  "192.0.2.2/30 192.0.2.2 192.0.2.0/30 30 4 255.255.255.252 80.81.192.10" },
		{ "{{ router | direct_sessions(family=4, group=transits) | count }} {{ router | direct_sessions | count }} {{ as | direct_sessions | count }}", "1 2 2" },
		{ "{{ as | ixp_sessions(ixp=decix) | count }} {{ as | ixp_sessions(4) | count }} {{ google | ixp_sessions | count }}", "2 2 2" },
		{ "{{ decix | sessions | count }} {{ decix | sessions(6) | count }} {{ transits | sessions | iterate('id') | join(',') }}", "4 2 1,3" },
		{ "{{ decix | route_server | map('ip') | join }} {{ decix | route_server(6) | count }}", "80.81.192.99 0" },
		{ "{{ ix.exists_in_peeringdb }} {{ ix.is_abandoned }}", "True False" },
		{ "{% set rs = decix | route_server | first %}{{ rs.exists_in_peeringdb }} {{ rs.is_abandoned }}", "False True" },
		{ "{{ ix6.get_bgp_state_display() }} {{ ix.ixp_connection.router }} {{ ix.ixp_connection.internet_exchange_point.name }}", "Established r1 DE-CIX" },
		{ "{{ router | bfds | iterate('slug') | join }}", "fast" },
		{ "{{ ix.ixp_connection | mac('cisco') }} {{ ix.ixp_connection.mac_address }} {{ ix.ixp_connection | mac('bare') }}",
		  "001b.7749.54fd 00:1b:77:49:54:fd 001b774954fd" },
		{ "{{ ix.ixp_connection.internetexchangepeeringsession_set.count() }} {{ decix.connection_set.all() | count }}", "3 2" },
	};

	expect_all(x, ARRAY_LEN(x));
}

Test(peering, autonomous_systems) {
	static const struct example x[] = {
		{ "{% for p in as | prefix_list(4) %}{{ p.prefix }}{% if not p.exact %}-{{ p['less-equal'] }}{% endif %} {% endfor %}",
		  "192.0.2.0/24 198.51.100.0/22-24 " },
		{ "{{ as.prefixes.ipv6[0].prefix }} {{ google.prefixes }} {{ google | prefix_list(6) }}", "2001:db8::/32 None []" },
		{ "{{ as.prefixes.ipv4[1] }}", "{'exact': False, 'prefix': '198.51.100.0/22', 'less-equal': 24, 'greater-equal': 23}" },
		{ "{{ as | as_list | join(',') }} {{ as.as_list | length }}", "2914,4200000001 2" },
		{ "{{ as | strip_irr_sources }} {{ 'RIPE::AS-X RADB:AS-X' | strip_irr_sources }}", "['AS2914:AS-GLOBAL', 'AS-V6'] ['AS-X']" },
		{ "{{ as | relationships | iterate('slug') | join }} {{ 'transit' in as | relationships | iterate('slug') }}", "transit True" },
		{ "{{ as | ixps(local_as) | join(',') }}", "AMS-IX,DE-CIX" },
		{ "{{ as | shared_ixps(local_as) | join(',') }} {{ as | shared_facilities(local_as) | join(',') }}", "DE-CIX Equinix FR5" },
		{ "{{ as | missing_sessions(local_as) | count }}{% for m in google | missing_sessions(local_as) %} {{ m.ipaddr6 }} {{ m.ixlan.ix.name }}{% endfor %}",
		  "0 2001:7f8::20/128 DE-CIX Frankfurt" },
		{ "{{ google | missing_sessions(local_as, decix) | count }}", "1" },
		{ "{{ as.is_private }} {{ (autonomous_systems | get(asn=65550)).is_private }} {{ as.general_policy }} {{ as.peeringdb_network.name }}",
		  "False True Restrictive NTT" },
		{ "{{ as.divergence_from_peeringdb() | iterate('label') | join(',') }}", "IRR AS-SET" },
		{ "{{ as.get_contact_email_addresses() | map('first') | join(',') }}", "alice@example.net,bob@example.net,peering@ntt.example" },
		{ "{{ direct | contact('technical', field='email') }} {{ as | contact('POLICY') }} {{ decix | contact('nobody') }}", "alice@example.net Bob None" },
		{ "{{ as | tags | join(',') }} {{ as | has_tag('lab') }} {{ as | has_tag('Filter prefixes') }} {{ google | has_not_tag('lab') }}",
		  "Filter prefixes,Lab True True True" },
		{ "{{ as.comments }} {{ as.irr_as_set | length }} {{ google.ipv6_max_prefixes }} {{ google.name | safe_string }}", "Big 51 None Google" },
		{ "{{ as.get_routers() | join(',') }} {{ as.are_bgp_sessions_pollable() }}", "r1,r2 True" },
		{ "{{ router | direct_peers('transits') | iterate('asn') | join }} {{ router | ixp_peers('de-cix') | iterate('asn') | join(',') }}", "2914 2914,15169" },
		{ "{% for p in decix.get_available_peers() %}{{ p.asn }} {{ p.net.name }} {{ p.ipaddr4 }};{% endfor %}"
		  "{{ decix.get_available_peers(show_hidden=True) | count }} {% for h in decix.get_hidden_peers() %}{{ h.peeringdb_network.asn }}{% endfor %}",
		  "2914 NTT 80.81.192.10/32;2 15169" },
		{ "{{ decix | prefix_list(6) | join }} {{ decix.peeringdb_ixlan.ix.name }}", "2001:7f8::/64 DE-CIX Frankfurt" },
		{ "{{ as.prefixes_updated }} {{ as.prefixes_updated.year }}", "2026-11-01 10:00:00+00:00 2026" },
	};

	expect_all(x, ARRAY_LEN(x));
}

Test(peering, contexts) {
	static const struct example x[] = {
		{ "{{ router | context_get_key('region') }} {{ router.config_context.ntp.server }} {{ router.config_context.ntp.key }}", "eu 192.0.2.123 5" },
		{ "{{ router.config_context.list }} {{ router.local_context_data.list }}", "[3] [3]" },
		{ "{{ router | context_has_key('server') }} {{ router | context_has_key('server', recursive=False) }}", "True False" },
		{ "{{ router | context_has_not_key('x') }} {{ router | context_get_key('x', default='none') }} {{ local_as.config_context }}", "True none None" },
		{ "{{ as.config_context | as_json(indent=None) }} {{ as.config_contexts.all() | count }}", "{\"region\": \"us\"} 1" },
	};

	expect_all(x, ARRAY_LEN(x));
}

Test(peering, query_sets) {
	static const struct example x[] = {
		{ "{{ router.directpeeringsession_set.filter(autonomous_system__asn__gte=60000).count() }}", "1" },
		{ "{{ router.directpeeringsession_set.filter(ip_address__family=6).first().id }}", "2" },
		{ "{{ router.directpeeringsession_set.filter(ip_address__host='192.0.2.2').exists() }}", "True" },
		{ "{{ router.directpeeringsession_set.exclude(status='disabled').values_list('id', flat=True) }}", "[1]" },
		{ "{{ router.directpeeringsession_set.filter(tags__slug='lab').count() }}", "1" },
		{ "{{ router.directpeeringsession_set.filter(bgp_group=transits).count() }} {{ router.directpeeringsession_set.filter(bgp_group__slug='customers').count() }}", "1 1" },
		{ "{{ router.directpeeringsession_set.order_by('-id').first().id }} {{ router.directpeeringsession_set.last().id }}", "2 2" },
		{ "{{ autonomous_systems.filter(name__icontains='TT').first() }} {{ autonomous_systems.filter(name__startswith='P') | count }}", "AS2914 - NTT 1" },
		{ "{{ communities.filter(slug__in=['peer', 'customer']).count() }} {{ communities.get(slug='peer').value }}", "2 64500:200" },
		{ "{{ communities.filter(value__regex='^64500:[0-9]+$').count() }} {{ communities.filter(type__isnull=True).count() }}", "3 1" },
		{ "{{ autonomous_systems.filter(ipv4_max_prefixes__range=[1, 20000]) | iterate('asn') | join(',') }}", "15169,65550" },
		{ "{{ autonomous_systems.order_by('name').values_list('asn', 'name')[0] }}", "(15169, 'Göogle')" },
		{ "{{ autonomous_systems.values('asn')[0] }} {{ autonomous_systems[0].asn }} {{ autonomous_systems[1:] | length }}", "{'asn': 2914} 2914 2" },
		{ "{{ autonomous_systems.none() | length }} {% if autonomous_systems.none() %}yes{% else %}no{% endif %}", "0 no" },
		{ "{{ autonomous_systems | filter(asn__lt=10000) | count }} {{ autonomous_systems | filter(asn=15169) | first }}", "1 AS15169 - Göogle" },
		{ "{{ (router | ixp_sessions | unique_items('autonomous_system')) | iterate('id') | join(' ') }}", "4 3" },
		{ "{{ router | ixp_sessions | map(attribute='autonomous_system.asn') | unique | join(',') }}", "2914,15169" },
		{ "{% for g in router | ixp_sessions | groupby('autonomous_system.asn') %}{{ g.grouper }}:{{ g.list | length }} {% endfor %}", "2914:3 15169:1 " },
		{ "{{ router | ixp_sessions | selectattr('is_route_server') | map(attribute='id') | join }}", "3" },
		{ "{{ decix.connection_set.filter(router__name='r2').first() }} {{ decix.connection_set.filter(router=router).count() }}", "DE-CIX on r2 et-1 1" },
		{ "{{ as in autonomous_systems }} {{ local_as in autonomous_systems }} {{ as == ix.autonomous_system }}", "True False True" },
		{ "{{ router.platform.router_set.count() }} {{ local_as.router_set.all() | join(',') }} {{ router.pk }}", "1 r1,r2 1" },
	};

	expect_all(x, ARRAY_LEN(x));
}

Test(peering, no_secrets_no_writes) {
	static const struct example x[] = {
		{ "{{ router.napalm_password }}{{ router.napalm_username }}|{{ router.napalm_password is defined }}", "|False" },
		{ "{{ router.save is defined }} {{ router.delete is defined }} {{ autonomous_systems.update is defined }} {{ autonomous_systems.delete is defined }}",
		  "False False False False" },
		{ "{{ router.jobs is defined }} {{ router.g is defined }} {{ router._meta is defined }}", "False False False" },
		{ "{{ router | as_json is string }} {{ 'hunter2' in router | as_json }} {{ 'object_key' in router.config_contexts.all() | as_json }}", "True False False" },
	};

	expect_all(x, ARRAY_LEN(x));
}

Test(peering, templates_of_the_book) {
	struct render_source hello = { .name = "hello", .text = "Hi {{ autonomous_system.name }}, {{ affiliated_autonomous_systems | get(asn=201281) }}:"
	    "{% for i in autonomous_system | shared_ixps(affiliated_autonomous_systems[0]) %} {{ i }}{% endfor %}" };
	struct render_source subject = { .name = "subject", .text = "AS{{ autonomous_system.asn }}" };
	struct render_source unknown = { .name = "unknown", .text = "{{ autonomous_systems.0.asn }} {{ autonomous_systems[1].asn }} {{ autonomous_systems[1].name }}"
	    " {{ autonomous_systems[1] | shared_ixps(autonomous_systems[0]) | join }}" };
	struct render_source export = { .name = "export", .text = "{% for c in dataset %}{{ c.slug }};{% endfor %}" };
	struct sbuf one, two;
	struct tmpl_err te;

	cr_expect_str_eq(render(1, NULL, NULL), "part of r1.example.net;host r1");
	cr_expect_str_eq(render(2, NULL, NULL), "");
	cr_expect_str_eq(render(1, "{% include_configuration 2 %}{% include 'configuration::Part' %}", NULL), "part of r1.example.net;part of r1.example.net;");
	cr_expect_str_eq(render(1, "{% include_exporttemplate values %}", NULL), "64500:100;64500:1:1;64500:200;64500:666;");
	sb_init(&one, a);
	sb_init(&two, a);
	cr_assert(render_email(&s, 2, &subject, &hello, &one, &two, &te), "%s", te.e.msg);
	cr_expect_str_eq(one.s, "AS2914");
	cr_expect_str_eq(two.s, "Hi NTT, AS201281 - Guillaume: DE-CIX");
	sb_reset(&two);
	cr_assert(render_network_email(&s, 1, 15169, NULL, &unknown, NULL, &two, &te), "%s", te.e.msg);
	cr_expect_str_eq(two.s, "201281 15169 Google DE-CIX");
	sb_reset(&two);
	cr_assert(render_export(&s, "bgp.community", &export, &two, &te), "%s", te.e.msg);
	cr_expect_str_eq(two.s, "customer;on-r1;peer;blackhole;");
}

/* Whole tables are read by other statements than a router's reach: both must say the same. */
Test(peering, links_are_the_same_near_and_far) {
	static const char each[] = "{{ o.id }}:{{ o | iter_import_policies('id') | join(',') }}/{{ o | iter_export_policies('id') | join(',') }}"
	    "/{{ o | communities('id') | join(',') }}/{{ o | tags | iterate('id') | join(',') }} ";
	static const struct { const char *model, *want; } far[] = {
		{ "peering.directpeeringsession", "1:5,2//1,3/2 3:/// 2:/4// " },
		{ "peering.internetexchangepeeringsession", "4:/// 2:5/5/3/1 1:/// 3:/// 5:/// " },
		{ "peering.autonomoussystem", "2:3,2/4/2/1,2 4:/// 3:/// 1:/// " },
		{ "peering.bgpgroup", "2:5/// 3:/// 1:1/5/3/ " },
		{ "peering.internetexchange", "2:/// 1:3,1/4/1,2/1 3:/// " },
	};
	struct tmpl_err te;
	struct sbuf out;
	size_t i;

	for (i = 0; i < ARRAY_LEN(far); i++) {
		struct render_source source = { .name = "each", .text = arena_printf(a, "{%% for o in dataset %%}%s{%% endfor %%}", each) };

		sb_init(&out, a);
		cr_assert(render_export(&s, far[i].model, &source, &out, &te), "%s", te.e.msg);
		cr_expect_str_eq(out.s, far[i].want, "%s: %s", far[i].model, out.s);
	}
	cr_expect_str_eq(render(1, arena_printf(a, "{%% for o in router | direct_sessions %%}%s{%% endfor %%}", each), NULL), "1:5,2//1,3/2 2:/4// ");
	cr_expect_str_eq(render(1, arena_printf(a, "{%% for o in router | ixp_sessions %%}%s{%% endfor %%}", each), NULL), "4:/// 2:5/5/3/1 1:/// 3:/// ");
	cr_expect_str_eq(render(1, arena_printf(a, "{%% for o in autonomous_systems %%}%s{%% endfor %%}", each), NULL), "2:3,2/4/2/1,2 4:/// 3:/// ");
}

Test(peering, a_failed_render_is_an_error) {
	static const struct { const char *template; unsigned line; const char *kind; } bad[] = {
		{ "a\n{% for %}", 2, "TemplateSyntaxError" },
		{ "a\nb\n{{ nothing.more }}", 3, "UndefinedError" },
		{ "{{ 'x' | ip }}", 1, "ValueError" },
		{ "\n{{ router | direct_sessions(4, none).save() }}", 2, NULL },
		{ "{{ local_as | route_server }}", 1, "AttributeError" },
		{ "{{ router.directpeeringsession_set.filter(nonsense=1) }}", 1, "FieldError" },
		{ "{{ communities.get(slug__in=['peer', 'customer']) }}", 1, "MultipleObjectsReturned" },
		{ "{% include_configuration Missing %}", 1, "TemplateNotFound" },
	};
	struct render_report r;
	struct tmpl_err te;
	struct sbuf out;
	size_t i;

	for (i = 0; i < ARRAY_LEN(bad); i++) {
		sb_init(&out, a);
		sb_str(&out, "before");
		cr_expect_not(render_router(&s, 1, bad[i].template, &out, &r, &te), "%s", bad[i].template);
		cr_expect_str_eq(out.s, "before");
		cr_expect_eq(te.line, bad[i].line, "%s: line %u", bad[i].template, te.line);
		cr_expect_not_null(te.text);
		if (bad[i].kind != NULL)
			cr_expect_str_eq(te.e.kind == NULL ? "" : te.e.kind, bad[i].kind, "%s: %s", bad[i].template, te.e.kind);
	}
	cr_expect_not(render_router(&s, 999, "x", &out, &r, &te));
	cr_expect_eq(te.e.code, ERR_NOT_FOUND);
}

/* A template that asks for everything, and more sessions, do not make more statements. */
/* The table of the graph that holds a resource's objects, or -1. */
static int table_of(const struct resource *r) {
	const char *model = arena_printf(a, "%s.%s", r->app, r->model);

	for (int t = 0; t < T__COUNT; t++) {
		if (strcmp(gtables[t].model, model) == 0)
			return t;
	}
	return -1;
}

/* What Django calls the way back from a reference. */
static const char *way_back(const struct resource *r, const struct field *f) {
	if (f->related != NULL)
		return f->related;
	if (f->type == F_REFS && f->ref == &res_routing_policy)
		return arena_printf(a, "%s_%s", r->model, f->name);
	return arena_printf(a, "%s_set", r->model);
}

/* Every reference between objects that templates see can be followed, there and back, under the names that it has in Peering Manager. */
Test(peering, references_lead_there_and_back) {
	size_t there = 0, back = 0;

	for (size_t i = 0; all_resources[i] != NULL; i++) {
		const struct resource *r = all_resources[i];
		int from = table_of(r);

		for (size_t k = 0; from >= 0 && k < r->nfields; k++) {
			const struct field *f = &r->fields[k];
			int to = f->type == F_REF || f->type == F_REFS ? table_of(f->ref) : -1, slot;
			const char *name = to < 0 ? "" : way_back(r, f);
			const struct attr *x;

			if (to < 0)
				continue;
			slot = gobj_slot((enum table_id)from, f->name, strlen(f->name));
			cr_expect(slot >= 0, "%s has no %s", gtables[from].model, f->name);
			there++;
			if (*name == '\0' || to == T_TAG)
				continue;
			slot = gobj_slot((enum table_id)to, name, strlen(name));
			cr_expect(slot >= SLOT_ATTR, "%s has no %s", gtables[to].model, name);
			if (slot < SLOT_ATTR)
				continue;
			back++;
			x = &gtables[to].attrs[slot - SLOT_ATTR];
			cr_expect(x->table == (enum table_id)from && x->kind == (f->type == F_REF ? ATTR_REVERSE : ATTR_LINKED), "%s of %s leads elsewhere", name,
			    gtables[to].model);
			if (x->kind == ATTR_REVERSE)
				cr_expect_str_eq(gtables[from].columns[x->column].name, arena_printf(a, "%s_id", f->name));
		}
	}
	cr_expect(there >= 68 && back >= 62, "%zu references, %zu ways back", there, back);
}

Test(peering, statements_do_not_grow_with_rows) {
	static const char everything[] =
		"{% for s in router | ixp_sessions %}{{ s }}{{ s | ip }}{{ s | merge_import_policies | iterate('slug') | join }}{{ s | merge_export_policies | count }}"
		"{{ s | merge_communities | count }}{{ s | tags | join }}{{ s | max_prefix }}{{ s | inherited_status }}{{ s | local_ips }}{{ s.bfd }}"
		"{{ s.config_context }}{{ s | contact('technical') }}{{ s.autonomous_system | prefix_list }}{{ s.autonomous_system | as_list }}"
		"{{ s.is_abandoned }}{{ s.autonomous_system.peeringdb_network }}{{ s.autonomous_system | shared_facilities(local_as) | count }}"
		"{{ s.autonomous_system | missing_sessions(local_as) | count }}\n{% endfor %}"
		"{% for s in router | direct_sessions %}{{ s }}{{ s | merge_import_policies | count }}{{ s.relationship }}{{ s.local_autonomous_system }}{% endfor %}"
		"{{ router.platform }}{{ router.configuration_template }}";
	struct render_report few, many;

	render(1, everything, &few);
	cr_expect_leq(few.statements, 30, "%llu statements", (unsigned long long)few.statements);
	script("INSERT INTO autonomous_system (id, asn, name) SELECT 1000 + n, 300000 + n, 'AS ' || n FROM generate_series(1, 1000) n;"
	    "INSERT INTO internet_exchange_peering_session (id, autonomous_system_id, ixp_connection_id, ip_address, password) "
	    "SELECT a.id, a.id, 1, '2001:7f8::1:0'::inet + a.id, 'x' FROM autonomous_system a WHERE a.asn > 300000;"
	    "INSERT INTO internet_exchange_peering_session_import_routing_policies SELECT id, 5 FROM internet_exchange_peering_session WHERE id > 5;"
	    "INSERT INTO tagged_item SELECT 1, 74, id FROM internet_exchange_peering_session WHERE id > 5;"
	    "ANALYZE");
	cr_assert_str_neq(render(1, everything, &many), "");
	cr_expect_eq(many.sessions, few.sessions + 1000);
	cr_expect_eq(many.statements, few.statements, "%llu and %llu statements", (unsigned long long)few.statements, (unsigned long long)many.statements);
}
