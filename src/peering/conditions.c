/* conditions.c: conditions of webhooks: what is one, and when it holds. */
#include "config.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "peering/conditions.h"

enum { REGEX_MAX = 1000, REPEATS_MAX = 4096 };

/* What Python calls the type, as the messages have it. */
static const char *class_of(struct val v) {
	static const char *const names[V__COUNT] = { [V_UNDEF] = "NoneType", [V_NULL] = "NoneType", [V_BOOL] = "bool", [V_INT] = "int", [V_FLOAT] = "float",
		[V_STR] = "str", [V_LIST] = "list", [V_MAP] = "dict", [V_OBJ] = "object" };

	return names[v.type];
}

static bool numeric(struct val v, double *out) {
	*out = v.type == V_INT ? (double)v.u.i : v.type == V_FLOAT ? v.u.f : v.type == V_BOOL ? v.u.b : 0;
	return v.type == V_INT || v.type == V_FLOAT || v.type == V_BOOL;
}

/* ---- operators ---- */

static bool op_eq(struct val value, struct val data) { return val_equal(value, data); }

static bool op_gt(struct val value, struct val data) { double v, d; return numeric(value, &v) && numeric(data, &d) && d > v; }
static bool op_gte(struct val value, struct val data) { double v, d; return numeric(value, &v) && numeric(data, &d) && d >= v; }
static bool op_lt(struct val value, struct val data) { double v, d; return numeric(value, &v) && numeric(data, &d) && d < v; }
static bool op_lte(struct val value, struct val data) { double v, d; return numeric(value, &v) && numeric(data, &d) && d <= v; }

static bool element(struct val list, struct val v) {
	size_t i;

	for (i = 0; list.type == V_LIST && i < list.u.list->n; i++) {
		if (val_equal(list.u.list->v[i], v))
			return true;
	}
	return false;
}

static bool op_in(struct val value, struct val data) { return element(value, data); }

static bool op_contains(struct val value, struct val data) {
	if (data.type == V_STR)
		return value.type == V_STR && strstr(data.u.s, value.u.s) != NULL;
	if (data.type == V_MAP)
		return map_find(data.u.map, value) != NULL;
	return element(data, value);
}

/*
 * All conditions are held in one process, which must not be kept: what glibc needs no bounded time and room for is no condition. That is a reference
 * back to a group, and repetitions that multiply to many thousands.
 */
static bool bounded(const char *pattern) {
	unsigned long product = 1;

	for (; *pattern != '\0'; pattern++) {
		if (*pattern == '\\' && pattern[1] != '\0') {
			if (*++pattern >= '1' && *pattern <= '9')
				return false;
		} else if (*pattern == '{') {
			char *end;
			unsigned long least = strtoul(pattern + 1, &end, 10), most = *end == ',' ? strtoul(end + 1, &end, 10) : least;

			most = most > least ? most : least;
			product *= most == 0 ? 1 : most > REPEATS_MAX ? REPEATS_MAX + 1 : most;
			if (product > REPEATS_MAX)
				return false;
		}
	}
	return true;
}

/* \d is Python's; POSIX has no such class. */
static bool compile(const char *pattern, regex_t *re) {
	char text[4 * REGEX_MAX + 8] = "^(";
	size_t n = 2;

	if (strlen(pattern) > REGEX_MAX || !bounded(pattern))
		return false;
	for (; *pattern != '\0'; pattern++) {
		if (pattern[0] == '\\' && (pattern[1] == 'd' || pattern[1] == 'D')) {
			const char *class = pattern[1] == 'd' ? "[0-9]" : "[^0-9]";

			memcpy(text + n, class, strlen(class));
			n += strlen(class);
			pattern++;
			continue;
		}
		text[n++] = *pattern;
		if (*pattern == '\\' && pattern[1] != '\0')
			text[n++] = *++pattern;
	}
	memcpy(text + n, ")", 2);
	return regcomp(re, text, REG_EXTENDED | REG_NOSUB) == 0;
}

static bool op_regex(struct val value, struct val data) {
	regex_t re;
	bool found;

	if (value.type != V_STR || data.type != V_STR || !compile(value.u.s, &re))
		return false;
	found = regexec(&re, data.u.s, 0, NULL, 0) == 0;
	regfree(&re);
	return found;
}

enum { OF_TEXT = 1, OF_BOOL = 2, OF_NUMBER = 4, OF_LIST = 8, OF_NULL = 16 };

static const struct operator {
	const char *name;
	bool (*holds)(struct val value, struct val data);
	unsigned of;            /* types of value it takes */
} operators[] = {
	{ "eq", op_eq, OF_TEXT | OF_BOOL | OF_NUMBER | OF_LIST | OF_NULL },
	{ "gt", op_gt, OF_NUMBER },
	{ "gte", op_gte, OF_NUMBER },
	{ "lt", op_lt, OF_NUMBER },
	{ "lte", op_lte, OF_NUMBER },
	{ "in", op_in, OF_LIST },
	{ "contains", op_contains, OF_TEXT | OF_BOOL | OF_NUMBER | OF_LIST },
	{ "regex", op_regex, OF_TEXT },
};

static const struct operator *operator_named(const char *name) {
	size_t i;

	for (i = 0; i < ARRAY_LEN(operators); i++) {
		if (strcmp(operators[i].name, name) == 0)
			return &operators[i];
	}
	return NULL;
}

static unsigned type_bit(struct val v) {
	static const unsigned bits[V__COUNT] = { [V_NULL] = OF_NULL, [V_BOOL] = OF_BOOL, [V_INT] = OF_NUMBER, [V_FLOAT] = OF_NUMBER, [V_STR] = OF_TEXT,
		[V_LIST] = OF_LIST };

	return bits[v.type];
}

