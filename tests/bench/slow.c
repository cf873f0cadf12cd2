/*
 * slow - searching a text store that lies far away.
 *
 * slow STORE PATTERN...: the file is mounted through FUSE, where each read
 * takes 100 ms and one second for each 10 MB; nothing of it is in the page
 * cache when a search begins.  Prints, for opening it and for each pattern,
 * the time, the reads and the bytes.  Needs /dev/fuse and the right to
 * mount; without: says so, status 77.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/search_pick.h"
#include "core/search_scan.h"

enum { READ_MS = 100, MB_S = 10, READ_MOST = 1024 * 1024, FILE_NODE = 2 };

static struct counts {
	volatile uint64_t reads, bytes;
} * counts;

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* ---- the file system: a folder with one file ---- */

struct server {
	int fuse, file;
	uint64_t size;
	char *buffer;
};

static void
reply(const struct server *s, uint64_t unique, int error, const void *body,
    size_t len)
{
	char out[sizeof(struct fuse_out_header) + READ_MOST];
	struct fuse_out_header h = {
		.len = (uint32_t)(sizeof h + (error == 0 ? len : 0)),
		.error = -error,
		.unique = unique,
	};

	memcpy(out, &h, sizeof h);
	if (error == 0 && len > 0)
		memcpy(out + sizeof h, body, len);
	if (write(s->fuse, out, h.len) < 0 && errno != ENOENT)
		_exit(0); /* unmounted */
}

static struct fuse_attr
attributes(const struct server *s, uint64_t node)
{
	return (struct fuse_attr){
		.ino = node,
		.size = node == FILE_NODE ? s->size : 0,
		.mode = node == FILE_NODE ? S_IFREG | 0444 : S_IFDIR | 0555,
		.nlink = 1,
	};
}

static void
wait_for(size_t bytes)
{
	double ms = READ_MS + (double)bytes / (MB_S * 1e3);
	struct timespec t = { (time_t)(ms / 1e3),
		(long)((ms - 1e3 * (double)(time_t)(ms / 1e3)) * 1e6) };

	counts->reads++;
	counts->bytes += bytes;
	nanosleep(&t, NULL);
}

static void
serve_read(struct server *s, uint64_t unique, const struct fuse_read_in *in)
{
	size_t want = in->size > READ_MOST ? READ_MOST : in->size;
	ssize_t n = pread(s->file, s->buffer, want, (off_t)in->offset);

	wait_for(n < 0 ? 0 : (size_t)n);
	reply(s, unique, n < 0 ? EIO : 0, s->buffer, n < 0 ? 0 : (size_t)n);
}

static void
serve_one(struct server *s, const struct fuse_in_header *h, const void *body)
{
	struct fuse_init_out init = { .major = FUSE_KERNEL_VERSION,
		.minor = FUSE_KERNEL_MINOR_VERSION,
		.max_readahead = 128 * 1024,
		.max_write = 4096 };
	struct fuse_entry_out entry = { .nodeid = FILE_NODE,
		.entry_valid = 1000,
		.attr_valid = 1000,
		.attr = attributes(s, FILE_NODE) };
	struct fuse_attr_out attr = { .attr_valid = 1000,
		.attr = attributes(s, h->nodeid) };
	struct fuse_open_out open = { .open_flags = FOPEN_KEEP_CACHE };

	switch (h->opcode) {
	case FUSE_INIT:
		reply(s, h->unique, 0, &init, sizeof init);
		break;
	case FUSE_LOOKUP:
		reply(s, h->unique, strcmp(body, "store") == 0 ? 0 : ENOENT,
		    &entry, sizeof entry);
		break;
	case FUSE_GETATTR:
		reply(s, h->unique, 0, &attr, sizeof attr);
		break;
	case FUSE_OPEN:
	case FUSE_OPENDIR:
		reply(s, h->unique, 0, &open, sizeof open);
		break;
	case FUSE_READ:
		serve_read(s, h->unique, body);
		break;
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
	case FUSE_INTERRUPT:
		break;
	case FUSE_FLUSH:
	case FUSE_RELEASE:
	case FUSE_RELEASEDIR:
		reply(s, h->unique, 0, NULL, 0);
		break;
	default:
		reply(s, h->unique, ENOSYS, NULL, 0);
	}
}

static void
serve(struct server *s)
{
	static char request[READ_MOST + 4096];

	for (;;) {
		ssize_t n = read(s->fuse, request, sizeof request);

		if (n < 0 && (errno == EINTR || errno == ENOENT))
			continue;
		if (n < (ssize_t)sizeof(struct fuse_in_header))
			_exit(0);
		serve_one(s, (const void *)request,
		    request + sizeof(struct fuse_in_header));
	}
}

