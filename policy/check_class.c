#include "policy/gate.h"
#include "policy/texts.h"

/*
 * The strictest class that is in it decides: of those that the notes room
 * says are in it, and of those that the text shows.
 */
static enum verdict
class_judge(const struct gate_case *c, struct buf *why)
{
	uint32_t classes = c->parcel->classes | texts_classes(c->parcel->bytes);
	enum verdict worst = PASS;

	if (c->parcel->classes == 0 || c->parcel->classes >= 1u << CLASSES) {
		buf_str(why, STR("nothing says what kind of text is in it"));
		return REFUSE;
	}
	for (enum class k = 0; k < CLASSES; k++) {
		enum permit permit = c->rules->export.permit[k];
		enum verdict v = permit == PERMIT_ALLOW ? PASS :
		    permit == PERMIT_APPROVAL           ? ASK :
							  REFUSE;

		if ((classes >> k & 1) == 0 || v >= worst)
			continue;
		worst = v;
		buf_clear(why);
		buf_printf(why, "it holds %s, which the rules %s",
		    rules_class_name(k),
		    v == ASK ? "let out with approvals only" :
			       "do not let out");
	}
	if (worst == PASS && c->rules->approve_all) {
		worst = ASK;
		buf_str(why, STR("the rules want approvals for every export"));
	}
	return worst;
}

const struct check check_class = {
	.name = "class",
	.guards = "against kinds of text that were not agreed on",
	.judge = class_judge,
};
