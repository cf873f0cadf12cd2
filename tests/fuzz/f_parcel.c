#include "policy/parcel.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Messages between notes room and checker: the first byte says which. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = { (const char *)data, size };
	struct parcel_inbox inbox = { 0 };
	struct verdict_source v;
	struct arena a = { 0 };
	struct buf again = { 0 };
	bool whole = false;

	if (size == 0)
		return 0;
	in = str_slice(in, 1, in.len);
	err_clear();
	if (data[0] % 2 == 0) {
		if (parcel_take(&inbox, &whole, in) == ERR_NONE &&
		    inbox.bytes.len > inbox.total)
			bug("more arrived than was announced");
	} else if (parcel_verdict_read(&v, &a, in) == ERR_NONE) {
		parcel_verdict_write(&v, &again);
		if (!str_eq(buf_view(&again), in))
			bug("a verdict with two spellings");
	}
	err_clear();
	parcel_release(&inbox);
	buf_release(&again);
	arena_release(&a);
	return 0;
}
