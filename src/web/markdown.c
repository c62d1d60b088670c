/* markdown.c: comments are CommonMark. libcmark is known to this file alone; it leaves raw HTML and unsafe links out by itself. */
#include "config.h"

#include <cmark.h>

#include "web/page.h"

struct val markdown_html(struct arena *a, const char *text) {
	char *html = cmark_markdown_to_html(text, strlen(text), CMARK_OPT_DEFAULT | CMARK_OPT_VALIDATE_UTF8);
	struct val v = val_str(html);

	arena_defer(a, cmark_get_default_mem_allocator()->free, html);
	v.flags = VF_SAFE;
	return v;
}
