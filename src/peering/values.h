/* values.h: addresses and times as template values, with the attributes that Python's ipaddress and datetime give them. */
#ifndef PEERAGE_VALUES_H
#define PEERAGE_VALUES_H

#include "base/net.h"
#include "base/val.h"

enum addr_kind { ADDR_ADDRESS, ADDR_INTERFACE, ADDR_NETWORK };

/* 192.0.2.1, 192.0.2.1/24, 192.0.2.0/24 as an object; printing it gives that text. */
struct val addr_val(struct arena *, struct addr, enum addr_kind);

/* The address of an address object, or of a text that is one; false when v is neither. *kind tells how it was written. */
bool val_addr(struct val v, struct addr *out, enum addr_kind *kind);
bool val_is_addr(struct val);
/* The address as Python prints it, without its length. Returns out. */
char *addr_python(const struct addr *, char out[ADDR_TEXT_MAX]);

/* A time object of the database's text (ISO 8601 in UTC); null when it is none. */
struct val time_val(struct arena *, const char *iso);
bool val_is_time(struct val);
/* "2026-11-21T13:00:00.000Z" for JSON. */
void time_json(struct val, struct sbuf *);

/* strftime() of now in a zone (IANA name, "" for UTC). False when the zone is not known. */
bool now_text(struct arena *, const char *zone, const char *format, struct val *out, struct err *);

/* The words of a parameter list "a, b": the arguments of the call in their places, V_UNDEF for those not given. `name` is for messages. */
bool call_bind(struct call *, const char *name, const char *params, struct val *args, size_t nargs);

/* A bound method of an object: calling it calls fn(self, call). */
typedef bool bound_fn(void *self, struct call *, struct val *out);
struct val bound_val(struct arena *, const char *name, void *self, bound_fn *);

#endif
