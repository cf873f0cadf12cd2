/*
 * search.h - what is searched for, what was found, what may be claimed.
 *
 * PCRE2 alone decides what matches; everything else only says where to look.
 *
 * What a match is.  Text is split at LF; a line is what stands between, the
 * LF not included, the last one with or without LF.  A text that ends with
 * LF has no line after it.  Without SEARCH_MULTI_LINE the pattern is matched
 * against each line alone, so that \s, \W or [^x] cannot run over its end.
 * With it the subject is the whole text, ^ and $ match at every line, and a
 * match may reach over lines.  $ also matches before the CR of a CRLF.  NUL
 * is a byte like any other.  A line is a hit once, however many matches
 * begin on it; an empty match makes a hit like any other.
 *
 * What the subject is.  Text that is valid UTF-8 is searched as characters,
 * other text as bytes, or, when its encoding is recognised, as the UTF-8 it
 * converts to; lines and columns always count in the original bytes.
 *
 * Messages: the reading room sends MSG_SEARCH (struct search_start) and
 * MSG_SEARCH_CANCEL (u32 job).  A searcher says MSG_SEARCH_HELLO when it
 * starts, also when it starts again, then for each search any number of
 * MSG_HITS or, when they are counted only, of MSG_SEARCH_LINES
 * (core/search_lines.h), of MSG_SEARCH_SKIP and MSG_SEARCH_PROGRESS, and one
 * MSG_SEARCH_DONE.
 */
#pragma once

#include "core/arena.h"
#include "core/hash.h"
#include "core/oid.h"

enum search_flag {
	SEARCH_LITERAL = 1, /* the pattern is text, not an expression */
	SEARCH_WORD = 2,    /* no word character on either side */
	SEARCH_IGNORE_CASE = 4,
	SEARCH_MULTI_LINE = 8,
	SEARCH_BYTES = 16,   /* never as characters, never converted */
	SEARCH_UNICODE = 32, /* \w \d \s \b by Unicode, not by ASCII */
	/* A match begins in a comment, in a string, in neither: as the colours
	 * of the language say.  Several: in one of them. */
	SEARCH_COMMENTS = 64,
	SEARCH_STRINGS = 128,
	SEARCH_CODE = 256,
	SEARCH_KINDS = SEARCH_COMMENTS | SEARCH_STRINGS | SEARCH_CODE,
	/* Once more over lines that a backslash at their end makes one: what
	 * runs over it is found, too.  The index cannot help with that. */
	SEARCH_JOINED = 512,
	SEARCH_FLAGS = 1023,
};

enum {
	SEARCH_GLOBS = 64,      /* at most */
	SEARCH_RELEASES = 1000, /* at most */
	SEARCH_SECONDS = 10,    /* for one file, when nothing else is said */
	SEARCH_EXCERPT = 320,   /* bytes of a line that come with a hit */
	SEARCH_SPANS = 8,       /* matches of a line that come with a hit */
	SEARCH_GROUP = 32,      /* neighbours that stay in one share */
};

/*
 * globs: "*.c" matches the last part of a path, one with a slash the whole
 * path, "**" any number of folders, a leading "!" takes out; without any
 * that takes in, all are in.  releases: names; none means what the caller
 * has open, or every release of a session.
 */
struct query {
	struct str pattern;
	uint32_t flags;
	const struct str *globs;
	uint32_t n_globs;
	const struct str *releases;
	uint32_t n_releases;
	uint32_t seconds; /* processor time for one file; 0: SEARCH_SECONDS */
};

void search_query_write(const struct query *q, struct buf *b);
struct wire;
struct query search_query_read(struct wire *w, struct arena *a);
struct query search_query_copy(struct arena *a, const struct query *q);

/* Whether the globs of the query let this path in. */
bool search_wants_path(const struct query *q, struct str path);
/* One glob, without its "!". */
bool search_glob(struct str glob, struct str path);

/* "0 flags" is "-"; else the words "literal word case ..." for people. */
void search_flags_text(uint32_t flags, struct buf *b);

/* What is wanted of a line that is a hit. */
enum search_detail {
	SEARCH_DETAIL_ALL,   /* what is shown of it, all matches marked */
	SEARCH_DETAIL_LINE,  /* only the first match */
	SEARCH_DETAIL_COUNT, /* where it is: what a certificate needs */
	SEARCH_DETAILS,
};

/*
 * MSG_SEARCH.  The blobs of a search are numbered from 0 in its order.  With
 * a store, runs of SEARCH_GROUP neighbours belong to the `parts` shares in
 * turn, and from..to counts inside this share.  Without, parts is 1, and the
 * worker feeds blobs from..to under the same job id, numbered from 0, until
 * MSG_FEED_END.  The blob of a hit on the wire is this number, plus from.
 */
struct search_start {
	uint32_t job;         /* never 0 */
	uint16_t part, parts; /* part < parts */
	uint32_t from, to;    /* from < to */
	uint8_t detail;       /* enum search_detail */
	struct query query;
	/* Without a store, and only where SEARCH_KINDS asks for it: the
	 * lexer_number() of each blob from..to. */
	struct str languages;
};

void search_start_write(const struct search_start *s, struct buf *b);
enum err search_start_read(struct search_start *s, struct arena *a,
    struct str body) MUST_CHECK;

/* The number in the whole search of blob k of a share, and how many of
 * `total` blobs a share has. */
