/* What the reading room and the notes room say to each other. */
#include "core/limits.h"
#include "core/messages.h"
#include "core/room.h"
#include "tui/reading_inside.h"
#include "tui/reading_prints.h"

static void
send_notes(struct reading *r, uint16_t type, struct buf *body)
{
	if (r->notes != NULL) {
		port_send(r->notes, type, buf_view(body));
		r->handed |= type != MSG_SEEN && type != MSG_CERTIFICATE;
	} else
		shell_message(r->shell, "there is no notes room here");
	buf_release(body);
}

void
reading_compose(struct reading *r, enum hatch_what what,
    const struct anchor *an)
{
	struct hatch_compose c = { what, *an, 0 };
	struct buf b = { 0 };

	hatch_write_compose(&b, &c);
	reading_prints_want(r);
	send_notes(r, MSG_COMPOSE, &b);
}

void
reading_open_notes(struct reading *r, struct str view, uint64_t number,
    const struct anchor *an)
{
	struct hatch_open o = { .view = view, .number = number };
	struct buf b = { 0 };

	if (an != NULL)
		o.at = *an;
	hatch_write_open(&b, &o);
	reading_prints_want(r);
	send_notes(r, MSG_OPEN_VIEW, &b);
}

void
reading_seen(struct reading *r, const struct anchor *an)
{
	struct buf b = { 0 };

	if (r->notes == NULL)
		return;
	anchor_write(an, &b);
	send_notes(r, MSG_SEEN, &b);
}

void
reading_reviewed(struct reading *r, const struct anchor *an, bool is)
{
	struct hatch_reviewed v = { is, *an };
	struct buf b = { 0 };

	hatch_write_reviewed(&b, &v);
	send_notes(r, MSG_REVIEWED, &b);
}

void
reading_certificate(struct reading *r, const struct search_certificate *c)
{
	struct buf b = { 0 };

	if (r->notes == NULL)
		return;
	search_certificate_write(c, &b);
	hatch_send(r->notes, MSG_CERTIFICATE, buf_view(&b));
	buf_release(&b);
}

void
reading_undo(struct reading *r, bool redo)
{
	struct buf b = { 0 };

	wire_put_u8(&b, redo);
	send_notes(r, MSG_UNDO, &b);
}

void
reading_leave(struct reading *r)
{
	if (r->notes == NULL)
		reading_end(r, ERR_NONE);
	else {
		port_send(r->notes, MSG_LEAVE, STR(""));
		r->handed = true;
	}
}

static enum err
on_marks(void *arg, struct str body)
{
	struct reading *r = arg;
	struct hatch_marks got;
	struct arena a = { 0 };
	bool whole;
	enum err rc = hatch_take(&r->marks_pieces, &whole, body);

	if (rc != ERR_NONE || !whole)
		return rc;
	rc = hatch_read_marks(&got, &a, buf_view(&r->marks_pieces));
	if (rc != ERR_NONE) {
		arena_release(&a);
		return rc;
	}
	arena_release(&r->marks_arena);
	r->marks_arena = a;
	r->marks = got;
	r->marks_version++;
	buf_clear(&r->marks_pieces);
	shell_redraw(r->shell);
	return ERR_NONE;
}

/* What an anchor says, and no more: a place without a text. */
const char *
reading_notes_mark(void *room, uint32_t letter, const struct view *v,
    const struct target *t)
{
	struct reading *r = room;
	struct hatch_place place = { .letter = (uint8_t)letter };
	struct buf b = { 0 };

	if (r->notes == NULL)
		return "there is no record here";
	if (t == NULL)
		return NULL;
	if (t->text.len > 0 || t->path2.len > 0 || t->path.len > LIMIT_PATH ||
	    !oid_is_zero(&t->commit2))
		return "the record keeps places in files and folders";
	place.view = str_of(v->name);
	place.at = (struct anchor){ .commit = t->commit,
		.blob = t->blob,
		.path = t->path,
		.first = t->line,
		.last = t->line };
	hatch_write_place(&b, &place);
	port_send(r->notes, MSG_PLACE, buf_view(&b));
	buf_release(&b);
	return NULL;
}

