/* fuzz_template_render.c: any bytes as a template over a small context, within limits. */
#include "config.h"

#include "base/json.h"
#include "template/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char context[] = "{\"i\": 7, \"n\": -3, \"f\": 2.5, \"s\": \"a<b> c\\u00e9\", \"l\": [3, 1, 2], \"e\": [], \"t\": true, \"x\": null,"
	" \"d\": {\"a\": 1, \"b\": {\"c\": [1, 2]}}, \"o\": [{\"k\": \"v\", \"n\": 1}, {\"k\": \"w\", \"n\": 2}]}";
static const char library[] = "{% macro m(a, b=2) %}<{{ a }}{{ b }}{{ caller() if caller }}{% endmacro %}{% block c %}base{% endblock %}";

static bool load(struct tmpl_loader *l, struct arena *a, const char *name, const char **text, size_t *len, struct err *e) {
	(void)l;
	(void)a;
	(void)e;
	*text = library;
	*len = sizeof(library) - 1;
	return strcmp(name, "lib") == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	struct arena *a = arena_new_root(), *scratch = arena_new_root();
	struct tmpl_loader loader = { .load = load };
	struct tmpl_options o = { .loader = &loader, .limits = { .steps = 20000, .output = 1 << 20, .memory = 16 << 20, .depth = 50, .milliseconds = 500 } };
	struct tmpl_err e = { 0 };
	struct val c = val_null();
	struct sbuf b;
	struct tmpl *t;
	char *text;

	if (size > 0) {
		o.escape = data[0] & 1 ? TMPL_ESCAPE : TMPL_PLAIN;
		o.undefined = (enum tmpl_undefined)(data[0] >> 1 & 3);
		o.sandboxed = data[0] & 8;
		o.ext_do = o.ext_loopcontrols = o.ext_i18n = data[0] & 16;
		o.trim_blocks = o.lstrip_blocks = data[0] & 32;
		data++;
		size--;
	}
	text = arena_strndup(a, (const char *)data, size);
	sb_init(&b, a);
	if (json_parse_exact(a, context, sizeof(context) - 1, 20, tmpl_big_int, &c, &e.e) &&
	    tmpl_parse(tmpl_env_new(a, &o), NULL, text, size, &t, &e))
		tmpl_render(t, scratch, c.u.map, NULL, &b, &e);
	arena_free(scratch);
	arena_free(a);
	return 0;
}
