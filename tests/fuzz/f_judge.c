#include "policy/prints.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A candidate from anywhere: judged, its spans within it. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t key[PRINTS_KEY_BYTES] = { 1 };
	static struct buf set;
	static struct prints *p;
	struct str in = { (const char *)data, size };
	struct verdict_source v = { 0 };
	struct arena a = { 0 };

	if (p == NULL) {
		struct prints_builder *b = prints_builder_open(key);

		prints_builder_add(b, STR("x.c"),
		    STR("int\nring_put(struct "
			"ring *r, uint8_t byte)\n{\n	if (r->used == "
			"r->size)\n		return -1;\n	"
			"r->at[(r->first + "
			"r->used) % r->size] = byte;\n	r->used++;\n"
			"	return r->size - r->used;\n}\n"));
		prints_builder_write(b, &set);
		prints_builder_close(b);
		if (prints_open(&p, buf_view(&set)) != ERR_NONE)
			bug("our own fingerprints are refused");
	}
	if (size > 64 * 1024)
		return 0;
	prints_judge(&v, &a, p, str_slice(in, 0, size / 3),
	    str_slice(in, size / 3, size));
	for (uint32_t i = 0; i < v.n_spans; i++)
		if (v.spans[i].at > size - size / 3 ||
		    v.spans[i].len > size - size / 3 - v.spans[i].at)
			bug("a span outside of the candidate");
	err_clear();
	arena_release(&a);
	return 0;
}
