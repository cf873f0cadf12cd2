#include "notes/draft.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/io.h"
#include "core/limits.h"
#include "core/wire.h"

struct draft_box {
	int dir;
	char *path; /* of drafts/ */
	struct secret key;
};

/* What a draft is bound to: its slot. */
static void
frame_of(struct buf *b, uint64_t slot)
{
	buf_str(b, STR("vitrine/draft/1"));
	wire_put_u64(b, slot);
}

static struct str
name_of(struct arena *a, uint64_t slot)
{
	return arena_printf(a, "drafts/%llu", (unsigned long long)slot);
}

enum err
draft_open(struct draft_box **out, const char *folder, const struct secret *key)
{
	struct draft_box *d = calloc(1, sizeof *d);
	struct buf path = { 0 };
	enum err rc;

	if (d == NULL)
		bug("no memory for drafts");
	d->dir = -1;
	rc = io_open_folder(&d->dir, folder);
	if (rc == ERR_NONE)
		rc = io_make_folder_at(d->dir, "drafts");
	if (rc != ERR_NONE) {
		draft_close(d);
		return rc;
	}
	buf_printf(&path, "%s/drafts", folder);
	d->path = path.at;
	seal_secret_init(&d->key, SEAL_KEY);
	if (seal_secret_add(&d->key, key->at, key->len) != ERR_NONE)
		bug("a key of %zu bytes", key->len);
	*out = d;
	return ERR_NONE;
}

void
draft_close(struct draft_box *d)
{
	if (d == NULL)
		return;
	if (d->dir >= 0)
		close(d->dir);
	free(d->path);
	seal_secret_release(&d->key);
	free(d);
}

uint64_t
draft_slot(const struct draft_box *d)
{
	struct arena a = { 0 };
	uint64_t *slots, free_slot = 1;
	size_t n = 0;

	if (draft_list(d, &a, &slots, &n) != ERR_NONE)
		err_clear(); /* draft_put() will meet the same trouble */
	for (size_t i = 0; i < n; i++)
		if (slots[i] >= free_slot)
			free_slot = slots[i] + 1;
	arena_release(&a);
	return free_slot;
}

enum err
draft_put(struct draft_box *d, uint64_t slot, const struct entry *e)
{
	struct buf plain = { 0 }, frame = { 0 }, box = { 0 };
	struct arena a = { 0 };
	enum err rc;

	wire_put_u16(&plain, (uint16_t)e->type);
	entry_write(e, &plain);
	frame_of(&frame, slot);
	seal_box(&box, &d->key, buf_view(&frame), buf_view(&plain));
	rc = io_replace_at(d->dir, name_of(&a, slot).at, buf_view(&box));
	seal_wipe(plain.at, plain.room);
	buf_release(&plain);
	buf_release(&frame);
	buf_release(&box);
	arena_release(&a);
	return rc;
}

enum err
draft_get(struct draft_box *d, uint64_t slot, struct arena *a,
    struct entry *out)
{
	struct buf box = { 0 }, frame = { 0 }, plain = { 0 };
	struct buf path = { 0 };
	struct wire w;
	uint16_t type;
	enum err rc;

	buf_printf(&path, "%s/%llu", d->path, (unsigned long long)slot);
	rc = io_read(&box, path.at, 4 * LIMIT_ENTRY);
	frame_of(&frame, slot);
	if (rc == ERR_NONE)
		rc = seal_open(&plain, &d->key, buf_view(&frame),
		    buf_view(&box));
	if (rc == ERR_NONE) {
		w = wire_of(buf_view(&plain));
		type = wire_u16(&w);
		rc = entry_read(out, a, type, w.rest);
	}
	if (plain.at != NULL)
		seal_wipe(plain.at, plain.room);
	buf_release(&path);
	buf_release(&box);
	buf_release(&frame);
	buf_release(&plain);
	return rc;
}

enum err
draft_drop(struct draft_box *d, uint64_t slot)
{
	struct arena a = { 0 };
	enum err rc = io_remove_at(d->dir, name_of(&a, slot).at);

	arena_release(&a);
	return rc;
}

static int
compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

enum err
draft_list(const struct draft_box *d, struct arena *a, uint64_t **slots,
    size_t *n)
{
	struct io_names names;
	enum err rc = io_list(&names, a, d->path);

	if (rc != ERR_NONE)
		return rc;
	*slots = arena_array(a, names.len, uint64_t);
	*n = 0;
	for (size_t i = 0; i < names.len; i++) {
		if (str_number(names.at[i], UINT64_MAX / 2, &(*slots)[*n]) ==
		    ERR_NONE)
			++*n;
		else
			err_clear(); /* ".7.new" of a write cut off */
	}
	qsort(*slots, *n, sizeof **slots, compare);
	return ERR_NONE;
}
