#include "core/search.h"

#include <string.h>

#include "core/encoding.h"
#include "core/limits.h"
#include "core/wire.h"

/* Strings counted by a u32; NULL and w->bad when there are too many. */
static const struct str *
read_strings(struct wire *w, struct arena *a, uint32_t *n, uint32_t max,
    size_t longest)
{
	uint32_t count = wire_u32(w);
	struct str *at;

	*n = 0;
	if (w->bad || count > max || count > w->rest.len / 4) {
		w->bad = true;
		return NULL;
	}
	at = arena_array(a, count, struct str);
	for (uint32_t i = 0; i < count; i++)
		at[i] = arena_copy(a, wire_str(w, longest));
	*n = w->bad ? 0 : count;
	return at;
}

static void
write_strings(struct buf *b, const struct str *at, uint32_t n)
{
	wire_put_u32(b, n);
	for (uint32_t i = 0; i < n; i++)
		wire_put_str(b, at[i]);
}

void
search_query_write(const struct query *q, struct buf *b)
{
	wire_put_str(b, q->pattern);
	wire_put_u32(b, q->flags);
	wire_put_u32(b, q->seconds);
	write_strings(b, q->globs, q->n_globs);
	write_strings(b, q->releases, q->n_releases);
}

struct query
search_query_read(struct wire *w, struct arena *a)
{
	struct query q = { 0 };

	q.pattern = arena_copy(a, wire_str(w, LIMIT_PATTERN));
	q.flags = wire_u32(w);
	q.seconds = wire_u32(w);
	q.globs = read_strings(w, a, &q.n_globs, SEARCH_GLOBS, LIMIT_PATH);
	q.releases =
	    read_strings(w, a, &q.n_releases, SEARCH_RELEASES, LIMIT_REF_NAME);
	if (q.flags & ~(uint32_t)SEARCH_FLAGS)
		w->bad = true;
	return q;
}

static const struct str *
copy_strings(struct arena *a, const struct str *at, uint32_t n)
{
	struct str *to = arena_array(a, n, struct str);

	for (uint32_t i = 0; i < n; i++)
		to[i] = arena_copy(a, at[i]);
	return to;
}

struct query
search_query_copy(struct arena *a, const struct query *q)
{
	struct query own = *q;

	own.pattern = arena_copy(a, q->pattern);
	own.globs = copy_strings(a, q->globs, q->n_globs);
	own.releases = copy_strings(a, q->releases, q->n_releases);
	return own;
}

struct search_release *
search_releases_copy(struct arena *a, const struct search_release *r,
    uint32_t n)
{
	struct search_release *to = arena_array(a, n, struct search_release);

	for (uint32_t i = 0; i < n; i++) {
		to[i] = r[i];
		to[i].name = arena_copy(a, r[i].name);
	}
	return to;
}

void
search_flags_text(uint32_t flags, struct buf *b)
{
	static const struct {
		uint32_t flag;
		const char *word;
	} words[] = {
		{ SEARCH_LITERAL, "literal" },
		{ SEARCH_WORD, "word" },
		{ SEARCH_IGNORE_CASE, "ignore-case" },
		{ SEARCH_MULTI_LINE, "multi-line" },
		{ SEARCH_BYTES, "bytes" },
		{ SEARCH_UNICODE, "unicode" },
		{ SEARCH_COMMENTS, "in-comments" },
		{ SEARCH_STRINGS, "in-strings" },
		{ SEARCH_CODE, "in-code" },
		{ SEARCH_JOINED, "joined" },
	};
	bool any = false;

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (!(flags & words[i].flag))
			continue;
		buf_printf(b, "%s%s", any ? " " : "", words[i].word);
		any = true;
	}
	if (!any)
		buf_char(b, '-');
}

void
search_start_write(const struct search_start *s, struct buf *b)
{
	wire_put_u32(b, s->job);
	wire_put_u16(b, s->part);
	wire_put_u16(b, s->parts);
	wire_put_u32(b, s->from);
	wire_put_u32(b, s->to);
	wire_put_u8(b, s->detail);
	search_query_write(&s->query, b);
	wire_put_str(b, s->languages);
}

