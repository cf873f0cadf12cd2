#include "core/search_list.h"

#include <stdlib.h>
#include <string.h>

#include "core/array.h"
#include "core/search_lines.h"

#include "core/oidset.h"

struct search_list_node {
	struct search_list_node *next;
	struct search_hit hit;
};

struct search_list_missed {
	uint32_t blob, line;
	uint8_t why;
};

/* Most blobs have nothing: the memory of their lists is not touched. */
static void
mark(struct search_list *l, uint32_t blob)
{
	l->any[blob / 64] |= (uint64_t)1 << blob % 64;
}

static bool
is_set(const uint64_t *bits, uint32_t blob)
{
	return bits[blob / 64] >> blob % 64 & 1;
}

/* Those of a blob that only counts. */
struct search_list_lines {
	uint32_t hits, last;
	struct buf packed;
};

static void
drop_lines(struct search_list *l, uint32_t blob)
{
	if (!is_set(l->any, blob) || l->lines[blob] == NULL)
		return;
	buf_release(&l->lines[blob]->packed);
	l->lines[blob] = NULL;
}

void
search_list_clear(struct search_list *l)
{
	struct arena a = l->a;

	for (uint32_t i = l->front; i < l->n_blobs && l->lines != NULL; i++)
		drop_lines(l, i);
	buf_release(&l->packed);
	free(l->found);
	free(l->missed);
	free(l->list);
	arena_clear(&a);
	*l = (struct search_list){ .a = a };
}

void
search_list_release(struct search_list *l)
{
	search_list_clear(l);
	arena_release(&l->a);
}

static int
by_line(const void *a, const void *b)
{
	const struct search_hit *x = *(const struct search_hit *const *)a;
	const struct search_hit *y = *(const struct search_hit *const *)b;

	return (x->line > y->line) - (x->line < y->line);
}

/*
 * The list is never changed once it is listed, so its hash grows with it:
 * the end of a search with a million hits costs no more than any other.
 */
static void
list_found(struct search_list *l, uint32_t blob, uint32_t hits,
    struct str packed)
{
	struct oid id = search_list_oid(l, blob);

	if (l->n_found == l->found_room)
		l->found =
		    array_grow(l->found, &l->found_room, sizeof *l->found);
	if (l->n_found == 0)
		hash_start(&l->result);
	l->found[l->n_found++] = (struct search_list_found){ blob, hits };
	l->n_hits += hits;
	search_result_add(&l->result, &id, hits, packed);
}

static void
list_lines(struct search_list *l, uint32_t blob)
{
	struct search_list_lines *x = l->lines[blob];

	if (x == NULL)
		return;
	list_found(l, blob, x->hits, buf_view(&x->packed));
	drop_lines(l, blob);
}

static void
list_hits(struct search_list *l, uint32_t blob, size_t first)
{
	uint32_t last = 0;

	if (first == l->n_list)
		return;
	buf_clear(&l->packed);
	for (size_t i = first; i < l->n_list; i++)
		search_lines_add(&l->packed, &last, l->list[i]);
	list_found(l, blob, (uint32_t)(l->n_list - first),
	    buf_view(&l->packed));
}

static void
list_blob(struct search_list *l, uint32_t blob)
{
	size_t first = l->n_list;
	bool sorted = true;

	if (!is_set(l->any, blob))
		return;
	for (struct search_list_node *n = l->head[blob]; n != NULL;
	     n = n->next) {
		if (l->n_list == l->list_room)
			l->list =
			    array_grow(l->list, &l->list_room, sizeof *l->list);
		if (l->n_list > first &&
		    l->list[l->n_list - 1]->line > n->hit.line)
			sorted = false;
		l->list[l->n_list++] = &n->hit;
	}
	if (!sorted)
		qsort(l->list + first, l->n_list - first, sizeof *l->list,
		    by_line);
	list_hits(l, blob, first);
	list_lines(l, blob);
}

