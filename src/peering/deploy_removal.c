/*
 * deploy_removal.c: where text is only ever added to what a router runs, what was deployed and is no longer wanted must be taken away by
 * name. What is wanted is known; what was deployed is kept; so only lines of our own are ever taken away, never a section that others
 * may share.
 */
#include "config.h"

#include "peering/deploy.h"

enum { DEPTH_MAX = 16 };

struct cli_line {
	const char *s;                  /* trimmed */
	size_t len, indent;
	const char *path;               /* sections and line, each ended by newline */
	size_t parent;                  /* index; SIZE_MAX: none */
	bool section;                   /* has lines below it */
};

struct cli_text {
	struct cli_line *line;
	size_t n;
	struct map *paths;
};

static bool is_word(const char *s, size_t len, const char *word) {
	return len == strlen(word) && memcmp(s, word, len) == 0;
}

static bool begins(const char *s, size_t len, const char *word) {
	return len >= strlen(word) && memcmp(s, word, strlen(word)) == 0;
}

/* What says nothing by itself. */
static bool empty_line(const char *s, size_t len) {
	return len == 0 || *s == '!' || *s == '#' || is_word(s, len, "exit") || is_word(s, len, "end") || begins(s, len, "exit-");
}

static void read_text(struct arena *a, const char *text, struct cli_text *out) {
	size_t lines = 1, stack[DEPTH_MAX], depth = 0;

	for (const char *s = text; *s != '\0'; s++)
		lines += *s == '\n';
	*out = (struct cli_text){ .line = arena_new(a, struct cli_line, lines), .paths = map_new(a, lines) };
	for (const char *s = text; *s != '\0'; s += strcspn(s, "\n"), s += *s == '\n') {
		size_t indent = strspn(s, " \t"), len = strcspn(s + indent, "\r\n");
		struct cli_line *l = &out->line[out->n];

		while (len > 0 && (s[indent + len - 1] == ' ' || s[indent + len - 1] == '\t'))
			len--;
		if (empty_line(s + indent, len))
			continue;
		while (depth > 0 && out->line[stack[depth - 1]].indent >= indent)
			depth--;
		*l = (struct cli_line){ s + indent, len, indent, NULL, depth == 0 ? SIZE_MAX : stack[depth - 1], false };
		if (depth > 0)
			out->line[l->parent].section = true;
		l->path = arena_printf(a, "%s%.*s\n", depth == 0 ? "" : out->line[l->parent].path, (int)len, l->s);
		map_set(out->paths, l->path, val_bool(true));
		if (depth < DEPTH_MAX)
			stack[depth++] = out->n;
		out->n++;
	}
}

/* Sections that others may have lines in are left standing, empty of ours. */
static bool shared_section(const struct cli_line *l) {
	static const char *const words[] = { "router ", "address-family ", "vrf ", "template ", "interface " };

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (begins(l->s, l->len, words[i]))
			return true;
	}
	return false;
}


/* Whether some line of `t` below the same section begins with those bytes. */
static bool has_prefix(const struct cli_text *t, const char *section, const char *s, size_t n) {
	for (size_t i = 0; i < t->n; i++) {
		const struct cli_line *l = &t->line[i];
		const char *above = l->parent == SIZE_MAX ? "" : t->line[l->parent].path;

		if (l->len >= n && memcmp(l->s, s, n) == 0 && (l->len == n || l->s[n] == ' ' || l->s[n] == '\t') && strcmp(above, section) == 0)
			return true;
	}
	return false;
}

/* The bytes of the first n words of a line; 0: it has fewer. */
static size_t words(const char *s, size_t len, unsigned n) {
	size_t at = 0;

	while (n-- > 0) {
		while (at < len && s[at] == ' ')
			at++;
		if (at == len)
			return 0;
		while (at < len && s[at] != ' ')
			at++;
	}
	return at;
}

static const char *last_word(const char *s, size_t len, size_t *n) {
	size_t at = len;

	while (at > 0 && s[at - 1] != ' ')
		at--;
	*n = len - at;
	return s + at;
}

/*
 * Whether a line of `now` takes the place of this one by itself: the same setting of the same neighbour ("neighbor 192.0.2.1 remote-as", "neighbor 192.0.2.1
 * route-map ... in"), or of BGP as a whole ("bgp router-id"). Taking away the old one first would take more: "no neighbor 192.0.2.1 remote-as 64501" is the neighbour.
 */
