#include "policy/gate.h"

static enum verdict
size_judge(const struct gate_case *c, struct buf *why)
{
	uint64_t max = c->rules->export.bytes_one;

	if (max == 0) {
		buf_str(why,
		    STR("the rules do not say how large an export "
			"may be (bytes_one)"));
		return REFUSE;
	}
	if (c->parcel->bytes.len == 0) {
		buf_str(why, STR("it is empty"));
		return REFUSE;
	}
	if (c->parcel->bytes.len > max) {
		buf_printf(why,
		    "%zu bytes, the rules allow %llu in one "
		    "export",
		    c->parcel->bytes.len, (unsigned long long)max);
		return REFUSE;
	}
	return PASS;
}

const struct check check_size = {
	.name = "size",
	.guards = "against carrying out much at once",
	.judge = size_judge,
};
