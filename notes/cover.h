/*
 * cover.h - which lines were on the screen long enough to be read, and which
 * were declared reviewed.
 *
 * Coverage hangs on content: a file that has the same bytes under another
 * name or in another release is covered as well.  Lines count from 1; first
 * 0 means all lines, whatever their number.
 */
#pragma once

#include "core/anchor.h"

struct cover;

enum cover_layer { COVER_SEEN, COVER_REVIEWED, COVER_LAYERS };

struct cover *cover_open(void);
void cover_close(struct cover *c); /* NULL is fine */

/* Lines of at->blob are covered, or (is false) no longer; true: that was
 * not so before.  Copies what it keeps. */
bool cover_set(struct cover *c, enum cover_layer layer, const struct anchor *at,
    bool is);
/* Many runs of one content at once: n pairs first, last; at's lines do not
 * count. */
void cover_set_runs(struct cover *c, enum cover_layer layer,
    const struct anchor *at, const uint32_t *pairs, uint32_t n);
/* Nothing of that content is covered any more in that layer. */
void cover_clear(struct cover *c, enum cover_layer layer,
    const struct oid *blob);
bool cover_has(const struct cover *c, enum cover_layer layer,
    const struct oid *blob, uint32_t line);

/* Of lines first..last, the runs that are not covered: pairs of uint32_t,
 * appended to out. */
void cover_missing(const struct cover *c, enum cover_layer layer,
    const struct oid *blob, uint32_t first, uint32_t last, struct buf *out);

/* Contents in the order they came, each with ascending spans that do not
 * touch; borrowed until the next cover_set() or cover_clear(). */
struct cover_file {
	struct oid commit, blob; /* where it was met first */
	struct str path;
	const uint32_t *spans[COVER_LAYERS]; /* pairs: first, last */
	uint32_t len[COVER_LAYERS];          /* pairs */
};
size_t cover_files(const struct cover *c);
struct cover_file cover_file(const struct cover *c, size_t i);

/* false: nothing of that content was ever covered. */
bool cover_find(const struct cover *c, struct cover_file *out,
    const struct oid *blob);

/* What was covered last, and its last line; false: nothing was. */
bool cover_newest(const struct cover *c, struct cover_file *file,
    uint32_t *line);

/* Marks of all layers, '.' and '#': appended to *marks, which was made by
 * malloc() or is NULL; strings borrowed from c. */
void cover_marks(const struct cover *c, struct mark **marks, size_t *n);
