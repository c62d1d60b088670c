/* fuzz_peeringdb.c: any bytes as an answer of PeeringDB: its rows, or why not. */
#include "config.h"

#include "outside/peeringdb_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool take(void *arg, struct val row, struct err *e) {
	(void)arg;
	(void)e;
	if (row.type != V_MAP)
		__builtin_trap();
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	struct arena *a = arena_new_root();
	struct answer answer = { .row = take };
	FILE *f = size == 0 ? NULL : fmemopen((void *)(uintptr_t)data, size, "r");
	struct err e = { .code = ERR_NONE };

	if (f != NULL) {
		if (!answer_read(a, f, &answer, &e) && (e.code == ERR_NONE || e.msg[0] == '\0'))
			__builtin_trap();
		fclose(f);
	}
	arena_free(a);
	return 0;
}
