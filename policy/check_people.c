#include "policy/gate.h"

static enum verdict
people_judge(const struct gate_case *c, struct buf *why)
{
	if (c->rules->personal)
		return PASS;
	if (rules_auditor(c->rules, c->parcel->author) == NULL) {
		buf_str(why, STR("its author is no auditor of this session"));
		return REFUSE;
	}
	if (c->rules->n_recipients == 0) {
		buf_str(why, STR("the rules name no recipient"));
		return REFUSE;
	}
	return PASS;
}

const struct check check_people = {
	.name = "people",
	.guards = "against strangers, at either end",
	.judge = people_judge,
};
