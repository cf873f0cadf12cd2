#include "core/feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Two messages; a whole blob is as long as it said. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = { (const char *)data, size };
	struct feed_in f = { 0 };
	struct feed_total t;
	struct feed_blob got;

	err_clear();
	feed_listen(&f, 1);
	for (int i = 0; i < 2; i++) {
		bool more = true;

		if (!feed_take(&f,
			i == 0 ? str_slice(in, 0, size / 2) :
				 str_slice(in, size / 2, size)))
			continue;
		while (more && feed_next(&f, &got, &more) == ERR_NONE)
			if (more && got.bytes.len != f.size)
				bug("a blob of another length");
	}
	if (feed_end_read(&t, in) == ERR_NONE && t.rc > ERR_STOPPED)
		bug("an error that there is not");
	feed_forget(&f);
	err_clear();
	return 0;
}
