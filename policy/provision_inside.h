/*
 * provision_inside.h - a session image while it is made.
 *
 * policy/provision.c decides what goes in; provision_image.c packs it;
 * provision_text.c, _symbols.c, _prints.c and _history.c make of it what
 * reading is fast with, each by itself; provision_manifest.c says what is
 * there.
 */
#pragma once

#include "core/git_repo.h"
#include "core/history_index.h"
#include "core/symbols.h"
#include "core/textstore.h"
#include "policy/parts.h"
#include "policy/provision.h"
#include "policy/session.h"

/* A content that goes into the image, and what is told of it. */
struct provision_content {
	struct oid id;
	struct str path; /* one of its names, for the syntax */
};

struct provision_sum {
	struct hash hash;
	uint8_t md5[HASH_MD5_BYTES];
	bool known;
};

/* A file of the session whose hashes are known: below its folder. */
struct provision_file {
	char path[128]; /* "": not known yet */
	uint64_t bytes;
	struct provision_sum sum;
};

struct provision_source {
	struct str product, git; /* git: the directory of the objects */
	struct git_repo *repo;
};

struct provision_work {
	struct provision *p;
	struct arena *a;
	struct git_repo *repo; /* objects of all sources; the first's */
	struct provision_source *sources;
	size_t n_sources;
	struct buf notice;
	struct symbols *old_symbols; /* of p->before, or NULL */
	struct history_index *old_history;
	struct textstore *old_store;
	struct session *old; /* p->before, verified; NULL: none */
	const struct manifest_entry **old_entries; /* its shown ones, by blob */
	size_t n_old_entries;
	const struct manifest_file **copied; /* of its files, as they are */
	size_t n_copied;
	/* Its objects and fingerprints are taken over: everything in them
	 * belongs into this session, too.  NULL: they are not. */
	struct git_repo *before;
	struct release *releases;
	struct oid *trees;
	struct str *patches;    /* bytes of rules.patches */
	struct str *checklists; /* bytes of rules.checklists */
	struct manifest m;
	uint32_t room;                      /* of m.entries */
	struct git_image *image;            /* what goes in */
	struct provision_content *contents; /* by id */
	size_t n_contents, contents_room;
	/* Those of w->contents that the releases show, in the order of the
	 * store: by their first place. */
	const struct provision_content **order;
	size_t n_order;
	struct provision_work *fingerprinted; /* whose contents are */
	bool adds;                  /* to the fingerprints of before */
	struct provision_sum *sums; /* of each content, shared */
	size_t sums_bytes;
	struct provision_file *files; /* of the session, shared */
	size_t n_files;
	struct parts *parts;     /* of this run; in a part NULL */
	struct parts_line *line; /* in a part */
	int dir;
	struct str out, conf;
	uint32_t release; /* being walked */
};

void provision_tell(const struct provision_work *w, const char *what,
    uint64_t done, uint64_t of);
/* NULL: not of this image. */
struct provision_content *provision_content(const struct provision_work *w,
    const struct oid *id);

/* The path of a file in the folder that the rules lie in. */
const char *provision_beside(const struct provision_work *w, struct str name);

/*
 * policy/provision_image.c: repo.git.  begin: folders, and what is taken over
 * from an earlier session; open: looks through the files of the releases;
 * files: packs them; count: looks through the rest of history, and then
 * w->contents is whole; history: packs it; refs: says that both are there.
 */
enum err provision_image_begin(struct provision_work *w) MUST_CHECK;
enum err provision_image_open(struct provision_work *w) MUST_CHECK;
enum err provision_image_files(struct provision_work *w) MUST_CHECK;
enum err provision_image_count(struct provision_work *w) MUST_CHECK;
enum err provision_image_history(struct provision_work *w) MUST_CHECK;
enum err provision_image_refs(struct provision_work *w) MUST_CHECK;
void provision_image_close(struct provision_work *w);
/* A copy with an image and contents of its own: all that belong into it, also
 * those that an earlier session has.  For provision_image_close(). */
enum err provision_image_contents(struct provision_work *out,
    const struct provision_work *w) MUST_CHECK;
