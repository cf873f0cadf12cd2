#include "core/search_lines.h"

#include <stdint.h>

#include "core/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is read is written again: the same bytes, as nothing has two forms. */
static void
read_certificate(struct str body, struct arena *a)
{
	struct wire w = wire_of(body);
	struct search_certificate c = search_certificate_read(&w, a);
	struct buf b = { 0 };

	search_certificate_text(&c, &b);
	for (size_t i = 0; i < b.len; i++)
		if (b.at[i] != '\n' && (b.at[i] < 0x20 || b.at[i] > 0x7e))
			bug("a certificate with byte %d", b.at[i]);
	buf_clear(&b);
	search_certificate_line(&c, &b);
	buf_clear(&b);
	if (wire_done(&w) == ERR_NONE) {
		search_certificate_write(&c, &b);
		if (b.len != body.len)
			bug("a certificate of another length");
	}
	buf_release(&b);
}

/* Lines never go back, and as many are counted in two parts as in one. */
static void
read_lines(struct wire *w)
{
	struct search_lines l = search_lines_read(w);
	uint32_t last = 0, again = 0;
	uint32_t n = search_lines_count(l.packed, &last);

	if (n > l.packed.len / 3)
		bug("%u lines in %zu bytes", n, l.packed.len);
	if (n != search_lines_count(l.packed, &again) || again != last)
		bug("the same lines are others");
}

/* First byte: which message. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };
	struct str body = { (const char *)data + 1, size - 1 };
	struct search_start start;
	struct search_skipped skipped;
	struct search_progress progress;
	struct search_done done;
	struct str engine;
	struct wire w;
	enum err rc = ERR_NONE;

	if (size == 0)
		return 0;
	switch (data[0] % 8) {
	case 0:
		rc = search_start_read(&start, &a, body);
		break;
	case 1:
		w = wire_of(body);
		while (!w.bad && w.rest.len > 0)
			(void)search_hit_read(&w, &a);
		break;
	case 2:
		rc = search_skipped_read(&skipped, body);
		break;
	case 3:
		rc = search_progress_read(&progress, body);
		break;
	case 4:
		rc = search_done_read(&done, &a, body);
		break;
	case 5:
		rc = search_hello_read(&engine, &a, body);
		break;
	case 7:
		w = wire_of(body);
		while (!w.bad && w.rest.len > 0)
			read_lines(&w);
		break;
	default:
		read_certificate(body, &a);
	}
	(void)rc;
	err_clear();
	arena_release(&a);
	return 0;
}
