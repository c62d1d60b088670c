/*
 * validate.c: from a client's JSON to values of fields, with the messages of Django REST framework. One function a type; what it
 * leaves in *out is what struct row has for it. Every problem is gathered; the input is never more than wrong.
 */
#include "config.h"

#include <math.h>
#include <stdlib.h>
#include <strings.h>

#include "base/conf.h"
#include "base/json.h"
#include "base/net.h"
#include "base/secret.h"
#include "base/utf8.h"
#include "model/engine.h"
#include "model/types.h"

static const char may_not_be_null[] = "This field may not be null.";
static const char may_not_be_blank[] = "This field may not be blank.";

struct input {
	struct changes *c;
	const struct field *f;
	struct val v;                   /* what came */
	struct val *out;
};

typedef bool take_fn(struct input *, struct err *);

static bool wrong(const struct input *in, const char *message) {
	problem_put(in->c->problems, in->f->name, val_str(message));
	return false;
}

static struct arena *arena_of(const struct input *in) {
	return in->c->store->a;
}

/* ---- text ---- */

/* A string as Django takes one: numbers are printed, blanks at both ends go. */
static bool text_of(const struct input *in, const char **s, size_t *len) {
	struct sbuf b;

	if (in->v.type != V_STR && in->v.type != V_INT && in->v.type != V_FLOAT)
		return wrong(in, "Not a valid string.");
	sb_init(&b, arena_of(in));
	value_text(&b, in->v);
	*s = b.s;
	*len = b.len;
	if (memchr(*s, '\0', *len) != NULL)
		return wrong(in, "Null characters are not allowed.");
	if (!utf8_valid(*s, *len))
		return wrong(in, "Not a valid string.");
	if (in->f->type == F_LONGTEXT || in->f->type == F_SECRET || in->f->type == F_PASSWORD)
		return true;
	while (*len > 0 && strchr(" \t\r\n\f\v", **s) != NULL) {
		++*s;
		--*len;
	}
	while (*len > 0 && strchr(" \t\r\n\f\v", (*s)[*len - 1]) != NULL)
		--*len;
	return true;
}

static bool may_be_blank(const struct field *f) {
	return (f->flags & FF_REQUIRED) == 0 || (f->flags & FF_BLANK) != 0;
}

static bool length_fits(const struct input *in, const char *s, size_t len) {
	int64_t max = in->f->max != 0 ? in->f->max : type_info(in->f->type)->max;

	if (max == 0 || utf8_count(s, len) <= (size_t)max)
		return true;
	problem_add(in->c->problems, in->f->name, "Ensure this field has no more than %lld characters.", (long long)max);
	return false;
}

static bool is_word(unsigned char c) {
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
}

/* Tags may have slugs of any letters; all others have ASCII alone. Told once, where Peering Manager tells it in two sorts of quotes. */
static bool slug_fits(const struct input *in, const char *s, size_t len) {
	bool any = strcmp(in->c->res->table, "tag") == 0, ok = true;
	size_t i;

	for (i = 0; i < len; i++)
		ok = ok && (is_word((unsigned char)s[i]) || (any && (unsigned char)s[i] >= 0x80));
	if (ok)
		return true;
	problem_add(in->c->problems, in->f->name, "Enter a valid \"slug\" consisting of %sletters, numbers, underscores%s or hyphens.",
	    any ? "Unicode " : "", any ? "," : "");
	return false;
}

/* One @, a local part without blanks, a domain of labels with a dot: what RFC 5321 calls a mailbox, without quoted local parts. */
static bool email_fits(const char *s, size_t len) {
	const char *at = memchr(s, '@', len);
	size_t i, local = at == NULL ? 0 : (size_t)(at - s), label = 0;
	bool dot = false;

	if (local == 0 || local > 64 || s[0] == '.' || s[local - 1] == '.')
		return false;
	for (i = 0; i < local; i++) {
		if (!is_word((unsigned char)s[i]) && strchr(".!#$%&'*+/=?^`{|}~", s[i]) == NULL)
			return false;
	}
	for (i = local + 1; i < len; i++) {
		if (s[i] == '.') {
			if (label == 0)
				return false;
			dot = true;
			label = 0;
		} else if (s[i] == '_' || (!is_word((unsigned char)s[i]) && (unsigned char)s[i] < 0x80)) {
			return false;
		} else {
			label++;
		}
	}
	return dot && label > 0;
}

