/*
 * data_files.c: what follows a file of a data source has that file's text whenever it is written. Whoever changes the text by hand is told to do so
 * in the file; a job writes it anew, with nothing as its input, when the file has changed.
 */
#include "config.h"

#include <strings.h>

#include "base/limits.h"
#include "base/yaml.h"
#include "db/queries.h"
#include "model/tables/tables.h"
#include "model/types.h"
#include "peering/data_files.h"

enum { PATH_LEN = 1000 };

const struct resource *const data_followers[] = { &res_config_context, &res_configuration, &res_email, &res_export_template, NULL };

/* ---- paths ---- */

static bool git_own(const char *name, size_t len) {
	return len >= 4 && strncasecmp(name, ".git", 4) == 0 && (len == 4 || name[4] == '~' || name[4] == ' ' || name[4] == '.' || name[4] == ':');
}

bool data_path_check(const char *path, struct err *e) {
	const char *wrong = *path == '\0' ? "it is empty" : *path == '/' ? "it begins with a slash" : strlen(path) > PATH_LEN ? "it is too long" : NULL;

	for (const char *p = path; wrong == NULL; p++) {
		size_t len = strcspn(p, "/");

		if (len == 0)
			wrong = "a name in it is empty";
		else if ((len == 1 && p[0] == '.') || (len == 2 && p[0] == '.' && p[1] == '.'))
			wrong = "\".\" and \"..\" are no names of files";
		else if (git_own(p, len))
			wrong = "what begins with .git is git's own";
		else if (len > 200)
			wrong = "a name in it is too long";
		for (size_t i = 0; i < len; i++) {
			if ((unsigned char)p[i] < ' ' || p[i] == '\\' || p[i] == 0x7f)
				wrong = "it has a control character or a backslash";
		}
		p += len;
		if (*p == '\0')
			break;
	}
	return wrong == NULL || err_set(e, ERR_INVALID, "data_path", "\"%.200s\" is no path of a file below the root: %s; routers/edge1.conf is right", path,
	    wrong);
}

/* ---- following ---- */

static const char *text_field(const struct resource *res) {
	return res == &res_config_context ? "data" : "template";
}

static int64_t id_of(struct val v) {
	if (v.type == V_OBJ)
		return row_of_val(v) == NULL ? 0 : row_of_val(v)->id;
	return v.type == V_INT ? v.u.i : 0;
}

/* The file that the input names, in whatever form references have; -1: the input says nothing of it; 0: none, or what is refused later. */
static bool named_file(struct store *s, const struct map *input, int64_t *id, struct err *e) {
	struct val v = map_get(input, "data_file");

	*id = v.type == V_UNDEF ? -1 : id_of(v);
	if (v.type == V_STR && !int_parse(v.u.s, v.len, id))
		*id = 0;
	if (v.type != V_MAP)
		return true;
	*id = 0;
	return store_find(s, &res_data_file, v.u.map, id, e) || e->code == ERR_NOT_FOUND || e->code == ERR_INVALID || e->code == ERR_CONFLICT;
}

struct file {
	const char *path;
	struct val source, content;     /* content: as the text field takes it */
};

static bool read_file(struct store *s, const struct resource *res, int64_t id, struct file *out, struct problems *p, struct err *e) {
	struct result r;
	struct val text;
	struct err why;

	if (!db_named(s->db, s->a, Q_DATA_FILE_TEXT, (struct val[]){ val_int(id) }, &r, e))
		return false;
	out->path = NULL;
	if (r.n == 0)
		return true;            /* the validation says so */
	out->source = result_at(&r, 0, 0);
	out->path = result_at(&r, 0, 1).u.s;
	text = out->content = result_at(&r, 0, 2);
	if (text.type != V_STR) {
		problem_add(p, "data_file", "%s is no text in UTF-8.", out->path);
	} else if (res == &res_config_context) {
		if (!yaml_parse(s->a, text.u.s, text.len, LIMIT_JSON_DEPTH, &out->content, NULL, &why))
			problem_add(p, "data_file", "%s is neither YAML nor JSON: %s.", out->path, why.msg);
		else if (out->content.type != V_MAP || out->content.u.map->n == 0)
			problem_add(p, "data_file", "%s holds no object: names with values are right.", out->path);
	} else if (text.len == 0) {
		problem_add(p, "data_file", "%s is empty.", out->path);
	}
	return true;
}

/* Line ends as forms send them are no change. */
static bool same_text(struct val a, struct val b) {
	const char *x, *y;

	if (a.type != V_STR || b.type != V_STR)
		return val_equal(a, b);
	for (x = a.u.s, y = b.u.s;; x++, y++) {
		while (*x == '\r')
			x++;
		while (*y == '\r')
			y++;
		if (*x != *y || *x == '\0')
			break;
	}
	return x[strspn(x, "\r\n")] == '\0' && y[strspn(y, "\r\n")] == '\0';
}

