#include "core/git_rename.h"

#include <stdlib.h>
#include <string.h>

#include "core/git_blob.h"
#include "core/limits.h"

/*
 * A file as the set of its lines: pieces that end at LF or after 64 bytes,
 * each a hash and how many bytes stand under it, sorted.  Two such sets give
 * how much of one stands in the other without comparing the files.
 *
 * All of this is as in git, down to the hash, which is small enough for
 * pieces to fall together, and to the four best sources that are kept of each
 * file: near-equal files are told apart by nothing else.
 */
enum {
	RENAME_PIECE = 64,
	RENAME_HASHES = 107927,
	RENAME_BEST = 4,       /* sources kept for a file */
	RENAME_ALIKE = 100,    /* of equal content, looked at */
	RENAME_FULL = 60000,   /* all of it, in the units of a score */
	RENAME_SAME_NAME = 75, /* percent that suffice for the same name */
	RENAME_BLOB = 32 * 1024 * 1024, /* larger ones are not compared */
};

struct piece {
	uint32_t hash, bytes;
};

struct sketch {
	struct piece *at;
	size_t len;
	uint64_t size;
	bool tried, known;
};

struct candidate {
	uint32_t from, to;
	uint32_t score;
	bool same_name, taken; /* taken: there is one */
};

struct finding {
	struct git_repo *repo;
	const struct changes *list;
	uint32_t *from, *to; /* indexes of deleted and added files */
	size_t n_from, n_to;
	bool *used; /* by index of the list */
	struct sketch *sketches;
	struct rename *found;
	size_t n_found;
	git_rename_stop_fn *stop;
	void *arg;
};

static void *
table(size_t n, size_t size)
{
	void *at = calloc(n == 0 ? 1 : n, size);

	if (at == NULL)
		bug("no memory for %zu renames", n);
	return at;
}

static int
compare_pieces(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;

	return (x->hash > y->hash) - (x->hash < y->hash);
}

/* Bytes go into the lower half of a number that turns by seven bits. */
static uint64_t
turn(uint64_t state, unsigned char c)
{
	state = state << 7 | state >> 57;
	return (state & ~(uint64_t)UINT32_MAX) | (uint32_t)(state + c);
}

static uint32_t
hash_of(uint64_t state)
{
	return ((uint32_t)state + (uint32_t)(state >> 32) * 97) % RENAME_HASHES;
}

static size_t
cut_pieces(struct piece *at, struct str s, bool text)
{
	uint64_t state = 0;
	uint32_t bytes = 0;
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];

		if (text && c == '\r' && i + 1 < s.len && s.at[i + 1] == '\n')
			continue;
		state = turn(state, c);
		if (++bytes < RENAME_PIECE && c != '\n')
			continue;
		at[n++] = (struct piece){ hash_of(state), bytes };
		state = 0;
		bytes = 0;
	}
	if (bytes > 0)
		at[n++] = (struct piece){ hash_of(state), bytes };
	return n;
}