static pid_t
mount_it(const char *store, const char *folder)
{
	struct server s = { .fuse = open("/dev/fuse", O_RDWR | O_CLOEXEC),
		.file = open(store, O_RDONLY | O_CLOEXEC),
		.buffer = malloc(READ_MOST) };
	struct stat st;
	char options[128];
	pid_t pid;

	if (s.fuse < 0 || s.file < 0 || fstat(s.file, &st) != 0)
		return -1;
	s.size = (uint64_t)st.st_size;
	snprintf(options, sizeof options,
	    "fd=%d,rootmode=40000,user_id=0,group_id=0", s.fuse);
	if (mount("slow", folder, "fuse.slow", MS_RDONLY | MS_NOSUID,
		options) != 0)
		return -1;
	pid = fork();
	if (pid == 0)
		serve(&s);
	close(s.fuse);
	close(s.file);
	free(s.buffer);
	return pid;
}

/* ---- the search ---- */

static size_t hits;
static double first;
static double began;

static void
on_hit(void *arg, const struct search_hit *h)
{
	(void)arg;
	(void)h;
	if (hits++ == 0)
		first = now() - began;
}

static void
on_skip(void *arg, uint32_t line, enum search_skip why)
{
	(void)arg;
	(void)line;
	(void)why;
}

static enum err
search_blob(struct search_scan *s, const struct textstore_blob *b,
    struct search_pick *pick)
{
	static const struct search_sink sink = { on_hit, on_skip, NULL };
	struct search_part part;

	while (search_pick_next(pick, &part)) {
		struct str some =
		    str_slice(b->bytes, part.from, part.to - part.from);
		unsigned proven = encoding_is_ascii(some) ?
		    SEARCH_SCAN_ASCII | SEARCH_SCAN_UTF8 :
		    b->facts.utf8 && encoding_is_utf8(some) ? SEARCH_SCAN_UTF8 :
							      0;

		if (part.whole)
			search_scan_known(s, b->bytes, b->encoding, proven,
			    &sink);
		else
			search_scan_part(s, some, part.line, proven, &sink);
	}
	return ERR_NONE;
}

static enum err
search(const struct textstore *t, const char *pattern)
{
	struct query q = { .pattern = str_of(pattern) };
	struct arena a = { 0 };
	struct search_scan *s;
	struct search_pick pick;
	enum err rc = search_scan_open(&s, &q);

	if (rc != ERR_NONE)
		return rc;
	search_pick_start(&pick, &a, t, search_scan_plan(s), false);
	for (uint32_t i = 0; i < textstore_blobs(t) && rc == ERR_NONE; i++) {
		struct textstore_blob b;

		rc = search_pick_skip(&pick, i, &i);
		if (rc != ERR_NONE || i >= textstore_blobs(t))
			break;
		b = textstore_blob(t, i);
		rc = search_pick_blob(&pick, i, &b);
		if (rc == ERR_NONE)
			rc = search_blob(s, &b, &pick);
	}
	if (rc == ERR_NONE)
		rc = textstore_damage(t);
	search_scan_close(s);
	arena_release(&a);
	return rc;
}

static void
begin(void)
{
	counts->reads = counts->bytes = 0;
	hits = 0;
	first = 0;
	began = now();
}

static void
say(const char *what)
{
	printf("%-28.28s %8.0f ms, first hit %8.0f ms, %5llu reads, "
	       "%8.1f kB, %zu hits\n",
	    what, now() - began, first, (unsigned long long)counts->reads,
	    (double)counts->bytes / 1e3, hits);
	fflush(stdout);
}

static enum err
measure(const char *path, char **patterns)
{
	struct textstore *t;
	enum err rc;

	begin();
	rc = textstore_open(&t, path);
	if (rc != ERR_NONE)
		return rc;
	say("(opening)");
	for (; *patterns != NULL && rc == ERR_NONE; patterns++) {
		int fd = open(path, O_RDONLY | O_CLOEXEC);

		/* Mapped pages stay: the store is opened anew. */
		textstore_close(t);
		(void)posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
		close(fd);
		begin();
		rc = textstore_open(&t, path);
		if (rc != ERR_NONE)
			return rc;
		rc = search(t, *patterns);
		say(*patterns);
	}
	textstore_close(t);
	return rc;
}

int
main(int argc, char **argv)
{
	char folder[] = "/tmp/slow-store-XXXXXX", path[64];
	pid_t pid;
	enum err rc;

	if (argc < 3 || mkdtemp(folder) == NULL)
		return 2;
	counts = mmap(NULL, sizeof *counts, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid = mount_it(argv[1], folder);
	if (pid < 0) {
		printf("no slow mount here: %s\n", strerror(errno));
		rmdir(folder);
		return 77;
	}
	printf("each read takes %d ms, and a second for %d MB\n", READ_MS,
	    MB_S);
	snprintf(path, sizeof path, "%s/store", folder);
	rc = measure(path, argv + 2);
	if (rc != ERR_NONE)
		printf("%s\n", err_text());
	(void)umount2(folder, MNT_DETACH);
	(void)waitpid(pid, NULL, 0);
	rmdir(folder);
	return err_status(rc);
}
