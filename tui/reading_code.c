#include "tui/reading_code.h"

#include "core/textstore.h"
#include "tui/reading_inside.h"

/* The first place of a path. */
static uint32_t
lower_bound(const struct textstore *t, struct str path)
{
	uint32_t low = 0, high = textstore_places(t);

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (str_cmp(textstore_place(t, mid).path, path) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static bool
in_store(struct str *bytes, const struct textstore *t, const struct oid *blob,
    struct str path)
{
	uint32_t n = textstore_places(t);

	for (uint32_t i = lower_bound(t, path); i < n; i++) {
		struct textstore_place place = textstore_place(t, i);
		struct textstore_blob b;

		if (!str_eq(place.path, path))
			return false;
		if (place.withheld)
			continue;
		b = textstore_blob(t, place.blob);
		if (b.withheld || !oid_eq(&b.oid, blob))
			continue;
		*bytes = b.bytes;
		return true;
	}
	return false;
}

enum err
reading_code(struct code *c, struct reading *r, const struct oid *blob,
    struct str path)
{
	struct str bytes;

	if (r->store != NULL && in_store(&bytes, r->store, blob, path)) {
		*c = (struct code){ 0 };
		code_open_bytes(c, bytes, path);
		return ERR_NONE;
	}
	return code_open(c, r->repo, blob, path);
}
