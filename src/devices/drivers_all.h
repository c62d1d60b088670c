/* drivers_all.h: the drivers, alphabetical, for the list in drivers.c. */
#ifndef PEERAGE_DRIVERS_ALL_H
#define PEERAGE_DRIVERS_ALL_H

#include "devices/driver.h"

extern const struct driver driver_bird;
extern const struct driver driver_eos;
extern const struct driver driver_frr;
extern const struct driver driver_gobgp;
extern const struct driver driver_ios;
extern const struct driver driver_iosxr;
extern const struct driver driver_junos;
extern const struct driver driver_nxos;
extern const struct driver driver_openbgpd;
extern const struct driver driver_routeros;
extern const struct driver driver_srlinux;
extern const struct driver driver_sros;
extern const struct driver driver_vyos;

#endif
