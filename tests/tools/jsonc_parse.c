/* jsonc_parse.c: parse files with json-c and do nothing else: what the benchmarks compare with.   jsonc_parse FILE ... */
#include "config.h"

#include <json-c/json.h>
#include <stdio.h>

int main(int argc, char **argv) {
	int i;

	for (i = 1; i < argc; i++) {
		struct json_object *o = json_object_from_file(argv[i]);

		if (o == NULL) {
			fprintf(stderr, "%s: not JSON\n", argv[i]);
			return 1;
		}
		json_object_put(o);
	}
	return 0;
}
