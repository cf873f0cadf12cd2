#include "tui/reading_script.h"

#include <stdlib.h>
#include <string.h>

#include "core/encoding.h"
#include "core/git_blob.h"
#include "core/wire.h"
#include "tui/reading.h"
#include "tui/script_send.h"

/* The content that a long line is taken from. */
struct content {
	bool open;
	struct oid blob;
	struct git_bytes bytes;
	struct encoding_text converted;
	struct script_look look;
};

struct reading_script {
	struct reading *r;
	void (*failed)(void *arg, enum err rc);
	void *arg;
	struct arena arena;
	struct reading_search *search;
	struct content content;
	struct script_send send;
	bool over;
};

static void
close_content(struct content *c)
{
	git_repo_drop(&c->bytes);
	encoding_text_release(&c->converted);
	*c = (struct content){ 0 };
}

static enum err
open_content(struct content *c, struct git_repo *repo, const struct oid *blob,
    enum encoding e)
{
	enum err rc;

	if (c->open && oid_eq(&c->blob, blob))
		return ERR_NONE;
	close_content(c);
	rc = git_blob_read(&c->bytes, repo, blob);
	if (rc != ERR_NONE)
		return rc;
	c->open = true;
	c->blob = *blob;
	c->look = (struct script_look){ .text = c->bytes.bytes, .line = 1 };
	if (encoding_converts(e)) {
		encoding_convert(&c->converted, e, c->look.text);
		c->look.text = buf_view(&c->converted.utf8);
	}
	return ERR_NONE;
}

static enum err
line_of(void *arg, struct str *out, const struct search_hit *h,
    const struct search_file *f)
{
	struct reading_script *s = arg;
	enum err rc = open_content(&s->content, reading_repo(s->r), &f->blob,
	    (enum encoding)h->encoding);

	if (rc == ERR_NONE)
		*out = script_look_line(&s->content.look, h->line);
	return rc;
}

static struct str
name_of(void *arg, uint32_t release)
{
	struct reading_script *s = arg;

	return reading_search_name(s->search, release);
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
	script_send_end(&s->send, c);
}

/* What is known goes out, as far as the launcher takes it. */
static void
pump(void *arg)
{
	struct reading_script *s = arg;
	bool all = false;
	enum err rc;

	if (s->over)
		return;
	rc = script_send_more(&s->send, reading_search_drive(s->search), &all);
	if (rc != ERR_NONE)
		give_up(s, rc);
	else if (all && !reading_search_runs(s->search))
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
	*s = (struct reading_script){ .r = r, .failed = failed, .arg = arg };
	s->send = (struct script_send){ .launcher = launcher,
		.count = reading_start(r)->count,
		.name = name_of,
		.line = line_of,
		.arg = s };
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
	close_content(&s->content);
	script_send_release(&s->send);
	arena_release(&s->arena);
	free(s);
}
