#include "policy/unwrap.h"

#include <string.h>

#include "policy/skeleton.h"
#include "policy/unwrap_inside.h"

void
unwrap_put(struct unwrap_found *f, uint8_t byte, uint32_t at)
{
	buf_char(&f->bytes, (char)byte);
	buf_add(&f->at, &at, sizeof at);
}

void
unwrap_join(struct unwrap_found *f, const struct unwrap_found *more)
{
	buf_str(&f->bytes, buf_view(&more->bytes));
	buf_str(&f->at, buf_view(&more->at));
}

void
unwrap_clear(struct unwrap_found *f)
{
	buf_clear(&f->bytes);
	buf_clear(&f->at);
}

void
unwrap_release(struct unwrap_found *f)
{
	buf_release(&f->bytes);
	buf_release(&f->at);
}

/* Three in four bytes of a text are plain; of noise it is one in three. */
bool
unwrap_is_text(struct str s)
{
	size_t fine = 0;

	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];

		fine += (c >= 0x20 && c < 0x7f) || c == '\n' || c == '\t' ||
		    c == '\r';
	}
	return fine * 4 >= s.len * 3;
}

void
unwrap_offer(struct unwrap *u, struct unwrap_found *f, size_t min, int depth)
{
	struct str text = buf_view(&f->bytes);
	struct canon c = { 0 };

	if (text.len < min || !unwrap_is_text(text))
		return;
	if (text.len > u->budget) {
		u->more = true;
		return;
	}
	u->budget -= text.len;
	canon_text(&c, text, (const uint32_t *)(const void *)f->at.at);
	u->fn(u->arg, &c, u->cut);
	unwrap_decode(u, &c, depth + 1);
	canon_release(&c);
}

/* What is encoded in it, and what is when it is put right first. */
static void
decode_ways(struct unwrap *u, const struct canon *c)
{
	struct canon made = { 0 };

	unwrap_decode(u, c, 0);
	canon_rot13(&made, c);
	unwrap_decode(u, &made, 0);
	canon_reverse(&made, c);
	unwrap_decode(u, &made, 0);
	canon_release(&made);
}

void
unwrap_look(struct unwrap *u, const struct unwrap_found *f)
{
	struct canon c = { 0 };

	canon_text(&c, buf_view(&f->bytes),
	    (const uint32_t *)(const void *)f->at.at);
	u->fn(u->arg, &c, u->cut);
	decode_ways(u, &c);
	canon_release(&c);
}

size_t
unwrap_from(const struct unwrap_text *t)
{
	size_t from, line;

	if (t->context <= t->reach)
		return 0;
	from = t->context - t->reach;
	line = str_find(str_slice(t->whole, 0, t->context), STR("\n"), from);
	return line == SIZE_MAX ? from : line + 1;
}

bool
unwrap_each(const struct unwrap_text *t, unwrap_fn *fn, void *arg)
{
	struct unwrap u = { fn, arg, UNWRAP_BYTES, false, false };
	size_t from = unwrap_from(t);
	struct canon c = { 0 };
	struct buf bare = { 0 };

	/* What is a string and what is not is known from the beginning. */
	buf_str(&bare, t->whole);
	skeleton_blank(&bare);
	canon_text(&c, str_slice(buf_view(&bare), from, bare.len), NULL);
	for (size_t i = 0; i < c.n; i++)
		c.at[i] += (uint32_t)from;
	u.cut = from > 0;
	u.fn(u.arg, &c, u.cut);
	decode_ways(&u, &c);
	canon_release(&c);
	buf_release(&bare);
	unwrap_json(&u, t);
	return u.more;
}
