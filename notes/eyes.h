/*
 * eyes.h - who read which lines of which file, of several people.
 *
 * Laid together by release and path; a line counts once, whoever says how
 * often that it was read.  Four eyes: two people at least reviewed it.
 */
#pragma once

#include "core/rooms.h"
#include "core/sweep.h"
#include "notes/findings_lines.h"

/* What one of them says; two of the same name are one person. */
struct eyes_said {
	struct str who;
	const struct findings_lines *at;
	uint32_t n;
};

struct eyes_file {
	struct str release, path;
	struct oid commit;
	uint32_t lines; /* as the first says who read in it */
	struct sweep_part *parts;
	size_t n;
};

struct eyes {
	struct str people[SWEEP_PEOPLE]; /* bit i of a part is people[i] */
	uint32_t n_people;
	struct eyes_file *files; /* by release, path */
	size_t n;
	uint32_t left_out; /* files of people, or of releases, too many */
};

/* The commit of a release as the session has it, whatever the export says;
 * without a session what the export says.  false: there is no such release. */
bool eyes_commit(struct oid *out, const struct start *s,
    const struct findings_lines *l);

/* Everything in a, but the names.  s may be NULL: what is said is believed. */
void eyes_lay(struct eyes *out, struct arena *a, const struct eyes_said *said,
    size_t n, const struct start *s);

/* Lines of a file, or of all below a folder of a release. */
struct eyes_sum {
	uint64_t lines; /* of files that anybody read in */
	uint32_t files;
	uint64_t seen, reviewed, twice; /* by any; reviewed by two at least */
	uint64_t by[SWEEP_PEOPLE];      /* reviewed by each */
};
void eyes_add(struct eyes_sum *sum, const struct eyes *e,
    const struct eyes_file *f);
