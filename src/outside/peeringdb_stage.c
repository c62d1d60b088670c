/*
 * peeringdb_stage.c: one row of PeeringDB into one line of COPY.
 *
 * A value of another JSON type than the column's ends the run: that is not PeeringDB speaking. A value of the right type
 * that cannot be stored (an address that is none) keeps its row aside, with the reason, and the others go on.
 */
#include "config.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>

#include "base/json.h"
#include "base/net.h"
#include "db/pgtext.h"
#include "outside/peeringdb_stage.h"

struct pdb_type {
	const char *sql, *wants;
	bool (*write)(struct stage *, struct val);     /* at the end of s->line; s->bad: cannot be stored. False: another type of JSON */
};

enum { SEND = 256 * 1024 };
static const size_t NO_COLUMN = SIZE_MAX - 1;

/* ---- COPY's text format ---- */

static bool write_text(struct stage *s, struct val v) {
	if (v.type != V_STR)
		return false;
	pg_copy_text(&s->line, v.u.s, v.len);
	return true;
}

static bool write_int(struct stage *s, struct val v, int64_t least, int64_t most) {
	if (v.type == V_FLOAT && v.u.f == floor(v.u.f) && fabs(v.u.f) < 9e15)
		v = val_int((int64_t)v.u.f);
	if (v.type == V_FLOAT)
		s->bad = "is not a whole number of 64 bits";
	else if (v.type != V_INT)
		return false;
	else if (v.u.i < least || v.u.i > most)
		s->bad = "is too large";
	else
		sb_int(&s->line, v.u.i);
	return true;
}

static bool write_int4(struct stage *s, struct val v) {
	return write_int(s, v, INT32_MIN, INT32_MAX);
}

static bool write_int8(struct stage *s, struct val v) {
	return write_int(s, v, INT64_MIN, INT64_MAX);
}

static bool write_bool(struct stage *s, struct val v) {
	if (v.type != V_BOOL)
		return false;
	sb_chr(&s->line, v.u.b ? 't' : 'f');
	return true;
}

/* numeric(9,6): degrees; as a number, or as text as older answers have it. */
static bool write_number(struct stage *s, struct val v) {
	char text[32];
	double f = 0;
	int used = 0;

	if (v.type == V_INT)
		f = (double)v.u.i;
	else if (v.type == V_FLOAT)
		f = v.u.f;
	else if (v.type != V_STR)
		return false;
	else if (sscanf(v.u.s, "%lf%n", &f, &used) != 1 || v.u.s[used] != '\0')
		s->bad = "is not a number";
	if (!(fabs(f) < 1000))
		s->bad = "is out of range";
	snprintf(text, sizeof(text), "%.6f", s->bad == NULL ? f : 0);
	sb_str(&s->line, text);
	return true;
}

static bool write_json(struct stage *s, struct val v) {
	struct sbuf text;

	sb_init(&text, s->scratch);
	json_write(&text, v);
	pg_copy_text(&s->line, text.s, text.len);
	return true;
}

static void array_item(struct sbuf *b, const char *s, size_t n) {
	size_t i;

	sb_chr(b, '"');
	for (i = 0; i < n; i++) {
		if (s[i] == '"' || s[i] == '\\')
			sb_chr(b, '\\');
		sb_chr(b, s[i]);
	}
	sb_chr(b, '"');
}

/* A list of texts, or one text with commas as older answers have it. */
static bool write_texts(struct stage *s, struct val v) {
	struct sbuf text;
	size_t i, n;

	if (v.type != V_LIST && v.type != V_STR)
		return false;
	sb_init(&text, s->scratch);
	sb_chr(&text, '{');
	for (i = 0; v.type == V_LIST && i < v.u.list->n; i++) {
		struct val item = v.u.list->v[i];

		if (item.type != V_STR)
			return false;
		sb_str(&text, i == 0 ? "" : ",");
		array_item(&text, item.u.s, item.len);
	}
	for (i = 0; v.type == V_STR && i < v.len; i += n + 1) {
		n = strcspn(v.u.s + i, ",");
		sb_str(&text, i == 0 ? "" : ",");
		array_item(&text, v.u.s + i, n);
	}
	sb_chr(&text, '}');
	pg_copy_text(&s->line, text.s, text.len);
	return true;
}

