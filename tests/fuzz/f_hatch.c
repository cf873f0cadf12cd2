/*
 * What the reading room and the notes room hand each other: each is hostile
 * to the other.  The first byte says which message; what is read is within
 * its bounds, and written again it is the same.
 */
#include <stdint.h>
#include <string.h>

#include "core/wire.h"
#include "tui/hatch_cover.h"
#include "tui/hatch_found.h"
#include "tui/hatch_lines.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
same(struct buf *b, struct str body)
{
	if (b->len != body.len || memcmp(b->at, body.at, b->len) != 0)
		bug("%zu bytes were %zu", b->len, body.len);
}

static void
read_compose(struct arena *a, struct str body)
{
	struct hatch_compose c;
	struct buf b = { 0 };

	if (hatch_read_compose(&c, a, body) == ERR_NONE) {
		if (c.at.path.len > LIMIT_PATH)
			bug("a path of %zu bytes", c.at.path.len);
		hatch_write_compose(&b, &c);
		same(&b, body);
	}
	buf_release(&b);
}

static void
read_open(struct arena *a, struct str body)
{
	struct hatch_open o;
	struct buf b = { 0 };

	if (hatch_read_open(&o, a, body) == ERR_NONE) {
		if (o.view.len > HATCH_VIEW_MAX)
			bug("a view of %zu bytes", o.view.len);
		hatch_write_open(&b, &o);
		same(&b, body);
	}
	buf_release(&b);
}

static void
read_reviewed(struct arena *a, struct str body)
{
	struct hatch_reviewed r;
	struct buf b = { 0 };

	if (hatch_read_reviewed(&r, a, body) == ERR_NONE) {
		hatch_write_reviewed(&b, &r);
		same(&b, body);
	}
	buf_release(&b);
}

static void
read_verdicts(struct arena *a, struct str body)
{
	struct hatch_verdicts v;
	struct buf b = { 0 };

	if (hatch_read_verdicts(&v, a, body) == ERR_NONE) {
		if (v.n == 0 || v.n > HATCH_SPANS)
			bug("%u spans", v.n);
		hatch_write_verdicts(&b, &v);
		same(&b, body);
	}
	buf_release(&b);
}

static void
read_news(struct arena *a, struct str body)
{
	struct str line;

	if (hatch_read_news(&line, a, body) == ERR_NONE &&
	    line.len > HATCH_NEWS_MAX)
		bug("news of %zu bytes", line.len);
}

/* Pieces of at most 64 bytes, as they would come. */
static void
read_pieces(struct arena *a, struct str body)
{
	struct buf all = { 0 };
	struct hatch_marks marks;
	bool whole;

	while (body.len > 0) {
		struct str piece = str_slice(body, 0, 64);

		body = str_slice(body, piece.len, body.len);
		if (hatch_take(&all, &whole, piece) != ERR_NONE)
			break;
		if (all.len > HATCH_WHOLE)
			bug("%zu bytes together", all.len);
		if (whole &&
		    hatch_read_marks(&marks, a, buf_view(&all)) == ERR_NONE &&
		    marks.len > all.len)
			bug("%zu marks", marks.len);
	}
	buf_release(&all);
}

static void
read_files(struct arena *a, struct str body)
{
	struct hatch_files f;
	struct buf b = { 0 };

	if (hatch_read_files(&f, a, body) == ERR_NONE) {
		wire_put_oid(&b, &f.commit);
		for (size_t i = 0; i < f.len; i++)
			hatch_write_file(&b, &f.at[i]);
		same(&b, body);
	}
	buf_release(&b);
}

static void
read_others(struct arena *a, struct str body)
{
	struct hatch_others o;
	struct buf b = { 0 };

	if (hatch_read_others(&o, a, body) == ERR_NONE) {
		hatch_write_names(&b, o.names, o.n_names);
		for (size_t i = 0; i < o.len; i++) {
			if (o.at[i].who == 0 || o.at[i].who >= SWEEP_PEOPLE)
				bug("person %u", o.at[i].who);
			hatch_write_other(&b, &o.at[i]);
		}
		same(&b, body);
	}
	buf_release(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str body = { (const char *)data + 1, size - 1 };
	struct arena a = { 0 };
	struct hatch_marks marks;
	struct hatch_founds founds;
	struct hatch_covers covers;
	struct hatch_place place;
	struct anchor at;
	bool redo;

	if (size == 0)
		return 0;
	switch (data[0] % 14) {
	case 0:
		read_compose(&a, body);
		break;
	case 1:
		read_open(&a, body);
		break;
	case 2:
		read_reviewed(&a, body);
		break;
	case 3:
		read_verdicts(&a, body);
		break;
	case 4:
		(void)!hatch_read_anchor(&at, &a, body);
		(void)!hatch_read_undo(&redo, body);
		break;
	case 5:
		read_news(&a, body);
		break;
	case 6:
		(void)!hatch_read_marks(&marks, &a, body);
		break;
	case 7:
	case 8:
		(void)!hatch_read_founds(&founds, &a, body, data[0] % 14 == 8);
		break;
	case 10:
		(void)!hatch_read_covers(&covers, &a, body);
		break;
	case 11:
		if (hatch_read_place(&place, &a, body) == ERR_NONE &&
		    (place.letter < 'a' || place.view.len == 0))
			bug("a mark without a letter or a view");
		break;
	case 12:
		read_files(&a, body);
		break;
	case 13:
		read_others(&a, body);
		break;
	default:
		read_pieces(&a, body);
	}
	err_clear();
	arena_release(&a);
	return 0;
}
