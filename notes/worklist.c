#include "notes/worklist.h"

#include <stdlib.h>
#include <string.h>

#include "core/array.h"
#include "core/limits.h"

enum { PACK = LIMIT_NOTE - LIMIT_PATH * 3 - 256 };

struct said {
	const struct entry *e;
	const bool *counts;
};

struct worklist_inside {
	struct arena arena;
	struct hitlist_file *files;
	size_t room_files, room_hits;
	uint8_t *base;  /* verdicts before any was said here */
	uint32_t *last; /* of each hit: number of its said + 1; 0: none */
	struct said *said;
	size_t n_said, room_said;
};

struct worklist *
worklist_new(const struct entry *e)
{
	struct worklist *w = calloc(1, sizeof *w);
	struct worklist_inside *in = calloc(1, sizeof *in);

	if (w == NULL || in == NULL)
		bug("no memory for a worklist");
	w->inside = in;
	w->time = e->time;
	w->l.number = e->seq;
	w->l.from = e->from;
	w->l.title = arena_copy(&in->arena, e->title);
	w->l.certificate = arena_copy(&in->arena, e->text);
	w->l.n_hits = 0;
	w->whole = e->count == 0;
	in->room_hits = 0;
	w->counts[VERDICT_TODO] = e->count;
	return w;
}

void
worklist_free(struct worklist *w)
{
	if (w == NULL)
		return;
	arena_release(&w->inside->arena);
	free(w->inside->files);
	free(w->inside->base);
	free(w->inside->last);
	free(w->inside->said);
	free(w->inside);
	free(w->l.hits);
	free(w);
}

/* Packing. */

void
worklist_pack(const struct hitlist *l, uint32_t *at, struct buf *out)
{
	uint32_t file = UINT32_MAX;

	for (; *at < l->n_hits && out->len < PACK; ++*at) {
		const struct hitlist_hit *h = &l->hits[*at];
		const struct hitlist_file *f = &l->files[h->file];

		if (h->file != file) {
			buf_str(out, STR("F "));
			buf_hex(out, f->commit.id, OID_BYTES);
			buf_char(out, ' ');
			buf_hex(out, f->blob.id, OID_BYTES);
			buf_char(out, ' ');
			buf_escape(out, f->path);
			buf_char(out, '\n');
		}
		file = h->file;
		buf_printf(out, "%u %016llx %016llx\n", h->line,
		    (unsigned long long)h->hash,
		    (unsigned long long)h->context);
	}
}

static bool
unescape(struct arena *a, struct str s, struct str *out)
{
	char *to = arena_get(a, s.len + 1, 1);
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] != '%') {
			to[n++] = s.at[i];
			continue;
		}
		if (str_slice(s, i + 1, 2).len < 2 ||
		    str_unhex(str_slice(s, i + 1, 2), to + n, 1) != ERR_NONE)
			return false;
		n++;
		i += 2;
	}
	*out = (struct str){ to, n };
	return n > 0 && n <= LIMIT_PATH;
}

static bool
take_file(struct worklist *w, struct str line)
{
	struct worklist_inside *in = w->inside;
	struct hitlist_file f = { 0 };
	struct str commit, blob;

	line = str_slice(line, 2, line.len);
	if (!str_cut(&line, ' ', &commit) || !str_cut(&line, ' ', &blob) ||
	    str_unhex(commit, f.commit.id, OID_BYTES) != ERR_NONE ||
	    str_unhex(blob, f.blob.id, OID_BYTES) != ERR_NONE ||
	    !unescape(&in->arena, line, &f.path))
		return false;
	in->files = array_more(in->files, w->l.n_files, &in->room_files,
	    sizeof *in->files);
	in->files[w->l.n_files++] = f;
	w->l.files = in->files;
	return true;
}

static bool
take_hex(struct str s, uint64_t *out)
{
	uint8_t bytes[8];

	*out = 0;
	if (str_unhex(s, bytes, sizeof bytes) != ERR_NONE)
		return false;
	for (int i = 0; i < 8; i++)
		*out = *out << 8 | bytes[i];
	return true;
}