static bool url_fits(const char *s, size_t len) {
	static const char *const schemes[] = { "http://", "https://", "ftp://", "ftps://" };
	size_t i, k;

	for (i = 0; i < ARRAY_LEN(schemes); i++) {
		size_t n = strlen(schemes[i]);

		if (len <= n || strncasecmp(s, schemes[i], n) != 0 || s[n] == '/' || s[n] == '?' || s[n] == '#')
			continue;
		for (k = n; k < len; k++) {
			if ((unsigned char)s[k] <= 0x20 || s[k] == '"' || s[k] == '<' || s[k] == '>')
				return false;
		}
		return true;
	}
	return false;
}

static bool color_fits(const char *s, size_t len) {
	return len == 6 && strspn(s, "0123456789abcdef") >= 6;
}

static bool take_text(struct input *in, struct err *e) {
	const char *s;
	size_t len;

	(void)e;
	if (!text_of(in, &s, &len))
		return false;
	if (len == 0) {
		*in->out = val_str("");
		return may_be_blank(in->f) || wrong(in, may_not_be_blank);
	}
	if (in->f->type == F_SLUG && !slug_fits(in, s, len))
		return false;
	if (in->f->type == F_EMAIL && !email_fits(s, len))
		return wrong(in, "Enter a valid email address.");
	if (in->f->type == F_URL && !url_fits(s, len))
		return wrong(in, "Enter a valid URL.");
	if (in->f->type == F_COLOR && !color_fits(s, len))
		return wrong(in, "Enter a valid hexadecimal RGB color code.");
	*in->out = val_copy(arena_of(in), s, len);
	return length_fits(in, s, len);
}

/* A write-only secret that comes back empty is left as it is: the answer that a client read did not show it. */
static bool take_secret(struct input *in, struct err *e) {
	const char *s, *hidden;
	size_t len;

	if (!text_of(in, &s, &len) || !length_fits(in, s, len))
		return false;
	if (len == 0) {
		*in->out = (in->f->flags & FF_CLEAR) == 0 ? val_undef() : (in->f->flags & FF_NULL) != 0 ? val_null() : val_str("");
		return true;
	}
	if (in->c->model->seal == NULL)
		return err_set(e, ERR_INTERNAL, in->f->name, "secrets cannot be stored: the setting secret_file names no key");
	if (!seal_text(in->c->model->seal, arena_of(in), arena_strndup(arena_of(in), s, len), &hidden, e))
		return false;
	*in->out = val_str(hidden);
	return true;
}

static bool take_password(struct input *in, struct err *e) {
	const char *s, *hash;
	size_t len;

	if (!text_of(in, &s, &len) || !length_fits(in, s, len))
		return false;
	if (len == 0)
		return wrong(in, may_not_be_blank);
	if (!password_hash(arena_of(in), arena_strndup(arena_of(in), s, len), &hash, e))
		return false;
	*in->out = val_str(hash);
	return true;
}

/* ---- numbers ---- */

static bool in_words(struct val v, const char *const *words) {
	for (; *words != NULL; words++) {
		if (v.type == V_STR && strcasecmp(v.u.s, *words) == 0)
			return true;
	}
	return false;
}

static bool take_bool(struct input *in, struct err *e) {
	static const char *const yes[] = { "t", "y", "yes", "true", "on", "1", NULL }, *const no[] = { "f", "n", "no", "false", "off", "0", NULL };

	(void)e;
	if (in->v.type == V_BOOL)
		*in->out = in->v;
	else if (in_words(in->v, yes) || (in->v.type == V_INT && in->v.u.i == 1) || (in->v.type == V_FLOAT && in->v.u.f == 1))
		*in->out = val_bool(true);
	else if (in_words(in->v, no) || (in->v.type == V_INT && in->v.u.i == 0) || (in->v.type == V_FLOAT && in->v.u.f == 0))
		*in->out = val_bool(false);
	else
		return wrong(in, "Must be a valid boolean.");
	return true;
}

