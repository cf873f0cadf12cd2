/* The failing disk of tests/core, for records and vaults. */
#include "../core/disk.c"
