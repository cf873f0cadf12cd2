#include "policy/parts.h"

#include <sched.h>
#include <string.h>

#include "core/io.h"
#include "core/oidset.h"
#include "core/spawn.h"
#include "policy/provision_inside.h"

/*
 * Who reads what.  What was delivered is hostile, and the medium it lies on
 * may be, too: it need not say the same twice.  Three read it: the walk of
 * this process, which makes the lists, and the two parts that pack.  Each of
 * these computes the name of every object from the bytes that it then uses.
 * What the walk said and what is packed can differ in no bit, then, but
 * through two contents of one name; the parts that pack refuse what was made
 * for that.  All others read nothing but the packs of the image.  A name that
 * the lists have and the image has not ends the run.
 */

/* About so many nanoseconds each, measured; for the order and the percents,
 * not for the result. */
enum {
	PACK_BYTE = 25,
	PACK_OBJECT = 180000,
	STORE_BYTE = 18,
	SYMBOLS_BYTE = 40,
	PRINTS_BYTE = 60,
	PRINTS_OBJECT = 200000,
	INDEX_COMMIT = 120000,
	SUM_BYTE = 4,
	JOIN_PART = 5, /* of the fingerprints */
};

enum { STORE, SYMBOLS, PRINTS, HISTORY, PACKS }; /* of w->files */

/* One part: everything is decided before the first begins, but the lists. */
struct work {
	struct provision_work *w;
	enum err (*run)(struct provision_work *w);
	int slice;      /* of the fingerprints, instead of run; or -1 */
	bool tells_why; /* its note is why there are no symbols */
};

static enum err
sum_packs(struct provision_work *w)
{
	return provision_manifest_sum_packs(w, PACKS);
}

static enum err
sum_store(struct provision_work *w)
{
	return provision_manifest_sum_text(w, "store", STORE);
}

static enum err
sum_symbols(struct provision_work *w)
{
	return provision_manifest_sum_text(w, "symbols", SYMBOLS);
}

static enum err
sum_prints(struct provision_work *w)
{
	return provision_manifest_sum_text(w, "prints", PRINTS);
}

static enum err
sum_history(struct provision_work *w)
{
	return provision_manifest_sum_text(w, "history", HISTORY);
}

/* In the process of the part: what it finds out of w is lost with it, but
 * for what is shared and for what there is to be said. */
static enum err
run(void *arg, struct parts_line *line, struct buf *notes)
{
	const struct work *k = arg;
	struct provision_work *w = k->w;
	size_t before = w->p->notice.len;
	enum err rc;

	w->line = line;
	w->parts = NULL;
	rc = k->slice < 0 ? k->run(w) :
			    provision_prints_slice(w, (unsigned)k->slice);
	buf_str(notes,
	    k->tells_why ? w->p->symbols_why :
			   str_slice(w->p->notice, before, SIZE_MAX));
	return rc;
}

static void
take_notes(void *arg, void *of_part, struct str notes)
{
	struct provision_work *w = arg;
	const struct work *k = of_part;
	struct str line;

	if (k->tells_why)
		w->p->symbols_why = arena_copy(w->a, notes);
	else
		while (str_cut(&notes, '\n', &line))
			if (line.len > 0)
				provision_note(w, line);
}

static void
progress(void *arg, unsigned thousandths, const char *what)
{
	const struct provision_work *w = arg;

	if (w->p->working != NULL)
		w->p->working(w->p->arg, thousandths, what);
}

static unsigned
processors(void)
{
	cpu_set_t set;
	int n =
	    sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;

	return n < 1 ? 1 : (unsigned)n;
}

unsigned
provision_parts_at_once(const struct provision_work *w)
{
	return w->p->at_once == 0 ? processors() : w->p->at_once;
}

/* Different files of the releases, and their bytes. */
static uint64_t
count_bytes(const struct provision_work *w)
{
	struct oidset seen = { 0 };
	uint64_t bytes = 0;
	uint32_t number;

	for (uint32_t i = 0; i < w->m.n_entries; i++) {
		const struct manifest_entry *e = &w->m.entries[i];

		if (e->shown && oidset_add(&seen, &number, &e->blob))
			bytes += e->bytes;
	}
	oidset_release(&seen);
	return bytes;
}

static enum err
share(struct provision_work *w)
{
	struct io_names packs;
	void *files, *sums;
	enum err rc = io_list(&packs, w->a,
	    arena_printf(w->a, "%s/repo.git/objects/pack", w->out.at).at);

	w->n_files = PACKS + packs.len + 4;
	w->sums_bytes = w->n_contents * sizeof *w->sums;
	if (rc == ERR_NONE)
		rc = spawn_share(&files, w->n_files * sizeof *w->files);
	if (rc != ERR_NONE)
		return rc;
	w->files = files;
	rc = spawn_share(&sums, w->sums_bytes);
	if (rc == ERR_NONE)
		w->sums = sums;
	return rc;
}

