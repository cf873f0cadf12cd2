/*
 * symbols - how fast the definitions of a folder are found, and by whom.
 *
 * symbols LIST FOLDER [PROCESSES]: LIST names files, one a line;
 * FOLDER/symbols is written.
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
#include "policy/ctags.h"

struct run {
	struct ctags *ctags;
	uint64_t bytes, files;
	double start, put; /* seconds */
};

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static enum err
put_all(struct run *r, struct str list)
{
	struct str line;
	struct buf b = { 0 };
	enum err rc = ERR_NONE;

	while (rc == ERR_NONE && str_cut(&list, '\n', &line)) {
		struct arena a = { 0 };
		struct oid id;
		struct hash h;

		rc = io_read(&b, arena_copy(&a, line).at, LIMIT_BLOB);
		if (rc == ERR_NONE) {
			h = hash_of(line);
			memcpy(id.id, h.at, OID_BYTES);
			rc = ctags_put(r->ctags, &id, line, buf_view(&b));
		}
		r->bytes += b.len;
		r->files++;
		arena_release(&a);
	}
	buf_release(&b);
	return rc;
}

static double
processor(int who)
{
	struct rusage use;

	getrusage(who, &use);
	return (double)use.ru_utime.tv_sec +
	    (double)use.ru_utime.tv_usec / 1e6 + (double)use.ru_stime.tv_sec +
	    (double)use.ru_stime.tv_usec / 1e6;
}

static long
peak(int who)
{
	struct rusage use;

	getrusage(who, &use);
	return use.ru_maxrss / 1024;
}

static enum err
tell(const struct run *r, struct str index)
{
	struct symbols *s;
	double end = now();
	enum err rc = symbols_open_bytes(&s, index);

	if (rc != ERR_NONE)
		return rc;
	printf("%llu files, %.1f MB: %u definitions, %u failed, %.1f MB\n",
	    (unsigned long long)r->files, (double)r->bytes / 1e6,
	    symbols_definitions(s), symbols_count(s, SYMBOLS_FAILED),
	    (double)index.len / 1e6);
	printf("%.2f s, %.2f of them finishing; processor: here %.2f s, "
	       "parsers %.2f s; resident at most: here %ld MB, a parser "
	       "%ld MB\n",
	    end - r->start, end - r->put, processor(RUSAGE_SELF),
	    processor(RUSAGE_CHILDREN), peak(RUSAGE_SELF),
	    peak(RUSAGE_CHILDREN));
	symbols_close(s);
	return ERR_NONE;
}

static enum err
make(struct buf *index, const char *list_path, unsigned processes)
{
	const struct ctags_options o = { .processes = processes };
	struct run r = { .start = now() };
	struct buf list = { 0 };
	enum err rc = io_read(&list, list_path, 64 * 1024 * 1024);

	if (rc == ERR_NONE)
		rc = ctags_open(&r.ctags, &o);
	if (rc == ERR_NONE)
		rc = put_all(&r, buf_view(&list));
	r.put = now();
	if (rc == ERR_NONE)
		rc = ctags_finish(r.ctags, index);
	ctags_close(r.ctags);
	buf_release(&list);
	return rc == ERR_NONE ? tell(&r, buf_view(index)) : rc;
}

int
main(int argc, char **argv)
{
	struct buf index = { 0 };
	int dir = -1;
	enum err rc;

	if (argc != 3 && argc != 4)
		return 2;
	rc = io_make_folder(&dir, argv[2]);
	if (rc == ERR_NONE)
		rc = make(&index, argv[1],
		    argc == 4 ? (unsigned)atoi(argv[3]) : 1);
	if (rc == ERR_NONE) {
		(void)unlinkat(dir, "symbols", 0);
		rc = io_create_at(dir, "symbols", buf_view(&index));
	}
	if (rc != ERR_NONE)
		fprintf(stderr, "symbols: %s\n", err_text());
	buf_release(&index);
	return err_status(rc);
}
