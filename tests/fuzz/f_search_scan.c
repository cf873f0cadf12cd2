#include "core/search_scan.h"

#include <stdint.h>

#include "core/search_pcre.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct buf fast, plain;

static void
on_hit(void *arg, const struct search_hit *h)
{
	(void)arg;
	if (h->n_spans == 0 || h->excerpt.len > SEARCH_EXCERPT ||
	    h->spans[0].at > h->excerpt.len)
		bug("a hit out of place");
	buf_printf(&fast, "%u:%u ", h->line, h->column);
}

static void
on_skip(void *arg, uint32_t line, enum search_skip why)
{
	(void)arg;
	(void)line;
	(void)why;
	buf_str(&fast, STR("skip "));
}

/* Line by line by the pattern as typed. */
static void
search_plainly(struct search_pcre *p, struct str text, bool utf)
{
	struct str rest = text, line;

	for (uint32_t n = 1; str_cut(&rest, '\n', &line); n++) {
		struct search_match m;
		enum search_found f =
		    search_pcre_next(p, false, utf, line, 0, &m);

		if (f == SEARCH_FOUND)
			buf_printf(&plain, "%u:%zu ", n, m.at);
		else if (f == SEARCH_FOUND_GAVE_UP)
			buf_str(&plain, STR("skip "));
	}
}

/* First byte: flags; then a pattern up to LF; then the text.  The two ways
 * to search it agree, except about CR, of which only one knows at $. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = { (const char *)data + 1, size - 1 };
	struct query q = { 0 };
	struct search_sink sink = { on_hit, on_skip, NULL };
	struct search_scan *s;
	struct search_pcre *p;

	if (size < 2 || size > 4096 ||
	    str_find(rest, STR("\r"), 0) != SIZE_MAX ||
	    !str_cut(&rest, '\n', &q.pattern) || q.pattern.len > 64)
		return 0;
	q.flags = data[0] & SEARCH_FLAGS;
	err_clear();
	if (search_scan_open(&s, &q) != ERR_NONE)
		return 0;
	if (search_pcre_open(&p, &q) != ERR_NONE)
		bug("a pattern that is one, once");
	if (rest.at == NULL)
		rest.at = "";
	buf_clear(&fast);
	buf_clear(&plain);
	search_scan_blob(s, rest, &sink);
	buf_clear(&fast);
	/* The plain way knows nothing of comments and of lines joined. */
	if (!(q.flags & (SEARCH_MULTI_LINE | SEARCH_KINDS | SEARCH_JOINED))) {
		bool utf = encoding_is_utf8(rest) &&
		    !(search_pcre_flags(p) & SEARCH_BYTES);

		search_scan_known(s, rest, utf ? ENCODING_UTF8 : ENCODING_BYTES,
		    utf, &sink);
		search_plainly(p, rest, utf);
		if (!str_eq(buf_view(&fast), buf_view(&plain)) &&
		    str_find(buf_view(&plain), STR("skip"), 0) == SIZE_MAX)
			bug("%s is not %s", fast.at, plain.at);
	}
	search_scan_close(s);
	search_pcre_close(p);
	return 0;
}
