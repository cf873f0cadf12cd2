#include "policy/rules.h"

#include "core/search.h"

#include <string.h>
#include <time.h>

const char *rules_class_name(enum class c)
{
	static const char *const names[CLASSES] = {
		"prose",
		"metric",
		"path",
		"symbol",
		"listing",
		"excerpt",
	};

	return names[c];
}

const char *
rules_permit_name(enum permit p)
{
	static const char *const names[] = { "deny", "approval", "allow" };

	return names[p];
}

/*
 * The source is the owner's or public, and the export goes to a file of the
 * owner.  The checks stay on, so that a finding that copies code says so.
 */
void
rules_personal(struct rules *out)
{
	static struct str everything[] = { { "**", 2 } };

	*out = (struct rules){
		.personal = true,
		.session = STR("personal"),
		.title = STR("personal vault"),
		.include = everything,
		.n_include = 1,
		.seen = { RULES_SEEN_LINE_MS, RULES_SEEN_LEAST_MS },
		.export = {
			.coverage = COVERAGE_LINES,
			.bytes_one = 8 << 20,
			.bytes_day = 256 << 20,
			.bytes_person = 1L << 40,
			.bytes_total = 1L << 40,
			.exports_day = 1000,
			.quote_run = 60,
			.quote_item = 400,
			.quote_one = 400,
			.quote_person = 1000000,
			.quote_total = 1000000,
			.encoded_run = 80,
		},
	};
	for (enum class c = 0; c < CLASSES; c++)
		out->export.permit[c] = PERMIT_ALLOW;
}

const struct rules_person *
rules_auditor(const struct rules *r, struct str name)
{
	for (uint32_t i = 0; i < r->n_auditors; i++)
		if (str_eq(r->auditors[i].name, name))
			return &r->auditors[i];
	return NULL;
}

const struct rules_person *
rules_approver(const struct rules *r, const uint8_t key_id[8])
{
	for (uint32_t i = 0; i < r->n_approvers; i++)
		if (memcmp(r->approvers[i].key.id, key_id, 8) == 0)
			return &r->approvers[i];
	return NULL;
}

/* "src/" is all that lies below src. */
static bool
matches(struct str pattern, struct str path)
{
	if (str_ends(pattern, STR("/")))
		return str_starts(path, pattern);
	return search_glob(pattern, path);
}

static bool
is_one_of(const struct str *list, uint32_t n, struct str s)
{
	for (uint32_t i = 0; i < n; i++)
		if (str_eq(list[i], s))
			return true;
	return false;
}

const struct rules_controlled *
rules_bars(const struct rules *r, struct str who, struct str path)
{
	for (uint32_t i = 0; i < r->n_controlled; i++) {
		const struct rules_controlled *c = &r->controlled[i];

		if (is_one_of(c->auditors, c->n_auditors, who))
			continue;
		for (uint32_t k = 0; k < c->n_paths; k++)
			if (matches(c->paths[k], path))
				return c;
	}
	return NULL;
}

uint64_t
rules_share(const struct rules *r, struct str who, uint64_t total)
{
	const struct rules_person *p = rules_auditor(r, who);
	uint64_t rest = 100, others = 0;

	if (r->personal)
		return total;
	if (p == NULL)
		return 0;
	if (p->has_share)
		return total / 100 * p->share + total % 100 * p->share / 100;
	for (uint32_t i = 0; i < r->n_auditors; i++) {
		others += !r->auditors[i].has_share;
		rest -= r->auditors[i].has_share ? r->auditors[i].share : 0;
	}
	return (total / 100 * rest + total % 100 * rest / 100) / others;
}

bool
rules_in_scope(const struct rules *r, struct str path)
{
	bool in = false;

	for (uint32_t i = 0; i < r->n_include && !in; i++)
		in = matches(r->include[i], path);
	for (uint32_t i = 0; i < r->n_exclude && in; i++)
		in = !matches(r->exclude[i], path);
	return in;
}

enum err
rules_may_enter(const struct rules *r, const struct rules_person *p,
    int64_t now)
{
	time_t t = (time_t)now;
	struct tm tm;
	uint32_t today;

	if (p->until == 0)
		return ERR_NONE;
	if (localtime_r(&t, &tm) == NULL)
		return fail(ERR_DENIED, "the clock cannot be read");
	today = (uint32_t)(tm.tm_year + 1900) * 10000 +
	    (uint32_t)(tm.tm_mon + 1) * 100 + (uint32_t)tm.tm_mday;
	if (today <= p->until)
		return ERR_NONE;
	return fail(ERR_DENIED,
	    "%.*s may take part in session %.*s until %u-%02u-%02u, not today",
	    STR_ARG(p->name), STR_ARG(r->session), p->until / 10000,
	    p->until / 100 % 100, p->until % 100);
}

enum err
rules_open_at(const struct rules *r, int64_t now)
{
	const struct rules_hours *h = &r->hours;
	time_t t = (time_t)now;
	struct tm tm;
	uint32_t date;
	int minute;

	if (r->personal)
		return ERR_NONE;
	if (localtime_r(&t, &tm) == NULL)
		return fail(ERR_DENIED, "the clock cannot be read");
	date = (uint32_t)(tm.tm_year + 1900) * 10000 +
	    (uint32_t)(tm.tm_mon + 1) * 100 + (uint32_t)tm.tm_mday;
	minute = tm.tm_hour * 60 + tm.tm_min;
	if (date < h->first || date > h->last)
		return fail(ERR_DENIED,
		    "session %.*s is open from %u-%02u-%02u "
		    "to %u-%02u-%02u, not today",
		    STR_ARG(r->session), h->first / 10000, h->first / 100 % 100,
		    h->first % 100, h->last / 10000, h->last / 100 % 100,
		    h->last % 100);
	if ((h->days >> (tm.tm_wday + 6) % 7 & 1) == 0)
		return fail(ERR_DENIED,
		    "session %.*s is not open on this day of the week",
		    STR_ARG(r->session));
	if (minute < h->from || minute >= h->to)
		return fail(ERR_DENIED,
		    "session %.*s is open from %02d:%02d "
		    "to %02d:%02d",
		    STR_ARG(r->session), h->from / 60, h->from % 60, h->to / 60,
		    h->to % 60);
	return ERR_NONE;
}
