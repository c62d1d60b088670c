/* irr_question.c: see the header. */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "peering/irr_question.h"

bool irr_name_ok(const char *name) {
	const char *colons = strstr(name, "::"), *s = colons == NULL ? name : colons + 2;
	size_t n = strlen(name);

	if (n > 255 || strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:_-") != n || name[0] == '-')
		return false;
	if (colons != NULL && (colons == name || strstr(s, "::") != NULL))
		return false;
	if (strncasecmp(s, "AS", 2) != 0 && strncasecmp(s, "RS-", 3) != 0)
		return false;
	return s[2] != '\0' && s[strlen(s) - 1] != ':';
}

static bool is_number(const char *s) {
	return *s != '\0' && strlen(s) <= 3 && s[strspn(s, "0123456789")] == '\0';
}

static bool refuse(const char *word, struct err *e) {
	return err_set(e, ERR_INVALID, NULL, "\"%.100s\" may not be given to bgpq: -A, -w, and -r, -R, -m, -L with a number are taken", word);
}

bool irr_args_split(struct arena *a, const char *text, const char **argv, size_t *n, size_t room, struct err *e) {
	while (*(text += strspn(text, " \t,")) != '\0') {
		size_t len = strcspn(text, " \t,");
		const char *word = arena_strndup(a, text, len);
		bool value = len >= 2 && word[0] == '-' && strchr("rRmL", word[1]) != NULL;

		text += len;
		if (*n + 2 > room || (!value && strcmp(word, "-A") != 0 && strcmp(word, "-w") != 0))
			return refuse(word, e);
		argv[(*n)++] = word;
		if (value && len == 2) {
			text += strspn(text, " \t,");
			len = strcspn(text, " \t,");
			word = arena_strndup(a, text, len);
			text += len;
			if (!is_number(word))
				return refuse(word, e);
			argv[(*n)++] = word;
		} else if (value && !is_number(word + 2)) {
			return refuse(word, e);
		}
	}
	return true;
}