uint32_t search_share_blob(unsigned part, unsigned parts, uint32_t k);
uint32_t search_share_size(unsigned part, unsigned parts, uint32_t total);
/* The first k of a share whose blob is not before that one. */
uint32_t search_share_from(unsigned part, unsigned parts, uint32_t blob);

struct search_span {
	uint16_t at, len; /* bytes of the excerpt */
};

struct search_hit {
	uint32_t blob;
	uint32_t line;     /* from 1 */
	uint32_t column;   /* of the first match: bytes from 0, original */
	uint32_t length;   /* of the first match: bytes, original */
	uint32_t line_len; /* bytes without LF, original */
	uint32_t cut;      /* where in the line, as searched, excerpt begins */
	uint8_t encoding;  /* enum encoding of core/encoding.h */
	uint8_t n_spans;   /* at least 1; the first is the first match */
	struct search_span spans[SEARCH_SPANS];
	struct str excerpt; /* as searched: UTF-8 where converted */
};

/* MSG_HITS: u32 job, then hits to the end of the body. */
void search_hit_write(const struct search_hit *h, struct buf *b);
struct search_hit search_hit_read(struct wire *w, struct arena *a);

enum search_skip {
	SEARCH_SKIP_LIMIT = 1, /* match, depth or heap limit on this line */
	SEARCH_SKIP_TIME,      /* processor time for this file is used up */
	SEARCH_SKIP_SIZE,      /* larger than LIMIT_BLOB */
	SEARCH_SKIP_ABSENT,    /* the object is not in the repository */
	SEARCH_SKIP_DAMAGED,   /* the object cannot be read */
	SEARCH_SKIP_CRASH,     /* the searcher died on it */
	SEARCH_SKIPS,
};
const char *search_skip_text(enum search_skip why); /* "takes too long" */

/* MSG_SEARCH_SKIP */
struct search_skipped {
	uint32_t job;
	uint32_t blob;
	uint32_t line; /* from where on; 0: all of it */
	uint8_t why;   /* enum search_skip */
};
void search_skipped_write(const struct search_skipped *s, struct buf *b);
enum err search_skipped_read(struct search_skipped *s,
    struct str body) MUST_CHECK;

/* MSG_SEARCH_PROGRESS: that many blobs of from..to are searched and their
 * hits are sent; with a store these are the first ones. */
struct search_progress {
	uint32_t job;
	uint32_t blobs;
	uint64_t bytes;
};
void search_progress_write(const struct search_progress *p, struct buf *b);
enum err search_progress_read(struct search_progress *p,
    struct str body) MUST_CHECK;

/* MSG_SEARCH_DONE: rc is not ERR_NONE for a pattern that is none, with one
 * line for people, and ERR_STOPPED after MSG_SEARCH_CANCEL. */
struct search_done {
	uint32_t job;
	uint32_t blobs;
	uint64_t bytes;
	uint32_t converted; /* blobs in a recognised encoding */
	uint8_t rc;         /* enum err */
	struct str text;
};
void search_done_write(const struct search_done *d, struct buf *b);
enum err search_done_read(struct search_done *d, struct arena *a,
    struct str body) MUST_CHECK;

/* MSG_SEARCH_HELLO: "PCRE2 10.42 2022-12-11, Unicode 14.0.0, JIT". */
void search_hello_write(struct str engine, struct buf *b);
enum err search_hello_read(struct str *engine, struct arena *a,
    struct str body) MUST_CHECK;

/*
 * What was searched and what may be claimed of it.  complete is true only
 * when every blob that the query names was searched to its end.  Files that
 * are withheld from a session are counted, and are not among them.
 */
struct search_release {
	struct str name;
	struct oid commit, tree;
};

struct search_release *search_releases_copy(struct arena *a,
    const struct search_release *r, uint32_t n);

struct search_missed {
	struct str path;
	struct oid blob;
	uint32_t line;
	uint8_t why;
};

struct search_certificate {
	struct query query;
	const struct search_release *releases;
	uint32_t n_releases;
	uint32_t files; /* paths that the query names, all releases */
	uint32_t blobs, blobs_done; /* distinct contents among them */
	uint64_t bytes;             /* searched */
	uint32_t converted; /* blobs searched in their recognised encoding */
	uint32_t withheld;  /* files that are not in the image: not searched */
	uint32_t hits;      /* lines, each distinct content once */
	uint32_t hit_files; /* paths that hold them */
	const struct search_missed *missed;
	uint32_t n_missed; /* in missed[]: never cut */
	struct str engine;
	struct hash result; /* see search_result_add() */
	bool complete;
	struct str why; /* "stopped", ...; "" when complete */
};

void search_certificate_write(const struct search_certificate *c,
    struct buf *b);
struct search_certificate search_certificate_read(struct wire *w,
    struct arena *a);
/* "COMPLETE 4847/4847 blobs 41.2MB; 0 skipped; 16 converted": one line. */
void search_certificate_line(const struct search_certificate *c, struct buf *b);
/* The whole of it, lines of at most 80 columns where names allow it. */
void search_certificate_text(const struct search_certificate *c, struct buf *b);

/* The result hash: SHA-256 over, for each blob with hits in the order of the
 * list, its oid, as u32 little endian how many, and the hits as
 * core/search_lines.h packs them. */
void search_result_add(struct hash_run *run, const struct oid *blob,
    uint32_t hits, struct str packed);
