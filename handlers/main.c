/* main.c: the program of one family; HANDLER is its name, set by the build. */
#include "config.h"

#include "handlers.h"

int main(int argc, char **argv) {
	return handler_main(argc, argv, &HANDLER);
}
