/* qr.c: a QR code as the path of an SVG picture. libqrencode is known to this file alone. */
#include "config.h"

#include <qrencode.h>

#include "web/private.h"

static void free_code(void *p) {
	QRcode_free(p);
}

/* One stroke for each run of dark modules of a line. */
static void line_path(struct sbuf *sb, const unsigned char *line, int width, int y) {
	for (int x = 0, end; x < width; x = end + 1) {
		for (end = x; end < width && (line[end] & 1) != 0; end++)
			;
		if (end > x)
			sb_fmt(sb, "M%d %dh%dv1h-%dz", x, y, end - x, end - x);
	}
}

struct val qr_picture(struct arena *a, const char *text) {
	QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
	struct map *m = map_new(a, 2);
	struct sbuf sb;

	if (code == NULL)
		return val_null();
	arena_defer(a, free_code, code);
	sb_init(&sb, a);
	for (int y = 0; y < code->width; y++)
		line_path(&sb, code->data + y * code->width, code->width, y);
	map_set(m, "size", val_int(code->width));
	map_set(m, "path", val_mem(sb.s, sb.len));
	return val_map(m);
}
