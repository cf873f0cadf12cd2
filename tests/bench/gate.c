/*
 * gate.c - how much copied source the checker finds, and what it takes for
 * source that is none.
 *
 *	gate SOURCES TEXTS [DISGUISES]
 *
 * SOURCES lists files of source, a path per line.  TEXTS holds texts by
 * people who had nothing to do with them, each ended by a line "%%".
 * DISGUISES: only those rows of the table whose names stand in it.  With SET
 * in the environment the fingerprints are kept in that file, and read from it
 * when it is there: making them takes longer than everything else.
 * Prints tables; nothing here passes or fails.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/io.h"
#include "core/wire.h"
#include "policy/gate.h"
#include "policy/prints.h"
#include "tests/policy/evasion.h"

enum { EXCERPTS = 150, FILE_MAX_BYTES = 8 << 20, MADE_UP = 1000 };

static struct buf *files, *comments;
static size_t n_files, files_room;
static struct prints *prints;
static struct arena arena;
static uint32_t dice = 7;
static const char *only; /* rows of the table; NULL: all */

static uint32_t
roll(uint32_t below)
{
	dice = dice * 1664525u + 1013904223u;
	return (dice >> 8) % below;
}

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static struct verdict_source
judge(struct str text)
{
	struct verdict_source v = { 0 };

	arena_clear(&arena);
	prints_judge(&v, &arena, prints, STR(""), text);
	return v;
}

static void
end_line(struct buf *out, size_t *start)
{
	buf_char(out, '\n');
	*start = out->len;
}

/* The code of a file, and its comments. */
static void
strip(struct buf *out, struct buf *remarks, struct str s)
{
	bool block = false;
	size_t start = out->len;

	for (size_t i = 0; i < s.len; i++) {
		struct str rest = str_slice(s, i, 2);

		if (block) {
			block = !str_eq(rest, STR("*/"));
			buf_char(remarks, block ? s.at[i] : '\n');
			i += !block;
			continue;
		}
		if (str_eq(rest, STR("/*"))) {
			block = true;
			i++;
			continue;
		}
		if (str_eq(rest, STR("//")))
			while (i + 1 < s.len && s.at[i + 1] != '\n')
				i++;
		else if (s.at[i] != '\n')
			buf_char(out, s.at[i]);
		else if (str_trim(str_slice(buf_view(out), start, out->len))
			     .len > 0)
			end_line(out, &start);
		else
			out->len = start; /* a blank line */
	}
}

/* n lines in a row, with something in them. */
static void
excerpt(struct buf *out, const struct buf *from, unsigned n)
{
	for (;;) {
		struct str rest = buf_view(&from[roll((uint32_t)n_files)]);
		struct str line;
		unsigned got = 0, skip = roll((uint32_t)(rest.len / 30 + 1));

		buf_clear(out);
		while (got < n && str_cut(&rest, '\n', &line)) {
			if (skip > 0) {
				skip--;
				continue;
			}
			if (from == comments && str_trim(line).len < 12)
				continue;
			buf_str(out, line);
			buf_char(out, '\n');
			got++;
		}
		if (got == n && out->len >= 12 * (size_t)n)
			return;
	}
}

extern const struct check check_encoded;

/* What the check of encoded text asks about, by the usual rules. */
static bool
looks_encoded(struct str text)
{
	struct rules rules = { .export = { .encoded_run = 80 } };
	struct parcel parcel = { .bytes = text };
	struct gate_case c = { .parcel = &parcel, .rules = &rules };
	struct buf why = { 0 };
	bool asks = check_encoded.judge(&c, &why) != PASS;

	buf_release(&why);
	return asks;
}

