#include "policy/checker.h"

#include <stdlib.h>
#include <string.h>

struct checker {
	struct prints *prints;          /* NULL: not ready */
	struct prints *open;            /* of public source; NULL: none */
	struct prints_builder *builder; /* without a session */
	struct buf built;               /* what prints was read from */
	struct feed_in feed;
	bool listening;
	uint64_t seen; /* files */
	struct parcel_inbox inbox;
	struct arena arena; /* of one verdict */
};

/*
 * Without a session nobody else sees the set and it is gone with the
 * process: the key only has to be there.
 */
static const uint8_t own_key[PRINTS_KEY_BYTES] = "own repository.";

enum err
checker_open(struct checker **out, const struct str *file)
{
	struct checker *c = calloc(1, sizeof *c);
	enum err rc = ERR_NONE;

	if (c == NULL)
		bug("no memory for the checker");
	if (file != NULL)
		rc = prints_open_both(&c->prints, &c->open, *file);
	else
		c->builder = prints_builder_open(own_key);
	if (rc == ERR_NONE)
		*out = c;
	else
		checker_close(c);
	return rc;
}

void
checker_close(struct checker *c)
{
	if (c == NULL)
		return;
	prints_close(c->prints);
	prints_close(c->open);
	prints_builder_close(c->builder);
	buf_release(&c->built);
	feed_forget(&c->feed);
	parcel_release(&c->inbox);
	arena_release(&c->arena);
	free(c);
}

/* A feed that is new replaces one that was cut off. */
static enum err
listen_to(struct checker *c, struct str body)
{
	struct wire w = wire_of(body);
	uint32_t job = wire_u32(&w);

	if (w.bad)
		return fail(ERR_FORMAT, "a piece of a file without its job");
	if (c->listening && c->feed.job == job)
		return ERR_NONE;
	feed_listen(&c->feed, job);
	c->listening = true;
	prints_close(c->prints);
	c->prints = NULL;
	return ERR_NONE;
}

enum err
checker_blob(struct checker *c, struct str body)
{
	struct feed_blob blob;
	bool more = true;
	enum err rc;

	if (c->builder == NULL)
		return fail(ERR_FORMAT,
		    "a file for a checker that has its "
		    "fingerprints");
	rc = listen_to(c, body);
	if (rc != ERR_NONE || !feed_take(&c->feed, body))
		return rc;
	for (;;) {
		rc = feed_next(&c->feed, &blob, &more);
		if (rc != ERR_NONE || !more)
			return rc;
		prints_builder_add(c->builder, STR(""), blob.bytes);
		c->seen++;
	}
}

enum err
checker_feed_end(struct checker *c, struct str body)
{
	struct feed_total total;
	enum err rc = feed_end_read(&total, body);

	if (rc != ERR_NONE || c->builder == NULL)
		return rc;
	rc = listen_to(c, body); /* of a feed without any file */
	if (rc != ERR_NONE || total.rc != ERR_NONE)
		return rc;
	c->listening = false;
	buf_clear(&c->built);
	prints_builder_write(c->builder, &c->built);
	return prints_open(&c->prints, buf_view(&c->built));
}

enum err
checker_candidate(struct checker *c, struct buf *reply, bool *answered,
    struct str body)
{
	struct parcel_inbox *in = &c->inbox;
	struct verdict_source v = { 0 };
	struct str all;
	enum err rc = parcel_take(in, answered, body);

	if (rc != ERR_NONE || !*answered)
		return rc;
	v.id = in->id;
	v.done = c->seen;
	all = buf_view(&in->bytes);
	if (c->prints != NULL) {
		prints_judge_with(&v, &c->arena, c->prints, c->open,
		    str_slice(all, 0, in->context),
		    str_slice(all, in->context, all.len));
		v.done = v.of = c->seen;
	}
	buf_clear(reply);
	parcel_verdict_write(&v, reply);
	arena_clear(&c->arena);
	return ERR_NONE;
}
