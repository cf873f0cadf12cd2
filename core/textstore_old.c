#include "core/textstore_old.h"

#include <stdlib.h>

void
textstore_old_release(struct textstore_old *o)
{
	oidset_release(&o->ids);
	free(o->blobs);
	free(o->from);
	*o = (struct textstore_old){ 0 };
}

/* They touch, but for the LF behind each, and none is there twice. */
static enum err
add(struct textstore_old *o, uint32_t blob)
{
	struct textstore_blob b = textstore_blob(o->store, blob);
	uint64_t from = textstore_content_at(o->store, blob);
	uint32_t i;

	if (b.withheld)
		return ERR_NONE;
	if (!oidset_add(&o->ids, &i, &b.oid) || from != o->from[i])
		return fail(ERR_FORMAT,
		    "the text store is damaged: file %.12s lies elsewhere",
		    oid_text(&b.oid).hex);
	o->blobs[i] = blob;
	o->from[i + 1] = from + b.bytes.len + 1;
	return ERR_NONE;
}

enum err
textstore_old_open(struct textstore_old *out, const struct textstore *store)
{
	uint32_t n = textstore_blobs(store);
	struct textstore_old o = { .store = store };
	enum err rc = textstore_check(store);

	if (rc != ERR_NONE)
		return rc;
	o.blobs = calloc((size_t)n + 1, sizeof *o.blobs);
	o.from = calloc((size_t)n + 1, sizeof *o.from);
	if (o.blobs == NULL || o.from == NULL)
		bug("no memory for %u files", n);
	for (uint32_t i = 0; i < n && rc == ERR_NONE; i++)
		rc = add(&o, i);
	if (rc == ERR_NONE)
		*out = o;
	else
		textstore_old_release(&o);
	return rc;
}

uint32_t
textstore_old_find(const struct textstore_old *o, const struct oid *id)
{
	return o->store == NULL ? OIDSET_NONE : oidset_find(&o->ids, id);
}

struct textstore_blob
textstore_old_blob(const struct textstore_old *o, uint32_t i)
{
	return textstore_blob(o->store, o->blobs[i]);
}
