/*
 * vault - five weeks of a busy auditor, made and opened.
 *
 * vault make FOLDER ENTRIES SPANS    in memory, then written out
 * vault open FOLDER                  prints: processor milliseconds to check
 *                                    the chain, to open every entry; KiB
 *                                    resident
 *
 * The key derivation is the cheapest there is: its second is not counted.
 */
#include "notes/vault.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/io.h"
#include "tests/core/disk.h"

enum { EACH = 400 }; /* spans of one entry */

static struct secret pass;

static int64_t
now(void)
{
	static int64_t ms = INT64_C(1763733600000);

	return ms += 25 * 1000;
}

static void
die(const char *what)
{
	fprintf(stderr, "vault: %s: %s\n", what, err_text());
	exit(2);
}

static struct vault *
start(const char *folder)
{
	const struct vault_setup s = { .folder = folder,
		.auditor = STR("anna"),
		.title = STR("bench"),
		.cost = SEAL_COST_TEST,
		.now = now };
	struct vault *v;

	if (vault_open(&v, &s) != ERR_NONE)
		die("open");
	return v;
}

static void
add(struct vault *v, unsigned i, unsigned spans)
{
	static uint32_t pairs[2 * EACH];
	char path[64];
	struct entry e = { .type = ENTRY_NOTE,
		.anchored = true,
		.text = STR("The length octet is used before it is compared "
			    "with what is left of the message; see the note "
			    "on decode_ie(), and the other one.") };

	snprintf(path, sizeof path, "lib/part%u/file%u.c", i % 97, i % 9001);
	e.at.path = str_of(path);
	e.at.first = i + 1;
	e.at.last = i + 3;
	memcpy(e.at.blob.id, &i, sizeof i);
	if (spans > 0) {
		e.type = ENTRY_SEEN;
		e.text = STR("");
		for (uint32_t k = 0; k < spans; k++) {
			pairs[2 * k] = 10 * k + 1;
			pairs[2 * k + 1] = 10 * k + 5;
		}
		e.spans = (struct spans){ pairs, spans };
	} else if (i % 4 == 1) {
		e.type = ENTRY_REVIEWED;
		e.text = STR("");
		e.is = true;
	} else if (i % 16 == 2) {
		e.type = ENTRY_FINDING;
		e.title = STR("A length is believed");
	}
	if (vault_add(v, &e) != ERR_NONE)
		die("add");
}

static void
make(const char *folder, unsigned entries, unsigned spans)
{
	unsigned seen = (spans + EACH - 1) / EACH;
	unsigned step = seen == 0 ? entries + 1 : entries / seen;
	struct buf path = { 0 };
	struct vault *v;
	int dir;

	disk_start();
	v = start(folder);
	if (vault_create(v, &pass, &pass) != ERR_NONE)
		die("create");
	for (unsigned i = 1; i < entries; i++)
		add(v, i, i % step == 0 ? EACH : 0);
	vault_close(v);
	buf_printf(&path, "%s/record.db", folder);
	if (io_open_folder(&dir, folder) != ERR_NONE ||
	    io_replace_at(dir, "record.db", buf_view(disk_file(path.at))) !=
		ERR_NONE)
		die("write");
	buf_release(&path);
}

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static long
resident(void)
{
	FILE *f = fopen("/proc/self/status", "r");
	char line[256];
	long kib = 0;

	while (f != NULL && fgets(line, sizeof line, f) != NULL)
		if (strncmp(line, "VmRSS:", 6) == 0)
			kib = strtol(line + 6, NULL, 10);
	if (f != NULL)
		fclose(f);
	return kib;
}

static void
open_it(const char *folder)
{
	double t0 = seconds(), t1, t2;
	struct vault *v = start(folder);

	t1 = seconds();
	if (vault_unlock(v, &pass) != ERR_NONE)
		die("unlock");
	t2 = seconds();
	printf("%.0f %.0f %ld\n", (t1 - t0) * 1000, (t2 - t1) * 1000,
	    resident());
	vault_close(v);
}

int
main(int argc, char **argv)
{
	if (seal_start() != ERR_NONE)
		die("start");
	seal_secret_init(&pass, 64);
	if (seal_secret_add(&pass, "seven wet horses", 16) != ERR_NONE)
		die("start");
	if (argc == 5 && strcmp(argv[1], "make") == 0)
		make(argv[2], (unsigned)strtoul(argv[3], NULL, 10),
		    (unsigned)strtoul(argv[4], NULL, 10));
	else if (argc == 3 && strcmp(argv[1], "open") == 0)
		open_it(argv[2]);
	else {
		fprintf(stderr, "usage: see the top of its source\n");
		return 2;
	}
	return 0;
}