static const struct operator *operator_of(const struct map *c) {
	return operator_named(val_cstr(map_get(c, "op"), "eq"));
}

/* ---- checking ---- */

static bool is_ruleset(struct val v) {
	return v.type == V_MAP && v.u.map->n == 1 && (map_get(v.u.map, "and").type != V_UNDEF || map_get(v.u.map, "or").type != V_UNDEF);
}

static bool check_condition(struct val v, struct err *e) {
	static const char *const keys[] = { "attr", "value", "op", "negate" };
	const struct operator *op;
	struct val value, negate;
	regex_t re;
	size_t i, k;

	if (v.type != V_MAP)
		return err_set(e, ERR_INVALID, NULL, "A condition must be a dictionary, not <class '%s'>.", class_of(v));
	for (i = 0; i < v.u.map->n; i++) {
		const char *key = val_cstr(map_key(v.u.map, i), "");

		for (k = 0; k < ARRAY_LEN(keys) && strcmp(keys[k], key) != 0; k++)
			;
		if (k == ARRAY_LEN(keys))
			return err_set(e, ERR_INVALID, NULL, "Unknown key of a condition: %.60s. Must be one of: attr, value, op, negate", key);
	}
	value = map_get(v.u.map, "value");
	negate = map_get(v.u.map, "negate");
	if (map_get(v.u.map, "attr").type != V_STR || value.type == V_UNDEF)
		return err_set(e, ERR_INVALID, NULL, "A condition needs attr, the path of an attribute, and value");
	op = operator_of(v.u.map);
	if (op == NULL)
		return err_set(e, ERR_INVALID, NULL, "Unknown operator: %.60s. Must be one of: eq, gt, gte, lt, lte, in, contains, regex",
		    val_cstr(map_get(v.u.map, "op"), ""));
	if (type_bit(value) == 0)
		return err_set(e, ERR_INVALID, NULL, "Unsupported value type: <class '%s'>", class_of(value));
	if ((op->of & type_bit(value)) == 0)
		return err_set(e, ERR_INVALID, NULL, "Invalid type for %s operation: <class '%s'>", op->name, class_of(value));
	if (negate.type != V_UNDEF && negate.type != V_BOOL)
		return err_set(e, ERR_INVALID, NULL, "negate must be true or false");
	if (op->holds != op_regex)
		return true;
	if (!bounded(value.u.s))
		return err_set(e, ERR_INVALID, NULL, "This regular expression is not taken: it refers back to a group (\\1) or repeats more than %d times: %.100s",
		    REPEATS_MAX, value.u.s);
	if (!compile(value.u.s, &re))
		return err_set(e, ERR_INVALID, NULL, "This is not a regular expression: %.100s", value.u.s);
	regfree(&re);
	return true;
}

static bool check_ruleset(struct val v, unsigned depth, struct err *e) {
	const char *logic;
	struct val items;
	size_t i;

	if (v.type != V_MAP)
		return err_set(e, ERR_INVALID, NULL, "Ruleset must be a dictionary, not <class '%s'>.", class_of(v));
	if (v.u.map->n != 1)
		return err_set(e, ERR_INVALID, NULL, "Ruleset must have exactly one logical operator (found %u)", v.u.map->n);
	logic = val_cstr(map_key(v.u.map, 0), "");
	if (strcmp(logic, "and") != 0 && strcmp(logic, "or") != 0)
		return err_set(e, ERR_INVALID, NULL, "Invalid logic type: %.60s (must be 'and' or 'or')", logic);
	items = map_val(v.u.map, 0);
	if (items.type != V_LIST)
		return err_set(e, ERR_INVALID, NULL, "'%s' must have a list of conditions, not <class '%s'>", logic, class_of(items));
	if (depth > LIMIT_JSON_DEPTH)
		return err_set(e, ERR_INVALID, NULL, "Conditions are nested deeper than %d", LIMIT_JSON_DEPTH);
	for (i = 0; i < items.u.list->n; i++) {
		struct val item = items.u.list->v[i];

		if (is_ruleset(item) ? !check_ruleset(item, depth + 1, e) : !check_condition(item, e))
			return false;
	}
	return true;
}

static bool nothing(struct val v) {
	return val_is_null(v) || (v.type == V_MAP && v.u.map->n == 0);
}

bool conditions_check(struct val conditions, struct err *e) {
	return nothing(conditions) || check_ruleset(conditions, 0, e);
}

/* ---- deciding ---- */

static bool condition_holds(struct arena *a, const struct map *c, struct val data) {
	const struct operator *op = operator_of(c);
	struct val at = val_path(a, data, val_cstr(map_get(c, "attr"), "")), negate = map_get(c, "negate");
	bool holds = op != NULL && op->holds(map_get(c, "value"), at.type == V_UNDEF ? val_null() : at);

	return holds != (negate.type == V_BOOL && negate.u.b);
}

bool conditions_hold(struct arena *a, struct val conditions, struct val data) {
	struct val items;
	bool any;
	size_t i;

	if (nothing(conditions))
		return true;
	if (!is_ruleset(conditions))
		return conditions.type == V_MAP && condition_holds(a, conditions.u.map, data);
	any = map_get(conditions.u.map, "or").type != V_UNDEF;
	items = map_val(conditions.u.map, 0);
	for (i = 0; items.type == V_LIST && i < items.u.list->n; i++) {
		if (conditions_hold(a, items.u.list->v[i], data) == any)
			return any;
	}
	return !any;
}
