/* test_peeringdb.c: the reader of PeeringDB's answers on everything it may meet, and requests that must not reach inside. */
#include "config.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/net.h"
#include "outside/http.h"
#include "outside/peeringdb_read.h"
#include "outside/peeringdb_source.h"

/* ---- the reader ---- */

static bool count_row(void *arg, struct val row, struct err *e) {
	(void)e;
	cr_assert_eq(row.type, V_MAP);
	++*(size_t *)arg;
	return true;
}

static bool read_text(const char *text, size_t len, size_t *rows, struct err *e) {
	struct arena *a = arena_new_root();
	FILE *f = len == 0 ? tmpfile() : fmemopen((void *)(uintptr_t)text, len, "r");
	struct answer answer = { .row = count_row, .arg = rows };
	bool ok;

	*rows = 0;
	cr_assert_not_null(f);
	ok = answer_read(a, f, &answer, e);
	if (ok)
		cr_assert_eq(answer.rows, *rows);
	fclose(f);
	arena_free(a);
	return ok;
}

Test(peeringdb, answers) {
	static const struct {
		const char *text, *says;        /* NULL: it is good */
		size_t rows;
	} cases[] = {
		{ "{\"data\": [], \"meta\": {}}", NULL, 0 },
		{ "{\"data\": [{\"id\": 1}]}", NULL, 1 },
		{ " {\"meta\":{\"generated\":1.5},\"data\":[{\"id\":1},{\"id\":2, \"n\": \"]}\\\"\"}] }\n", NULL, 2 },
		{ "", "ends in the middle", 0 },
		{ "<!DOCTYPE html><html>", "there is \"<!DOCTYPE html>", 0 },
		{ "[]", "there is \"[]\"", 0 },
		{ "{\"meta\": {}}", "no \"data\"", 0 },
		{ "{\"data\": {}}", "the list of \"data\"", 0 },
		{ "{\"data\": null}", "the list of \"data\"", 0 },
		{ "{\"data\": [1]}", "a row", 0 },
		{ "{\"data\": [{\"id\": 1},]}", "a row", 1 },
		{ "{\"data\": [{\"id\": 1} {\"id\": 2}]}", "\",\" or \"]\"", 1 },
		{ "{\"data\": [{\"id\": 1}", "ends in the middle", 1 },
		{ "{\"data\": [{\"id\": 1}], \"meta\": {", "ends in the middle", 1 },
		{ "{\"data\": [{\"id\": 1]}", "", 0 },
		{ "{\"data\": [{\"id\": }]}", "not JSON", 0 },
		{ "{\"data\": []} x", "the end", 0 },
		{ "{\"data\": [{\"a\": \"\xff\xfe\"}]}", "", 0 },
	};
	size_t i, rows;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err e = { .code = ERR_NONE };
		bool ok = read_text(cases[i].text, strlen(cases[i].text), &rows, &e);

		cr_expect_eq(ok, cases[i].says == NULL, "%s: %s", cases[i].text, e.msg);
		if (ok)
			cr_expect_eq(rows, cases[i].rows, "%s: %zu rows", cases[i].text, rows);
		else
			cr_expect(e.code == ERR_UPSTREAM && strstr(e.msg, cases[i].says) != NULL, "%s: %s", cases[i].text, e.msg);
	}
}

/* Cut anywhere and with any byte changed it is read or refused, and a refusal says why. */
Test(peeringdb, garbage) {
	static const char good[] = "{\"meta\": {\"generated\": 1.5}, \"data\": [{\"id\": 1, \"name\": \"a\\\"b\", \"l\": [1, {\"x\": null}]}, {\"id\": 2}]}";
	static const char odd[] = "{}[]\",:\\ \n\t0-x\x01\x80\xff";
	char text[sizeof(good)];
	size_t i, k, rows;

	for (i = 0; i + 1 < sizeof(good); i++) {
		struct err e = { .code = ERR_NONE };

		cr_expect(!read_text(good, i, &rows, &e) && e.code == ERR_UPSTREAM && e.msg[0] != '\0', "the first %zu bytes", i);
		for (k = 0; k < sizeof(odd); k++) {
			struct err why = { .code = ERR_NONE };

			memcpy(text, good, sizeof(good));
			text[i] = odd[k];
			if (!read_text(text, sizeof(good) - 1, &rows, &why))
				cr_expect(why.code == ERR_UPSTREAM && why.msg[0] != '\0', "%s", text);
		}
	}
}

