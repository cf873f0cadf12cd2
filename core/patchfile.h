/*
 * patchfile.h - a patch as somebody sent it, and how much of it is in a file.
 *
 * Unified diffs, git's too: "--- ", "+++ ", "@@ -1,2 +3,4 @@" and lines that
 * begin with blank, - or +.  What stands around them (a mail, "diff --git",
 * "index") is passed over.  The bytes are hostile: nothing of them is
 * believed but the lines themselves.
 */
#pragma once

#include "core/arena.h"

struct patchfile_line {
	struct str text; /* without sign and LF */
	char kind;       /* ' ', '-', '+' */
};

struct patchfile_hunk {
	uint32_t old_first, old_len, new_first, new_len; /* as it says */
	uint32_t first, len; /* of the lines of the patch */
	uint32_t added, removed;
	bool torn; /* fewer or more lines than it says */
};

struct patchfile_file {
	struct str old_path, new_path; /* without "a/", "b/"; "" /dev/null */
	uint32_t first, len;           /* of the hunks */
	bool binary;                   /* a change it does not spell out */
};

struct patchfile {
	struct patchfile_file *files;
	struct patchfile_hunk *hunks;
	struct patchfile_line *lines;
	uint32_t n_files, n_hunks, n_lines;
};

enum { PATCHFILE_MAX = 64 << 20 };

/* Lines borrowed from bytes, all else in a.  ERR_FORMAT: no hunk in it;
 * ERR_LIMIT: over PATCHFILE_MAX. */
enum err patchfile_read(struct patchfile *out, struct arena *a,
    struct str bytes) MUST_CHECK;

enum patchfile_state {
	PATCHFILE_APPLIED, /* what it makes stands there */
	PATCHFILE_PARTLY,  /* some of its lines do */
	PATCHFILE_NOT,     /* what it takes away stands there */
	PATCHFILE_NEITHER, /* nothing of either: another code */
};

const char *patchfile_state_name(enum patchfile_state s);

struct patchfile_verdict {
	enum patchfile_state state;
	bool blanks;   /* only when blanks at line ends make no difference */
	uint32_t line; /* where in the text, from 1; 0: nowhere */
	uint32_t there, gone; /* added lines that stand there near that
			       * place, removed ones that do not */
};

/* The lines of a text, cut once for all hunks. */
struct patchfile_text {
	struct str *at;
	uint32_t len;
};
struct patchfile_text patchfile_cut(struct arena *a, struct str text);

/*
 * How a hunk stands in a text: first as it makes it, then as it finds it,
 * both anywhere, nearest to where it says; then line by line.
 */
struct patchfile_verdict patchfile_judge(const struct patchfile *p,
    const struct patchfile_hunk *h, const struct patchfile_text *text);