static bool overridden(const struct cli_text *now, const struct cli_line *l, const char *section) {
	size_t key = words(l->s, l->len, begins(l->s, l->len, "neighbor ") ? 3 : begins(l->s, l->len, "bgp ") ? 2 : 99), n, m;
	const char *last = last_word(l->s, l->len, &n);
	bool way = is_word(last, n, "in") || is_word(last, n, "out");

	if (key == 0 || key == l->len)
		return false;
	for (size_t i = 0; i < now->n; i++) {
		const struct cli_line *x = &now->line[i];
		const char *above = x->parent == SIZE_MAX ? "" : now->line[x->parent].path, *end = last_word(x->s, x->len, &m);

		if (x->len > key && memcmp(x->s, l->s, key) == 0 && x->s[key] == ' ' && strcmp(above, section) == 0 &&
		    (!way || (m == n && memcmp(end, last, n) == 0)))
			return true;
	}
	return false;
}

struct remover {
	struct arena *a;
	const struct cli_text *last, *now;
	struct sbuf *out;
	struct map *said;
	const char *section;            /* where the commands written last stand */
};

static void enter(struct remover *r, const char *section) {
	size_t depth = 0;

	if (strcmp(r->section, section) == 0)
		return;
	if (*r->section != '\0' && r->out->len > 0)
		sb_str(r->out, "!\n");
	for (const char *s = section; *s != '\0'; s += strcspn(s, "\n") + 1, depth++)
		sb_fmt(r->out, "%*s%.*s\n", (int)depth, "", (int)strcspn(s, "\n"), s);
	r->section = section;
}

static void say(struct remover *r, const char *section, const char *s, size_t len) {
	const char *command = begins(s, len, "no ") ? arena_strndup(r->a, s + 3, len - 3) : arena_printf(r->a, "no %.*s", (int)len, s);
	const char *key = arena_printf(r->a, "%s%s", section, command);
	size_t depth = 0;

	if (map_get(r->said, key).type != V_UNDEF)
		return;
	map_set(r->said, key, val_bool(true));
	enter(r, section);
	for (const char *p = section; *p != '\0'; p++)
		depth += *p == '\n';
	sb_fmt(r->out, "%*s%s\n", (int)depth, "", command);
}

static void remove_line(struct remover *r, const struct cli_line *l) {
	const char *section = l->parent == SIZE_MAX ? "" : r->last->line[l->parent].path;
	size_t n = begins(l->s, l->len, "neighbor ") ? words(l->s, l->len, 2) : 0;

	/* a section that is gone takes its lines along, unless it stays for others */
	for (size_t p = l->parent; p != SIZE_MAX; p = r->last->line[p].parent) {
		const struct cli_line *above = &r->last->line[p];

		if (!shared_section(above) && map_get(r->now->paths, above->path).type == V_UNDEF)
			return;
	}
	if (overridden(r->now, l, section))
		return;
	if (n > 0 && begins(section, strlen(section), "router bgp ") && !has_prefix(r->now, section, l->s, n)) {
		/* in an address family it goes with the neighbour itself */
		const char *top = arena_strndup(r->a, section, strcspn(section, "\n") + 1);

		if (!has_prefix(r->now, top, l->s, n))
			say(r, top, l->s, n);
		else
			say(r, section, l->s, l->len);
		return;
	}
	say(r, section, l->s, l->len);
}

/* The word before the name of an entry of a list. */
static bool names_an_entry(const char *s, size_t len) {
	static const char *const words[] = { "neighbor", "group", "peer-group", "policy", "policy-statement", "route-map", "rule", "term", "statement",
		"prefix-list", "prefix-list6", "prefix-set", "community", "community-list", "community-set", "large-community-list", "extcommunity-list",
		"as-path", "as-path-list", "as-path-set" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (is_word(s, len, words[i]))
			return true;
	}
	return false;
}

/* The bytes of a line up to the name of the outermost entry that no line of `now` has anything of: it goes whole. 0: there is none. The peer group of a
 * neighbour is a value, which `bare` lines do not name. */
static size_t entry_gone(const struct cli_text *now, const char *s, size_t len, bool bare) {
	for (unsigned n = 3; ; n++) {
		size_t word = words(s, len, n), name = words(s, len, n + 1), before = words(s, len, n - 1) + 1;

		if (name == 0)
			return 0;
		if (names_an_entry(s + before, word - before) && !has_prefix(now, "", s, name) &&
		    !(bare && name == len && is_word(s + before, word - before, "peer-group")))
			return name;
	}
}

/* A setting that has a value, not an entry that has a name: of a line alone it cannot be told. */
static bool is_setting(const char *s, size_t len) {
	static const char *const words[] = { "admin-state", "authentication-key", "autonomous-system", "description", "export-policy", "host-name", "import-policy",
		"local-address", "local-preference", "password", "peer-as", "peer-group", "router-id" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (is_word(s, len, words[i]))
			return true;
	}
	return false;
}

