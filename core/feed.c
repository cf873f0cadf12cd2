#include "core/feed.h"

#include "core/limits.h"
#include "core/messages.h"
#include "core/port.h"

#ifdef TINY
enum { FEED_BATCH = 64 };
#else
enum { FEED_BATCH = LIMIT_MESSAGE - 1024 };
#endif
enum {
	FEED_PIECE = 1 + 4 + 4, /* before the bytes */
	FEED_BEGIN = FEED_PIECE + OID_BYTES + 8,
};

static void
new_batch(struct feed_out *f)
{
	buf_clear(&f->batch);
	wire_put_u32(&f->batch, f->job);
}

void
feed_start(struct feed_out *f, int fd, uint32_t job)
{
	*f = (struct feed_out){ .fd = fd, .job = job };
	buf_grow(&f->batch, LIMIT_MESSAGE);
	new_batch(f);
}

void
feed_release(struct feed_out *f)
{
	buf_release(&f->batch);
}

static enum err
send_batch(struct feed_out *f)
{
	enum err rc = ERR_NONE;

	if (f->batch.len > 4)
		rc = port_write_unless(f->fd, MSG_BLOB, buf_view(&f->batch),
		    f->stop, f->arg);
	new_batch(f);
	if (rc == ERR_ABSENT)
		rc = fail(ERR_ABSENT, "nobody takes the files that are sent");
	return rc;
}

/* As much of bytes as the message still takes. */
static void
add_piece(struct feed_out *f, uint32_t index, const struct oid *id,
    struct str bytes, size_t from, size_t len)
{
	bool first = from == 0, last = from + len == bytes.len;

	wire_put_u8(&f->batch,
	    (uint8_t)((first ? FEED_FIRST : 0) | (last ? FEED_LAST : 0)));
	wire_put_u32(&f->batch, index);
	wire_put_u32(&f->batch, (uint32_t)len);
	if (first) {
		wire_put_oid(&f->batch, id);
		wire_put_u64(&f->batch, bytes.len);
	}
	buf_str(&f->batch, str_slice(bytes, from, len));
}

enum err
feed_blob(struct feed_out *f, uint32_t index, const struct oid *id,
    struct str bytes)
{
	size_t from = 0;
	enum err rc = ERR_NONE;

	do {
		size_t room, len = bytes.len - from;

		if (f->batch.len + FEED_BEGIN + 1 > FEED_BATCH)
			rc = send_batch(f);
		if (rc != ERR_NONE)
			return rc;
		room = FEED_BATCH - f->batch.len - FEED_BEGIN;
		if (len > room)
			len = room;
		add_piece(f, index, id, bytes, from, len);
		from += len;
	} while (from < bytes.len);
	f->blobs++;
	f->bytes += bytes.len;
	return ERR_NONE;
}

enum err
feed_end(struct feed_out *f, enum err rc)
{
	struct buf b = { 0 };
	enum err sent = send_batch(f);

	wire_put_u32(&b, f->job);
	wire_put_u8(&b, (uint8_t)rc);
	wire_put_u64(&b, f->blobs);
	wire_put_u64(&b, f->bytes);
	if (sent == ERR_NONE)
		sent = port_write_unless(f->fd, MSG_FEED_END, buf_view(&b),
		    f->stop, f->arg);
	buf_release(&b);
	return sent;
}

void
feed_listen(struct feed_in *f, uint32_t job)
{
	struct buf part = f->part;

	*f = (struct feed_in){ .job = job, .part = part };
	buf_clear(&f->part);
	f->w = wire_of((struct str){ "", 0 });
}

void
feed_forget(struct feed_in *f)
{
	buf_release(&f->part);
	*f = (struct feed_in){ 0 };
}

bool
feed_take(struct feed_in *f, struct str body)
{
	f->w = wire_of(body);
	if (wire_u32(&f->w) == f->job && !f->w.bad)
		return true;
	f->w = wire_of((struct str){ "", 0 });
	return false;
}

static enum err
bad_piece(struct feed_in *f)
{
	f->open = false;
	f->w = wire_of((struct str){ "", 0 });
	return fail(ERR_FORMAT, "a piece of a file that does not fit");
}

/* A new blob, or more of the one under way. */
static enum err
begin(struct feed_in *f, unsigned flags, uint32_t index)
{
	if ((flags & FEED_FIRST) == 0)
		return f->open && index == f->index ? ERR_NONE : bad_piece(f);
	f->id = wire_oid(&f->w);
	f->size = wire_u64(&f->w);
	f->index = index;
	f->open = true;
	if (f->w.bad || f->size > LIMIT_BLOB)
		return bad_piece(f);
	/* A huge blob leaves no huge buffer behind. */
	if (f->part.room > LIMIT_QUEUE)
		buf_release(&f->part);
	buf_clear(&f->part);
	return ERR_NONE;
}

enum err
feed_next(struct feed_in *f, struct feed_blob *out, bool *more)
{
	while (f->w.rest.len > 0) {
		unsigned flags = wire_u8(&f->w);
		uint32_t index = wire_u32(&f->w);
		size_t len = wire_u32(&f->w);
		struct str bytes;

		if (begin(f, flags, index) != ERR_NONE)
			return ERR_FORMAT;
		bytes = wire_bytes(&f->w, len);
		if (f->w.bad || bytes.len > f->size - f->part.len ||
		    (bytes.len == 0 && f->size > 0))
			return bad_piece(f);
		if ((flags & FEED_LAST) == 0 || f->part.len > 0) {
			if (f->part.len == 0)
				buf_grow(&f->part, (size_t)f->size);
			buf_str(&f->part, bytes);
			bytes = buf_view(&f->part);
		}
		if ((flags & FEED_LAST) == 0)
			continue;
		if (bytes.len != f->size)
			return bad_piece(f);
		f->open = false;
		*out = (struct feed_blob){ f->id, f->index, bytes };
		*more = true;
		return ERR_NONE;
	}
	*more = false;
	return f->w.bad ? bad_piece(f) : ERR_NONE;
}

enum err
feed_end_read(struct feed_total *out, struct str body)
{
	struct wire w = wire_of(body);
	struct feed_total t;
	unsigned rc;

	t.job = wire_u32(&w);
	rc = wire_u8(&w);
	t.blobs = wire_u64(&w);
	t.bytes = wire_u64(&w);
	if (wire_done(&w) != ERR_NONE)
		return ERR_FORMAT;
	if (rc > ERR_STOPPED)
		return fail(ERR_FORMAT, "an error that there is not");
	t.rc = (enum err)rc;
	*out = t;
	return ERR_NONE;
}