static bool follow(const struct resource *res, struct store *s, const struct row *before, const struct map **input, struct problems *p, struct err *e) {
	const char *field = text_field(res);
	int64_t was = before == NULL ? 0 : id_of(row_get(before, "data_file")), id;
	struct val given = map_get(*input, field);
	struct file f;
	struct map *m;

	if (!named_file(s, *input, &id, e))
		return false;
	if (id < 0)
		id = was;
	if (id <= 0)
		return true;
	if (!read_file(s, res, id, &f, p, e))
		return false;
	if (f.path == NULL || problems_any(p))
		return true;
	if (id == was && given.type == V_STR && res != &res_config_context && !same_text(given, row_get(before, field)) && !same_text(given, f.content)) {
		problem_add(p, field, "This follows the file %s: change it there, or choose no file first.", f.path);
		return true;
	}
	m = map_copy(s->a, *input, 2);
	map_set(m, field, f.content);
	map_set(m, "data_source", f.source);
	*input = m;
	return true;
}

static void set_field(struct row *r, const char *name, struct val v) {
	int f = res_field(r->res, name);

	if (f >= 0)
		r->v[f] = v;
}

static bool check_follower(struct store *s, const struct row *before, struct row *after, struct problems *p, struct err *e) {
	int64_t id = id_of(row_get(after, "data_file"));
	const char *field = text_field(after->res);
	struct result r;

	(void)p;
	if (id == 0) {
		set_field(after, "data_source", val_null());
		set_field(after, "data_path", val_str(""));
		set_field(after, "data_synchronised", val_null());
		return true;
	}
	if (!db_named(s->db, s->a, Q_DATA_FILE_TEXT, (struct val[]){ val_int(id) }, &r, e))
		return false;
	if (r.n == 0)
		return true;
	set_field(after, "data_path", result_at(&r, 0, 1));
	if (before == NULL || id_of(row_get(before, "data_file")) != id || !val_equal(row_get(before, field), row_get(after, field)) ||
	    row_get(before, "data_synchronised").type != V_STR)
		set_field(after, "data_synchronised", result_at(&r, 0, 3));
	return true;
}

static bool follow_configuration(struct store *s, const struct row *before, const struct map **input, struct problems *p, struct err *e) {
	return follow(&res_configuration, s, before, input, p, e);
}

static bool follow_email(struct store *s, const struct row *before, const struct map **input, struct problems *p, struct err *e) {
	return follow(&res_email, s, before, input, p, e);
}

static bool follow_export_template(struct store *s, const struct row *before, const struct map **input, struct problems *p, struct err *e) {
	return follow(&res_export_template, s, before, input, p, e);
}

static bool follow_config_context(struct store *s, const struct row *before, const struct map **input, struct problems *p, struct err *e) {
	return follow(&res_config_context, s, before, input, p, e);
}

const struct behaviour follows_configuration = { .res = &res_configuration, .input = follow_configuration, .check = check_follower };
const struct behaviour follows_email = { .res = &res_email, .input = follow_email, .check = check_follower };
const struct behaviour follows_export_template = { .res = &res_export_template, .input = follow_export_template, .check = check_follower };
const struct behaviour follows_config_context = { .res = &res_config_context, .input = follow_config_context, .check = check_follower };

/* ---- the source itself ---- */

void input_take_secret(struct store *s, const struct map **input, const char *json, const char *member, const char *field) {
	struct val all = map_get(*input, json), secret = all.type == V_MAP ? map_get(all.u.map, member) : val_undef();
	struct map *m, *rest;

	if (secret.type == V_UNDEF)
		return;
	rest = map_copy(s->a, all.u.map, 0);
	map_del(rest, val_str(member));
	m = map_copy(s->a, *input, 1);
	map_set(m, json, val_map(rest));
	if (map_get(m, field).type == V_UNDEF)
		map_set(m, field, secret);
	*input = m;
}

/* Peering Manager's clients send the password among the parameters; here it is sealed and stands apart. */
static bool take_password(struct store *s, const struct row *before, const struct map **input, struct problems *p, struct err *e) {
	(void)before;
	(void)p;
	(void)e;
	input_take_secret(s, input, "parameters", "password", "password");
	return true;
}

static bool check_source(struct store *s, const struct row *before, struct row *after, struct problems *p, struct err *e) {
	static const char *const known[] = { "username", "branch" };
	const char *type = val_cstr(row_get(after, "type"), ""), *url = val_cstr(row_get(after, "source_url"), "");
	struct val parameters = row_get(after, "parameters");

	(void)s;
	(void)before;
	(void)e;
	if (strcmp(type, "local") == 0 && strstr(url, "://") != NULL && strncmp(url, "file://", 7) != 0)
		problem_add(p, "source_url", "URLs for local sources must start with file:// (or should not have one)");
	else if (strcmp(type, "local") == 0 && url[0] != '/' && strncmp(url, "file:///", 8) != 0)
		problem_add(p, "source_url", "The folder of a local source is an absolute path: /folder or file:///folder is right.");
	for (size_t i = 0; parameters.type == V_MAP && i < ARRAY_LEN(known); i++) {
		struct val v = map_get(parameters.u.map, known[i]);

		if (v.type != V_UNDEF && v.type != V_NULL && v.type != V_STR)
			problem_add(p, "parameters", "%s must be a text.", known[i]);
	}
	return true;
}

const struct behaviour data_source_behaviour = { .res = &res_data_source, .input = take_password, .check = check_source };
