/* fuzz_template_parse.c: any bytes as a template: parsed or refused, never more. */
#include "config.h"

#include "template/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte chooses options, the rest is the template. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	struct arena *a = arena_new_root();
	struct tmpl_options o = { 0 };
	struct tmpl_err e = { 0 };
	struct sbuf b;
	struct tmpl *t;
	char *text;

	if (size > 0) {
		o.trim_blocks = data[0] & 1;
		o.lstrip_blocks = data[0] & 2;
		o.ext_do = o.ext_loopcontrols = data[0] & 4;
		o.ext_i18n = data[0] & 8;
		o.line_statement_prefix = data[0] & 16 ? "%" : NULL;
		o.line_comment_prefix = data[0] & 32 ? "##" : NULL;
		o.newline = data[0] & 64 ? "\r\n" : NULL;
		data++;
		size--;
	}
	text = arena_strndup(a, (const char *)data, size);
	sb_init(&b, a);
	if (tmpl_parse(tmpl_env_new(a, &o), NULL, text, size, &t, &e)) {
		tmpl_dump(t, &b);
		tmpl_unknown(t, a, map_new(a, 0));
	}
	arena_free(a);
	return 0;
}
