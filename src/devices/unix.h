/*
 * unix.h: routers that are Unix hosts with a BGP daemon: scripts on them, and the timer that the daemon does not have.
 *
 * Driver arguments they share: `prefix` (goes before the shell: "sudo -n"), `state_dir` (folder for what belongs to a change; default
 * ~/.peerage), `file` (the daemon's configuration file).
 *
 * The undo script: before a commit a small script is left in the state folder and started with setsid, so that it outlives the SSH session.
 * It sleeps, then puts the old configuration back, unless the file ID.pending is gone. Whoever renames ID.pending first decides: confirm makes it
 * ID.confirmed, the script ID.undoing and then ID.undone (or ID.stuck, when the daemon would not take the old configuration back).
 */
#ifndef PEERAGE_UNIX_H
#define PEERAGE_UNIX_H

#include "devices/transport.h"

/*
 * Run a script with /bin/sh. It finds $S (the state folder), $I (the change's id) and $F (the configuration file, absolute or below the home).
 * True when it ran, whatever its status.
 */
bool unix_run(struct device *, struct arena *, const char *script, const char *in, size_t in_len, struct command_result *, struct err *);

/* The same, and a status other than 0 is an error that begins with `what`; a status from `unix_status` has its own. */
bool unix_must(struct device *, struct arena *, const char *what, const char *script, const char *in, size_t in_len, struct command_result *,
    struct err *);

enum unix_status {                      /* exit statuses of our scripts with a meaning */
	UNIX_LOCKED = 45,               /* another change waits: its name is on standard output */
	UNIX_NONE = 46,                 /* no such change waits: how it ended is on standard output */
	UNIX_NO_FILE = 44
};

/* Vendor, model, host name and uptime; `version_command` prints the daemon's version somewhere in its first line. */
bool unix_facts(struct device *, struct arena *, const char *vendor, const char *version_command, struct facts *, struct err *);

/* The driver argument `file`, where none is given. For open(). */
void unix_default_file(struct device *, const char *path);

/* Write to $F.$I (beside the configuration file, with its owner and mode where that is possible). */
bool unix_stage(struct device *, const char *text, size_t len, enum stage_mode, struct err *);
/* The configuration file. */
bool unix_running(struct device *, struct sbuf *, struct err *);
bool unix_discard(struct device *, struct err *);

/*
 * The undo script. `restore` are shell commands that put back what was before, from files named $S/$I.*; they succeed only when the daemon has taken it,
 * and may be run more than once. A commit that takes its time writes its process id to $S/$I.applying: the script waits for the end of it.
 */
bool undo_arm(struct device *, unsigned seconds, const char *restore, struct err *);
bool undo_pending(struct device *, struct pending *, struct err *);
/* Claim the change for good: afterwards the script does nothing any more. */
bool undo_confirm(struct device *, struct err *);
bool undo_rollback(struct device *, struct err *);

/* Refuse, kind "locked", while another change waits. */
bool undo_nobody_waits(struct device *, struct err *);
/*
 * A commit whole: arm the script, apply, and confirm when seconds is 0. What fails, or takes longer than the timer ran, is put back at once: so there is
 * an undo script also when nobody waits for a confirmation.
 */
bool undo_commit(struct device *, unsigned seconds, const char *restore, bool (*apply)(struct device *, struct err *), struct err *);

/* Neighbours of all VRFs of an FRR on the host; vtysh_command is "vtysh" with its options. */
bool frr_list_neighbours(struct device *, struct arena *, const char *vtysh_command, struct neighbours *, struct err *);

/* What a failed command said, for a message: standard error, else output; without the line's end. */
const char *unix_said(struct command_result *);

/* Words for a command, quoted, " NAME VALUE" each: for the arguments of that name that are given. names: argument, option, ..., NULL. */
const char *unix_options(struct device *, const char *const *names);

/* What a person wrote, as one printable ASCII line for a command: at most 100 characters. */
const char *unix_comment(struct arena *, const char *);

/* An integer member of a JSON object, or `other`. */
int64_t member_int(struct val object, const char *name, int64_t other);
const char *member_text(struct val object, const char *name);           /* "" when it is none */
bool member_true(struct val object, const char *name);

#endif