/* "5", 5.0 and "5.0" are integers too. */
static bool integer_of(struct val v, int64_t *out) {
	const char *s, *dot;
	size_t len;

	if (v.type == V_INT) {
		*out = v.u.i;
		return true;
	}
	if (v.type == V_FLOAT) {
		*out = (int64_t)(v.u.f > -9e18 && v.u.f < 9e18 ? v.u.f : 0);
		return (double)*out == v.u.f;
	}
	if (v.type != V_STR)
		return false;
	s = v.u.s;
	len = v.len;
	while (len > 0 && *s == ' ') {
		s++;
		len--;
	}
	while (len > 0 && s[len - 1] == ' ')
		len--;
	dot = memchr(s, '.', len);
	if (dot != NULL && strspn(dot + 1, "0") >= len - (size_t)(dot - s) - 1)
		len = (size_t)(dot - s);
	return int_parse(s, len, out);
}

static bool range_fits(const struct input *in, double n) {
	bool own = in->f->min != 0 || in->f->max != 0;
	int64_t min = own ? in->f->min : type_info(in->f->type)->min, max = own ? in->f->max : type_info(in->f->type)->max;

	if (min == 0 && max == 0)
		return true;
	if (n < (double)min)
		problem_add(in->c->problems, in->f->name, "Ensure this value is greater than or equal to %lld.", (long long)min);
	else if (n > (double)max)
		problem_add(in->c->problems, in->f->name, "Ensure this value is less than or equal to %lld.", (long long)max);
	else
		return true;
	return false;
}

static bool take_int(struct input *in, struct err *e) {
	uint32_t asn;
	int64_t n;

	(void)e;
	if (in->v.type == V_STR && in->v.len > 1000)
		return wrong(in, "String value too large.");
	if (!integer_of(in->v, &n)) {
		if (in->f->type != F_ASN || in->v.type != V_STR || !asn_parse(in->v.u.s, in->v.len, &asn))
			return wrong(in, "A valid integer is required.");
		n = asn;
	}
	*in->out = val_int(n);
	return range_fits(in, (double)n);
}

static bool take_float(struct input *in, struct err *e) {
	char *end = NULL;
	double f = in->v.type == V_INT ? (double)in->v.u.i : in->v.type == V_FLOAT ? in->v.u.f : NAN;

	(void)e;
	if (in->v.type == V_STR && in->v.len > 0) {
		f = strtod(in->v.u.s, &end);
		if (*end != '\0')
			f = NAN;
	}
	if (!isfinite(f))
		return wrong(in, "A valid number is required.");
	*in->out = val_float(f);
	return range_fits(in, f);
}

/* ---- closed lists ---- */

static struct val choice_value(const struct choice *all, const struct choice *c) {
	int64_t n;

	return all->value[0] >= '0' && all->value[0] <= '9' && int_parse(c->value, strlen(c->value), &n) && all[1].value != NULL ?
	    val_int(n) : val_str(c->value);
}

static bool take_enum(struct input *in, struct err *e) {
	const struct field *f = in->f;
	bool bare = (f->flags & FF_BARE) != 0;
	const struct choice *c;
	struct sbuf b;

	(void)e;
	if (in->v.type == V_LIST || in->v.type == V_MAP) {
		if (!bare)
			return wrong(in, "Value must be passed directly (e.g. \"foo\": 123); do not use a dictionary or list.");
		sb_init(&b, arena_of(in));
		python_repr(&b, in->v);
		problem_add(in->c->problems, f->name, "\"%s\" is not a valid choice.", b.s);
		return false;
	}
	sb_init(&b, arena_of(in));
	value_text(&b, in->v);
	c = choice_find(f->choices, b.s, b.len);
	if (c != NULL) {
		*in->out = choice_value(f->choices, c);
		return true;
	}
	if (b.len == 0) {
		*in->out = (f->flags & FF_NULL) != 0 ? val_null() : val_str("");
		return (f->flags & FF_NULL) != 0 || (bare && may_be_blank(f) && (f->def == NULL || f->def[0] == '\0')) || wrong(in, may_not_be_blank);
	}
	problem_add(in->c->problems, f->name, bare ? "\"%s\" is not a valid choice." : "%s is not a valid choice.", b.s);
	return false;
}

