#include "tui/commits.h"

#include <stdlib.h>

#include "core/array.h"

#include "tui/show.h"

enum { COLUMN_DATE = 11, COLUMN_AUTHOR = 22, COLUMN_SUBJECT = 38 };

void
commits_init(struct commits *c, struct reading *r)
{
	*c = (struct commits){ .r = r };
	c->kept = calloc(COMMITS_KEPT, sizeof *c->kept);
	if (c->kept == NULL)
		bug("no memory for rows of commits");
}

void
commits_release(struct commits *c)
{
	for (size_t i = 0; c->kept != NULL && i < COMMITS_KEPT; i++) {
		buf_release(&c->kept[i].date);
		buf_release(&c->kept[i].author);
		buf_release(&c->kept[i].subject);
	}
	free(c->kept);
	free(c->ids);
	*c = (struct commits){ 0 };
}

void
commits_add(struct commits *c, const struct oid *id)
{
	c->ids = array_more(c->ids, c->len, &c->room, sizeof *c->ids);
	c->ids[c->len++] = *id;
}

static const struct commits_row *
row_of(struct commits *c, size_t i)
{
	struct commits_row *row = &c->kept[i % COMMITS_KEPT];
	struct arena a = { 0 };
	struct commit got;

	if (row->known && oid_eq(&row->id, &c->ids[i]))
		return row;
	buf_clear(&row->date);
	buf_clear(&row->author);
	buf_clear(&row->subject);
	row->known = true;
	row->id = c->ids[i];
	row->bad =
	    git_commit_read(&got, &a, reading_repo(c->r), &row->id) != ERR_NONE;
	if (row->bad) {
		buf_str(&row->subject, str_of(err_text()));
		err_clear();
	} else {
		show_date(&got.author, &row->date);
		buf_str(&row->author, got.author.name);
		buf_str(&row->subject, got.subject);
	}
	arena_release(&a);
	return row;
}

/* "(v1.0) " in front of the subject. */
static int
draw_names(struct commits *c, const struct oid *id, int col, uint16_t attr,
    const struct canvas *line)
{
	struct buf b = { 0 };

	buf_char(&b, '(');
	reading_refs_of(c->r, id, &b);
	buf_char(&b, ')');
	if (b.len > 2)
		col = canvas_str(line, 0, col, 24, attr | ROLE_HUNK,
			  buf_view(&b)) +
		    1;
	buf_release(&b);
	return col;
}

void
commits_draw(struct commits *c, size_t i, const struct list_row *r,
    const struct canvas *line)
{
	const struct commits_row *row = row_of(c, i);
	struct canvas_draw d = {
		.attr = r->attr | (row->bad ? ROLE_WARNING : ROLE_TEXT),
		.text = buf_view(&row->subject),
		.skip = r->skip,
		.find = r->find,
	};
	int col = COLUMN_SUBJECT;

	canvas_printf(line, 0, 0, r->attr | ROLE_NUMBER, "%.10s",
	    oid_text(&row->id).hex);
	canvas_str(line, 0, COLUMN_DATE, 10, r->attr, buf_view(&row->date));
	canvas_str(line, 0, COLUMN_AUTHOR, COLUMN_SUBJECT - COLUMN_AUTHOR - 1,
	    r->attr | ROLE_NAME, buf_view(&row->author));
	if (r->skip == 0)
		col = draw_names(c, &row->id, col, r->attr, line);
	canvas_text(line, 0, col, line->cols - col, &d);
}

struct str
commits_text(struct commits *c, size_t i, struct buf *b)
{
	const struct commits_row *row = row_of(c, i);

	show_id(&row->id, 10, b);
	buf_char(b, ' ');
	buf_str(b, buf_view(&row->date));
	buf_char(b, ' ');
	buf_str(b, buf_view(&row->author));
	buf_char(b, ' ');
	buf_str(b, buf_view(&row->subject));
	return buf_view(b);
}
