/*
 * symbols.h - what is defined where: text/symbols of a session image.
 *
 * For each distinct content of the releases, the definitions that a parser
 * of its language found in it; and all names in order, each with its
 * definitions.  Releases and paths are the text store's business: a content
 * is named by its id.  Made by policy/ctags.c in the lab; vitrine-index(5).
 *
 * The file may be large and far away: opening looks at the header alone, and
 * every record is checked when it is read, so that an answer costs the few
 * pages it touches.  ERR_FORMAT: the record is damaged.
 */
#pragma once

#include "core/arena.h"
#include "core/oid.h"

struct symbols;

enum err symbols_open(struct symbols **out, const char *path) MUST_CHECK;
/* Bytes in memory, 8-byte aligned; they stay the caller's. */
enum err symbols_open_bytes(struct symbols **out, struct str bytes) MUST_CHECK;
void symbols_close(struct symbols *s); /* NULL is fine */

/* What found them: "Universal Ctags 5.9.0". */
struct str symbols_method(const struct symbols *s);

enum symbols_state {
	SYMBOLS_READ = 1, /* has definitions */
	SYMBOLS_EMPTY,    /* it defines nothing, or no parser knows it */
	SYMBOLS_FAILED,   /* the parser was stopped: time, memory, a crash */
	SYMBOLS_STATES,
};
uint32_t symbols_contents(const struct symbols *s);
struct symbols_content {
	struct oid id;
	enum symbols_state state;
	uint32_t first, n; /* its definitions, by line */
};
/* In the order of the text store. */
enum err symbols_content(struct symbols_content *out, const struct symbols *s,
    uint32_t i) MUST_CHECK;
/* ERR_ABSENT: not in it, without a text. */
enum err symbols_content_of(struct symbols_content *out,
    const struct symbols *s, const struct oid *id) MUST_CHECK;
/* How many contents are in that state. */
uint32_t symbols_count(const struct symbols *s, enum symbols_state state);

struct symbol {
	struct str name, kind; /* "function", "macro"; borrowed from s */
	struct str scope;      /* the struct or class it stands in, or "" */
	uint32_t line, last;   /* last line of it; line when not known */
	uint32_t content;
};
uint32_t symbols_definitions(const struct symbols *s);
enum err symbols_definition(struct symbol *out, const struct symbols *s,
    uint32_t i) MUST_CHECK;

/* Names in the order of their bytes, none twice. */
uint32_t symbols_names(const struct symbols *s);
enum err symbols_name(struct str *out, const struct symbols *s,
    uint32_t i) MUST_CHECK;
/* The first name that is not before this one. */
enum err symbols_lower(uint32_t *i, const struct symbols *s,
    struct str name) MUST_CHECK;
/*
 * Definitions of exactly this name: numbers for symbols_definition(),
 * ascending; *n is 0 when there are none.
 */
enum err symbols_find(const uint32_t **at, uint32_t *n, const struct symbols *s,
    struct str name) MUST_CHECK;

/* Making one.  Contents in the order of the text store. */
struct symbols_writer;
struct symbols_writer *symbols_write_start(struct str method);
/* What is added next belongs to this content. */
void symbols_write_content(struct symbols_writer *w, const struct oid *id,
    enum symbols_state state);
void symbols_write_add(struct symbols_writer *w, const struct symbol *symbol);
/* The last content is in another state. */
void symbols_write_state(struct symbols_writer *w, enum symbols_state state);
/* The same, and it loses what was added. */
void symbols_write_drop_last(struct symbols_writer *w,
    enum symbols_state state);
/* A content as an older index has it.  ERR_ABSENT: it does not, or another
 * method made it. */
enum err symbols_write_copy(struct symbols_writer *w, const struct symbols *old,
    const struct oid *id) MUST_CHECK;
/* Appends the file to out and frees w; out NULL: only that. */
void symbols_write_finish(struct symbols_writer *w, struct buf *out);

enum { SYMBOLS_NAME_MAX = 1024 }; /* longer names are not kept */
