/*
 * parcel.h - something that asks to leave, and what the checker says of it.
 *
 * The checker is asked about exact bytes.  Longer candidates travel in
 * pieces; the checker answers each whole candidate once.  A newer candidate
 * (larger id) replaces one that is still coming in.
 */
#pragma once

#include "core/arena.h"
#include "core/hash.h"
#include "policy/pages.h"
#include "policy/rules.h"

enum {
	PARCEL_BYTES_MAX = 8 * 1024 * 1024, /* a candidate with its context */
	PARCEL_PIECE = 48 * 1024,           /* in one message */
	PARCEL_SPANS_MAX = 1024,            /* in one verdict */
};

/* An export before it left: struct parcel p = { 0 } asks for nothing. */
struct parcel {
	struct str author; /* short name of the person, as in the rules */
	struct str bytes;  /* exactly what would leave: findings.json */
	uint32_t classes;  /* set of 1 << enum class: what is in it */
	uint32_t findings, notes;        /* how many, for the journal */
	const struct pages_facts *pages; /* a request for pages; NULL: none */
};

/* Where source was found, as bytes of the candidate. */
enum span_kind {
	SPAN_TOKENS,  /* the very tokens */
	SPAN_WORDS,   /* the words without the punctuation */
	SPAN_LETTERS, /* the very characters, whatever the blanks */
	/* From here on questions only: */
	SPAN_CLASSES, /* the same shape with other names */
	SPAN_REMARKS, /* words of comments */
	SPAN_PUBLIC,  /* source that is public anyway: told, and passes */
};

struct span {
	uint32_t at, len;
	uint32_t tokens; /* how many tokens of source it covers */
	uint8_t kind;    /* enum span_kind */
};

struct candidate {
	uint32_t id;
	uint32_t total;   /* bytes of the whole candidate */
	uint32_t context; /* that many in front left earlier: what lies
	                   * in them alone is not reported again */
	uint32_t at;      /* where this piece belongs */
	struct str piece; /* borrowed */
};

struct verdict_source {
	uint32_t id;
	bool ready;        /* false: still reading the source, nothing judged */
	uint64_t done, of; /* files read so far, when not ready; of 0: ? */
	struct hash hash;  /* SHA-256 of what was judged, context included */
	uint32_t tokens;   /* of source in it, tokens and words, each once */
	uint32_t run;      /* longest unbroken run of them */
	uint32_t shapes;   /* tokens in spans of SPAN_CLASSES */
	uint32_t remarks;  /* words in spans of SPAN_REMARKS */
	uint32_t open;     /* tokens in spans of SPAN_PUBLIC */
	bool more;         /* spans were left out: over PARCEL_SPANS_MAX */
	struct span *spans; /* by at, within the candidate without context */
	uint32_t n_spans;
};

/* Sends bytes as pieces through put(arg, body), each one MSG_CANDIDATE. */
void parcel_send(uint32_t id, struct str context, struct str bytes,
    void (*put)(void *arg, struct str body), void *arg);

void parcel_candidate_write(const struct candidate *c, struct buf *b);
enum err parcel_candidate_read(struct candidate *out,
    struct str body) MUST_CHECK;

void parcel_verdict_write(const struct verdict_source *v, struct buf *b);
/* Spans in a; every span lies within total bytes, sorted. */
enum err parcel_verdict_read(struct verdict_source *out, struct arena *a,
    struct str body) MUST_CHECK;

/* The checker's end: collects pieces in order. */
struct parcel_inbox {
	uint32_t id, total, context;
	struct buf bytes;
};
/* *whole becomes true with the last piece. */
enum err parcel_take(struct parcel_inbox *in, bool *whole,
    struct str body) MUST_CHECK;
void parcel_release(struct parcel_inbox *in);