static void
measure(const struct disguise *d, const struct buf *from, unsigned lines)
{
	struct buf code = { 0 }, text = { 0 };
	int found = 0, asked = 0;

	dice = 7;
	for (int i = 0; i < EXCERPTS; i++) {
		struct verdict_source v;

		excerpt(&code, from, lines);
		buf_clear(&text);
		if (!d->whole)
			buf_str(&text,
			    STR("This can be reached from outside, and no "
				"check stands before it:\n"));
		d->fn(&text, buf_view(&code));
		if (!d->whole)
			buf_str(&text, STR("\nSee also the other caller.\n"));
		v = judge(buf_view(&text));
		found += v.tokens > 0;
		asked += v.tokens > 0 || v.shapes > 0 || v.remarks > 0 ||
		    looks_encoded(buf_view(&text));
	}
	printf(" %3d/%-3d", found * 100 / EXCERPTS, asked * 100 / EXCERPTS);
	fflush(stdout);
	buf_release(&code);
	buf_release(&text);
}

static const unsigned lines[] = { 1, 2, 3, 4, 5, 6, 8, 12, 20 };
enum { N_LINES = sizeof lines / sizeof *lines };

static void
row(const struct disguise *d, const char *name, const struct buf *from)
{
	if (only != NULL && strstr(only, name) == NULL)
		return;
	printf("%-18s", name);
	for (size_t k = 0; k < N_LINES; k++)
		measure(d, from, lines[k]);
	putchar('\n');
}

static void
head(const char *what)
{
	printf("\n%-18s", what);
	for (size_t k = 0; k < N_LINES; k++)
		printf(" %5u  ", lines[k]);
	putchar('\n');
}

static void
recall(void)
{
	printf("%d excerpts a cell: %% refused / refused or asked about\n",
	    EXCERPTS);
	head("lines");
	for (const struct disguise *d = disguise_all; d->name != NULL; d++)
		row(d, d->name, files);
	row(&disguise_all[0], "comments", comments);
	head("evasions");
	for (const struct disguise *d = evasion_all; d->name != NULL; d++)
		row(d, d->name, files);
}

/* Texts that nobody copied: each one that is refused is named. */
static void
false_alarms(const char *path)
{
	struct buf file = { 0 };
	struct str rest, line;
	struct buf text = { 0 };
	int n = 0, refused = 0, asked = 0;
	double start = seconds();

	if (io_read(&file, path, 1 << 28) != ERR_NONE) {
		printf("%s\n", err_text());
		return;
	}
	rest = buf_view(&file);
	while (str_cut(&rest, '\n', &line)) {
		struct verdict_source v;

		if (!str_eq(line, STR("%%"))) {
			buf_str(&text, line);
			buf_char(&text, '\n');
			continue;
		}
		v = judge(buf_view(&text));
		n++;
		refused += v.tokens > 0;
		asked += v.tokens == 0 && (v.shapes > 0 || v.remarks > 0);
		if (v.tokens > 0 && refused <= 5)
			printf("  refused: %.*s\n",
			    (int)(v.spans[0].len < 200 ? v.spans[0].len : 200),
			    text.at + v.spans[0].at);
		buf_clear(&text);
	}
	printf("texts of others: %d, refused %d, asked about %d; %.2f ms "
	       "each\n",
	    n, refused, asked, (seconds() - start) * 1e3 / (n ? n : 1));
	buf_release(&file);
	buf_release(&text);
}

/* A name of the source, at least four letters long. */
static struct str
some_name(void)
{
	for (;;) {
		struct str s = buf_view(&files[roll((uint32_t)n_files)]);
		size_t at = s.len == 0 ? 0 : roll((uint32_t)s.len), n = 0;

		while (at < s.len && s.at[at] != '_' &&
		    ((s.at[at] | 0x20) < 'a' || (s.at[at] | 0x20) > 'z'))
			at++;
		while (at + n < s.len &&
		    (s.at[at + n] == '_' ||
			((s.at[at + n] | 0x20) >= 'a' &&
			    (s.at[at + n] | 0x20) <= 'z')))
			n++;
		if (n >= 4 && n < 40)
			return str_slice(s, at, n);
	}
}