/* What is listed stays as it is. */
static enum err
refuse_closed(const struct search_list *l, uint32_t blob)
{
	if (blob >= l->n_blobs)
		bug("blob %u of %u", blob, l->n_blobs);
	if (blob < l->front || is_set(l->done, blob))
		return fail(ERR_FORMAT, "lines of a file that is done");
	return ERR_NONE;
}

enum err
search_list_add(struct search_list *l, uint32_t blob,
    const struct search_hit *h)
{
	struct search_list_node *n;
	enum err rc = refuse_closed(l, blob);

	if (rc != ERR_NONE)
		return rc;
	n = arena_new(&l->a, struct search_list_node);
	n->hit = *h;
	n->hit.blob = blob;
	mark(l, blob);
	if (l->tail[blob] == NULL)
		l->head[blob] = n;
	else
		l->tail[blob]->next = n;
	l->tail[blob] = n;
	l->received++;
	return ERR_NONE;
}

enum err
search_list_count(struct search_list *l, uint32_t blob, struct str packed)
{
	struct search_list_lines *x;
	uint32_t n;
	enum err rc = refuse_closed(l, blob);

	if (rc != ERR_NONE)
		return rc;
	x = l->lines[blob];
	mark(l, blob);
	if (x == NULL)
		x = l->lines[blob] = arena_new(&l->a, struct search_list_lines);
	n = search_lines_count(packed, &x->last);
	if (n == 0 || n > UINT32_MAX - x->hits)
		return fail(ERR_FORMAT, "lines that are none");
	x->hits += n;
	buf_str(&x->packed, packed);
	l->received += n;
	return ERR_NONE;
}

void
search_list_discard(struct search_list *l, uint32_t blob)
{
	size_t k = 0;

	for (struct search_list_node *n = l->head[blob]; n != NULL; n = n->next)
		l->received--;
	if (l->lines[blob] != NULL)
		l->received -= l->lines[blob]->hits;
	drop_lines(l, blob);
	l->head[blob] = l->tail[blob] = NULL;
	for (size_t i = 0; i < l->n_missed; i++)
		if (l->missed[i].blob != blob)
			l->missed[k++] = l->missed[i];
	l->n_missed = k;
}

/* Those of one word of the bits. */
static void
finish(struct search_list *l, uint32_t word, uint64_t bits)
{
	bits &= ~l->done[word];
	l->done[word] |= bits;
	l->n_done += (uint32_t)__builtin_popcountll(bits);
}

void
search_list_finish(struct search_list *l, uint32_t blob)
{
	finish(l, blob / 64, (uint64_t)1 << blob % 64);
}

void
search_list_finish_share(struct search_list *l, unsigned part, unsigned parts,
    uint32_t from, uint32_t to)
{
	_Static_assert(64 % SEARCH_GROUP == 0, "neighbours are in one word");
	uint32_t n;

	for (; from < to; from += n) {
		uint32_t blob = search_share_blob(part, parts, from);

		n = SEARCH_GROUP - from % SEARCH_GROUP;
		if (n > to - from)
			n = to - from;
		finish(l, blob / 64, (((uint64_t)1 << n) - 1) << blob % 64);
	}
}

void
search_list_advance(struct search_list *l)
{
	while (l->front < l->n_blobs) {
		uint32_t word = l->front / 64;

		if (l->front % 64 == 0 && ~l->done[word] == 0 &&
		    l->any[word] == 0) {
			l->front += 64; /* all are done and have nothing */
			continue;
		}
		if (!is_set(l->done, l->front))
			return;
		list_blob(l, l->front++);
	}
}

void
search_list_miss(struct search_list *l, uint32_t blob, uint32_t line,
    uint8_t why)
{
	if (l->n_missed == l->missed_room)
		l->missed =
		    array_grow(l->missed, &l->missed_room, sizeof *l->missed);
	l->missed[l->n_missed++] =
	    (struct search_list_missed){ blob, line, why };
}

