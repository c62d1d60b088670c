/*
 * fuzz_template.c: the template engine under libFuzzer. The input is a template; its length picks the options, and whatever it
 * includes, imports or extends is itself. It must end within its limits, and what the engine prints back must parse again.
 *
 *     make tests/fuzz/seeds && mkdir seeds && tests/fuzz/seeds seeds ../tests/template/corpus/macros.jsonl ...
 *     tests/fuzz/fuzz_template -dict=../tests/fuzz/template.dict -max_total_time=600 found seeds
 */
#include "config.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/sbuf.h"
#include "template/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { JSON_DEPTH = 20 };

static const char context[] =
	"{\"x\": \"text <b>\", \"i\": 7, \"f\": 2.5, \"n\": null, \"t\": true, \"l\": [3, 1, 2], \"w\": [\"b\", \"A\"], \"e\": [],"
	" \"d\": {\"a\": 1, \"b\": {\"c\": [1, 2]}}, \"o\": [{\"name\": \"x\", \"v\": 2}, {\"name\": \"Y\"}]}";

struct itself {
	struct tmpl_loader loader;      /* first */
	const char *text;
	size_t len;
};

static bool load(struct tmpl_loader *l, struct arena *a, const char *name, const char **text, size_t *len, struct err *e) {
	const struct itself *self = (const struct itself *)l;

	(void)a;
	(void)e;
	if (strlen(name) > 4)
		return false;
	*text = self->text;
	*len = self->len;
	return true;
}

static void render(struct tmpl *t, struct arena *a) {
	struct tmpl_err e = { 0 };
	struct sbuf out;
	struct val v;

	if (!json_parse(a, context, sizeof(context) - 1, JSON_DEPTH, &v, &e.e))
		abort();
	sb_init(&out, a);
	if (!tmpl_render(t, a, v.u.map, NULL, &out, &e))
		assert(out.len == 0 && e.e.kind != NULL);
}

/* What is printed back parses, and prints the same again. */
static void reprint(struct tmpl_env *env, const struct tmpl *t, struct arena *a) {
	struct tmpl_err e = { 0 };
	struct sbuf once, twice;
	struct tmpl *again;

	sb_init(&once, a);
	sb_init(&twice, a);
	tmpl_print(t, &once);
	assert(tmpl_parse(env, NULL, once.s, once.len, &again, &e));
	tmpl_print(again, &twice);
	assert(once.len == twice.len && memcmp(once.s, twice.s, once.len) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	struct arena *a = arena_new_root();
	struct itself self = { { load }, arena_strndup(a, (const char *)data, size), size };
	struct tmpl_options o = {
		.trim_blocks = size & 1, .lstrip_blocks = size & 2, .sandboxed = size & 4,
		.ext_do = true, .ext_loopcontrols = true, .ext_i18n = size & 8,
		.escape = size & 16 ? TMPL_ESCAPE : TMPL_PLAIN,
		.undefined = (enum tmpl_undefined)(size >> 5 & 3),
		.limits = { .steps = 20000, .output = 1 << 20, .memory = 64 << 20, .depth = 100, .milliseconds = 2000 },
		.loader = &self.loader,
	};
	struct tmpl_env *env = tmpl_env_new(a, &o);
	struct tmpl_err e = { 0 };
	struct tmpl *t;

	if (tmpl_parse(env, NULL, self.text, size, &t, &e)) {
		render(t, a);
		reprint(env, t, a);
	}
	arena_free(a);
	return 0;
}
