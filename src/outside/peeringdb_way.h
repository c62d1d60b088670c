/* peeringdb_way.h: letting readers of pages go first where a synchronisation and they want the same processors. */
#ifndef PEERAGE_PEERINGDB_WAY_H
#define PEERAGE_PEERINGDB_WAY_H

#include <stdbool.h>
#include <stdint.h>

struct way {
	int64_t left;           /* ms that the run has left to others; it must end one day */
	int64_t worked;         /* ms of this process's own processor time at the last way_step() */
};

/* Are there more that want a processor than there are processors? */
bool way_crowded(void);

/* After a statement that took so long (ms): the database works at full speed for whoever asks first, and readers get what a pause leaves. */
void way_after(struct way *, int64_t took);

/* While rows are sent one by one: the database's share of that work is about ours. */
void way_step(struct way *);

#endif
