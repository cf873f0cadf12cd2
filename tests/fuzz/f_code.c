#include "tui/code.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_line(struct code *c, uint32_t n)
{
	struct canvas_span spans[CODE_SPANS];
	struct str text, name;
	size_t len, end = 0;

	if (!code_line(c, n, &text))
		bug("line %u of %u is not there", n, code_lines(c));
	len = code_spans(c, n, spans);
	for (size_t i = 0; i < len; end = spans[i++].to)
		if (spans[i].from < end || spans[i].to > text.len)
			bug("span %zu of line %u is out of place", i, n);
	(void)code_hazard(c, text);
	(void)code_head(c, n, true, &name);
	if (code_original_line(c, n) == 0 && c->bytes.len > 0)
		bug("line %u is not in the bytes", n);
}

/* First byte: the language, by a name; the rest is the file. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "a.c", "a.py", "a.sh", "a.xml",
		"a.rs", "a.js", "Makefile", "README" };
	static bool ready;
	struct oid zero = { 0 };
	struct buf b = { 0 };
	struct code c = { 0 };
	struct str bytes;
	uint32_t n;

	if (!ready && (text_start() != ERR_NONE || encoding_open() != ERR_NONE))
		bug("%s", err_text());
	ready = true;
	if (size == 0)
		return 0;
	bytes = (struct str){ (const char *)data + 1, size - 1 };
	code_open_bytes(&c, bytes, str_of(names[data[0] % 8]));
	while (code_step(&c))
		;
	n = code_lines(&c);
	for (uint32_t i = 1; i <= n && i <= 200; i++)
		check_line(&c, i);
	if (n > 0)
		(void)code_anchor(&c, &zero, &zero, STR("p"), 1, n);
	for (uint64_t row = 0; row < code_hex_rows(&c) && row < 20; row++)
		code_hex(&c, row, &b);
	code_describe(&c, &b);
	code_encode(&c, (enum encoding)(data[0] % ENCODINGS));
	for (uint32_t i = 1; i <= code_lines(&c) && i <= 50; i++)
		check_line(&c, i);
	buf_release(&b);
	code_close(&c);
	return 0;
}