/* ---- addresses inside ---- */

Test(http, internal_addresses) {
	static const struct { const char *address; bool internal; } cases[] = {
		{ "127.0.0.1", true }, { "10.1.2.3", true }, { "172.31.0.1", true }, { "172.32.0.1", false }, { "192.168.1.1", true }, { "169.254.169.254", true },
		{ "100.64.0.1", true }, { "0.0.0.0", true }, { "224.0.0.1", true }, { "255.255.255.255", true }, { "8.8.8.8", false }, { "::1", true },
		{ "::ffff:10.0.0.1", true }, { "::ffff:8.8.8.8", false }, { "fe80::1", true }, { "fd00::1", true }, { "64:ff9b::a00:1", true },
		{ "2002:a00:1::1", true }, { "2606:4700::1", false },
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct addr a;

		cr_assert(addr_parse(cases[i].address, strlen(cases[i].address), &a));
		cr_expect_eq(http_is_internal(&a), cases[i].internal, "%s", cases[i].address);
	}
}

/* A server on loopback that nobody may have reached: the connection is refused before it is made. */
Test(http, refuses_to_reach_inside) {
	struct arena *a = arena_new_root();
	struct http *h = http_new(a, "");
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(at);
	int s = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	static const char *const hosts[] = { "127.0.0.1", "localhost", "127.1", "0x7f000001", "2130706433", "[::ffff:127.0.0.1]" };
	struct http_response resp;
	struct err e;
	size_t i;

	cr_assert(s >= 0 && bind(s, (struct sockaddr *)&at, n) == 0 && listen(s, 5) == 0 && getsockname(s, (struct sockaddr *)&at, &n) == 0);
	for (i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		struct http_request req = { .url = arena_printf(a, "https://%s:%d/", hosts[i], ntohs(at.sin_port)), .seconds = 5, .max_bytes = 1000 };

		cr_expect(!http_do(h, a, &req, &resp, &e) && e.code == ERR_DENIED && strstr(e.msg, "internal address") != NULL, "%s: %s", hosts[i], e.msg);
		req.url = arena_printf(a, "http://%s:%d/", hosts[i], ntohs(at.sin_port));
		cr_expect(!http_do(h, a, &req, &resp, &e) && e.code == ERR_DENIED, "%s: plain HTTP: %s", hosts[i], e.msg);
		req.url = "file:///etc/passwd";
		cr_expect(!http_do(h, a, &req, &resp, &e) && e.code == ERR_DENIED, "a file: %s", e.msg);
	}
	cr_expect_eq(accept(s, NULL, NULL), -1, "nobody came");
	close(s);
	arena_free(a);
}

/* An API that never says that there is no next page ends as an error, not as half a type. */
Test(peeringdb, pages_without_end) {
	struct arena *a = arena_new_root();
	struct map *meta = map_new(a, 1), *pages = map_new(a, 1);
	struct source s = { .dir = NULL };
	struct question q = { .tag = "netixlan" };
	struct err e = { 0 };
	bool more = true;
	size_t asked = 0;

	map_set(pages, "has_next", val_bool(true));
	map_set(meta, "pagination", val_map(pages));
	while (asked < 100000 && source_next(&s, &q, meta, &more, &e) && more)
		asked++;
	cr_assert(asked > 1000 && asked < 100000);
	cr_assert_eq(e.code, ERR_UPSTREAM);
	cr_assert(strstr(e.msg, "netixlan: ") == e.msg && strstr(e.msg, "pages") != NULL, "%s", e.msg);
	map_set(pages, "has_next", val_bool(false));
	cr_assert(source_next(&s, &q, meta, &more, &e) && !more);
	arena_free(a);
}