/* ---- addresses ---- */

static bool address_wrong(const struct input *in, const char *what) {
	struct sbuf b;

	sb_init(&b, arena_of(in));
	value_text(&b, in->v);
	problem_add(in->c->problems, in->f->name, "'%s' does not appear to be an IPv4 or IPv6 %s", b.s, what);
	return false;
}

static bool take_address(struct input *in, struct err *e) {
	const char *what = in->f->type == F_CIDR ? "network" : "interface";
	char text[ADDR_TEXT_MAX];
	struct addr a;
	const char *s;
	size_t len;

	(void)e;
	if (!text_of(in, &s, &len))
		return false;
	if (len == 0) {
		*in->out = val_null();
		return (in->f->flags & FF_NULL) != 0 || wrong(in, may_not_be_blank);
	}
	if (!addr_parse(s, len, &a))
		return address_wrong(in, what);
	if (in->f->type == F_IFACE && in->f->min != 0 && a.family != in->f->min)
		return wrong(in, in->f->min == 6 ? "Enter a valid IPv6 address." : "Enter a valid IPv4 address.");
	if (in->f->type == F_CIDR) {
		struct addr net = addr_network(&a);

		if (addr_compare(&net, &a) != 0) {
			problem_add(in->c->problems, in->f->name, "%.*s has host bits set", (int)len, s);
			return false;
		}
	}
	addr_text(&a, in->f->type == F_INET ? ADDR_HOST : ADDR_WITH_LENGTH, text);
	*in->out = val_str(arena_strdup(arena_of(in), text));
	return true;
}

static bool take_mac(struct input *in, struct err *e) {
	uint8_t mac[6];
	char text[18];
	const char *s;
	size_t len;

	(void)e;
	if (!text_of(in, &s, &len))
		return false;
	if (len == 0) {
		*in->out = val_null();
		return (in->f->flags & FF_NULL) != 0 || wrong(in, may_not_be_blank);
	}
	if (!mac_parse(s, len, mac)) {
		problem_add(in->c->problems, in->f->name, "failed to detect EUI version: '%.*s'", (int)len, s);
		return false;
	}
	*in->out = val_str(arena_strdup(arena_of(in), mac_text(mac, text)));
	return true;
}

/* ---- time, JSON, lists of plain values ---- */

static bool take_time(struct input *in, struct err *e) {
	const char *text;

	(void)e;
	if (in->v.type == V_STR && in->v.len == 0 && (in->f->flags & FF_NULL) != 0) {
		*in->out = val_null();
		return true;
	}
	if (in->f->type == F_DATE) {
		if (in->v.type != V_STR || !date_parse(in->v.u.s, in->v.len))
			return wrong(in, "Date has wrong format. Use one of these formats instead: YYYY-MM-DD.");
		*in->out = in->v;
		return true;
	}
	if (in->v.type != V_STR || !time_parse(arena_of(in), in->v.u.s, in->v.len, &text))
		return wrong(in, "Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z].");
	*in->out = val_str(text);
	return true;
}

static bool take_uuid(struct input *in, struct err *e) {
	const char *text;

	(void)e;
	if (in->v.type != V_STR || !uuid_parse(arena_of(in), in->v.u.s, in->v.len, &text))
		return wrong(in, "Must be a valid UUID.");
	*in->out = val_str(text);
	return true;
}

/* PostgreSQL's jsonb has no NUL in strings; numbers beyond its range come as floats already. */
static bool json_fits(struct val v) {
	size_t i;

	if (v.type == V_STR)
		return memchr(v.u.s, '\0', v.len) == NULL;
	if (v.type == V_FLOAT)
		return isfinite(v.u.f);
	for (i = 0; v.type == V_LIST && i < v.u.list->n; i++) {
		if (!json_fits(v.u.list->v[i]))
			return false;
	}
	for (i = 0; v.type == V_MAP && i < v.u.map->n; i++) {
		if (!json_fits(map_key(v.u.map, i)) || !json_fits(map_val(v.u.map, i)))
			return false;
	}
	return true;
}

