/*
 * replay.c - runs a fuzz target over its folder of inputs, without a fuzzer.
 *
 * Besides each input: its beginnings, and copies with one byte changed, in
 * a fixed order.  Every read beyond the end meets the end of a block of
 * exactly that size, where a sanitizer sees it.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WHOLE_MAX = 8 << 20, CUTS = 400, CHANGES = 1200 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned long runs;

static void
run(const uint8_t *data, size_t size)
{
	uint8_t *exact = malloc(size ? size : 1);

	if (exact == NULL)
		abort();
	memcpy(exact, data, size);
	(void)LLVMFuzzerTestOneInput(exact, size);
	free(exact);
	runs++;
}

static void
run_damaged(uint8_t *data, size_t size)
{
	uint32_t dice = 12345;
	size_t step = size / CUTS + 1;

	for (size_t len = 0; len < size; len += step)
		run(data, len);
	for (int i = 0; i < CHANGES && size > 0; i++) {
		size_t at;
		uint8_t was;

		dice = dice * 1664525u + 1013904223u;
		at = (dice >> 8) % size;
		was = data[at];
		dice = dice * 1664525u + 1013904223u;
		data[at] = (uint8_t)(dice >> 24);
		run(data, size);
		data[at] = was;
	}
}

static size_t
load(const char *path, uint8_t *data)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t n;

	if (fd < 0)
		return SIZE_MAX;
	while ((n = read(fd, data + len, WHOLE_MAX - len)) > 0)
		len += (size_t)n;
	close(fd);
	return n < 0 ? SIZE_MAX : len;
}

static int
visible(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

static unsigned
replay(const char *folder)
{
	uint8_t *data = malloc(WHOLE_MAX);
	struct dirent **names = NULL;
	int n = scandir(folder, &names, visible, alphasort);
	unsigned files = 0;

	for (int i = 0; i < n && data != NULL; i++) {
		char path[1024];
		size_t len;

		(void)snprintf(path, sizeof path, "%s/%s", folder,
		    names[i]->d_name);
		fprintf(stderr, "# %s\n", path);
		len = load(path, data);
		if (len != SIZE_MAX) {
			run(data, len);
			/* Large inputs are there for their size. */
			if (len <= 64 * 1024)
				run_damaged(data, len);
			files++;
		}
		free(names[i]);
	}
	free(names);
	free(data);
	return files;
}

int
main(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '/');
	char folder[512];
	unsigned files;

	name = name != NULL ? name + 1 : argv[0];
	if (strncmp(name, "f_", 2) == 0)
		name += 2;
	(void)snprintf(folder, sizeof folder, "tests/fuzz/%s", name);
	printf("1..1\n");
	fflush(stdout);
	files = replay(argc > 1 ? argv[1] : folder);
	printf("%sok 1 - %s survives %u inputs and %lu damaged ones\n",
	    files > 0 ? "" : "not ", name, files, runs - files);
	return files == 0;
}
