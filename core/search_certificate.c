#include "core/search.h"

#include <string.h>

#include "core/limits.h"
#include "core/wire.h"

enum { LIMIT_WHY = 512, MISSED_WIRE = 29 };

static void
write_hash(struct buf *b, const struct hash *h)
{
	buf_add(b, h->at, HASH_BYTES);
}

void
search_certificate_write(const struct search_certificate *c, struct buf *b)
{
	search_query_write(&c->query, b);
	wire_put_u32(b, c->n_releases);
	for (uint32_t i = 0; i < c->n_releases; i++) {
		wire_put_str(b, c->releases[i].name);
		wire_put_oid(b, &c->releases[i].commit);
		wire_put_oid(b, &c->releases[i].tree);
	}
	wire_put_u32(b, c->files);
	wire_put_u32(b, c->blobs);
	wire_put_u32(b, c->blobs_done);
	wire_put_u64(b, c->bytes);
	wire_put_u32(b, c->converted);
	wire_put_u32(b, c->withheld);
	wire_put_u32(b, c->hits);
	wire_put_u32(b, c->hit_files);
	wire_put_u32(b, c->n_missed);
	for (uint32_t i = 0; i < c->n_missed; i++) {
		wire_put_str(b, c->missed[i].path);
		wire_put_oid(b, &c->missed[i].blob);
		wire_put_u32(b, c->missed[i].line);
		wire_put_u8(b, c->missed[i].why);
	}
	wire_put_str(b, c->engine);
	write_hash(b, &c->result);
	wire_put_u8(b, c->complete);
	wire_put_str(b, c->why);
}

static void
read_releases(struct search_certificate *c, struct wire *w, struct arena *a)
{
	uint32_t n = wire_u32(w);
	struct search_release *at;

	if (w->bad || n > SEARCH_RELEASES) {
		w->bad = true;
		return;
	}
	at = arena_array(a, n, struct search_release);
	for (uint32_t i = 0; i < n; i++) {
		at[i].name = arena_copy(a, wire_str(w, LIMIT_REF_NAME));
		at[i].commit = wire_oid(w);
		at[i].tree = wire_oid(w);
	}
	c->releases = at;
	c->n_releases = n;
}

static void
read_missed(struct search_certificate *c, struct wire *w, struct arena *a)
{
	uint32_t n = wire_u32(w);
	struct search_missed *at;

	if (w->bad || n > w->rest.len / MISSED_WIRE) {
		w->bad = true;
		return;
	}
	at = arena_array(a, n, struct search_missed);
	for (uint32_t i = 0; i < n; i++) {
		at[i].path = arena_copy(a, wire_str(w, LIMIT_PATH));
		at[i].blob = wire_oid(w);
		at[i].line = wire_u32(w);
		at[i].why = wire_u8(w);
		if (at[i].why == 0 || at[i].why >= SEARCH_SKIPS)
			w->bad = true;
	}
	c->missed = at;
	c->n_missed = n;
}

struct search_certificate
search_certificate_read(struct wire *w, struct arena *a)
{
	struct search_certificate c = { 0 };
	struct str hash;

	c.query = search_query_read(w, a);
	read_releases(&c, w, a);
	c.files = wire_u32(w);
	c.blobs = wire_u32(w);
	c.blobs_done = wire_u32(w);
	c.bytes = wire_u64(w);
	c.converted = wire_u32(w);
	c.withheld = wire_u32(w);
	c.hits = wire_u32(w);
	c.hit_files = wire_u32(w);
	read_missed(&c, w, a);
	c.engine = arena_copy(a, wire_str(w, LIMIT_TITLE));
	hash = wire_bytes(w, HASH_BYTES);
	if (hash.len == HASH_BYTES)
		memcpy(c.result.at, hash.at, HASH_BYTES);
	c.complete = wire_u8(w) == 1;
	c.why = arena_copy(a, wire_str(w, LIMIT_WHY));
	/* Zero means refuse: a claim that contradicts itself is none. */
	if (c.complete &&
	    (c.blobs_done != c.blobs || c.n_missed > 0 || c.why.len > 0))
		w->bad = true;
	return w->bad ? (struct search_certificate){ 0 } : c;
}

