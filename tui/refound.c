#include "tui/refound.h"

#include <stdlib.h>

#include "core/array.h"
#include "core/limits.h"

struct revision {
	struct arena arena;
	struct hatch_founds all;
};

struct refound {
	struct noting *noting;
	struct revision *revisions; /* LIMIT_RELEASES at most */
	size_t n_revisions, room;
	struct arena arena;
	struct hatch_founds all;
};

struct refound *
refound_open(struct noting *n)
{
	struct refound *f = calloc(1, sizeof *f);

	if (f == NULL)
		bug("no memory for anchors");
	f->noting = n;
	return f;
}

static void
forget(struct refound *f)
{
	for (size_t i = 0; i < f->n_revisions; i++)
		arena_release(&f->revisions[i].arena);
	f->n_revisions = 0;
}

void
refound_close(struct refound *f)
{
	if (f == NULL)
		return;
	forget(f);
	free(f->revisions);
	arena_release(&f->arena);
	free(f);
}

void
refound_send(struct refound *f)
{
	const struct noting_out *out = noting_ports(f->noting);
	const struct book *b = noting_book(f->noting);
	struct buf all = { 0 };

	forget(f);
	for (size_t i = 0; b != NULL && i < book_len(b); i++) {
		const struct book_item *it = book_at(b, i);
		struct hatch_found row = { .number = it->number,
			.glyph = book_glyph(it->type) };

		if (it->now == NULL || !it->now->anchored ||
		    it->now->at.path.len == 0)
			continue;
		row.at = it->now->at;
		hatch_write_found(&all, &row);
	}
	out->anchors(out->arg, buf_view(&all));
	buf_release(&all);
}

/* Where that revision is kept; when there are too many, the last gives
 * way. */
static struct revision *
slot_of(struct refound *f, const struct oid *commit)
{
	for (size_t i = 0; i < f->n_revisions; i++)
		if (oid_eq(&f->revisions[i].all.commit, commit))
			return &f->revisions[i];
	if (f->n_revisions == LIMIT_RELEASES)
		return &f->revisions[LIMIT_RELEASES - 1];
	f->revisions = array_more(f->revisions, f->n_revisions, &f->room,
	    sizeof *f->revisions);
	f->revisions[f->n_revisions] = (struct revision){ 0 };
	return &f->revisions[f->n_revisions++];
}

static enum err
keep(struct refound *f, struct str all)
{
	struct revision got = { 0 }, *to;
	enum err rc = hatch_read_founds(&got.all, &got.arena, all, true);

	if (rc != ERR_NONE) {
		arena_release(&got.arena);
		return rc;
	}
	to = slot_of(f, &got.all.commit);
	arena_release(&to->arena);
	*to = got;
	return ERR_NONE;
}

size_t
refound_revisions(const struct refound *f)
{
	return f->n_revisions;
}

struct str
refound_revision(const struct refound *f, size_t i, struct oid *commit)
{
	*commit = f->revisions[i].all.commit;
	return f->revisions[i].all.name;
}

const struct hatch_found *
refound_in(const struct refound *f, size_t i, uint64_t number)
{
	const struct hatch_founds *all = &f->revisions[i].all;

	for (size_t k = 0; k < all->len; k++)
		if (all->at[k].number == number)
			return &all->at[k];
	return NULL;
}

enum err
refound_take(struct refound *f, struct str all)
{
	struct arena a = { 0 };
	struct hatch_founds got;
	enum err rc = hatch_read_founds(&got, &a, all, true);

	if (rc != ERR_NONE) {
		arena_release(&a);
		return rc;
	}
	rc = keep(f, all);
	if (rc == ERR_NONE && got.name.len > 0) {
		arena_release(&f->arena);
		f->arena = a;
		f->all = got;
	} else {
		arena_release(&a);
	}
	shell_wake(noting_shell(f->noting));
	shell_redraw(noting_shell(f->noting));
	return rc;
}

const struct hatch_found *
refound_of(const struct refound *f, uint64_t number)
{
	for (size_t i = 0; i < f->all.len; i++)
		if (f->all.at[i].number == number)
			return &f->all.at[i];
	return NULL;
}

struct str
refound_name(const struct refound *f)
{
	return f->all.name;
}

struct str
refound_name_of(const struct refound *f, const struct oid *commit)
{
	return oid_eq(&f->all.commit, commit) ? f->all.name : STR("");
}

bool
refound_stale(const struct hatch_found *found)
{
	return found != NULL &&
	    (found->state == REFIND_CHANGED || found->state == REFIND_ABSENT);
}

size_t
refound_count(const struct refound *f)
{
	size_t n = 0;

	for (size_t i = 0; i < f->all.len; i++)
		n += refound_stale(&f->all.at[i]);
	return n;
}

const char *
refound_glyph(const struct hatch_found *found)
{
	static const char *const glyphs[REFIND_STATES] = {
		[REFIND_UNKNOWN] = " ",
		[REFIND_UNCHANGED] = "=",
		[REFIND_MOVED] = ">",
		[REFIND_CHANGED] = "~",
		[REFIND_ABSENT] = "-",
	};

	return found == NULL ? " " : glyphs[found->state];
}
