/*
 * What a reading room says when there is no screen: the launcher writes no
 * byte to a terminal that it would obey, whatever it is told.
 */
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tui/script.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(int fd)
{
	char bytes[4096];
	ssize_t n;
	off_t at = 0;

	while ((n = pread(fd, bytes, sizeof bytes, at)) > 0) {
		for (ssize_t i = 0; i < n; i++)
			if (((uint8_t)bytes[i] < 0x20 && bytes[i] != '\n' &&
				bytes[i] != '\t') ||
			    bytes[i] == 0x7f)
				bug("byte %d at %jd", bytes[i],
				    (intmax_t)(at + i));
		at += n;
	}
}

/* Two bytes, how it is called and where the first message ends; the rest is
 * both of them. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int out = -1, said = -1;
	struct script s = { .out_terminal = true, .said_terminal = true };
	struct str body = { (const char *)data + 2, size - 2 };
	size_t half;

	if (size < 2)
		return 0;
	if (out < 0) {
		out = memfd_create("out", MFD_CLOEXEC);
		said = memfd_create("said", MFD_CLOEXEC);
	}
	if (out < 0 || said < 0 || ftruncate(out, 0) != 0 ||
	    ftruncate(said, 0) != 0 || lseek(out, 0, SEEK_SET) != 0 ||
	    lseek(said, 0, SEEK_SET) != 0)
		bug("no memory file");
	s.out = out;
	s.said = said;
	s.count = (data[0] & 1) != 0;
	half = (data[0] & 2) != 0 && data[1] < body.len ? data[1] : body.len;
	if (script_found(&s, str_slice(body, 0, half)) == ERR_NONE)
		(void)!script_found_all(&s, str_slice(body, half, body.len));
	(void)script_status(&s, ERR_NONE);
	check(out);
	check(said);
	err_clear();
	return 0;
}
