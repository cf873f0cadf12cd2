/*
 * store - how fast and how large the text store of a folder becomes.
 *
 * store LIST FOLDER: LIST names files, one a line; FOLDER/store is written.
 * Reading them beforehand, to know which are the same, is not counted.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "core/hash.h"
#include "core/io.h"
#include "core/limits.h"
#include "core/textstore.h"

struct files {
	struct str *paths;
	struct oid *ids;
	size_t n;
	uint64_t bytes;
};

static double
now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static enum err
read_one(struct buf *b, struct str path)
{
	return io_read(b, path.at, LIMIT_BLOB);
}

static enum err
add_all(struct files *f, struct textstore_writer *w, struct arena *a,
    struct str list)
{
	struct str line;
	struct buf b = { 0 };
	enum err rc = ERR_NONE;

	f->paths = arena_array(a, list.len / 2 + 1, struct str);
	f->ids = arena_array(a, list.len / 2 + 1, struct oid);
	while (rc == ERR_NONE && str_cut(&list, '\n', &line)) {
		struct hash h;

		if (line.len == 0)
			continue;
		f->paths[f->n] = arena_copy(a, line);
		rc = read_one(&b, f->paths[f->n]);
		h = hash_of(buf_view(&b));
		memcpy(f->ids[f->n].id, h.at, OID_BYTES);
		f->bytes += b.len;
		if (rc == ERR_NONE)
			rc = textstore_write_place(w, 0, line, &f->ids[f->n],
			    false, b.len);
		f->n++;
	}
	buf_release(&b);
	return rc;
}

static int
by_id(const void *a, const void *b, void *ids)
{
	const struct oid *all = ids;

	return oid_cmp(&all[*(const size_t *)a], &all[*(const size_t *)b]);
}

struct lookup {
	const struct files *f;
	size_t *order;
};

static enum err
fetch(void *arg, const struct oid *blob, struct buf *bytes)
{
	const struct lookup *l = arg;
	size_t lo = 0, hi = l->f->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (oid_cmp(&l->f->ids[l->order[mid]], blob) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return read_one(bytes, l->f->paths[l->order[lo]]);
}

static enum err
write_it(struct textstore_writer *w, struct files *f, struct arena *a)
{
	struct lookup l = { f, arena_array(a, f->n, size_t) };
	double wall = now(CLOCK_MONOTONIC), cpu = now(CLOCK_PROCESS_CPUTIME_ID);
	struct rusage use;
	enum err rc;

	for (size_t i = 0; i < f->n; i++)
		l.order[i] = i;
	qsort_r(l.order, f->n, sizeof *l.order, by_id, f->ids);
	rc = textstore_write_content(w, fetch, &l);
	if (rc != ERR_NONE) {
		textstore_write_drop(w);
		return rc;
	}
	rc = textstore_write_finish(w);
	wall = now(CLOCK_MONOTONIC) - wall;
	cpu = now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	getrusage(RUSAGE_SELF, &use);
	printf("%zu files, %.1f MB: %.2f s (%.2f s of processor), %.0f MB/s; "
	       "%ld MB resident\n",
	    f->n, (double)f->bytes / 1e6, wall, cpu,
	    (double)f->bytes / 1e6 / wall, use.ru_maxrss / 1024);
	return rc;
}

int
main(int argc, char **argv)
{
	struct arena a = { 0 };
	struct buf list = { 0 };
	struct textstore_writer *w;
	struct files f = { 0 };
	int dir = -1;
	enum err rc;

	if (argc != 3)
		return 2;
	rc = io_read(&list, argv[1], 64 * 1024 * 1024);
	if (rc == ERR_NONE)
		rc = io_make_folder(&dir, argv[2]);
	if (rc == ERR_NONE)
		rc = textstore_write_start(&w, dir, "store");
	if (rc == ERR_NONE) {
		textstore_write_release(w,
		    &(struct search_release){ .name = STR("all") });
		rc = add_all(&f, w, &a, buf_view(&list));
		if (rc == ERR_NONE)
			rc = write_it(w, &f, &a);
		else
			textstore_write_drop(w);
	}
	if (rc != ERR_NONE)
		fprintf(stderr, "store: %s\n", err_text());
	buf_release(&list);
	arena_release(&a);
	return err_status(rc);
}
