/* unicode.c: what Python knows of characters: classes and case. */
#include "config.h"

#include "template/engine.h"

struct uc_run {
	uint32_t from, to, step;
	int32_t by;             /* to the character that the case maps it to; of a class 0 */
};

struct uc_special {
	uint32_t c, to[3];
};

#include "template/unicode_case.h"
#include "template/unicode_class.h"

static const struct uc_run *find_run(const struct uc_run *r, size_t n, uint32_t c) {
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (r[mid].to < c)
			low = mid + 1;
		else
			high = mid;
	}
	/* a run with step 2 may lie around one with step 1, so the neighbour before is looked at as well */
	for (high = low > 0 ? low - 1 : 0; high < n && high <= low + 1; high++) {
		if (c >= r[high].from && c <= r[high].to && (c - r[high].from) % r[high].step == 0)
			return &r[high];
	}
	return NULL;
}

#define IN(name, c) (find_run(uc_##name##_runs, ARRAY_LEN(uc_##name##_runs), c) != NULL)

bool uc_space(uint32_t c) {
	return (c >= 9 && c <= 13) || (c >= 0x1C && c <= 0x20) || c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
	       c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

bool uc_alpha(uint32_t c) {
	return c < 0x80 ? (c | 0x20) >= 'a' && (c | 0x20) <= 'z' : IN(alpha, c);
}

bool uc_decimal(uint32_t c) {
	return c < 0x80 ? c >= '0' && c <= '9' : IN(decimal, c);
}

bool uc_digit(uint32_t c) {
	return uc_decimal(c) || (c >= 0x80 && IN(digit, c));
}

bool uc_numeric(uint32_t c) {
	return uc_digit(c) || (c >= 0x80 && IN(numeric, c));
}

bool uc_upper(uint32_t c) {
	return c < 0x80 ? c >= 'A' && c <= 'Z' : IN(upper, c);
}

bool uc_lower(uint32_t c) {
	return c < 0x80 ? c >= 'a' && c <= 'z' : IN(lower, c);
}

bool uc_title(uint32_t c) {
	return c >= 0x80 && IN(title, c);
}

bool uc_cased(uint32_t c) {
	return uc_upper(c) || uc_lower(c) || uc_title(c);
}

bool uc_ignorable(uint32_t c) {
	return IN(ignorable, c);
}

bool uc_printable(uint32_t c) {
	return c < 0x80 ? c >= 0x20 && c < 0x7F : IN(printable, c);
}

bool uc_start(uint32_t c) {
	return uc_alpha(c) != IN(start, c);     /* the table holds where the two differ */
}

bool uc_continue(uint32_t c) {
	return uc_start(c) || IN(continue, c);
}

bool uc_word(uint32_t c) {
	return c == '_' || uc_alpha(c) || uc_numeric(c);
}

int uc_decimal_value(uint32_t c) {
	uint32_t zero = c;

	if (!uc_decimal(c))
		return -1;
	if (c < 0x80)
		return (int)(c - '0');
	if (c >= 0x1D7CE && c <= 0x1D7FF)               /* mathematical digits: fives sets without a gap */
		return (int)((c - 0x1D7CE) % 10);
	while (uc_decimal(zero - 1) && c - zero < 9)
		zero--;
	return (int)(c - zero);
}

static const struct uc_special *find_special(const struct uc_special *s, size_t n, uint32_t c) {
	size_t i;

	for (i = 0; i < n && s[i].c <= c; i++) {
		if (s[i].c == c)
			return &s[i];
	}
	return NULL;
}

static void put(struct sbuf *b, uint32_t c) {
	char u[4];

	sb_mem(b, u, utf8_put(u, c));
}

void uc_put(struct sbuf *b, enum uc_case to, uint32_t c) {
	static const struct {
		const struct uc_run *shifts;
		size_t nshifts;
		const struct uc_special *specials;
		size_t nspecials;
	} maps[] = {
		[UC_UPPER] = { uc_uppercase_shifts, ARRAY_LEN(uc_uppercase_shifts), uc_uppercase_specials, ARRAY_LEN(uc_uppercase_specials) },
		[UC_LOWER] = { uc_lowercase_shifts, ARRAY_LEN(uc_lowercase_shifts), uc_lowercase_specials, ARRAY_LEN(uc_lowercase_specials) },
		[UC_TITLE] = { uc_titlecase_shifts, ARRAY_LEN(uc_titlecase_shifts), uc_titlecase_specials, ARRAY_LEN(uc_titlecase_specials) },
		[UC_FOLD] = { uc_foldcase_shifts, ARRAY_LEN(uc_foldcase_shifts), uc_foldcase_specials, ARRAY_LEN(uc_foldcase_specials) },
	};
	const struct uc_special *s;
	const struct uc_run *r;
	size_t i;

	if (c < 0x80) {
		uint32_t first = to == UC_UPPER || to == UC_TITLE ? 'a' : 'A';

		sb_chr(b, (char)(c - first < 26 ? c ^ 0x20 : c));
		return;
	}
	s = find_special(maps[to].specials, maps[to].nspecials, c);
	if (s != NULL) {
		for (i = 0; i < 3 && s->to[i] != 0; i++)
			put(b, s->to[i]);
		return;
	}
	r = find_run(maps[to].shifts, maps[to].nshifts, c);
	put(b, r == NULL ? c : (uint32_t)((int64_t)c + r->by));
}

/* A sigma at the end of a word has a form of its own. */
static bool final_sigma(struct val v, size_t at, size_t after) {
	size_t i, len;
	bool before = false;

	for (i = 0; i < at; i += len) {
		uint32_t c = utf8_at(v, i, &len);

		if (!uc_ignorable(c))
			before = uc_cased(c);
	}
	for (i = after; before && i < v.len; i += len) {
		uint32_t c = utf8_at(v, i, &len);

		if (!uc_ignorable(c))
			return !uc_cased(c);
	}
	return before;
}

void uc_put_lower(struct sbuf *b, struct val v, size_t at, size_t len) {
	size_t same;
	uint32_t c = utf8_at(v, at, &same);

	if (c == 0x3A3)
		put(b, final_sigma(v, at, at + len) ? 0x3C2 : 0x3C3);
	else
		uc_put(b, UC_LOWER, c);
}

static bool convert_ascii(struct arena *a, struct val v, enum uc_case to, struct val *out) {
	char *s = arena_alloc_raw(a, (size_t)v.len + 1);
	uint32_t i;

	for (i = 0; i < v.len; i++) {
		char c = v.u.s[i];

		if ((unsigned char)c >= 0x80)
			return false;
		if (to == UC_UPPER)
			s[i] = c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
		else
			s[i] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
	}
	s[v.len] = '\0';
	*out = val_mem(s, v.len);
	out->flags = v.flags;
	return true;
}

struct val uc_convert(struct arena *a, struct val v, enum uc_case to) {
	struct sbuf b;
	struct val out;
	size_t i, len;

	if (to != UC_TITLE && convert_ascii(a, v, to, &out))
		return out;
	sb_init(&b, a);
	for (i = 0; i < v.len; i += len) {
		uint32_t c = utf8_at(v, i, &len);

		if (to == UC_LOWER)
			uc_put_lower(&b, v, i, len);
		else
			uc_put(&b, to, c);
	}
	out = val_mem(b.s, b.len);
	out.flags = v.flags;
	return out;
}
