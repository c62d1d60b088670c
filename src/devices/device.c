/* device.c: a router of the book made ready to connect to: its row, its secrets opened, its driver. */
#include "config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/conf.h"
#include "base/json.h"
#include "base/log.h"
#include "base/seal.h"
#include "db/db.h"
#include "devices/driver.h"
#include "devices/transport.h"
#include "db/queries.h"

enum col { COL_NAME, COL_HOST, COL_PORT, COL_USER, COL_PASSWORD, COL_KEY, COL_HOST_KEY, COL_JUMP, COL_JUMP_KEY, COL_SECONDS, COL_PLATFORM_ARGS,
	COL_ARGS, COL_DRIVER, COL_PLATFORM, COL_SLUG, COL_ENABLE };

static void close_it(void *arg) {
	device_close(arg);
}

struct device *device_new(struct arena *a, const struct driver *driver) {
	struct device *d = arena_new(a, struct device, 1);

	*d = (struct device){ .a = a, .driver = driver, .name = "", .host = "", .port = driver->port, .user = "", .password = "", .private_key = "",
	    .host_key = "", .ca_file = "", .connect_seconds = TRANSPORT_CONNECT_SECONDS, .seconds = TRANSPORT_SECONDS, .args = map_new(a, 1), .offered = "", .jump_offered = "" };
	arena_defer(a, close_it, d);
	return d;
}

/* What drivers there are, for the message. */
static const char *driver_names(struct arena *a) {
	const struct driver *const *d;
	struct sbuf b;

	sb_init(&b, a);
	for (d = drivers; *d != NULL; d++)
		sb_fmt(&b, "%s%s", b.len == 0 ? "" : ", ", (*d)->name);
	return b.s;
}

static bool find_driver(struct arena *a, const struct result *r, const struct driver **out, struct err *e) {
	const char *named = result_at(r, 0, COL_DRIVER).u.s, *platform = result_at(r, 0, COL_PLATFORM).u.s;

	if (platform[0] == '\0')
		return err_set(e, ERR_INVALID, "platform", "router %s has no platform: choose one that names a driver", result_at(r, 0, COL_NAME).u.s);
	*out = driver_find(named[0] != '\0' ? named : result_at(r, 0, COL_SLUG).u.s);
	if (*out != NULL)
		return true;
	return err_set(e, ERR_INVALID, "platform", "platform %s names the driver \"%s\", which there is not; there are %s", platform, named, driver_names(a));
}

/* The router's arguments over its platform's. */
static const struct map *merge_args(struct arena *a, struct val platform, struct val router) {
	struct map *m = platform.type == V_MAP ? map_copy(a, platform.u.map, 4) : map_new(a, 4);
	size_t i;

	for (i = 0; router.type == V_MAP && i < router.u.map->n; i++)
		map_put(m, map_key(router.u.map, i), map_val(router.u.map, i));
	return m;
}

/* "[user@]host[:port]", a literal IPv6 address in brackets. It signs in with what the router is signed in to with. */
static bool read_jump(struct device *d, const char *text, const char *host_key, struct err *e) {
	struct device_hop *hop = arena_new(d->a, struct device_hop, 1);
	const char *at = strrchr(text, '@'), *host = at == NULL ? text : at + 1, *end, *port;
	long n = 22;

	end = host[0] == '[' ? strchr(host, ']') : host + strcspn(host, ":");
	if (end == NULL || end == host)
		return err_set(e, ERR_INVALID, "jump_host", "jump host \"%s\" is not of the form [user@]host[:port]", text);
	port = host[0] == '[' ? end + 1 : end;
	if (*port == ':') {
		char *rest;

		errno = 0;
		n = strtol(port + 1, &rest, 10);
		if (errno != 0 || rest == port + 1 || *rest != '\0')
			n = 0;
	} else if (*port != '\0') {
		n = 0;
	}
	if (n < 1 || n > 65535)
		return err_set(e, ERR_INVALID, "jump_host", "jump host \"%s\": the port is not a number from 1 to 65535", text);
	if (host[0] == '[')
		host++;
	hop->host = arena_strndup(d->a, host, (size_t)(end - host));
	hop->user = at == NULL ? d->user : arena_strndup(d->a, text, (size_t)(at - text));
	hop->port = (uint16_t)n;
	hop->password = d->password;
	hop->private_key = d->private_key;
	hop->host_key = host_key;
	d->jump = hop;
	return true;
}

/* A key that came through a field of one line has lost its line ends: they are put back around the two marks. */
static const char *key_lines(struct arena *a, const char *key) {
	const char *begin = strstr(key, "-----BEGIN "), *mark = begin == NULL ? NULL : strstr(begin + 11, "-----"), *end = strstr(key, "-----END ");

	if (mark == NULL || end == NULL || end < mark + 5 || strchr(key, '\n') != NULL)
		return key;
	return arena_printf(a, "%.*s\n%.*s\n%s\n", (int)(mark + 5 - begin), begin, (int)(end - mark - 5), mark + 5, end);
}