static size_t
most_pieces(struct str s)
{
	size_t n = s.len / RENAME_PIECE + 1;
	const char *at = s.at, *end = s.at + s.len;

	while (
	    at < end && (at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
		n++;
		at++;
	}
	return n;
}

static void
sketch(struct sketch *s, struct str bytes)
{
	size_t n, kept = 0;

	s->size = bytes.len;
	s->at = table(most_pieces(bytes), sizeof *s->at);
	n = cut_pieces(s->at, bytes, !git_blob_binary(bytes));
	qsort(s->at, n, sizeof *s->at, compare_pieces);
	for (size_t i = 0; i < n; i++)
		if (kept > 0 && s->at[kept - 1].hash == s->at[i].hash)
			s->at[kept - 1].bytes += s->at[i].bytes;
		else
			s->at[kept++] = s->at[i];
	s->len = kept;
	s->known = true;
}

/* NULL: it cannot be compared (missing, too large). */
static const struct sketch *
sketch_of(struct finding *f, uint32_t index)
{
	const struct change *c = &f->list->at[index];
	struct sketch *s = &f->sketches[index];
	struct git_bytes b = { 0 };

	if (!s->tried) {
		s->tried = true;
		if (git_repo_read(&b, f->repo,
			c->kind == CHANGE_ADDED ? &c->new_id : &c->old_id,
			GIT_BLOB, RENAME_BLOB) == ERR_NONE)
			sketch(s, b.bytes);
		err_clear();
		git_repo_drop(&b);
	}
	return s->known ? s : NULL;
}

static void
forget_sketch(struct finding *f, uint32_t index)
{
	free(f->sketches[index].at);
	f->sketches[index] = (struct sketch){ 0 };
}

/* So different in size that nothing needs to be read.  Unknown sizes are
 * not. */
static bool
too_different(struct finding *f, uint32_t from, const struct sketch *to)
{
	const struct change *c = &f->list->at[from];
	enum git_kind kind;
	uint64_t size, most, least;

	if (f->sketches[from].tried)
		return false;
	if (git_repo_header(&kind, &size, f->repo, &c->old_id) != ERR_NONE) {
		err_clear();
		return false;
	}
	most = size > to->size ? size : to->size;
	least = size > to->size ? to->size : size;
	return least * 100 < most * DIFF_RENAME_PERCENT;
}

static bool
is_file(uint32_t mode)
{
	return (mode & 0170000) == 0100000;
}

/* Bytes of from that stand in to, as a share of the larger one.  Links are
 * the same or they are not. */
static uint32_t
score(struct finding *f, uint32_t from, uint32_t to)
{
	const struct sketch *a, *b;
	uint64_t most, least, common = 0;

	if (!is_file(f->list->at[from].old_mode) ||
	    !is_file(f->list->at[to].new_mode))
		return 0;
	b = sketch_of(f, to);
	if (b == NULL || b->size == 0 || too_different(f, from, b))
		return 0;
	a = sketch_of(f, from);
	if (a == NULL || a->size == 0)
		return 0;
	most = a->size > b->size ? a->size : b->size;
	least = a->size > b->size ? b->size : a->size;
	if (least * 100 < most * DIFF_RENAME_PERCENT)
		return 0;
	for (size_t i = 0, k = 0; i < a->len && k < b->len;) {
		const struct piece *x = &a->at[i], *y = &b->at[k];

		if (x->hash == y->hash)
			common += x->bytes < y->bytes ? x->bytes : y->bytes;
		i += x->hash <= y->hash;
		k += y->hash <= x->hash;
	}
	return (uint32_t)(common * RENAME_FULL / most);
}

static void
keep(struct finding *f, uint32_t from, uint32_t to, uint32_t points)
{
	f->used[from] = f->used[to] = true;
	f->found[f->n_found++] =
	    (struct rename){ from, to, (uint8_t)(points * 100 / RENAME_FULL) };
}

static struct str
last_part(struct str path)
{
	const char *slash =
	    path.len == 0 ? NULL : memrchr(path.at, '/', path.len);

	return slash == NULL ?
	    path :
	    str_slice(path, (size_t)(slash - path.at) + 1, path.len);
}

/* Only files with files, links with links. */
static bool
same_sort(const struct change *from, const struct change *to)
{
	return ((from->old_mode ^ to->new_mode) & 0170000) == 0;
}

static bool
same_name(const struct finding *f, uint32_t from, uint32_t to)
{
	return str_eq(last_part(f->list->at[from].old_path),
	    last_part(f->list->at[to].new_path));
}

struct keyed {
	struct str key;
	uint32_t index;
};

static int
compare_keys(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;
	int order = str_cmp(x->key, y->key);

	return order != 0 ? order :
			    (x->index > y->index) - (x->index < y->index);
}

/* Deleted files sorted by content or by name. */
static struct keyed *
sorted(const struct finding *f, const uint32_t *which, size_t n, bool by_id)
{
	struct keyed *k = table(n, sizeof *k);

	for (size_t i = 0; i < n; i++) {
		const struct change *c = &f->list->at[which[i]];
		const struct oid *id =
		    c->kind == CHANGE_ADDED ? &c->new_id : &c->old_id;

		k[i].index = which[i];
		k[i].key = by_id ?
		    (struct str){ (const char *)id->id, OID_BYTES } :
		    last_part(c->new_path);
	}
	qsort(k, n, sizeof *k, compare_keys);
	return k;
}

static size_t
first_of(const struct keyed *k, size_t n, struct str key)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (str_cmp(k[mid].key, key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static void
find_equal(struct finding *f)
{
	struct keyed *k = sorted(f, f->from, f->n_from, true);

	for (size_t i = 0; i < f->n_to; i++) {
		const struct change *to = &f->list->at[f->to[i]];
		struct str key = { (const char *)to->new_id.id, OID_BYTES };
		uint32_t best = UINT32_MAX;
		int left = RENAME_ALIKE;

		for (size_t n = first_of(k, f->n_from, key);
		     n < f->n_from && left > 0 && str_eq(k[n].key, key); n++) {
			uint32_t from = k[n].index;

			if (f->used[from] || !same_sort(&f->list->at[from], to))
				continue;
			left--;
			if (best == UINT32_MAX ||
			    (!same_name(f, best, f->to[i]) &&
				same_name(f, from, f->to[i])))
				best = from;
		}
		if (best != UINT32_MAX)
			keep(f, best, f->to[i], RENAME_FULL);
	}
	free(k);
}

/* What is still to be matched moves to the front. */
static void
drop_used(struct finding *f)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n_from; i++)
		if (!f->used[f->from[i]])
			f->from[n++] = f->from[i];
	f->n_from = n;
	n = 0;
	for (size_t i = 0; i < f->n_to; i++)
		if (!f->used[f->to[i]])
			f->to[n++] = f->to[i];
	f->n_to = n;
}

static bool
is_only(const struct keyed *k, size_t n, size_t i)
{
	return (i == 0 || !str_eq(k[i - 1].key, k[i].key)) &&
	    (i + 1 >= n || !str_eq(k[i + 1].key, k[i].key));
}

/* A name that only one deleted and only one added file has. */
static enum err
find_same_name(struct finding *f)
{
	struct keyed *from = sorted(f, f->from, f->n_from, false);
	struct keyed *to = sorted(f, f->to, f->n_to, false);
	enum err rc = ERR_NONE;

	for (size_t i = 0, k; rc == ERR_NONE && i < f->n_to; i++) {
		uint32_t points;

		k = first_of(from, f->n_from, to[i].key);
		if (k >= f->n_from || !str_eq(from[k].key, to[i].key) ||
		    !is_only(to, f->n_to, i) || !is_only(from, f->n_from, k) ||
		    !same_sort(&f->list->at[from[k].index],
			&f->list->at[to[i].index]))
			continue;
		points = score(f, from[k].index, to[i].index);
		if (points * 100ull >= RENAME_SAME_NAME * RENAME_FULL)
			keep(f, from[k].index, to[i].index, points);
		forget_sketch(f, from[k].index);
		forget_sketch(f, to[i].index);
		if (f->stop != NULL && f->stop(f->arg))
			rc = fail(ERR_STOPPED, "stopped");
	}
	free(from);
	free(to);
	return rc;
}

/* Above 0: x is the worse one. */
static int
compare_two(const struct candidate *x, const struct candidate *y)
{
	if (!x->taken || !y->taken)
		return y->taken - x->taken;
	if (x->score != y->score)
		return x->score < y->score ? 1 : -1;
	return y->same_name - x->same_name;
}

/* The best first; what is equally good stays as it stands. */
static int
compare_places(const void *a, const void *b)
{
	const struct candidate *x = *(struct candidate *const *)a;
	const struct candidate *y = *(struct candidate *const *)b;
	int order = compare_two(x, y);

	return order != 0 ? order : (x > y) - (x < y);
}

static bool
is_enough(const struct candidate *c)
{
	return c->taken &&
	    c->score * 100ull >= DIFF_RENAME_PERCENT * RENAME_FULL;
}

/* Takes the place of the first of the worst, if it is better. */
static void
keep_better(struct candidate best[RENAME_BEST], struct finding *f,
    uint32_t from, uint32_t to)
{
	struct candidate c = { .from = from,
		.to = to,
		.score = score(f, from, to),
		.same_name = same_name(f, from, to),
		.taken = true };
	size_t worst = 0;

	for (size_t i = 1; i < RENAME_BEST; i++)
		if (compare_two(&best[i], &best[worst]) > 0)
			worst = i;
	if (compare_two(&best[worst], &c) > 0)
		best[worst] = c;
}

static struct candidate **
in_order(struct candidate *all, size_t n)
{
	struct candidate **order = table(n, sizeof *order);

	for (size_t i = 0; i < n; i++)
		order[i] = &all[i];
	qsort(order, n, sizeof *order, compare_places);
	return order;
}

static enum err
find_similar(struct finding *f)
{
	size_t n = f->n_to * RENAME_BEST;
	struct candidate *all = table(n, sizeof *all), **order;
	enum err rc = ERR_NONE;

	for (size_t i = 0; rc == ERR_NONE && i < f->n_to; i++) {
		for (size_t k = 0; k < f->n_from; k++)
			keep_better(&all[i * RENAME_BEST], f, f->from[k],
			    f->to[i]);
		if (f->stop != NULL && f->stop(f->arg))
			rc = fail(ERR_STOPPED, "stopped");
	}
	order = in_order(all, n);
	for (size_t i = 0; rc == ERR_NONE && i < n; i++)
		if (is_enough(order[i]) && !f->used[order[i]->from] &&
		    !f->used[order[i]->to])
			keep(f, order[i]->from, order[i]->to, order[i]->score);
	free(order);
	free(all);
	return rc;
}

static void
start(struct finding *f)
{
	size_t n = f->list->len;

	f->from = table(n, sizeof *f->from);
	f->to = table(n, sizeof *f->to);
	f->used = table(n, sizeof *f->used);
	f->sketches = table(n, sizeof *f->sketches);
	f->found = table(n, sizeof *f->found);
	for (size_t i = 0; i < n; i++) {
		uint32_t mode =
		    f->list->at[i].old_mode | f->list->at[i].new_mode;

		if ((mode & 0170000) == 0160000)
			continue;
		if (f->list->at[i].kind == CHANGE_DELETED)
			f->from[f->n_from++] = (uint32_t)i;
		else if (f->list->at[i].kind == CHANGE_ADDED)
			f->to[f->n_to++] = (uint32_t)i;
	}
}

static void
end(struct finding *f)
{
	for (size_t i = 0; i < f->list->len; i++)
		free(f->sketches[i].at);
	free(f->sketches);
	free(f->from);
	free(f->to);
	free(f->used);
	free(f->found);
}

/* Equal content: a deleted file or one of the same name before others, both
 * before all. */
static bool
equal_source(uint32_t *from, const struct finding *f, uint32_t to)
{
	const struct change *added = &f->list->at[to];
	int best = -1, left = RENAME_ALIKE;

	for (size_t i = 0; i < f->list->len && left > 0; i++) {
		const struct change *c = &f->list->at[i];
		int rank;

		if (i == to || !same_sort(c, added) ||
		    !oid_eq(&c->old_id, &added->new_id))
			continue;
		left--;
		rank =
		    (c->kind == CHANGE_DELETED) + same_name(f, (uint32_t)i, to);
		if (rank > best) {
			best = rank;
			*from = (uint32_t)i;
		}
	}
	return best >= 0;
}

/* Of the best, a deleted one before others. */
static enum err
similar_source(uint32_t *from, bool *found, struct finding *f, uint32_t to)
{
	struct candidate best[RENAME_BEST] = { 0 }, **order;

	for (size_t i = 0; i < f->list->len; i++) {
		if (i == to)
			continue;
		keep_better(best, f, (uint32_t)i, to);
		forget_sketch(f, (uint32_t)i);
		if (f->stop != NULL && f->stop(f->arg))
			return fail(ERR_STOPPED, "stopped");
	}
	order = in_order(best, RENAME_BEST);
	for (size_t i = 0; i < 2 * RENAME_BEST && !*found; i++) {
		const struct candidate *c = order[i % RENAME_BEST];

		if (is_enough(c) &&
		    (i >= RENAME_BEST ||
			f->list->at[c->from].kind == CHANGE_DELETED)) {
			*from = c->from;
			*found = true;
		}
	}
	free(order);
	return ERR_NONE;
}

enum err
git_rename_source(uint32_t *from, bool *found, const struct changes *list,
    struct git_repo *r, git_rename_stop_fn *stop, void *arg)
{
	struct finding f = { .repo = r,
		.list = list,
		.stop = stop,
		.arg = arg };
	enum err rc = ERR_NONE;

	*found = false;
	start(&f);
	if (f.n_to == 1) {
		*found = equal_source(from, &f, f.to[0]);
		if (!*found)
			rc = similar_source(from, found, &f, f.to[0]);
	}
	end(&f);
	return rc;
}

enum err
git_rename_pairs(struct renames *out, struct arena *a,
    const struct changes *list, struct git_repo *r, uint64_t pairs,
    git_rename_stop_fn *stop, void *arg)
{
	struct finding f = { .repo = r,
		.list = list,
		.stop = stop,
		.arg = arg };
	bool capped = false;
	enum err rc = ERR_NONE;

	start(&f);
	find_equal(&f);
	drop_used(&f);
	if (pairs > 0 && f.n_from > 0 && f.n_to > 0) {
		rc = find_same_name(&f);
		drop_used(&f);
		capped = (uint64_t)f.n_from * f.n_to > pairs;
		if (rc == ERR_NONE && !capped)
			rc = find_similar(&f);
	}
	if (rc == ERR_NONE) {
		out->at = arena_array(a, f.n_found, struct rename);
		out->len = f.n_found;
		out->capped = capped;
		for (size_t i = 0; i < f.n_found; i++)
			out->at[i] = f.found[i];
	}
	end(&f);
	return rc;
}

enum err
git_rename_find(struct changes *list, struct git_repo *r, uint64_t pairs)
{
	struct arena a = { 0 };
	struct renames found;
	size_t kept = 0;
	enum err rc = git_rename_pairs(&found, &a, list, r, pairs, NULL, NULL);

	for (size_t i = 0; rc == ERR_NONE && i < found.len; i++) {
		struct change *from = &list->at[found.at[i].from];
		struct change *to = &list->at[found.at[i].to];

		to->kind = CHANGE_RENAMED;
		to->similarity = found.at[i].similarity;
		to->old_path = from->old_path;
		to->old_id = from->old_id;
		to->old_mode = from->old_mode;
		from->kind = 0;
	}
	if (rc == ERR_NONE) {
		for (size_t i = 0; i < list->len; i++)
			if (list->at[i].kind != 0)
				list->at[kept++] = list->at[i];
		list->len = kept;
		list->renames_capped = found.capped;
	}
	arena_release(&a);
	return rc;
}