struct oid
search_list_oid(const struct search_list *l, uint32_t blob)
{
	if (l->store == NULL)
		return l->blobs[blob];
	return textstore_blob(l->store, textstore_selected(&l->selection, blob))
	    .oid;
}

static void
certify_missed(struct search_list *l, const struct query *q,
    struct search_certificate *c)
{
	struct search_missed *at =
	    arena_array(&l->a, l->n_missed, struct search_missed);

	for (size_t i = 0; i < l->n_missed; i++) {
		uint32_t n;
		const struct search_file *f =
		    search_list_places(l, q, l->missed[i].blob, &n);

		at[i] = (struct search_missed){ .path = f->path,
			.blob = f->blob,
			.line = l->missed[i].line,
			.why = l->missed[i].why };
	}
	c->missed = at;
	c->n_missed = (uint32_t)l->n_missed;
}

static void
certify_hits(struct search_list *l, const struct query *q,
    struct search_certificate *c)
{
	struct hash_run run = l->result;

	for (size_t i = 0; i < l->n_found; i++)
		c->hit_files += search_list_copies(l, q, l->found[i].blob);
	if (l->n_found == 0)
		hash_start(&run);
	c->hits = l->n_hits < UINT32_MAX ? (uint32_t)l->n_hits : UINT32_MAX;
	c->result = hash_finish(&run);
}

/* Looked for, and not one byte of it searched. */
static bool
never_read(const struct search_list_missed *m)
{
	return m->line == 0 &&
	    (m->why == SEARCH_SKIP_ABSENT || m->why == SEARCH_SKIP_DAMAGED ||
		m->why == SEARCH_SKIP_SIZE);
}

void
search_list_certify(struct search_list *l, const struct query *q,
    struct search_certificate *c)
{
	for (size_t i = 0; i < l->n_missed; i++)
		if (never_read(&l->missed[i]) && c->blobs_done > 0)
			c->blobs_done--;
	certify_missed(l, q, c);
	certify_hits(l, q, c);
}

void
search_list_all(struct search_list *l)
{
	for (; l->front < l->n_blobs; l->front++)
		list_blob(l, l->front);
}

static int
by_path(const void *a, const void *b)
{
	const struct search_file *x = a, *y = b;
	int order = str_cmp(x->path, y->path);

	if (order != 0)
		return order;
	return (x->release > y->release) - (x->release < y->release);
}

static size_t
take_wanted(struct search_list *l, const struct query *q,
    const struct search_file *files, size_t n_files, struct search_file *out)
{
	size_t n = 0;
	bool sorted = true;

	for (size_t i = 0; i < n_files; i++) {
		if (!search_wants_path(q, files[i].path))
			continue;
		out[n] = files[i];
		out[n].path = arena_copy(&l->a, files[i].path);
		if (n > 0 && by_path(&out[n - 1], &out[n]) > 0)
			sorted = false;
		n++;
	}
	if (!sorted)
		qsort(out, n, sizeof *out, by_path);
	return n;
}

/* Each content once, its files together. */
static void
lay_out(struct search_list *l, const struct search_file *wanted, size_t n)
{
	struct oidset seen = { 0 };
	uint32_t *number = arena_array(&l->a, n, uint32_t), *next;

	for (size_t i = 0; i < n; i++)
		(void)oidset_add(&seen, &number[i], &wanted[i].blob);
	l->n_blobs = seen.len;
	l->blobs = arena_array(&l->a, seen.len, struct oid);
	if (seen.len > 0)
		memcpy(l->blobs, seen.at, seen.len * sizeof *seen.at);
	oidset_release(&seen);
	l->first = arena_array(&l->a, (size_t)l->n_blobs + 1, uint32_t);
	next = arena_array(&l->a, (size_t)l->n_blobs + 1, uint32_t);
	for (size_t i = 0; i < n; i++)
		l->first[number[i] + 1]++;
	for (uint32_t b = 0; b < l->n_blobs; b++)
		next[b + 1] = l->first[b + 1] += l->first[b];
	l->files = arena_array(&l->a, n, struct search_file);
	for (size_t i = 0; i < n; i++)
		l->files[next[number[i]]++] = wanted[i];
}

