/* openbgpd_reset.c: two configurations of OpenBGPD compared by what a session is opened with. */
#include "config.h"

#include <ctype.h>

#include "base/net.h"
#include "devices/openbgpd_reset.h"

/* ---- words of the file ---- */

struct words {
	struct arena *a;
	const char *s;
	bool quoted;                    /* the last one was */
};

/* The next word, without its quotes; braces and "=" are words of their own. NULL: the end. */
static const char *next_word(struct words *w) {
	const char *from;
	struct sbuf b;

	while (*w->s != '\0' && (isspace((unsigned char)*w->s) || *w->s == '#' || *w->s == '\\'))
		w->s += *w->s == '#' ? strcspn(w->s, "\n") : 1;
	from = w->s;
	w->quoted = *from == '"';
	if (*from == '\0')
		return NULL;
	if (w->quoted) {
		sb_init(&b, w->a);
		for (w->s++; *w->s != '\0' && *w->s != '"'; w->s++) {
			w->s += *w->s == '\\' && w->s[1] != '\0';
			sb_chr(&b, *w->s);
		}
		w->s += *w->s == '"';
		return b.s;
	}
	w->s += strchr("{}=,", *from) != NULL ? 1 : strcspn(from, " \t\r\n{}=,#\"");
	return arena_strndup(w->a, from, (size_t)(w->s - from));
}

static bool is_address(const char *word, struct addr *ip) {
	return strchr(word, '/') == NULL && addr_parse(word, strlen(word), ip);
}

/* An address in the form that both texts share; any other word as it is. */
static const char *canonical(struct arena *a, const char *word) {
	char text[ADDR_TEXT_MAX];
	struct addr ip;

	return is_address(word, &ip) ? arena_strdup(a, addr_text(&ip, ADDR_HOST, text)) : word;
}

/* ---- passwords: they stand in the file alone ---- */

struct secrets {
	struct words w;
	struct map *macros, *own;       /* own: address -> what it has of its own; "" what its groups have */
	const char *address;            /* whose block this is; "" none */
	int depth, inside;              /* inside: the depth of the neighbour's block */
};

static const char *resolved(const struct secrets *p, const char *word) {
	struct val v = *word == '$' && !p->w.quoted ? map_get(p->macros, word + 1) : val_undef();

	return v.type == V_STR ? v.u.s : word;
}

static void keep_secret(struct secrets *p, const char *word) {
	map_set(p->own, p->address, val_str(arena_printf(p->w.a, "%s %s", val_cstr(map_get(p->own, p->address), ""), resolved(p, word))));
}

static void take_word(struct secrets *p, const char *before, const char *word) {
	if (*word == '{') {
		p->depth++;
	} else if (*word == '}') {
		p->depth--;
		if (p->depth < p->inside)
			p->address = "";
	} else if (strcmp(before, "neighbor") == 0) {
		p->address = canonical(p->w.a, resolved(p, word));
		p->inside = p->depth + 1;
	} else if (strcmp(before, "password") == 0 || strcmp(before, "key") == 0) {
		keep_secret(p, word);
	}
}

static struct map *secrets_of(struct arena *a, const char *text) {
	struct secrets p = { .w = { .a = a, .s = text }, .macros = map_new(a, 4), .own = map_new(a, 8), .address = "" };
	const char *word, *before = "", *first = "";

	while ((word = next_word(&p.w)) != NULL) {
		if (strcmp(before, "=") == 0)
			map_set(p.macros, first, val_str(word));
		if (strcmp(word, "=") == 0)
			first = before;
		take_word(&p, before, word);
		before = word;
	}
	return p.own;
}

/* ---- what a session is opened with ---- */

/* Lines of a neighbour that a reload applies to a session as it is. */
static bool is_soft(const char *line) {
	static const char *const soft[] = { "descr ", "max-prefix ", "enforce ", "dump ", "demote ", "depend ", "export ", "rib ", "softreconfig " };
	size_t i;

	for (i = 0; i < ARRAY_LEN(soft); i++) {
		if (strncmp(line, soft[i], strlen(soft[i])) == 0)
			return true;
	}
	return false;
}

/* Lines of the whole router that each session is opened with. */
static bool is_common(const char *line) {
	return strncmp(line, "AS ", 3) == 0 || strncmp(line, "router-id ", 10) == 0 || strncmp(line, "holdtime ", 9) == 0;
}

static const char *password_of(const struct map *own, const char *address) {
	struct val v = map_get(own, address);

	return v.type == V_STR ? v.u.s : val_cstr(map_get(own, ""), "");
}

static void append(struct map *m, struct arena *a, const char *key, const char *line) {
	map_set(m, key, val_str(arena_printf(a, "%s\n%s", val_cstr(map_get(m, key), ""), line)));
}

/* Address -> the lines that matter, "" -> those of the router. */
static struct map *sessions_of(struct arena *a, const struct openbgpd_text *t) {
	const struct map *own = secrets_of(a, t->text);
	struct map *m = map_new(a, 16);
	const char *address = "", *s, *end;

	for (s = t->parsed; *s != '\0'; s = *end == '\0' ? end : end + 1) {
		const char *line;

		s += strspn(s, " \t");
		end = s + strcspn(s, "\n");
		line = arena_strndup(a, s, (size_t)(end - s));
		if (strncmp(line, "neighbor ", 9) == 0 && end[-1] == '{') {
			address = canonical(a, arena_strndup(a, line + 9, strcspn(line + 9, " ")));
			append(m, a, address, "");
		} else if (*line == '}')
			address = "";
		else if (*address == '\0' ? is_common(line) : !is_soft(line))
			append(m, a, address, line);
		if (*address != '\0' && (strncmp(line, "tcp md5sig", 10) == 0 || strncmp(line, "ipsec", 5) == 0))
			append(m, a, address, password_of(own, address));
	}
	return m;
}

struct list *openbgpd_resets(struct arena *a, const struct openbgpd_text *before, const struct openbgpd_text *after) {
	const struct map *old = sessions_of(a, before), *new = sessions_of(a, after);
	bool all = strcmp(val_cstr(map_get(old, ""), ""), val_cstr(map_get(new, ""), "")) != 0;
	struct list *out = list_new(a, 4);
	size_t i;

	for (i = 0; i < old->n; i++) {
		const char *address = map_key(old, i).u.s;
		struct val is = map_get(new, address);
		struct addr ip;

		if (is_address(address, &ip) && is.type == V_STR && (all || strcmp(map_val(old, i).u.s, is.u.s) != 0))
			list_push(out, val_str(address));
	}
	return out;
}
