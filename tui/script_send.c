#include "tui/script_send.h"

#include <string.h>

#include "core/encoding.h"
#include "core/limits.h"
#include "core/messages.h"
#include "tui/script.h"

enum {
	SCRIPT_QUEUE = 1024 * 1024, /* unsent bytes, then it waits */
	SCRIPT_BATCH =
	    LIMIT_MESSAGE - SCRIPT_TEXT - LIMIT_PATH - LIMIT_REF_NAME - 64,
	SCRIPT_CERTIFICATE = LIMIT_MESSAGE - 64,
};

struct str
script_look_line(struct script_look *l, uint32_t line)
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
find_text(struct script_send *s, const struct search_hit *h,
    const struct search_file *f)
{
	bool whole = !encoding_converts((enum encoding)h->encoding) &&
	    h->excerpt.len == h->line_len;

	s->text = h->excerpt;
	s->has_text = true;
	return whole ? ERR_NONE : s->line(s->arg, &s->text, h, f);
}

static void
flush(struct script_send *s)
{
	if (s->out.len > 0)
		port_send(s->launcher, MSG_FOUND, buf_view(&s->out));
	buf_clear(&s->out);
}

/* At most SCRIPT_TEXT bytes, and no character cut in two. */
static struct str
next_part(const struct script_send *s)
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
next_hit(struct script_send *s, uint32_t places)
{
	s->done = 0;
	if (++s->place < places)
		return;
	s->place = 0;
	s->has_text = false;
	s->hit++;
}

static enum err
send_piece(struct script_send *s, const struct search_hit *h,
    const struct search_file *files, uint32_t places)
{
	const struct search_file *f = &files[s->place];
	struct script_piece p = { .line = h->line };
	enum err rc = s->has_text ? ERR_NONE : find_text(s, h, f);

	if (rc != ERR_NONE)
		return rc;
	p.release = s->name(s->arg, f->release);
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

static void
count(struct script_send *s, struct search_drive *d, bool *all)
{
	size_t n = d == NULL ? 0 : search_drive_found(d);

	for (; s->hit < n; s->hit++) {
		uint32_t hits, files;

		(void)search_drive_found_at(d, s->hit, &hits, &files);
		s->lines += (uint64_t)hits * files;
	}
	*all = true;
}

enum err
script_send_more(struct script_send *s, struct search_drive *d, bool *all)
{
	size_t hits = d == NULL ? 0 : search_drive_hits(d);
	enum err rc = ERR_NONE;

	if (s->count) {
		count(s, d, all);
		return ERR_NONE;
	}
	while (rc == ERR_NONE && s->hit < hits &&
	    port_queued(s->launcher) < SCRIPT_QUEUE) {
		const struct search_hit *h = search_drive_hit(d, s->hit);
		uint32_t n;
		const struct search_file *f =
		    search_drive_files(d, h->blob, &n);

		rc = send_piece(s, h, f, n);
	}
	flush(s);
	*all = s->hit == hits;
	return rc;
}

/* In one line when all was searched, else with every file it misses. */
void
script_send_end(struct script_send *s, const struct search_certificate *c)
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

void
script_send_release(struct script_send *s)
{
	buf_release(&s->out);
}