static bool
take_hit(struct worklist *w, struct str line)
{
	struct hitlist_hit h = { 0 };
	struct str number, hash;
	uint64_t n;

	if (w->l.n_files == 0 || !str_cut(&line, ' ', &number) ||
	    !str_cut(&line, ' ', &hash) ||
	    str_number(number, UINT32_MAX, &n) != ERR_NONE || n == 0 ||
	    !take_hex(hash, &h.hash) || !take_hex(line, &h.context))
		return false;
	h.file = w->l.n_files - 1;
	h.line = (uint32_t)n;
	w->l.hits = array_more(w->l.hits, w->l.n_hits, &w->inside->room_hits,
	    sizeof *w->l.hits);
	w->l.hits[w->l.n_hits++] = h;
	return true;
}

/* All hits are here: what each had before anything was said of it. */
static void
finish(struct worklist *w, const struct worklist *old)
{
	struct worklist_inside *in = w->inside;

	if (old != NULL)
		hitlist_carry(&w->l, &old->l);
	in->base = calloc(w->l.n_hits, 1);
	in->last = calloc(w->l.n_hits, sizeof *in->last);
	if (in->base == NULL || in->last == NULL)
		bug("no memory for a worklist");
	for (uint32_t i = 0; i < w->l.n_hits; i++) {
		in->base[i] = w->l.hits[i].verdict;
		w->states[w->l.hits[i].state]++;
	}
	w->whole = true;
	worklist_settle(w);
}

enum err
worklist_take(struct worklist *w, const struct entry *e,
    const struct worklist *old)
{
	uint32_t wanted = w->whole ? 0 : w->counts[VERDICT_TODO];
	struct str rest = e->text, line;
	bool good = str_starts(rest, STR("F ")) && w->l.n_hits < wanted;

	while (good && str_cut(&rest, '\n', &line)) {
		if (line.len == 0)
			good = rest.len == 0;
		else if (str_starts(line, STR("F ")))
			good = take_file(w, line);
		else
			good = take_hit(w, line) && w->l.n_hits <= wanted;
	}
	if (!good) {
		err_clear();
		return fail(ERR_FORMAT,
		    "entry %llu: lines of a worklist that "
		    "are not as they should be",
		    (unsigned long long)e->seq);
	}
	if (w->l.n_hits == wanted)
		finish(w, old);
	return ERR_NONE;
}

enum err
worklist_say(struct worklist *w, const struct entry *e, const bool *counts)
{
	struct worklist_inside *in = w->inside;
	uint32_t n = e->spans.len;

	if (!w->whole || n == 0 || e->spans.at[2 * n - 1] > w->l.n_hits)
		return fail(ERR_FORMAT,
		    "entry %llu: a verdict on lines that "
		    "the worklist does not have",
		    (unsigned long long)e->seq);
	in->said =
	    array_more(in->said, in->n_said, &in->room_said, sizeof *in->said);
	in->said[in->n_said++] = (struct said){ e, counts };
	return ERR_NONE;
}

void
worklist_settle(struct worklist *w)
{
	struct worklist_inside *in = w->inside;

	for (uint32_t i = 0; i < w->l.n_hits; i++)
		w->l.hits[i].verdict = in->base[i];
	memset(in->last, 0, w->l.n_hits * sizeof *in->last);
	for (size_t k = 0; k < in->n_said; k++) {
		const struct entry *e = in->said[k].e;

		for (uint32_t s = 0; *in->said[k].counts && s < e->spans.len;
		     s++)
			for (uint32_t i = e->spans.at[2 * s];
			     i <= e->spans.at[2 * s + 1]; i++) {
				w->l.hits[i - 1].verdict = (uint8_t)e->verdict;
				in->last[i - 1] = (uint32_t)k + 1;
			}
	}
	memset(w->counts, 0, sizeof w->counts);
	for (uint32_t i = 0; i < w->l.n_hits; i++)
		w->counts[w->l.hits[i].verdict]++;
}

const struct entry *
worklist_said(const struct worklist *w, uint32_t i)
{
	uint32_t k = w->inside->last == NULL ? 0 : w->inside->last[i];

	return k == 0 ? NULL : w->inside->said[k - 1].e;
}

const struct entry *
worklist_entry(const struct worklist *w, uint64_t seq)
{
	for (size_t i = 0; i < w->inside->n_said; i++)
		if (w->inside->said[i].e->seq == seq)
			return w->inside->said[i].e;
	return NULL;
}
