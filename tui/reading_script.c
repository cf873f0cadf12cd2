#include "tui/reading_script.h"

#include <stdlib.h>
#include <string.h>

#include "core/encoding.h"
#include "core/git_blob.h"
#include "core/limits.h"
#include "core/messages.h"
#include "core/port.h"
#include "tui/reading.h"
#include "tui/script.h"

enum {
	SCRIPT_QUEUE = 1024 * 1024, /* unsent bytes, then it waits */
	SCRIPT_BATCH =
	    LIMIT_MESSAGE - SCRIPT_TEXT - LIMIT_PATH - LIMIT_REF_NAME - 64,
	SCRIPT_CERTIFICATE = LIMIT_MESSAGE - 64,
};

/* The content that a long line is taken from, and the line last found. */
struct script_look {
	bool open;
	struct oid blob;
	struct git_bytes bytes;
	struct encoding_text converted;
	struct str text;
	size_t at;     /* where line begins in text */
	uint32_t line; /* from 1 */
};

struct reading_script {
	struct reading *r;
	struct port *launcher;
	void (*failed)(void *arg, enum err rc);
	void *arg;
	struct arena arena;
	struct reading_search *search;
	struct script_look look;
	struct buf out;
	/* What is sent next: this hit, at this place, from this byte on. */
	size_t hit, done;
	uint32_t place;
	struct str text; /* the line of the hit */
	bool has_text, over;
	uint64_t lines;
};

static void
close_look(struct script_look *l)
{
	git_repo_drop(&l->bytes);
	encoding_text_release(&l->converted);
	*l = (struct script_look){ 0 };
}

static enum err
open_look(struct script_look *l, struct git_repo *repo, const struct oid *blob,
    enum encoding e)
{
	enum err rc;

	if (l->open && oid_eq(&l->blob, blob))
		return ERR_NONE;
	close_look(l);
	rc = git_blob_read(&l->bytes, repo, blob);
	if (rc != ERR_NONE)
		return rc;
	l->open = true;
	l->blob = *blob;
	l->line = 1;
	l->text = l->bytes.bytes;
	if (encoding_converts(e)) {
		encoding_convert(&l->converted, e, l->text);
		l->text = buf_view(&l->converted.utf8);
	}
	return ERR_NONE;
}

static struct str
look_line(struct script_look *l, uint32_t line)
{
	struct str rest, part = { "", 0 };

	if (line < l->line) {
		l->line = 1;
		l->at = 0;
	}
	rest = str_slice(l->text, l->at, l->text.len - l->at);
	while (l->line < line && str_cut(&rest, '\n', &part)) {
		l->line++;
		l->at += part.len + 1;
	}
	(void)str_cut(&rest, '\n', &part);
	return part;
}

/* An excerpt is the line, or it is shorter (a CR is taken off, too); then the
 * line is looked up. */
static enum err
find_text(struct reading_script *s, const struct search_hit *h,
    const struct search_file *f)
{
	enum encoding e = (enum encoding)h->encoding;
	bool whole = !encoding_converts(e) && h->excerpt.len == h->line_len;
	enum err rc;

	s->text = h->excerpt;
	s->has_text = true;
	if (whole)
		return ERR_NONE;
	rc = open_look(&s->look, reading_repo(s->r), &f->blob, e);
	if (rc == ERR_NONE)
		s->text = look_line(&s->look, h->line);
	return rc;
}

static void
flush(struct reading_script *s)
{
	if (s->out.len > 0)
		port_send(s->launcher, MSG_FOUND, buf_view(&s->out));
	buf_clear(&s->out);
}

/* At most SCRIPT_TEXT bytes, and no character cut in two. */
static struct str
next_part(const struct reading_script *s)
{
	size_t end = s->text.len, least;

	if (end - s->done <= SCRIPT_TEXT)
		return str_slice(s->text, s->done, end - s->done);
	end = s->done + SCRIPT_TEXT;
	least = end - 3;
	while (end > least && ((unsigned char)s->text.at[end] & 0xc0) == 0x80)
		end--;
	return str_slice(s->text, s->done, end - s->done);
}

static void
next_hit(struct reading_script *s, uint32_t places)
{
	s->done = 0;
	if (++s->place < places)
		return;
	s->place = 0;
	s->has_text = false;
	s->hit++;
}