static void
made_up_finding(struct buf *out)
{
	static const char *const forms[] = {
		"%.*s() trusts the length that %.*s hands to it; a value over "
		"%u makes %.*s write behind the end. ",
		"The result of %.*s is not checked before %.*s uses it in line "
		"%u, where %.*s would have noticed. ",
		"In %.*s the lock of %.*s is taken %u times and given back "
		"once when %.*s fails. ",
		"if (%.*s > %.*s) in line %u is never true, since %.*s is "
		"unsigned. ",
		"Between %.*s and %.*s lie %u lines in which %.*s can change "
		"under our feet. ",
	};

	for (unsigned i = 0; i < 4; i++) {
		struct str a = some_name(), b = some_name(), c = some_name();
		struct buf line = { 0 };

/* The forms stand above. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		buf_printf(&line, forms[roll(5)], STR_ARG(a), STR_ARG(b),
		    roll(3000), STR_ARG(c));
#pragma GCC diagnostic pop
		buf_str(out, buf_view(&line));
		buf_release(&line);
	}
}

static void
honest_findings(void)
{
	struct buf text = { 0 };
	int refused = 0, asked = 0;

	for (int i = 0; i < MADE_UP; i++) {
		struct verdict_source v;

		buf_clear(&text);
		made_up_finding(&text);
		v = judge(buf_view(&text));
		refused += v.tokens > 0;
		asked += v.tokens == 0 && (v.shapes > 0 || v.remarks > 0);
		if (v.tokens > 0)
			printf("  refused: %.*s\n", (int)v.spans[0].len,
			    text.at + v.spans[0].at);
	}
	printf("findings that name real functions: %d, refused %d, asked "
	       "about %d\n",
	    MADE_UP, refused, asked);
	buf_release(&text);
}

static int
compare_times(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* As an export has them. */
static void
made_up_export(struct buf *out)
{
	struct buf text = { 0 };

	buf_str(out,
	    STR("{\n  \"format\": \"vitrine-findings\",\n"
		"  \"items\": ["));
	for (int i = 0; i < 8; i++) {
		buf_clear(&text);
		made_up_finding(&text);
		buf_printf(out,
		    "%s\n    {\n      \"claim\": \"%.*s\",\n"
		    "      \"fix\": \"Check it before it is used.\",\n"
		    "      \"evidence\": \"%.*s\"\n    }",
		    i == 0 ? "" : ",", STR_ARG(buf_view(&text)),
		    STR_ARG(buf_view(&text)));
	}
	buf_str(out, STR("\n  ]\n}\n"));
	buf_release(&text);
}

/* What a person waits for the meter: a note that quotes five lines. */
static void
latency(size_t context, size_t bytes)
{
	enum { TIMES = 60 };
	struct buf code = { 0 }, before = { 0 }, text = { 0 };
	double times[TIMES];
	int n = TIMES;

	dice = 11;
	while (before.len < context)
		made_up_export(&before);
	for (int i = 0; i < n; i++) {
		struct verdict_source v = { 0 };
		double start;

		buf_clear(&text);
		while (text.len < bytes)
			made_up_finding(&text);
		excerpt(&code, files, 5);
		buf_str(&text, buf_view(&code));
		arena_clear(&arena);
		start = seconds();
		prints_judge(&v, &arena, prints, buf_view(&before),
		    buf_view(&text));
		times[i] = (seconds() - start) * 1e3;
	}
	qsort(times, (size_t)n, sizeof *times, compare_times);
	printf("a text of %zu KiB, %zu KiB left before: %.1f ms, at most "
	       "%.1f ms\n",
	    bytes / 1024, context / 1024, times[n / 2], times[n - 1]);
	buf_release(&code);
	buf_release(&before);
	buf_release(&text);
}

/* The path behind the last '/', in the folder fd. */
static const char *
folder_of(int *fd, struct arena *a, const char *path)
{
	const char *name = strrchr(path, '/');

	if (name == NULL)
		bug("SET has to be a whole path");
	if (io_open_folder(fd,
		arena_copy(a, (struct str){ path, (size_t)(name - path) })
		    .at) != ERR_NONE)
		bug("%s", err_text());
	return name + 1;
}

/* The fingerprints of the last time. */
static bool
read_set(struct buf *set, const char *path)
{
	bool there = path != NULL && io_read(set, path, 1 << 30) == ERR_NONE;

	err_clear();
	return there;
}

static void
keep_set(const struct buf *set, const char *path)
{
	struct arena a = { 0 };
	const char *name;
	int fd;

	if (path == NULL)
		return;
	name = folder_of(&fd, &a, path);
	if (io_replace_at(fd, name, buf_view(set)) != ERR_NONE)
		bug("%s", err_text());
	arena_release(&a);
}

static void
say_set(const struct buf *set)
{
	for (int i = 0; i < 5; i++) {
		struct wire w =
		    wire_of(str_slice(buf_view(set), 32 + (size_t)i * 24, 24));
		uint32_t head = wire_u32(&w);

		(void)wire_u32(&w);
		printf("  set %d: %llu entries, 2^%u bits, %u of them each\n",
		    i, (unsigned long long)wire_u64(&w), head >> 24,
		    head >> 16 & 255);
	}
}

/* The next file of source; its code and comments are kept. */
static bool
read_source(struct buf *whole, struct str path, struct arena *a)
{
	struct buf bare = { 0 }, remarks = { 0 };

	if (n_files == files_room) {
		files_room = files_room == 0 ? 1024 : 2 * files_room;
		files = reallocarray(files, files_room, sizeof *files);
		comments = reallocarray(comments, files_room, sizeof *comments);
		if (files == NULL || comments == NULL)
			bug("no memory for %zu files", files_room);
	}
	buf_clear(whole);
	err_clear();
	if (io_read(whole, arena_copy(a, path).at, FILE_MAX_BYTES) != ERR_NONE)
		return false;
	strip(&bare, &remarks, buf_view(whole));
	comments[n_files] = remarks;
	files[n_files++] = bare;
	return true;
}

static void
read_sources(struct buf *set, const char *list)
{
	static const uint8_t key[PRINTS_KEY_BYTES] = { 1, 2, 3 };
	struct prints_builder *b = prints_builder_open(key);
	struct buf paths = { 0 }, whole = { 0 };
	struct str rest, path;
	struct arena a = { 0 };
	double spent = 0, start;
	size_t bytes = 0;
	bool made = read_set(set, getenv("SET"));

	if (io_read(&paths, list, 1 << 26) != ERR_NONE)
		bug("%s", err_text());
	rest = buf_view(&paths);
	while (str_cut(&rest, '\n', &path)) {
		if (!read_source(&whole, path, &a))
			continue;
		bytes += whole.len;
		start = seconds();
		if (!made)
			prints_builder_add(b, path, buf_view(&whole));
		spent += seconds() - start;
	}
	start = seconds();
	if (!made)
		prints_builder_write(b, set);
	spent += seconds() - start;
	printf("source: %zu files, %.1f MB, fingerprints of %.1f MB", n_files,
	    (double)bytes / 1e6, (double)set->len / 1e6);
	if (!made)
		printf(" at %.1f MB/s", (double)bytes / 1e6 / spent);
	putchar('\n');
	say_set(set);
	if (!made)
		keep_set(set, getenv("SET"));
	prints_builder_close(b);
	buf_release(&paths);
	buf_release(&whole);
	arena_release(&a);
}

int
main(int argc, char **argv)
{
	struct buf set = { 0 };

	if (argc < 3)
		return 2;
	only = argc > 3 ? argv[3] : NULL;
	read_sources(&set, argv[1]);
	if (prints_open(&prints, buf_view(&set)) != ERR_NONE)
		return 1;
	if (only == NULL) {
		latency(0, 1024);
		latency(0, 16 * 1024);
		latency(64 * 1024, 4 * 1024);
		latency(1024 * 1024, 4 * 1024);
		latency(4 * 1024 * 1024, 16 * 1024);
	}
	honest_findings();
	false_alarms(argv[2]);
	recall();
	return 0;
}