static int digits(const char *s, size_t n) {
	int v = 0;

	for (; n > 0; n--, s++) {
		if (!isdigit((unsigned char)*s))
			return -1;
		v = v * 10 + *s - '0';
	}
	return v;
}

static int month_days(int year, int month) {
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	if (month < 1 || month > 12)
		return 0;
	return month == 2 && leap ? 29 : days[month - 1];
}

/* "2026-04-28T19:05:04Z", with a fraction or an offset if need be; what PostgreSQL would refuse must not reach it. */
static bool is_time(const char *s, size_t n) {
	int year, month, day;
	size_t i;

	if (n < 20 || n > 35 || s[4] != '-' || s[7] != '-' || (s[10] != 'T' && s[10] != ' ') || s[13] != ':' || s[16] != ':')
		return false;
	year = digits(s, 4);
	month = digits(s + 5, 2);
	day = digits(s + 8, 2);
	if (year < 1970 || day < 1 || day > month_days(year, month) || digits(s + 11, 2) < 0 || digits(s + 11, 2) > 23 ||
	    digits(s + 14, 2) < 0 || digits(s + 14, 2) > 59 || digits(s + 17, 2) < 0 || digits(s + 17, 2) > 59)
		return false;
	i = 19;
	if (s[i] == '.') {
		for (i++; i < n && isdigit((unsigned char)s[i]); i++)
			;
	}
	if (i + 1 == n)
		return s[i] == 'Z';
	return i + 6 == n && (s[i] == '+' || s[i] == '-') && digits(s + i + 1, 2) >= 0 && digits(s + i + 1, 2) < 15 && s[i + 3] == ':' &&
	    digits(s + i + 4, 2) >= 0 && digits(s + i + 4, 2) < 60;
}

static bool write_time(struct stage *s, struct val v) {
	if (v.type != V_STR)
		return false;
	if (!is_time(v.u.s, v.len))
		s->bad = "is not a time as 2026-04-28T19:05:04Z";
	else
		sb_mem(&s->line, v.u.s, v.len);
	return true;
}

static bool write_inet(struct stage *s, struct val v) {
	char text[ADDR_TEXT_MAX];
	struct addr addr;

	if (v.type != V_STR)
		return false;
	if (!addr_parse(v.u.s, v.len, &addr) || !addr_is_host(&addr))
		s->bad = "is not an address";
	else
		sb_str(&s->line, addr_text(&addr, ADDR_HOST, text));
	return true;
}

static bool write_cidr(struct stage *s, struct val v) {
	char text[ADDR_TEXT_MAX];
	struct addr addr, net;

	if (v.type != V_STR)
		return false;
	if (!addr_parse(v.u.s, v.len, &addr)) {
		s->bad = "is not a prefix";
		return true;
	}
	net = addr_network(&addr);
	if (addr_compare(&net, &addr) != 0)
		s->bad = "is not a prefix: it has host bits";
	else
		sb_str(&s->line, addr_text(&addr, ADDR_WITH_LENGTH, text));
	return true;
}

static bool write_mac(struct stage *s, struct val v) {
	uint8_t mac[6];
	char text[18];

	if (v.type != V_STR)
		return false;
	if (!mac_parse(v.u.s, v.len, mac))
		s->bad = "is not a MAC address";
	else
		sb_str(&s->line, mac_text(mac, text));
	return true;
}

static const struct pdb_type types[] = {
	{ "bigint", "a whole number", write_int8 },
	{ "boolean", "true or false", write_bool },
	{ "cidr", "a prefix as text", write_cidr },
	{ "inet", "an address as text", write_inet },
	{ "integer", "a whole number", write_int4 },
	{ "jsonb", "anything", write_json },
	{ "macaddr", "a MAC address as text", write_mac },
	{ "numeric", "a number", write_number },
	{ "text", "text", write_text },
	{ "text[]", "a list of texts", write_texts },
	{ "timestamp with time zone", "a time as text", write_time },
};