static enum err
send_piece(struct reading_script *s, const struct search_hit *h,
    const struct search_file *files, uint32_t places)
{
	const struct search_file *f = &files[s->place];
	struct script_piece p = { .line = h->line };
	enum err rc = s->has_text ? ERR_NONE : find_text(s, h, f);

	if (rc != ERR_NONE)
		return rc;
	p.release = reading_search_name(s->search, f->release);
	p.path = f->path;
	p.text = next_part(s);
	p.kind = s->done == 0 ? SCRIPT_FIRST : 0;
	s->done += p.text.len;
	if (s->done == s->text.len)
		p.kind |= SCRIPT_LAST;
	script_write_piece(&s->out, &p);
	if (s->out.len > SCRIPT_BATCH)
		flush(s);
	if (p.kind & SCRIPT_LAST) {
		s->lines++;
		next_hit(s, places);
	}
	return ERR_NONE;
}

/* In one line when all was searched, else with every file it misses. */
static void
send_end(struct reading_script *s, const struct search_certificate *c)
{
	struct buf certificate = { 0 }, b = { 0 };
	struct script_end e = { .lines = s->lines, .complete = c->complete };

	if (c->complete)
		search_certificate_line(c, &certificate);
	else
		search_certificate_text(c, &certificate);
	if (certificate.len >= SCRIPT_CERTIFICATE) {
		certificate.len = SCRIPT_CERTIFICATE - 32;
		buf_str(&certificate, STR("\n... and more"));
	}
	if (!str_ends(buf_view(&certificate), STR("\n")))
		buf_char(&certificate, '\n');
	e.certificate = buf_view(&certificate);
	script_write_end(&b, &e);
	port_send(s->launcher, MSG_FOUND_ALL, buf_view(&b));
	buf_release(&certificate);
	buf_release(&b);
}

static void
give_up(struct reading_script *s, enum err rc)
{
	if (s->over)
		return;
	s->over = true;
	s->failed(s->arg, rc);
}

static void
end_script(struct reading_script *s)
{
	struct search_event last = reading_search_last(s->search);
	struct search_drive *d = reading_search_drive(s->search);
	const struct search_certificate *c =
	    d == NULL ? NULL : search_drive_certificate(d);

	if (last.rc != ERR_NONE || c == NULL) {
		if (last.text.len > 0)
			err_clear();
		give_up(s,
		    fail(last.rc == ERR_NONE ? ERR_STOPPED : last.rc, "%.*s",
			STR_ARG(last.text)));
		return;
	}
	s->over = true;
	send_end(s, c);
}

/* What is known goes out, as far as the launcher takes it. */
static void
pump(void *arg)
{
	struct reading_script *s = arg;
	struct search_drive *d = reading_search_drive(s->search);
	size_t hits = d == NULL ? 0 : search_drive_hits(d);
	enum err rc = ERR_NONE;

	while (!s->over && rc == ERR_NONE && s->hit < hits &&
	    port_queued(s->launcher) < SCRIPT_QUEUE) {
		const struct search_hit *h = search_drive_hit(d, s->hit);
		uint32_t n;
		const struct search_file *f =
		    search_drive_files(d, h->blob, &n);

		if (reading_start(s->r)->count) {
			s->lines += n;
			s->hit++;
		} else {
			rc = send_piece(s, h, f, n);
		}
	}
	flush(s);
	if (rc != ERR_NONE)
		give_up(s, rc);
	else if (!s->over && s->hit == hits && !reading_search_runs(s->search))
		end_script(s);
}

static void
on_event(void *arg, const struct search_event *e)
{
	(void)e;
	pump(arg);
}

static enum err
begin(struct reading_script *s)
{
	const struct start *start = reading_start(s->r);
	struct oid commit = reading_commit(s->r), none = { 0 };
	struct wire w = wire_of(start->query);
	struct query q = search_query_read(&w, &s->arena);
	enum err rc = wire_done(&w);

	if (rc == ERR_NONE && oid_eq(&commit, &none))
		rc = fail(ERR_ABSENT, "there is no commit yet to search");
	if (rc != ERR_NONE)
		return rc;
	return reading_search_open(&s->search, s->r, &q, &commit, 1, on_event,
	    s);
}

enum err
reading_script_open(struct reading_script **out, struct reading *r,
    struct port *launcher, void (*failed)(void *arg, enum err rc), void *arg)
{
	struct reading_script *s = calloc(1, sizeof *s);
	enum err rc;

	if (s == NULL)
		bug("no memory for a search");
	*s = (struct reading_script){ .r = r,
		.launcher = launcher,
		.failed = failed,
		.arg = arg };
	rc = begin(s);
	if (rc != ERR_NONE) {
		reading_script_close(s);
		return rc;
	}
	port_on_empty(launcher, pump, s);
	pump(s);
	*out = s;
	return ERR_NONE;
}

void
reading_script_close(struct reading_script *s)
{
	if (s == NULL)
		return;
	reading_search_close(s->search);
	close_look(&s->look);
	buf_release(&s->out);
	arena_release(&s->arena);
	free(s);
}
