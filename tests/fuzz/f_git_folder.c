#include <string.h>

#include "core/git_folder.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
parse(struct git_folder *f, struct str bytes, const struct git_folder *like)
{
	const struct git_bytes raw = { .bytes = bytes, .kind = GIT_TREE };
	const struct oid id = { 0 };
	bool done = git_folder_parse(f, raw, &id, like) == ERR_NONE;

	err_clear();
	return done;
}

static bool
is_one(const struct git_folder *f, const struct tree_entry *e)
{
	for (uint32_t i = 0; i < f->n; i++) {
		struct tree_entry own = git_folder_entry(f, i);

		if (str_eq(own.name, e->name) && own.kind == e->kind &&
		    oid_eq(&own.id, &e->id))
			return true;
	}
	return false;
}

/* What differs is there, and nothing is twice. */
static void
compare(const struct git_folder *a, const struct git_folder *b)
{
	struct git_folder_diff d;
	uint32_t n = 0;

	git_folder_diff(&d, a, b);
	while (git_folder_next(&d)) {
		if ((d.o != NULL && !is_one(a, d.o)) ||
		    (d.n != NULL && !is_one(b, d.n)) || ++n > a->n + b->n)
			bug("a difference out of nothing");
	}
}

/* Two folders, the second also as a version of the first. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct git_folder a, b, like;
	struct str all = { (const char *)data, size };
	size_t cut;

	if (size < 2)
		return 0;
	cut = 2 + (size_t)data[0] + 256 * (size_t)data[1];
	if (!parse(&a, str_slice(all, 2, cut - 2), NULL))
		return 0;
	all = str_slice(all, cut, size);
	if (!parse(&b, all, NULL)) {
		if (parse(&like, all, &a))
			bug("damage that another version hides");
		git_folder_release(&a);
		return 0;
	}
	if (!parse(&like, all, &a) || like.n != b.n || like.plain != b.plain ||
	    (b.n > 0 && memcmp(like.at, b.at, b.n * sizeof *b.at) != 0))
		bug("another folder beside another version");
	compare(&a, &b);
	compare(&b, &a);
	git_folder_release(&a);
	git_folder_release(&b);
	git_folder_release(&like);
	return 0;
}
