#include "notes/outputs.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/io.h"
#include "notes/report.h"

/* FILE.html, or FILE.html.age: by what stands before .age. */
static const struct report *
format_of_file(const char *path)
{
	struct str name = str_of(path);
	size_t dot;

	if (str_ends(name, STR(".age")))
		name.len -= 4;
	/* The longest suffix first: vex.json before json. */
	for (size_t i = 0; report_at(i) != NULL; i++) {
		struct str suffix = str_of(report_at(i)->suffix);

		if (!str_ends(name, suffix) || name.len <= suffix.len)
			continue;
		dot = name.len - suffix.len - 1;
		if (name.at[dot] == '.')
			return report_at(i);
	}
	return NULL;
}

enum err
outputs_check(const struct request *o)
{
	if (o->n_outputs == 0 && o->format == NULL)
		return fail(ERR_ABSENT,
		    "nothing to write: -o FILE or "
		    "-f FORMAT");
	if (o->format != NULL && report_find(str_of(o->format)) == NULL)
		return fail(ERR_ABSENT, "%s: no such format, -h lists them",
		    o->format);
	for (int i = 0; i < o->n_outputs; i++) {
		if (format_of_file(o->outputs[i]) == NULL)
			return fail(ERR_ABSENT,
			    "%s: no format has this "
			    "suffix, -h lists them",
			    o->outputs[i]);
		if (str_ends(str_of(o->outputs[i]), STR(".age")) &&
		    o->n_to == 0)
			return fail(ERR_ABSENT,
			    "%s: sealed to whom?  -R age1... says it",
			    o->outputs[i]);
	}
	return ERR_NONE;
}

static enum err
put_file(const char *path, struct str bytes)
{
	const char *slash = strrchr(path, '/');
	struct buf folder = { 0 };
	enum err rc;
	int dir;

	if (slash == NULL)
		buf_char(&folder, '.');
	else
		buf_add(&folder, path, (size_t)(slash - path) + 1);
	rc = io_open_folder(&dir, folder.at);
	buf_release(&folder);
	if (rc != ERR_NONE)
		return rc;
	rc = io_replace_at(dir, slash != NULL ? slash + 1 : path, bytes);
	close(dir);
	return rc;
}

/* Replaces out by itself, sealed. */
static enum err
seal(struct buf *out, const struct request *o)
{
	struct seal_age_recipient to[REQUEST_KEYS];
	uint8_t seed[SEAL_AGE_SEED_BYTES];
	struct buf sealed = { 0 };
	enum err rc = ERR_NONE;

	for (int i = 0; i < o->n_to && rc == ERR_NONE; i++)
		rc = seal_age_recipient_read(&to[i], str_of(o->to[i]));
	if (rc == ERR_NONE) {
		seal_random(seed, sizeof seed);
		rc = seal_age_seal(&sealed, buf_view(out), to, (size_t)o->n_to,
		    seed);
		seal_wipe(seed, sizeof seed);
	}
	buf_clear(out);
	buf_str(out, buf_view(&sealed));
	buf_release(&sealed);
	return rc;
}

static enum err
choose_reader(struct case_file *c, const char *word)
{
	struct str w = str_of(word);

	c->recipient = (struct str){ 0 };
	c->audience = AUDIENCE_NAMED;
	if (w.len == 0 || str_eq(w, STR("all")))
		c->audience = AUDIENCE_ALL;
	else if (str_eq(w, STR("public")))
		c->audience = AUDIENCE_PUBLIC;
	else if (str_eq(w, STR("annex")))
		c->audience = AUDIENCE_ANNEX;
	else
		c->recipient = w;
	if (c->audience != AUDIENCE_NAMED || report_recipient(c, w))
		return ERR_NONE;
	return fail(ERR_ABSENT,
	    "%s: no finding names that recipient; all, public and annex are "
	    "there in every case",
	    word);
}

enum err
outputs_write(struct case_file *c, const struct request *o)
{
	struct buf out = { 0 };
	enum err rc = choose_reader(c, o->audience);

	for (int i = 0; i < o->n_outputs && rc == ERR_NONE; i++) {
		buf_clear(&out);
		format_of_file(o->outputs[i])->write(c, &out);
		if (str_ends(str_of(o->outputs[i]), STR(".age")))
			rc = seal(&out, o);
		if (rc == ERR_NONE)
			rc = put_file(o->outputs[i], buf_view(&out));
	}
	if (rc == ERR_NONE && o->format != NULL) {
		buf_clear(&out);
		report_find(str_of(o->format))->write(c, &out);
		rc = io_put(1, buf_view(&out));
	}
	buf_release(&out);
	return rc;
}

static void
put_count(uint32_t n, const char *what, const char *after)
{
	fprintf(stderr, "%u %s%s%s", n, what, n == 1 ? "" : "s", after);
}

void
outputs_say(const struct case_file *c, uint32_t twice)
{
	put_count(c->n_bundles + c->n_pages, "export", ": ");
	put_count(report_count(c, ENTRY_FINDING), "finding", ", ");
	put_count(report_count(c, ENTRY_QUESTION), "question", ", ");
	put_count(report_count(c, ENTRY_NOTE), "note", "");
	if (twice > 0)
		fprintf(stderr, "; %u given twice", twice);
	fputc('\n', stderr);
}
