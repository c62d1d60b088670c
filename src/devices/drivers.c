/* drivers.c: the platforms, alphabetical. A new one is a file of its own, a line in drivers_all.h and a row here. */
#include "config.h"

#include <strings.h>

#include "devices/drivers_all.h"

const struct driver *const drivers[] = {
	&driver_bird,
	&driver_eos,
	&driver_frr,
	&driver_gobgp,
	&driver_ios,
	&driver_iosxr,
	&driver_junos,
	&driver_nxos,
	&driver_openbgpd,
	&driver_routeros,
	&driver_srlinux,
	&driver_sros,
	&driver_vyos,
	NULL
};

const struct driver *driver_find(const char *name) {
	const struct driver *const *d;
	const char *const *alias;

	for (d = drivers; *d != NULL; d++) {
		if (strcasecmp((*d)->name, name) == 0)
			return *d;
		for (alias = (*d)->aliases; alias != NULL && *alias != NULL; alias++) {
			if (strcasecmp(*alias, name) == 0)
				return *d;
		}
	}
	return NULL;
}
