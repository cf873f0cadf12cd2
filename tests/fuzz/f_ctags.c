/* Lines that universal-ctags could say, made into an index as it would be. */
#include "policy/ctags_said.h"

#include <stdint.h>
#include <stdlib.h>

#include "core/encoding.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile unsigned sum;

static void
touch(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		sum += (unsigned char)s.at[i];
}

static void
take(struct symbols_writer *w, const struct ctags_said *s, unsigned *contents)
{
	struct oid id = { { (uint8_t)*contents, (uint8_t)(*contents >> 8) } };

	if (s->what == CTAGS_PROGRAM) {
		touch(s->program);
		if (s->program.len > 101)
			bug("a long name of a program");
	}
	if (s->what == CTAGS_COMPLETED) {
		symbols_write_content(w, &id, SYMBOLS_READ);
		++*contents;
	}
	if (s->what != CTAGS_TAG)
		return;
	touch(s->symbol.kind);
	touch(s->symbol.scope);
	if (!encoding_is_utf8(s->symbol.name) ||
	    !encoding_is_utf8(s->symbol.scope))
		bug("a name that is no text");
	if (s->symbol.line < 1 || s->symbol.last < s->symbol.line)
		bug("a definition that ends before it begins");
	if (*contents > 0 && !s->anonymous)
		symbols_write_add(w, &s->symbol);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = { (const char *)data, size }, line;
	struct symbols_writer *w = symbols_write_start(STR("fuzz 1"));
	struct buf file = { 0 }, room = { 0 };
	struct symbols *index;
	unsigned contents = 0;

	if (encoding_open() != ERR_NONE)
		bug("%s", err_text());
	while (str_cut(&rest, '\n', &line) && contents < 60000) {
		struct ctags_said said;

		err_clear();
		if (ctags_said_read(&said, line, &room) != ERR_NONE)
			continue;
		take(w, &said, &contents);
	}
	err_clear();
	symbols_write_finish(w, &file);
	if (symbols_open_bytes(&index, buf_view(&file)) != ERR_NONE)
		bug("an index that cannot be opened: %s", err_text());
	for (uint32_t i = 0; i < symbols_definitions(index); i++) {
		struct symbol d;

		if (symbols_definition(&d, index, i) != ERR_NONE)
			bug("a definition that cannot be read: %s", err_text());
		touch(d.name);
	}
	symbols_close(index);
	buf_release(&file);
	buf_release(&room);
	return 0;
}