/* What was packed, to be read without looking at names again. */
enum err provision_image_repo(struct git_repo **out,
    const struct provision_work *w) MUST_CHECK;

/* Opens all that was delivered; notices are in w->notice. */
enum err provision_open(struct provision_work *w) MUST_CHECK;
void provision_open_close(struct provision_work *w);
/* What was imported is not needed any more. */
enum err provision_open_clean(struct provision_work *w) MUST_CHECK;
const struct provision_source *provision_open_source(
    const struct provision_work *w, struct str product);

/* Whether this file of the session folder is finished already. */
bool provision_has(const struct provision_work *w, const char *name);

/*
 * policy/provision_before.c: opens what an earlier session knows, after it was
 * verified; then, when the commits of the releases are known, decides
 * whether its packs are taken over, and takes them.
 */
enum err provision_before(struct provision_work *w) MUST_CHECK;
enum err provision_before_open(struct provision_work *w) MUST_CHECK;
enum err provision_before_packs(struct provision_work *w) MUST_CHECK;
void provision_before_close(struct provision_work *w);
/* What its manifest says of a content, or of a file that was copied and has
 * the bytes that were signed; NULL: nothing. */
const struct manifest_entry *provision_before_entry(
    const struct provision_work *w, const struct oid *id);
const struct manifest_file *provision_before_copied(
    const struct provision_work *w, struct str path);
/* A content that was there, and was read for its fingerprints. */
bool provision_before_has(const struct provision_work *w, const struct oid *id);
/* A line for people, added to p->notice. */
void provision_note(struct provision_work *w, struct str line);

/* text/store, and w->sums of every content that the releases show. */
enum err provision_text_store(struct provision_work *w) MUST_CHECK;
/* text/symbols, from the store; and what is to be said of it, in w->p. */
enum err provision_symbols_write(struct provision_work *w) MUST_CHECK;
enum err provision_symbols_read(struct provision_work *w) MUST_CHECK;
/*
 * text/prints, of every content.  begin: decides of which; slice: those of a
 * part of all paths, into a piece; join: puts the pieces together.  How many
 * there are is not the number of processors, which no byte depends on.
 */
enum { PROVISION_SLICES = 8 };
enum err provision_prints_begin(struct provision_work *w) MUST_CHECK;
enum err provision_prints_slice(struct provision_work *w,
    unsigned slice) MUST_CHECK;
enum err provision_prints_join(struct provision_work *w) MUST_CHECK;
/* text/history, of the repository in the image. */
enum err provision_history_write(struct provision_work *w) MUST_CHECK;
/*
 * policy/provision_parts.c: all of repo.git and text/, each part in a process
 * of its own, as many at once as there are processors.
 */
enum err provision_parts(struct provision_work *w) MUST_CHECK;
unsigned provision_parts_at_once(const struct provision_work *w);
void provision_parts_close(struct provision_work *w);
/* The hashes of a file of text/, or of all packs from the slot on, into
 * w->files; so that provision_manifest_write() need not read them. */
enum err provision_manifest_sum_text(struct provision_work *w, const char *name,
    size_t slot) MUST_CHECK;
enum err provision_manifest_sum_packs(struct provision_work *w,
    size_t slot) MUST_CHECK;
/* The hashes of all files, and manifest and signature over them. */
enum err provision_manifest_write(struct provision_work *w) MUST_CHECK;

struct prints_builder;
/* The patches that the rules name, from beside them.  ERR_FORMAT: none, or
 * about files that the scope does not show; ERR_ABSENT: not there. */
enum err provision_patches_read(struct provision_work *w) MUST_CHECK;
/* Both sides of what they change, as source that may not be quoted. */
void provision_patches_print(const struct provision_work *w,
    struct prints_builder *b);
/* text/patches/NAME */
enum err provision_patches_write(struct provision_work *w) MUST_CHECK;

/* The checklists that the rules name, from beside them.  ERR_FORMAT: with
 * file and line; ERR_ABSENT: not there. */
enum err provision_checklists_read(struct provision_work *w) MUST_CHECK;
/* text/checklists/NAME */
enum err provision_checklists_write(struct provision_work *w) MUST_CHECK;
