/* peeringdb_fields.h: fields that several resources of the PeeringDB cache have. */
#ifndef PEERAGE_PEERINGDB_FIELDS_H
#define PEERAGE_PEERINGDB_FIELDS_H

/* Peering Manager's API does not have it. */
#define PDB_ASKED (FF_NOAPI | FF_ASKED)
#define PDB_FLAGS (RF_NOLOG | RF_READONLY | RF_NOEVENTS | RF_NOBULKEDIT)

#define PDB_TEXT(name, max_, caption_) \
	{ name, NULL, NULL, F_TEXT, FF_READONLY, .max = max_, .caption = caption_ }
/* Of PeeringDB, and not in Peering Manager's API: for pages. */
#define PDB_LOGO \
	{ "logo", NULL, NULL, F_TEXT, FF_READONLY | FF_NULL | PDB_ASKED | FF_NOCOLUMN, .max = 255 }
#define PDB_COUNTED(name, label_, caption_) \
	{ name, label_, NULL, F_INT, FF_READONLY | FF_NULL | PDB_ASKED | FF_NOCOLUMN, 0, INT32_MAX, .caption = caption_ }
#define PDB_EXTRA \
	{ "extra", "Also Said", "What PeeringDB says of it that has no field of its own here yet", F_JSON, FF_READONLY | PDB_ASKED | FF_NOCOLUMN }
#define PDB_STAMPS \
	PDB_EXTRA, \
	{ "created", NULL, NULL, F_TIME, FF_READONLY | PDB_ASKED }, \
	{ "updated", NULL, NULL, F_TIME, FF_READONLY | PDB_ASKED }

#endif