static enum err
on_place(void *arg, struct str body)
{
	struct reading *r = arg;
	struct arena a = { 0 };
	struct hatch_place p;
	enum err rc = hatch_read_place(&p, &a, body);

	if (rc == ERR_NONE)
		shell_mark(r->shell, p.letter, p.view,
		    &(struct target){ .commit = p.at.commit,
			.blob = p.at.blob,
			.path = p.at.path,
			.line = p.at.first });
	arena_release(&a);
	return rc;
}

static enum err
on_goto(void *arg, struct str body)
{
	struct reading *r = arg;
	struct arena a = { 0 };
	struct anchor an;
	enum err rc = hatch_read_anchor(&an, &a, body);

	if (rc == ERR_NONE) {
		struct target t = {
			.commit = an.commit,
			.blob = an.blob,
			.path = an.path,
			.line = an.first,
			.last = an.last,
		};

		shell_open(r->shell, an.path.len > 0 ? "file" : "tree", &t);
		shell_wake(r->shell);
	}
	arena_release(&a);
	return rc;
}

static enum err
on_list(void *arg, struct str body)
{
	struct reading *r = arg;
	bool whole;
	enum err rc = hatch_take(&r->list_pieces, &whole, body);

	if (rc == ERR_NONE && whole) {
		rc = reading_list_take(r, buf_view(&r->list_pieces));
		buf_release(&r->list_pieces);
	}
	return rc;
}

static enum err
on_anchors(void *arg, struct str body)
{
	struct reading *r = arg;
	bool whole;
	enum err rc = hatch_take(&r->anchor_pieces, &whole, body);

	if (rc == ERR_NONE && whole) {
		rc = reading_refind_take(r, buf_view(&r->anchor_pieces));
		buf_release(&r->anchor_pieces);
	}
	return rc;
}

static enum err
on_survey(void *arg, struct str body)
{
	(void)body;
	reading_survey_start(arg);
	return ERR_NONE;
}

static enum err
on_verdicts(void *arg, struct str body)
{
	return reading_list_said(arg, body);
}

static enum err
on_news(void *arg, struct str body)
{
	struct reading *r = arg;
	struct arena a = { 0 };
	struct str line;
	enum err rc = hatch_read_news(&line, &a, body);

	if (rc == ERR_NONE)
		shell_say(r->shell, ROLE_TEXT, line);
	arena_release(&a);
	return rc;
}

void
reading_marks(const struct reading *r, const struct oid *blob, struct str path,
    void (*fn)(void *arg, const struct mark *m), void *arg)
{
	for (size_t i = 0; i < r->marks.len; i++) {
		const struct mark *m = &r->marks.at[i];

		if (oid_eq(&m->blob, blob) || str_eq(m->path, path))
			fn(arg, m);
	}
	reading_refind_marks(r, blob, fn, arg);
}

uint32_t
reading_marks_version(const struct reading *r)
{
	return r->marks_version;
}

static void
end_notes(void *arg, enum err rc)
{
	reading_end(arg, room_left(ROOM_NOTES, rc));
}

static const struct port_row notes_rows[] = {
	{ MSG_MARKS, 1, 1 + HATCH_PIECE, on_marks },
	{ MSG_GOTO, 1, HATCH_ANCHOR_MAX, on_goto },
	{ MSG_NEWS, 4, 4 + HATCH_NEWS_MAX, on_news },
	{ MSG_LIST, 1, 1 + HATCH_PIECE, on_list },
	{ MSG_VERDICTS, 14, 14 + 8 * HATCH_SPANS, on_verdicts },
	{ MSG_ANCHORS, 1, 1 + HATCH_PIECE, on_anchors },
	{ MSG_SURVEY, 0, 0, on_survey },
	{ MSG_PLACE, 1, HATCH_VIEW_MAX + HATCH_ANCHOR_MAX, on_place },
	{ MSG_PRESS, 32, LIMIT_MESSAGE, reading_prints_press },
	{ MSG_OTHERS, 1, 1 + HATCH_PIECE, reading_others_piece },
	{ 0, 0, 0, NULL },
};

void
reading_notes_open(struct reading *r, int fd)
{
	r->notes = port_open(r->loop, fd, notes_rows, end_notes, r);
}