enum err
search_start_read(struct search_start *s, struct arena *a, struct str body)
{
	struct wire w = wire_of(body);
	struct search_start got = { 0 };
	enum err rc;

	got.job = wire_u32(&w);
	got.part = wire_u16(&w);
	got.parts = wire_u16(&w);
	got.from = wire_u32(&w);
	got.to = wire_u32(&w);
	got.detail = wire_u8(&w);
	got.query = search_query_read(&w, a);
	got.languages = arena_copy(a, wire_str(&w, LIMIT_MESSAGE));
	rc = wire_done(&w);
	if (rc == ERR_NONE &&
	    (got.job == 0 || got.part >= got.parts || got.from >= got.to ||
		got.detail >= SEARCH_DETAILS ||
		(got.languages.len > 0 &&
		    got.languages.len != got.to - got.from)))
		rc = fail(ERR_FORMAT, "a search for part %u of %u", got.part,
		    got.parts);
	if (rc == ERR_NONE)
		*s = got;
	return rc;
}

uint32_t
search_share_blob(unsigned part, unsigned parts, uint32_t k)
{
	uint64_t group = (uint64_t)(k / SEARCH_GROUP) * parts + part;

	return (uint32_t)(group * SEARCH_GROUP + k % SEARCH_GROUP);
}

uint32_t
search_share_size(unsigned part, unsigned parts, uint32_t total)
{
	uint64_t round = (uint64_t)SEARCH_GROUP * parts;
	uint64_t first = (uint64_t)SEARCH_GROUP * part;
	uint64_t rest = total % round;
	uint64_t n = total / round * SEARCH_GROUP;

	if (rest > first)
		n += rest - first < SEARCH_GROUP ? rest - first : SEARCH_GROUP;
	return (uint32_t)n;
}

uint32_t
search_share_from(unsigned part, unsigned parts, uint32_t blob)
{
	uint32_t group = blob / SEARCH_GROUP, round = group / parts;
	unsigned whose = group % parts;

	if (whose == part)
		return round * SEARCH_GROUP + blob % SEARCH_GROUP;
	return (whose < part ? round : round + 1) * SEARCH_GROUP;
}

void
search_hit_write(const struct search_hit *h, struct buf *b)
{
	wire_put_u32(b, h->blob);
	wire_put_u32(b, h->line);
	wire_put_u32(b, h->column);
	wire_put_u32(b, h->length);
	wire_put_u32(b, h->line_len);
	wire_put_u32(b, h->cut);
	wire_put_u8(b, h->encoding);
	wire_put_u8(b, h->n_spans);
	for (unsigned i = 0; i < h->n_spans; i++) {
		wire_put_u16(b, h->spans[i].at);
		wire_put_u16(b, h->spans[i].len);
	}
	wire_put_str(b, h->excerpt);
}

/* Spans lie in the excerpt, in order. */
static bool
spans_are_sound(const struct search_hit *h)
{
	size_t at = 0;

	for (unsigned i = 0; i < h->n_spans; i++) {
		if (h->spans[i].at < at)
			return false;
		at = (size_t)h->spans[i].at + h->spans[i].len;
		if (at > h->excerpt.len)
			return false;
	}
	return true;
}

struct search_hit
search_hit_read(struct wire *w, struct arena *a)
{
	struct search_hit h = { 0 };

	h.blob = wire_u32(w);
	h.line = wire_u32(w);
	h.column = wire_u32(w);
	h.length = wire_u32(w);
	h.line_len = wire_u32(w);
	h.cut = wire_u32(w);
	h.encoding = wire_u8(w);
	h.n_spans = wire_u8(w);
	if (h.n_spans < 1 || h.n_spans > SEARCH_SPANS || h.line == 0 ||
	    h.encoding >= ENCODINGS) {
		w->bad = true;
		return (struct search_hit){ 0 };
	}
	for (unsigned i = 0; i < h.n_spans; i++) {
		h.spans[i].at = wire_u16(w);
		h.spans[i].len = wire_u16(w);
	}
	h.excerpt = arena_copy(a, wire_str(w, SEARCH_EXCERPT));
	if (!spans_are_sound(&h))
		w->bad = true;
	return h;
}