/* The key of this installation, for routers that have none of their own. */
static bool own_key(struct device *d, const struct conf *conf, struct err *e) {
	char piece[16384];
	size_t n;
	FILE *f;

	if (d->private_key[0] != '\0' || conf->ssh_key_file == NULL || conf->ssh_key_file[0] == '\0')
		return true;
	f = fopen(conf->ssh_key_file, "re");
	if (f == NULL)
		return err_set(e, ERR_INTERNAL, NULL, "setting ssh_key_file: %s cannot be read: %s", conf->ssh_key_file, strerror(errno));
	n = fread(piece, 1, sizeof(piece), f);
	fclose(f);
	d->private_key = arena_strndup(d->a, piece, n);
	return true;
}

static bool open_secrets(struct device *d, const struct conf *conf, const struct result *r, struct err *e) {
	const char *password = result_at(r, 0, COL_PASSWORD).u.s, *key = result_at(r, 0, COL_KEY).u.s, *enable = result_at(r, 0, COL_ENABLE).u.s;
	struct map *args;
	struct seal *seal;

	d->password = password;
	d->private_key = key;
	if (!seal_is_sealed(password) && !seal_is_sealed(key) && !seal_is_sealed(enable))
		return true;
	if (conf->secret_file == NULL || conf->secret_file[0] == '\0')
		return err_set(e, ERR_INTERNAL, NULL, "secret_file is not set: the secrets of router %s are sealed", d->name);
	seal = seal_new(d->a, conf->secret_file);
	if (!unseal_text(seal, d->a, password, &d->password, e) || !unseal_text(seal, d->a, key, &d->private_key, e) ||
	    !unseal_text(seal, d->a, enable, &enable, e))
		return false;
	if (enable[0] == '\0')
		return true;
	args = map_copy(d->a, d->args, 1);
	map_set(args, "secret", val_str(enable));
	d->args = args;
	return true;
}

bool device_load(struct arena *a, struct db *db, const struct conf *conf, int64_t router_id, const struct device_watch *watch, struct device **out,
    struct err *e) {
	struct val id = val_int(router_id);
	const struct driver *driver;
	struct result r;
	struct device *d;
	int64_t seconds;

	if (!db_named(db, a, Q_DEVICE_ROUTER, &id, &r, e))
		return false;
	if (r.n == 0)
		return err_set(e, ERR_NOT_FOUND, NULL, "there is no router with id %lld", (long long)router_id);
	if (!find_driver(a, &r, &driver, e))
		return false;
	d = device_new(a, driver);
	d->router_id = router_id;
	if (watch != NULL)
		d->watch = *watch;
	d->name = result_at(&r, 0, COL_NAME).u.s;
	d->host = result_at(&r, 0, COL_HOST).u.s;
	d->user = result_at(&r, 0, COL_USER).u.s;
	d->host_key = result_at(&r, 0, COL_HOST_KEY).u.s;
	d->args = merge_args(a, result_at(&r, 0, COL_PLATFORM_ARGS), result_at(&r, 0, COL_ARGS));
	d->port = (uint16_t)device_arg_int(d, "port", driver->port);
	if (result_at(&r, 0, COL_PORT).u.i != 0)
		d->port = (uint16_t)result_at(&r, 0, COL_PORT).u.i;
	seconds = result_at(&r, 0, COL_SECONDS).u.i;
	if (seconds > 0)
		d->seconds = (unsigned)(seconds > 3600 ? 3600 : seconds);
	d->ca_file = device_arg(d, "ca_file", "");
	if (!open_secrets(d, conf, &r, e) || !own_key(d, conf, e))
		return false;
	d->private_key = key_lines(a, d->private_key);
	if (result_at(&r, 0, COL_JUMP).len > 0 && !read_jump(d, result_at(&r, 0, COL_JUMP).u.s, result_at(&r, 0, COL_JUMP_KEY).u.s, e))
		return false;
	*out = d;
	return true;
}

bool device_save_offered(struct db *db, const struct device *d, struct err *e) {
	const struct val params[] = { val_int(d->router_id), val_str(d->offered), val_str(d->jump_offered) };
	struct result r;

	if (d->router_id == 0 || (d->offered[0] == '\0' && d->jump_offered[0] == '\0'))
		return true;
	return db_named(db, d->a, Q_DEVICE_OFFERED, params, &r, e);
}

const char *device_arg(const struct device *d, const char *name, const char *other) {
	return val_cstr(map_get(d->args, name), other);
}

int64_t device_arg_int(const struct device *d, const char *name, int64_t other) {
	struct val v = map_get(d->args, name);
	char *end;
	long long n;

	if (v.type == V_INT)
		return v.u.i;
	if (v.type != V_STR || v.len == 0)
		return other;
	errno = 0;
	n = strtoll(v.u.s, &end, 10);
	return errno != 0 || *end != '\0' ? other : n;
}

void device_log(const struct device *d, enum device_level level, const char *fmt, ...) {
	char text[2000];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (d->watch.log != NULL)
		d->watch.log(d->watch.arg, level, text);
	else if (level == DEVICE_WARNING)
		log_msg(LOG_LEVEL_WARNING, "%s: %s", d->name, text);
}

bool device_json(struct arena *a, const char *what, const char *text, size_t len, struct val *out, struct err *e) {
	struct err bad;

	if (json_parse(a, text, len, 64, out, &bad))
		return true;
	return err_kind(e, ERR_UPSTREAM, "garbage", "%s: the answer is not JSON (%.200s): %.100s", what, bad.msg, len == 0 ? "it is empty" : text);
}
