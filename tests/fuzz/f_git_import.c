#include "core/git_import.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile unsigned sum;

static enum err
take(void *arg, const struct git_import_file *f)
{
	struct str rest = f->path, part;

	(void)arg;
	for (size_t i = 0; i < f->bytes.len; i++)
		sum += (unsigned char)f->bytes.at[i];
	if (f->path.len == 0)
		bug("a file without a name");
	while (str_cut(&rest, '/', &part))
		if (part.len == 0 || str_eq(part, STR("..")) ||
		    str_eq(part, STR(".")))
			bug("a name that leads elsewhere");
	return ERR_NONE;
}

/* What other programs unpack is not tried: they are not ours. */
static int
is_packed(const uint8_t *data, size_t size)
{
	static const struct str magic[] = { STR("\x1f\x8b"), STR("\xfd"),
		STR("BZh"), STR("\x28\xb5\x2f\xfd") };
	struct str in = { (const char *)data, size };

	for (size_t i = 0; i < sizeof magic / sizeof *magic; i++)
		if (str_starts(in, magic[i]))
			return 1;
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[] = "/tmp/fuzz-XXXXXX";
	int fd;

	if (is_packed(data, size))
		return 0;
	fd = mkstemp(path);
	if (fd < 0)
		return 0;
	if (write(fd, data, size) == (ssize_t)size) {
		err_clear();
		(void)!git_import_tar(path, take, NULL, NULL);
		err_clear();
	}
	close(fd);
	unlink(path);
	return 0;
}
