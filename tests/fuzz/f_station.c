#include "policy/station.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What a machine's files may hold, one after the other, 0xff between. */
static const char *const files[] = {
	"proc/self/mountinfo",
	"etc/passwd",
	"etc/group",
	"etc/shadow",
	"etc/sudoers",
	"etc/fstab",
	"etc/vitrine/kiosk.conf",
	"proc/net/tcp",
	"proc/net/fib_trie",
	"proc/net/if_inet6",
	"proc/swaps",
	"proc/1/comm",
	"proc/1/cmdline",
	"run/vitrine/station",
};

static const char *
tree(void)
{
	static char top[] = "/tmp/f-station-XXXXXX";
	static bool made;
	static const char *const folders[] = { "proc", "proc/self", "proc/net",
		"proc/1", "etc", "etc/vitrine", "run", "run/vitrine" };
	char path[128];

	for (size_t i = 0; !made && i < sizeof folders / sizeof *folders; i++) {
		if (i == 0 && mkdtemp(top) == NULL)
			abort();
		snprintf(path, sizeof path, "%s/%s", top, folders[i]);
		if (mkdir(path, 0755) != 0)
			abort();
	}
	made = true;
	return top;
}

static void
put(const char *top, const char *name, const void *bytes, size_t n)
{
	char path[128];
	int fd;

	snprintf(path, sizeof path, "%s/%s", top, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0 || write(fd, bytes, n) != (ssize_t)n)
		abort();
	close(fd);
}

/* Whatever lies in them, each row is one printable line and a state, and the
 * table fits its columns. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *top = tree();
	struct station_report r;
	struct arena a = { 0 };
	struct buf text = { 0 };

	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		const uint8_t *end =
		    size == 0 ? NULL : memchr(data, 0xff, size);
		size_t n = end == NULL ? size : (size_t)(end - data);

		put(top, files[i], data, n);
		data += end == NULL ? n : n + 1;
		size -= end == NULL ? n : n + 1;
	}
	station_check(&r, &a, top, 1783328400);
	station_state_add(&r, &a, top, getuid());
	station_table(&r, true, &text);
	for (size_t i = 0; i < r.n; i++)
		for (size_t k = 0; k < r.rows[i].found.len; k++)
			if (r.rows[i].found.at[k] < 0x20 ||
			    r.rows[i].found.at[k] > 0x7e)
				abort();
	for (size_t i = 0; i < text.len; i++)
		if ((text.at[i] < 0x20 || text.at[i] > 0x7e) &&
		    text.at[i] != '\n')
			abort();
	buf_release(&text);
	arena_release(&a);
	return 0;
}