/* The bytes of a line up to its value, which a tab stands before where it is known to be one: else a word, one in quotes, or all that is in brackets, of
 * a setting that is known. All of it where that is not so: to name too little would take away what others have. */
static size_t before_value(const char *s, size_t len) {
	const char *tab = memchr(s, '\t', len), *word;
	char open = s[len - 1] == ']' ? '[' : s[len - 1] == '"' ? '"' : ' ';
	size_t at = len - 1, n;

	if (tab != NULL)
		return (size_t)(tab - s);
	while (at > 0 && s[at - 1] != open)
		at--;
	at -= at > 0 && open != ' ';
	while (at > 0 && s[at - 1] == ' ')
		at--;
	word = last_word(s, at, &n);
	return is_setting(word, n) ? at : len;
}

/*
 * The bytes of a line that name what is to go, where a value is not said (SR Linux); 0: another value takes the place of this one. What has several values
 * goes whole: those that are wanted come again with the text.
 */
static size_t leaf_gone(const struct cli_text *last, const struct cli_text *now, const struct cli_line *l) {
	size_t n = before_value(l->s, l->len);
	bool several = l->s[l->len - 1] == ']';

	for (size_t i = 0; i < last->n && !several; i++) {
		const struct cli_line *x = &last->line[i];

		several = x != l && x->len > n && memcmp(x->s, l->s, n) == 0 && before_value(x->s, x->len) == n;
	}
	return !several && n < l->len && has_prefix(now, "", l->s, n) ? 0 : n;
}

/* An entry that is nobody's alone: ports and the like. */
static bool shared_entry(const char *s, size_t len) {
	static const char *const words[] = { "interface", "subinterface", "network-instance", "ethernet", "bonding", "vif", "unit" };
	size_t n, last = (size_t)(last_word(s, len, &n) - s);
	const char *word = last_word(s, last > 0 ? last - 1 : 0, &n);

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (is_word(word, n, words[i]))
			return true;
	}
	return false;
}

static void remove_set(struct arena *a, const struct cli_text *last, const struct cli_text *now, bool bare, struct sbuf *out) {
	struct map *said = map_new(a, 16);

	for (size_t i = 0; i < last->n; i++) {
		const struct cli_line *l = &last->line[i];
		const char *what;
		size_t n;

		if (!begins(l->s, l->len, "set ") || map_get(now->paths, l->path).type != V_UNDEF)
			continue;
		n = entry_gone(now, l->s, l->len, bare);
		if (n == 0)
			n = bare ? leaf_gone(last, now, l) : l->len;
		if (n == 0 || (n == l->len && shared_entry(l->s, n)))
			continue;
		what = arena_strndup(a, l->s + 4, n - 4);
		if (map_get(said, what).type != V_UNDEF)
			continue;
		map_set(said, what, val_bool(true));
		sb_fmt(out, "delete %s\n", what);
	}
}

/* Junos in braces, SR OS: there a text takes away by words of its own. */
static bool has_braces(const char *text) {
	return strstr(text, "{\n") != NULL || strstr(text, ";\n") != NULL || strstr(text, "/configure ") != NULL;
}

void deploy_removal(struct arena *a, const char *way, const char *last, const char *now, struct sbuf *out) {
	struct cli_text l, n;
	struct remover r = { a, &l, &n, out, map_new(a, 16), "" };

	if (way != NULL && strcmp(way, "find") == 0) {
		deploy_removal_find(a, last, now, out);
		return;
	}
	if (way != NULL && (strcmp(way, "delete") == 0 || strcmp(way, "delete /") == 0)) {
		if (*last == '{' || *now == '{')
			return;         /* JSON: there a text tells by itself what goes */
		last = deploy_removal_flat(a, last, way + 6);
		now = deploy_removal_flat(a, now, way + 6);
	} else if (has_braces(last) || has_braces(now)) {
		if (way != NULL && strcmp(way, "delete:") == 0)
			deploy_removal_braces(a, last, now, out);
		return;
	}
	read_text(a, last, &l);
	read_text(a, now, &n);
	if (l.n > 0 && begins(l.line[0].s, l.line[0].len, "set ")) {
		remove_set(a, &l, &n, way != NULL && strcmp(way, "delete /") == 0, out);
		return;
	}
	for (size_t i = 0; i < l.n; i++) {
		const struct cli_line *x = &l.line[i];

		if (map_get(n.paths, x->path).type == V_UNDEF && !(x->section && shared_section(x)))
			remove_line(&r, x);
	}
	if (*r.section != '\0')
		sb_str(out, "!\n");
}
