#include "tui/refound.h"

#include <stdlib.h>

struct refound {
	struct noting *noting;
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

void
refound_close(struct refound *f)
{
	if (f == NULL)
		return;
	arena_release(&f->arena);
	free(f);
}

void
refound_send(struct refound *f)
{
	const struct noting_out *out = noting_ports(f->noting);
	const struct book *b = noting_book(f->noting);
	struct buf all = { 0 };

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
	arena_release(&f->arena);
	f->arena = a;
	f->all = got;
	shell_wake(noting_shell(f->noting));
	shell_redraw(noting_shell(f->noting));
	return ERR_NONE;
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
