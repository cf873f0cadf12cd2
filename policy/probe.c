#include "policy/probe.h"
#include <string.h>
bool
probe_wanted(int argc, char **argv)
{
	return argc > 1 && strcmp(argv[1], "--probe") == 0;
}
int
probe_main(enum room r, int argc, char **argv)
{
	(void)r; (void)argc; (void)argv;
	return 5;
}