const char *
search_skip_text(enum search_skip why)
{
	static const char *const texts[SEARCH_SKIPS] = {
		[SEARCH_SKIP_LIMIT] = "the pattern gave up on this line",
		[SEARCH_SKIP_TIME] = "the pattern takes too long here",
		[SEARCH_SKIP_SIZE] = "too large to search",
		[SEARCH_SKIP_ABSENT] = "not in the repository",
		[SEARCH_SKIP_DAMAGED] = "damaged in the repository",
		[SEARCH_SKIP_CRASH] = "the searcher died here",
	};

	if (why >= SEARCH_SKIPS || texts[why] == NULL)
		return "unknown";
	return texts[why];
}

void
search_skipped_write(const struct search_skipped *s, struct buf *b)
{
	wire_put_u32(b, s->job);
	wire_put_u32(b, s->blob);
	wire_put_u32(b, s->line);
	wire_put_u8(b, s->why);
}

enum err
search_skipped_read(struct search_skipped *s, struct str body)
{
	struct wire w = wire_of(body);
	struct search_skipped got;
	enum err rc;

	got.job = wire_u32(&w);
	got.blob = wire_u32(&w);
	got.line = wire_u32(&w);
	got.why = wire_u8(&w);
	rc = wire_done(&w);
	if (rc == ERR_NONE && (got.why == 0 || got.why >= SEARCH_SKIPS))
		rc = fail(ERR_FORMAT, "a file skipped for reason %u", got.why);
	if (rc == ERR_NONE)
		*s = got;
	return rc;
}

void
search_progress_write(const struct search_progress *p, struct buf *b)
{
	wire_put_u32(b, p->job);
	wire_put_u32(b, p->blobs);
	wire_put_u64(b, p->bytes);
}

enum err
search_progress_read(struct search_progress *p, struct str body)
{
	struct wire w = wire_of(body);
	struct search_progress got;
	enum err rc;

	got.job = wire_u32(&w);
	got.blobs = wire_u32(&w);
	got.bytes = wire_u64(&w);
	rc = wire_done(&w);
	if (rc == ERR_NONE)
		*p = got;
	return rc;
}

enum { LIMIT_REASON = 512 };

void
search_done_write(const struct search_done *d, struct buf *b)
{
	wire_put_u32(b, d->job);
	wire_put_u32(b, d->blobs);
	wire_put_u64(b, d->bytes);
	wire_put_u32(b, d->converted);
	wire_put_u8(b, d->rc);
	wire_put_str(b, str_slice(d->text, 0, LIMIT_REASON));
}

enum err
search_done_read(struct search_done *d, struct arena *a, struct str body)
{
	struct wire w = wire_of(body);
	struct search_done got;
	enum err rc;

	got.job = wire_u32(&w);
	got.blobs = wire_u32(&w);
	got.bytes = wire_u64(&w);
	got.converted = wire_u32(&w);
	got.rc = wire_u8(&w);
	got.text = arena_copy(a, wire_str(&w, LIMIT_REASON));
	rc = wire_done(&w);
	if (rc == ERR_NONE && got.rc > ERR_STOPPED)
		rc = fail(ERR_FORMAT, "a search ends with error %u", got.rc);
	if (rc == ERR_NONE)
		*d = got;
	return rc;
}

void
search_hello_write(struct str engine, struct buf *b)
{
	wire_put_str(b, str_slice(engine, 0, LIMIT_TITLE));
}

enum err
search_hello_read(struct str *engine, struct arena *a, struct str body)
{
	struct wire w = wire_of(body);
	struct str got = arena_copy(a, wire_str(&w, LIMIT_TITLE));
	enum err rc = wire_done(&w);

	if (rc == ERR_NONE)
		*engine = got;
	return rc;
}

void
search_result_add(struct hash_run *run, const struct oid *blob, uint32_t hits,
    struct str packed)
{
	struct buf b = { 0 };

	wire_put_oid(&b, blob);
	wire_put_u32(&b, hits);
	hash_add(run, buf_view(&b));
	hash_add(run, packed);
	buf_release(&b);
}
