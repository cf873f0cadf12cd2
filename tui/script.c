#include "tui/script.h"

#include <string.h>
#include <wchar.h>

#include "core/io.h"
#include "core/limits.h"

void
script_write_piece(struct buf *b, const struct script_piece *p)
{
	wire_put_u8(b, p->kind);
	if (p->kind & SCRIPT_FIRST) {
		wire_put_str(b, p->release);
		wire_put_str(b, p->path);
		wire_put_u32(b, p->line);
	}
	wire_put_str(b, p->text);
}

bool
script_read_piece(struct script_piece *p, struct wire *w)
{
	if (w->bad || w->rest.len == 0)
		return false;
	*p = (struct script_piece){ .kind = wire_u8(w) };
	if (p->kind > (SCRIPT_FIRST | SCRIPT_LAST))
		w->bad = true;
	if (p->kind & SCRIPT_FIRST) {
		p->release = wire_str(w, LIMIT_REF_NAME);
		p->path = wire_str(w, LIMIT_PATH);
		p->line = wire_u32(w);
	}
	p->text = wire_str(w, SCRIPT_TEXT);
	return !w->bad;
}

void
script_write_end(struct buf *b, const struct script_end *e)
{
	wire_put_u64(b, e->lines);
	wire_put_u8(b, e->complete);
	wire_put_str(b, e->certificate);
}

enum err
script_read_end(struct script_end *e, struct str body)
{
	struct wire w = wire_of(body);

	*e = (struct script_end){ .lines = wire_u64(&w) };
	e->complete = wire_u8(&w) == 1;
	e->certificate = wire_str(&w, LIMIT_MESSAGE);
	return wire_done(&w);
}

static void
put_byte(struct buf *b, char c)
{
	const unsigned char byte = (unsigned char)c;

	buf_printf(b, "<%02x>", byte);
}

/* What is neither drawn nor moves anything has no width. */
static void
show_wide(struct buf *b, struct str s, bool keep)
{
	mbstate_t state = { 0 };

	for (size_t i = 0, n; i < s.len; i += n) {
		wchar_t ch = 0;

		n = mbrtowc(&ch, s.at + i, s.len - i, &state);
		if (n == 0 || n > s.len - i) {
			memset(&state, 0, sizeof state);
			ch = 0;
			n = 1;
		}
		if (ch == L'\t' || (keep && ch == L'\n') || wcwidth(ch) > 0)
			buf_str(b, str_slice(s, i, n));
		else
			for (size_t k = 0; k < n; k++)
				put_byte(b, s.at[i + k]);
	}
}

void
script_show(struct buf *b, struct str s, bool terminal, bool keep)
{
	struct str rest = s, part;
	bool first = true;

	if (terminal) {
		show_wide(b, s, keep);
		return;
	}
	if (keep || s.len == 0 || memchr(s.at, '\n', s.len) == NULL) {
		buf_str(b, s);
		return;
	}
	while (str_cut(&rest, '\n', &part)) {
		if (!first)
			put_byte(b, '\n');
		buf_str(b, part);
		first = false;
	}
	if (str_ends(s, STR("\n")))
		put_byte(b, '\n');
}

/* As ":%u:" would: once for each line of what may be a million. */
static void
put_line(struct buf *b, uint32_t line)
{
	char digits[16];
	size_t at = sizeof digits;

	digits[--at] = ':';
	do
		digits[--at] = (char)('0' + line % 10);
	while ((line /= 10) > 0);
	digits[--at] = ':';
	buf_add(b, digits + at, sizeof digits - at);
}

static enum err
add_piece(struct script *s, struct buf *b, const struct script_piece *p)
{
	if (s->ended || s->inside == ((p->kind & SCRIPT_FIRST) != 0))
		return fail(ERR_FORMAT, "a piece of a line out of turn");
	if (p->kind & SCRIPT_FIRST) {
		script_show(b, p->release, s->out_terminal, false);
		buf_char(b, ':');
		script_show(b, p->path, s->out_terminal, false);
		put_line(b, p->line);
	}
	script_show(b, p->text, s->out_terminal, false);
	s->inside = (p->kind & SCRIPT_LAST) == 0;
	if (!s->inside)
		buf_char(b, '\n');
	return ERR_NONE;
}

enum err
script_found(struct script *s, struct str body)
{
	struct wire w = wire_of(body);
	struct buf b = { 0 };
	struct script_piece p;
	enum err rc = ERR_NONE;

	while (rc == ERR_NONE && script_read_piece(&p, &w))
		rc = add_piece(s, &b, &p);
	if (rc == ERR_NONE)
		rc = wire_done(&w);
	if (rc == ERR_NONE)
		rc = io_put(s->out, buf_view(&b));
	buf_release(&b);
	return rc;
}

enum err
script_found_all(struct script *s, struct str body)
{
	struct buf b = { 0 };
	struct script_end e;
	enum err rc = script_read_end(&e, body);

	if (rc == ERR_NONE && (s->ended || s->inside))
		rc = fail(ERR_FORMAT, "the end of a search out of turn");
	if (rc != ERR_NONE)
		return rc;
	s->ended = true;
	s->complete = e.complete;
	s->lines = e.lines;
	if (s->count) {
		buf_printf(&b, "%llu\n", (unsigned long long)e.lines);
		rc = io_put(s->out, buf_view(&b));
		buf_clear(&b);
	}
	script_show(&b, e.certificate, s->said_terminal, true);
	if (rc == ERR_NONE)
		rc = io_put(s->said, buf_view(&b));
	buf_release(&b);
	return rc;
}

/* 1 is "none" here, and says so of all that was asked, or it is not said. */
int
script_status(const struct script *s, enum err rc)
{
	if (rc == ERR_STOPPED)
		return err_status(ERR_IO);
	if (rc != ERR_NONE)
		return err_status(rc);
	if (!s->ended || !s->complete)
		return err_status(ERR_LIMIT);
	return s->lines > 0 ? 0 : 1;
}