static void
size_text(uint64_t bytes, struct buf *b)
{
	static const char *const units[] = { "B", "kB", "MB", "GB", "TB" };
	double n = (double)bytes;
	size_t u = 0;

	while (n >= 1000 && u + 1 < sizeof units / sizeof *units) {
		n /= 1000;
		u++;
	}
	buf_printf(b, u == 0 ? "%.0f%s" : "%.1f%s", n, units[u]);
}

void
search_certificate_line(const struct search_certificate *c, struct buf *b)
{
	buf_printf(b, "%s %u/%u blobs ", c->complete ? "COMPLETE" : "PARTIAL",
	    c->blobs_done, c->blobs);
	size_text(c->bytes, b);
	buf_printf(b, "; %u skipped", c->n_missed);
	if (c->converted > 0)
		buf_printf(b, "; %u converted", c->converted);
	if (c->withheld > 0)
		buf_printf(b, "; %u withheld", c->withheld);
	if (!c->complete) {
		buf_str(b, STR("; "));
		buf_str(b, c->why);
	}
}

/* Bytes of others: what is not printable ASCII, and a backslash, become
 * \xhh, so that the text is unambiguous and safe everywhere. */
static void
quoted(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];

		if (c >= 0x20 && c < 0x7f && c != '\\')
			buf_char(b, (char)c);
		else if (c == '\\')
			buf_str(b, STR("\\\\"));
		else
			buf_printf(b, "\\x%02x", c);
	}
}

static void
text_of_query(const struct query *q, struct buf *b)
{
	buf_str(b, STR("pattern   \""));
	quoted(b, q->pattern);
	buf_str(b, STR("\"\noptions   "));
	search_flags_text(q->flags, b);
	buf_printf(b, "; %u s of processor time for each file\n",
	    q->seconds == 0 ? (unsigned)SEARCH_SECONDS : q->seconds);
	for (uint32_t i = 0; i < q->n_globs; i++) {
		buf_str(b, i == 0 ? STR("files     ") : STR("          "));
		quoted(b, q->globs[i]);
		buf_char(b, '\n');
	}
}

static void
text_of_missed(const struct search_certificate *c, struct buf *b)
{
	for (uint32_t i = 0; i < c->n_missed; i++) {
		const struct search_missed *m = &c->missed[i];

		buf_str(b, i == 0 ? STR("skipped   ") : STR("          "));
		quoted(b, m->path);
		if (m->line > 0)
			buf_printf(b, ":%u", m->line);
		buf_printf(b, " (blob %.12s): %s\n", oid_text(&m->blob).hex,
		    search_skip_text(m->why));
	}
}

void
search_certificate_text(const struct search_certificate *c, struct buf *b)
{
	text_of_query(&c->query, b);
	for (uint32_t i = 0; i < c->n_releases; i++) {
		const struct search_release *r = &c->releases[i];

		buf_str(b, STR("release   "));
		quoted(b, r->name);
		buf_printf(b, "\n          commit %s",
		    oid_text(&r->commit).hex);
		buf_printf(b, "\n          tree   %s\n",
		    oid_text(&r->tree).hex);
	}
	buf_printf(b, "searched  %u of %u distinct blobs of %u files, ",
	    c->blobs_done, c->blobs, c->files);
	size_text(c->bytes, b);
	buf_printf(b, "\n          %u in a recognised encoding, converted\n",
	    c->converted);
	if (c->withheld > 0)
		buf_printf(b, "withheld  %u files, not searched\n",
		    c->withheld);
	text_of_missed(c, b);
	buf_printf(b, "found     %u lines, in %u files\n", c->hits,
	    c->hit_files);
	buf_str(b, STR("engine    "));
	quoted(b, c->engine);
	buf_str(b, STR("\nresult    sha256 "));
	buf_hex(b, c->result.at, HASH_BYTES);
	buf_str(b, c->complete ? STR("\nCOMPLETE\n") : STR("\nPARTIAL: "));
	if (!c->complete) {
		quoted(b, c->why);
		buf_char(b, '\n');
	}
}
