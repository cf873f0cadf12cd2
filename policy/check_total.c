#include "policy/gate.h"

/* Whether so much more would be too much; says why. */
static bool
over(struct buf *why, uint64_t so_far, uint64_t more, uint64_t max,
    const char *what, const char *key)
{
	if (max == 0) {
		buf_printf(why, "the rules do not set %s", key);
		return true;
	}
	if (more <= max && so_far <= max - more)
		return false;
	buf_printf(why,
	    "%llu %s left before and this has %llu; the rules "
	    "allow %llu (%s)",
	    (unsigned long long)so_far, what, (unsigned long long)more,
	    (unsigned long long)max, key);
	return true;
}

static enum verdict
total_judge(const struct gate_case *c, struct buf *why)
{
	const struct rules_export *e = &c->rules->export;
	uint64_t bytes = c->parcel->bytes.len, quoted;
	uint64_t share_bytes =
	    rules_share(c->rules, c->parcel->author, e->bytes_total);
	uint64_t share_quote =
	    rules_share(c->rules, c->parcel->author, e->quote_total);
	struct ledger_row mine;

	if (c->ledger == NULL || c->source == NULL) {
		buf_str(why, STR("what left before is not known"));
		return REFUSE;
	}
	mine = ledger_of(c->ledger, c->parcel->author);
	quoted = c->source->tokens;
	if (over(why, mine.bytes_today, bytes, e->bytes_day,
		"bytes of yours today", "bytes_day") ||
	    over(why, mine.exports_today, 1, e->exports_day,
		"exports of yours today", "exports_day") ||
	    over(why, mine.bytes, bytes, e->bytes_person, "bytes of yours",
		"bytes_person") ||
	    over(why, c->ledger->bytes, bytes, share_bytes, "bytes",
		"your share of bytes_total") ||
	    over(why, mine.quoted, quoted, e->quote_person,
		"quoted tokens of yours", "quote_person") ||
	    over(why, c->ledger->quoted, quoted, share_quote, "quoted tokens",
		"your share of quote_total"))
		return REFUSE;
	return PASS;
}

const struct check check_total = {
	.name = "total",
	.guards = "against carrying out little by little",
	.judge = total_judge,
};