const struct pdb_type *pdb_type_find(const char *sql_name) {
	size_t i;

	for (i = 0; i < ARRAY_LEN(types); i++) {
		if (strcmp(types[i].sql, sql_name) == 0)
			return &types[i];
	}
	return NULL;
}

/* ---- a row ---- */

/* An empty text where none can stand means null: an address, a time. */
static bool is_nothing(const struct pdb_type *t, struct val v) {
	return val_is_null(v) || (v.type == V_STR && v.len == 0 && t->write != write_text && t->write != write_texts && t->write != write_json);
}

/* At most so many bytes, and no half character. */
static void shorten(struct sbuf *b, size_t most) {
	if (b->len <= most)
		return;
	while (most > 0 && ((unsigned char)b->s[most] & 0xc0) == 0x80)
		most--;
	b->len = most;
	b->s[most] = '\0';
}

static bool write_cell(struct stage *s, const struct pdb_column *c, struct val v, struct err *e) {
	size_t from = s->line.len;
	struct sbuf shown;

	if (is_nothing(c->type, v)) {
		if (c->required)
			return err_set(e, ERR_UPSTREAM, NULL, "%s is missing", c->name);
		sb_str(&s->line, "\\N");
		return true;
	}
	s->bad = NULL;
	if (!c->type->write(s, v))
		return err_set(e, ERR_UPSTREAM, NULL, "%s is a JSON %s; it should be %s", c->name, val_type_name(v), c->type->wants);
	if (s->bad == NULL)
		return true;
	s->line.len = from;
	sb_str(&s->line, "\\N");
	sb_init(&shown, s->scratch);
	json_write(&shown, v);
	shorten(&shown, 100);
	if (s->why == NULL)
		s->why = arena_printf(s->scratch, "%s %s %s", c->name, shown.s, s->bad);
	return true;
}

static bool is_copy(const struct pdb_kind *k, const char *key, size_t n) {
	const char *p;

	if (n == 6 && memcmp(key, "status", 6) == 0)
		return true;
	for (p = strstr(k->copies, key); p != NULL; p = strstr(p + 1, key)) {
		if (p > k->copies && p[-1] == ' ' && p[n] == ' ')
			return true;
	}
	return false;
}

static size_t column_of(const struct stage *s, size_t nth, struct val key) {
	const struct pdb_plan *p = s->plan;
	size_t i = nth < s->nhints ? s->hint[nth] : NO_COLUMN;

	if (i < p->ncolumns && strcmp(p->column[i].name, key.u.s) == 0)
		return i;
	for (i = 0; i < p->ncolumns; i++) {
		if (strcmp(p->column[i].name, key.u.s) == 0)
			return i;
	}
	return NO_COLUMN;
}

static void sort_keys(struct stage *s, const struct map *m) {
	size_t i, col;

	for (i = 0; i < s->plan->ncolumns; i++)
		s->cell[i] = val_null();
	sb_reset(&s->extra);
	for (i = 0; i < m->n; i++) {
		struct val key = map_key(m, i);

		col = column_of(s, i, key);
		if (i < s->nhints)
			s->hint[i] = col;
		if (col != NO_COLUMN) {
			s->cell[col] = map_val(m, i);
		} else if (!is_copy(s->plan->kind, key.u.s, key.len)) {
			sb_chr(&s->extra, s->extra.len == 0 ? '{' : ',');
			sb_json(&s->extra, key.u.s, key.len);
			sb_chr(&s->extra, ':');
			json_write(&s->extra, map_val(m, i));
		}
	}
	sb_str(&s->extra, s->extra.len == 0 ? "{}" : "}");
}

/* Of a row that is gone or kept aside only these are staged. */
static bool is_key(const struct pdb_column *c) {
	return strcmp(c->name, "id") == 0 || strcmp(c->name, "updated") == 0;
}