void
provision_parts_close(struct provision_work *w)
{
	parts_close(w->parts);
	if (w->fingerprinted != NULL && w->fingerprinted != w)
		provision_image_close(w->fingerprinted);
	w->fingerprinted = NULL;
	spawn_unshare(w->files, w->n_files * sizeof *w->files);
	spawn_unshare(w->sums, w->sums_bytes);
	w->parts = NULL;
	w->files = NULL;
	w->sums = NULL;
}

static uint64_t
add_part(struct provision_work *w, const char *name, uint64_t needs,
    uint64_t work, enum err (*fn)(struct provision_work *w), int slice)
{
	struct work *k = arena_array(w->a, 1, struct work);

	*k = (struct work){ .w = w,
		.run = fn,
		.slice = slice,
		.tells_why = fn == provision_symbols_write };
	return (uint64_t)1 << parts_add(w->parts,
		   &(struct part){ .name = name,
		       .needs = needs,
		       .work = work,
		       .run = run,
		       .arg = k });
}

static uint64_t
add(struct provision_work *w, const char *name, uint64_t needs, uint64_t work,
    enum err (*fn)(struct provision_work *w))
{
	return add_part(w, name, needs, work, fn, -1);
}

static uint64_t
add_prints(struct provision_work *w, uint64_t needs, uint64_t work)
{
	uint64_t all = 0;

	for (int i = 0; i < PROVISION_SLICES; i++)
		all |= add_part(w, "fingerprints", needs,
		    work / PROVISION_SLICES, NULL, i);
	return add(w, "joining fingerprints", all, work / JOIN_PART,
	    provision_prints_join);
}

/* files: the part that packs them; bytes: of the releases. */
static void
add_all(struct provision_work *w, uint64_t files, uint64_t bytes)
{
	const struct git_image_facts *f = &w->p->image;
	uint64_t rest = f->packed, objects = w->n_contents;
	uint64_t history = add(w, "packing history", 0, rest * PACK_OBJECT,
	    provision_image_history);
	uint64_t packs = files | history;
	uint64_t store = add(w, "text store", files, bytes * STORE_BYTE,
	    provision_text_store);
	uint64_t symbols = add(w, "symbols", files, bytes * SYMBOLS_BYTE,
	    provision_symbols_write);
	uint64_t prints =
	    add_prints(w, packs, bytes * PRINTS_BYTE + objects * PRINTS_OBJECT);
	uint64_t index = add(w, "index of history", packs,
	    f->commits * INDEX_COMMIT, provision_history_write);

	(void)add(w, "hashing packs", packs, bytes / 3 * SUM_BYTE, sum_packs);
	(void)add(w, "hashing the store", store, bytes * SUM_BYTE, sum_store);
	(void)add(w, "hashing symbols", symbols, bytes / 8 * SUM_BYTE,
	    sum_symbols);
	(void)add(w, "hashing fingerprints", prints, bytes / 3 * SUM_BYTE,
	    sum_prints);
	(void)add(w, "hashing history", index, bytes / 8 * SUM_BYTE,
	    sum_history);
}

static enum err
run_all(struct provision_work *w)
{
	uint64_t bytes = count_bytes(w);
	uint64_t files = add(w, "packing files", 0, bytes * PACK_BYTE,
	    provision_image_files);
	enum err rc;

	/* They are known already: packing begins while history is counted. */
	parts_own(w->parts, "counting");
	rc = provision_image_count(w);
	parts_own_done(w->parts);
	if (rc == ERR_NONE)
		rc = provision_prints_begin(w);
	if (rc == ERR_NONE)
		rc = share(w);
	if (rc != ERR_NONE)
		return rc;
	add_all(w, files, bytes);
	return parts_finish(w->parts);
}

enum err
provision_parts(struct provision_work *w)
{
	const struct parts_wish wish = {
		.at_once = provision_parts_at_once(w),
		.progress = progress,
		.notes = take_notes,
		.arg = w,
	};
	enum err rc = provision_image_open(w);

	if (rc != ERR_NONE)
		return rc;
	w->parts = parts_open(&wish);
	rc = run_all(w);
	parts_close(w->parts);
	w->parts = NULL;
	if (rc == ERR_NONE)
		rc = provision_symbols_read(w);
	return rc == ERR_NONE ? provision_image_refs(w) : rc;
}