static bool empty_json(struct val v) {
	return val_is_null(v) || (v.type == V_STR && v.len == 0) || (v.type == V_LIST && v.u.list->n == 0) || (v.type == V_MAP && v.u.map->n == 0) ||
	    (v.type == V_BOOL && !v.u.b) || (v.type == V_INT && v.u.i == 0);
}

static bool take_json(struct input *in, struct err *e) {
	bool object = (in->f->flags & FF_OBJECT) != 0;

	(void)e;
	if (!json_fits(in->v))
		return wrong(in, "Value must be valid JSON.");
	if (object && in->v.type != V_MAP) {
		if (!empty_json(in->v))
			return wrong(in, "JSON data must be in object form. Example: {\"foo\": 123}");
		*in->out = (in->f->flags & FF_NULL) != 0 ? val_null() : val_map(map_new(arena_of(in), 0));
		return true;
	}
	*in->out = in->v;
	return true;
}

static bool take_list(struct input *in, struct err *e) {
	static const enum ftype items[F__COUNT] = { [F_ASNS] = F_ASN, [F_CIDRS] = F_CIDR, [F_TEXTS] = F_TEXT };
	struct field item = { .name = in->f->name, .type = items[in->f->type], .max = in->f->type == F_TEXTS ? in->f->max : 0 };
	struct list *out;
	bool ok = true;
	size_t i;

	if (in->v.type != V_LIST) {
		problem_add(in->c->problems, in->f->name, "Expected a list of items but got type \"%s\".", python_type(in->v));
		return false;
	}
	out = list_new(arena_of(in), in->v.u.list->n);
	for (i = 0; i < in->v.u.list->n; i++) {
		struct val v = val_null();
		struct input one = { .c = in->c, .f = &item, .v = in->v.u.list->v[i], .out = &v };

		ok = (item.type == F_ASN ? take_int : item.type == F_CIDR ? take_address : take_text)(&one, e) && ok;
		list_push(out, v);
	}
	*in->out = val_list(out);
	if (ok && out->n == 0 && (in->f->flags & FF_REQUIRED) != 0)
		return wrong(in, "This list may not be empty.");
	return ok;
}

/* ---- references ---- */

static bool take_ref(struct input *in, struct err *e) {
	return resolve_ref(in->c, in->f, in->v, in->out, e);
}

static bool take_refs(struct input *in, struct err *e) {
	return resolve_many(in->c, in->f, in->v, in->out, e);
}

static bool objtype_of(struct input *in, struct val v, struct val *out) {
	const struct object_type *t;
	const char *dot = v.type == V_STR ? memchr(v.u.s, '.', v.len) : NULL;

	if (dot == NULL || memchr(dot + 1, '.', v.len - (size_t)(dot + 1 - v.u.s)) != NULL)
		return wrong(in, "Invalid value. Specify a content type as '<app_label>.<model_name>'.");
	t = otype_by_name(in->c->model, v.u.s, v.len);
	if (t == NULL) {
		problem_add(in->c->problems, in->f->name, "Invalid content type: %.*s", (int)v.len, v.u.s);
		return false;
	}
	*out = val_str(t->name);
	return true;
}

static bool take_objtype(struct input *in, struct err *e) {
	(void)e;
	return objtype_of(in, in->v, in->out);
}

static bool take_objtypes(struct input *in, struct err *e) {
	struct list *out;
	bool ok = true;
	size_t i;

	(void)e;
	if (in->v.type != V_LIST) {
		problem_add(in->c->problems, in->f->name, "Expected a list of items but got type \"%s\".", python_type(in->v));
		return false;
	}
	out = list_new(arena_of(in), in->v.u.list->n);
	for (i = 0; i < in->v.u.list->n; i++) {
		struct val v;

		if (objtype_of(in, in->v.u.list->v[i], &v))
			list_push(out, v);
		else
			ok = false;
	}
	*in->out = val_list(out);
	if (ok && out->n == 0 && (in->f->flags & FF_REQUIRED) != 0)
		return wrong(in, "This list may not be empty.");
	return ok;
}