static void
make_ready(struct search_list *l)
{
	l->head = arena_array(&l->a, l->n_blobs, struct search_list_node *);
	l->tail = arena_array(&l->a, l->n_blobs, struct search_list_node *);
	l->lines = arena_array(&l->a, l->n_blobs, struct search_list_lines *);
	l->done = arena_array(&l->a, (size_t)l->n_blobs / 64 + 1, uint64_t);
	l->any = arena_array(&l->a, (size_t)l->n_blobs / 64 + 1, uint64_t);
}

enum err
search_list_of_files(struct search_list *l, const struct query *q,
    const struct search_file *files, size_t n)
{
	struct search_file *wanted;

	if (n > UINT32_MAX / 4)
		return fail(ERR_LIMIT, "%zu files are too many", n);
	wanted = arena_array(&l->a, n, struct search_file);
	n = take_wanted(l, q, files, n, wanted);
	lay_out(l, wanted, n);
	l->n_files = (uint32_t)n;
	make_ready(l);
	return ERR_NONE;
}

enum err
search_list_of_store(struct search_list *l, const struct query *q,
    const struct textstore *t)
{
	enum err rc = textstore_select(&l->selection, &l->a, t, q);

	if (rc != ERR_NONE)
		return rc;
	l->store = t;
	l->n_blobs = l->selection.n_blobs;
	l->n_files = l->selection.places;
	l->first = arena_array(&l->a, l->n_blobs, uint32_t);
	l->gathered = arena_array(&l->a, l->n_blobs, struct search_file *);
	make_ready(l);
	return ERR_NONE;
}

/* The files of a blob of a store, made when they are first asked for. */
static void
gather_files(struct search_list *l, const struct query *q, uint32_t blob)
{
	uint32_t n, k = 0;
	const uint32_t *places = textstore_places_of(l->store,
	    textstore_selected(&l->selection, blob), &n);
	struct search_file *f = arena_array(&l->a, n + 1, struct search_file);

	for (uint32_t i = 0; i < n; i++) {
		struct textstore_place p = textstore_place(l->store, places[i]);

		if (!textstore_wants(l->store, q, &p))
			continue;
		f[k++] = (struct search_file){ .path = p.path,
			.blob = search_list_oid(l, blob),
			.release = p.release };
	}
	/* Only in a damaged store is a content nowhere. */
	if (k == 0)
		f[k++] = (struct search_file){ .path = STR("?"),
			.blob = search_list_oid(l, blob) };
	l->gathered[blob] = f;
	l->first[blob] = k;
}

uint32_t
search_list_copies(struct search_list *l, const struct query *q, uint32_t blob)
{
	const uint32_t *places;
	uint32_t n, k = 0;

	if (l->store == NULL)
		return l->first[blob + 1] - l->first[blob];
	places = textstore_places_of(l->store,
	    textstore_selected(&l->selection, blob), &n);
	for (uint32_t i = 0; i < n; i++) {
		struct textstore_place p = textstore_place(l->store, places[i]);

		k += textstore_wants(l->store, q, &p);
	}
	return k > 0 ? k : 1; /* as gather_files() has it */
}

const struct search_file *
search_list_places(struct search_list *l, const struct query *q, uint32_t blob,
    uint32_t *n)
{
	if (blob >= l->n_blobs)
		bug("blob %u of %u", blob, l->n_blobs);
	if (l->store == NULL) {
		*n = l->first[blob + 1] - l->first[blob];
		return l->files + l->first[blob];
	}
	if (l->gathered[blob] == NULL)
		gather_files(l, q, blob);
	*n = l->first[blob];
	return l->gathered[blob];
}