static bool write_columns(struct stage *s, bool all, struct err *e) {
	size_t i;

	for (i = 0; i < s->plan->ncolumns; i++) {
		const struct pdb_column *c = &s->plan->column[i];

		sb_chr(&s->line, '\t');
		if (!all && !is_key(c))
			sb_str(&s->line, "\\N");
		else if (!write_cell(s, c, s->cell[i], e))
			return false;
	}
	sb_chr(&s->line, '\t');
	pg_copy_text(&s->line, s->extra.s, s->extra.len);
	sb_chr(&s->line, '\n');
	return true;
}

static void line_begin(struct stage *s, bool gone, const char *why, struct map *raw) {
	sb_reset(&s->line);
	sb_int(&s->line, s->answers << 32 | s->rows);
	sb_str(&s->line, gone ? "\tt\t" : "\tf\t");
	if (why == NULL) {
		sb_str(&s->line, "\\N\t\\N");
		return;
	}
	pg_copy_text(&s->line, why, strlen(why));
	sb_chr(&s->line, '\t');
	write_json(s, (struct val){ .type = V_MAP, .u.map = raw });
}

static bool write_row(struct stage *s, struct map *m, struct err *e) {
	struct val status = map_get(m, "status");
	bool gone = status.type == V_STR && strcmp(status.u.s, "ok") != 0;
	const char *why;

	if (!val_is_null(status) && status.type != V_STR)
		return err_set(e, ERR_UPSTREAM, NULL, "status is a JSON %s; it should be text", val_type_name(status));
	s->why = NULL;
	sort_keys(s, m);
	line_begin(s, gone, NULL, NULL);
	if (!write_columns(s, !gone, e))
		return false;
	why = s->why;
	if (why == NULL)
		return true;
	line_begin(s, false, why, m);
	return write_columns(s, false, e);
}

bool stage_row(void *arg, struct val row, struct err *e) {
	struct stage *s = arg;
	struct arena_mark mark = arena_mark(s->scratch);
	struct val id = map_get(row.u.map, "id");
	const char *tag = s->plan->kind->tag;
	struct err inner;
	bool ok;

	if (id.type != V_INT || id.u.i < 1)
		return err_set(e, ERR_UPSTREAM, NULL, "%s: row %lld has no id that is a positive whole number", tag, (long long)s->rows + 1);
	ok = write_row(s, row.u.map, &inner);
	if (!ok)
		err_set(e, ERR_UPSTREAM, NULL, "%s %lld: %.300s", tag, (long long)id.u.i, inner.msg);
	s->rows++;
	sb_mem(&s->out, s->line.s, ok ? s->line.len : 0);
	arena_rewind(s->scratch, mark);
	if (!ok || s->out.len < SEND)
		return ok;
	ok = db_copy_data(s->db, s->out.s, s->out.len, e);
	sb_reset(&s->out);
	return ok;
}

void stage_answer(struct stage *s) {
	s->answers++;
}

static void list_columns(struct sbuf *b, const struct pdb_plan *p) {
	size_t i;

	for (i = 0; i < p->ncolumns; i++)
		sb_fmt(b, ", %s", p->column[i].name);
	sb_str(b, ", extra");
}

bool stage_begin(struct stage *s, struct arena *a, struct db *db, const struct pdb_plan *p, struct err *e) {
	struct sbuf sql;

	*s = (struct stage){ .plan = p, .db = db, .scratch = arena_new_root(), .nhints = p->ncolumns + 8 };
	s->cell = arena_new(a, struct val, p->ncolumns);
	s->hint = arena_new(a, size_t, s->nhints);
	sb_init(&s->out, a);
	sb_init(&s->line, a);
	sb_init(&s->extra, a);
	sb_reserve(&s->out, SEND + SEND / 2);
	sb_init(&sql, a);
	sb_fmt(&sql, "COPY peeringdb_stage_%s (seq, gone, why, raw", p->kind->tag);
	list_columns(&sql, p);
	sb_str(&sql, ") FROM STDIN");
	return db_copy_begin(db, sql.s, e);
}

void stage_free(struct stage *s) {
	arena_free(s->scratch);
}

bool stage_end(struct stage *s, struct err *e) {
	return (s->out.len == 0 || db_copy_data(s->db, s->out.s, s->out.len, e)) && db_copy_end(s->db, e);
}