static take_fn *const takes[F__COUNT] = {
	[F_BOOL] = take_bool, [F_INT] = take_int, [F_FLOAT] = take_float, [F_ASN] = take_int, [F_TEXT] = take_text, [F_LONGTEXT] = take_text,
	[F_SLUG] = take_text, [F_EMAIL] = take_text, [F_URL] = take_text, [F_COLOR] = take_text, [F_ENUM] = take_enum, [F_INET] = take_address,
	[F_IFACE] = take_address, [F_CIDR] = take_address, [F_MAC] = take_mac, [F_TIME] = take_time, [F_DATE] = take_time, [F_UUID] = take_uuid,
	[F_JSON] = take_json, [F_SECRET] = take_secret, [F_PASSWORD] = take_password, [F_REF] = take_ref, [F_REFS] = take_refs,
	[F_TAGS] = take_refs, [F_OBJTYPE] = take_objtype, [F_OBJTYPES] = take_objtypes, [F_ASNS] = take_list, [F_CIDRS] = take_list,
	[F_TEXTS] = take_list,
};

/* Empty input of a form stands for null where null is allowed and "" is no value of the type. */
static bool means_null(const struct field *f, struct val v) {
	return val_is_null(v) || (v.type == V_STR && v.len == 0 && (f->flags & FF_NULL) != 0 && !field_is_text(f) && f->type != F_JSON && f->type != F_SECRET);
}

static bool take_null(struct changes *c, const struct field *f, struct val *out) {
	bool list = f->type == F_REFS || f->type == F_TAGS || f->type == F_OBJTYPES;

	if ((f->flags & FF_NULL) != 0 && !list) {
		*out = val_null();
		return true;
	}
	problem_put(c->problems, f->name, val_str(f->type == F_ENUM && (f->flags & FF_BARE) == 0 ? may_not_be_blank : may_not_be_null));
	return false;
}

/* The default as a client would send it. */
static struct val default_of(const struct changes *c, const struct field *f) {
	struct val v;
	struct err e;

	if (f->def != NULL && f->type == F_JSON && json_parse(c->store->a, f->def, strlen(f->def), 32, &v, &e))
		return v;
	return f->def == NULL ? val_undef() : val_str(f->def);
}

static bool take_field(struct changes *c, int i, struct val v, struct err *e) {
	const struct field *f = &c->res->fields[i];
	struct input in = { .c = c, .f = f, .v = v, .out = &c->v[i] };
	struct val out = val_undef();

	in.out = &out;
	e->code = ERR_NONE;
	if (f->type == F_INT && v.type == V_MAP && i > 0 && c->res->fields[i - 1].type == F_OBJTYPE) {
		if (!resolve_object_id(c, i, v, &out, e))
			return e->code == ERR_NONE;
	} else if (means_null(f, v) ? !take_null(c, f, &out) : !takes[f->type](&in, e))
		return e->code == ERR_NONE;     /* a problem is no failure: the rest of the input is looked at as well */
	c->v[i] = out;
	return true;
}

/* Nobody makes a superuser who is not one, whatever rights over users they have. */
static bool above_actor(const struct changes *c, const struct field *f, struct val v) {
	if (c->store->actor == NULL || c->store->actor->superuser || strcmp(f->name, "is_superuser") != 0 || v.type != V_BOOL || !v.u.b)
		return false;
	problem_put(c->problems, f->name, val_str("Only a superuser may set this."));
	return true;
}

bool validate(struct changes *c, const struct map *input, enum write_mode mode, struct err *e) {
	size_t i;

	for (i = 0; i < c->res->nfields; i++) {
		const struct field *f = &c->res->fields[i];
		struct val v = map_get(input, f->name);

		if ((f->flags & FF_READONLY) != 0 || takes[f->type] == NULL)
			continue;
		if (v.type == V_UNDEF && mode == WRITE_CREATE)
			v = default_of(c, f);
		if (v.type != V_UNDEF) {
			if (!take_field(c, (int)i, v, e))
				return false;
			if (above_actor(c, f, c->v[i]))
				c->v[i] = val_undef();
		} else if (mode != WRITE_PATCH && (f->flags & FF_REQUIRED) != 0) {
			problem_put(c->problems, f->name, val_str("This field is required."));
		}
	}
	return true;
}
