#include "policy/rules.h"

#include "core/limits.h"
#include "policy/rules_table.h"

#include <stdio.h>
#include <string.h>

enum { PEOPLE_MAX = 200, LIST_MAX = 1000 };

/* Where a value stands: for errors, and to find it. */
struct at {
	struct arena *a;
	const struct rules_text *text;
	cfg_t *cfg;
	const char *section;
	struct str title;
	enum err rc; /* of the first thing wrong; the rest is then skipped */
};

static const char *error_name; /* libconfuse's callback has no argument */

__attribute__((format(printf, 2, 0))) static void
on_error(cfg_t *cfg, const char *fmt, va_list ap)
{
	char text[256];

	vsnprintf(text, sizeof text, fmt, ap);
	fail(ERR_FORMAT, "%s:%d: %s", error_name, cfg == NULL ? 1 : cfg->line,
	    text);
}

static void
wrong(struct at *at, const char *key, const char *allowed)
{
	if (at->rc != ERR_NONE)
		return;
	at->rc = fail(ERR_FORMAT, "%s:%u: %s%s%s is %s", at->text->name,
	    rules_text_line(at->text, at->section, at->title, key), at->section,
	    *at->section == '\0' ? "" : ".", key, allowed);
}

/* "" when the key is not there. */
static struct str
text_at(struct at *at, const char *key, size_t max, const char *allowed)
{
	const char *value = at->cfg == NULL ? NULL : cfg_getstr(at->cfg, key);
	struct str s = str_of(value);

	if (s.len > max || (value != NULL && s.len == 0))
		wrong(at, key, allowed);
	return arena_copy(at->a, s);
}

static struct str
need_text(struct at *at, const char *key, size_t max, const char *allowed)
{
	struct str s = text_at(at, key, max, allowed);

	if (s.len == 0)
		wrong(at, key, allowed);
	return s;
}

static uint64_t
number_at(struct at *at, const char *key, long max, const char *allowed)
{
	long n;

	if (at->cfg == NULL || cfg_size(at->cfg, key) == 0)
		return 0;
	n = cfg_getint(at->cfg, key);
	if (n < 0 || n > max)
		wrong(at, key, allowed);
	return (uint64_t)n;
}

static uint32_t
list_at(struct at *at, const char *key, struct str **out)
{
	unsigned n = at->cfg == NULL ? 0 : cfg_size(at->cfg, key);

	if (n > LIST_MAX) {
		wrong(at, key, "a list of at most 1000");
		return 0;
	}
	*out = arena_array(at->a, n, struct str);
	for (unsigned i = 0; i < n; i++) {
		(*out)[i] =
		    arena_copy(at->a, str_of(cfg_getnstr(at->cfg, key, i)));
		if ((*out)[i].len == 0)
			wrong(at, key, "a list of texts that are not empty");
	}
	return n;
}

/* One line each. */
static struct str
welcome(struct at *at)
{
	struct str *lines;
	uint32_t n = list_at(at, "welcome", &lines);
	struct buf b = { 0 };
	struct str all;

	for (uint32_t i = 0; i < n; i++) {
		if (i > 0)
			buf_char(&b, '\n');
		buf_str(&b, lines[i]);
	}
	if (b.len > LIMIT_WELCOME)
		wrong(at, "welcome", "a list of lines, at most 4096 bytes");
	all = arena_copy(at->a, buf_view(&b));
	buf_release(&b);
	return all;
}

/* Lower-case letters, digits and '-', 1 to 64 of them. */
static bool
is_id(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
		    (c != '-' || i == 0))
			return false;
	}
	return s.len > 0 && s.len <= 64;
}

/* As above, and upper-case letters, '.', '_', '+': "v1.0-rc2". */
static bool
is_release_name(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
		    !(c >= '0' && c <= '9') &&
		    (i == 0 || strchr("-._+", c) == NULL))
			return false;
	}
	return s.len > 0 && s.len <= 64;
}

static bool
digits(struct str s, size_t at, size_t n, unsigned *out)
{
	uint64_t v;

	if (at + n > s.len ||
	    str_number(str_slice(s, at, n), 9999, &v) != ERR_NONE) {
		err_clear();
		return false;
	}
	*out = (unsigned)v;
	return true;
}

/* "2026-07-06" as 20260706; 0 when there is none. */
static uint32_t
date_at(struct at *at, const char *key)
{
	static const unsigned char days[] = { 31, 29, 31, 30, 31, 30, 31, 31,
		30, 31, 30, 31 };
	static const char allowed[] = "a date like \"2026-07-06\"";
	struct str s = text_at(at, key, 10, allowed);
	unsigned y, m, d;

	if (s.len == 0)
		return 0;
	if (s.len != 10 || s.at[4] != '-' || s.at[7] != '-' ||
	    !digits(s, 0, 4, &y) || !digits(s, 5, 2, &m) ||
	    !digits(s, 8, 2, &d) || y < 2000 || m < 1 || m > 12 || d < 1 ||
	    d > days[m - 1]) {
		wrong(at, key, allowed);
		return 0;
	}
	return y * 10000 + m * 100 + d;
}

static uint16_t
time_at(struct at *at, const char *key)
{
	static const char allowed[] = "a time like \"09:00\", at most 24:00";
	struct str s = need_text(at, key, 5, allowed);
	unsigned h = 0, m = 0;

	if (at->rc != ERR_NONE)
		return 0;
	if (s.len != 5 || s.at[2] != ':' || !digits(s, 0, 2, &h) ||
	    !digits(s, 3, 2, &m) || h > 24 || m > 59 || (h == 24 && m > 0))
		wrong(at, key, allowed);
	return (uint16_t)(h * 60 + m);
}

static void
minisign_key(struct at *at, const char *key, bool needed,
    struct rules_person *p)
{
	static const char allowed[] =
	    "a minisign public key: the second line of its .pub file";
	struct str s = text_at(at, key, 56, allowed);

	if (s.len == 0 && needed)
		wrong(at, key, allowed);
	if (s.len == 0 || at->rc != ERR_NONE)
		return;
	p->has_key = sign_public_read(&p->key, s) == ERR_NONE;
	if (!p->has_key) {
		err_clear();
		wrong(at, key, allowed);
	}
}

static struct at
section_at(struct at *top, const char *name, unsigned i)
{
	struct at at = *top;

	at.section = name;
	at.cfg = cfg_getnsec(top->cfg, name, i);
	at.title = str_of(at.cfg == NULL ? NULL : cfg_title(at.cfg));
	return at;
}

static uint32_t
people(struct at *top, const char *section, bool keys,
    struct rules_person **out)
{
	unsigned n = cfg_size(top->cfg, section);

	*out = arena_array(top->a, n, struct rules_person);
	for (unsigned i = 0; i < n && top->rc == ERR_NONE; i++) {
		struct at at = section_at(top, section, i);
		struct rules_person *p = &(*out)[i];

		if (n > PEOPLE_MAX || !is_id(at.title))
			wrong(&at, "name", "1 to 64 of a-z, 0-9 and -");
		p->name = arena_copy(at.a, at.title);
		p->full = text_at(&at, "full", LIMIT_TITLE,
		    "a name of at most 256 bytes");
		p->role = text_at(&at, "role", 64, "at most 64 of a-z and -");
		if (p->role.len > 0 && !is_id(p->role))
			wrong(&at, "role", "at most 64 of a-z and -");
		minisign_key(&at, "key", keys, p);
		top->rc = at.rc;
	}
	return n;
}

/* Of the totals of the session, in percent: never more than all of it. */
static void
shares(struct at *top, struct rules *r)
{
	static const char allowed[] =
	    "0 to 100 percent, all shares together at most 100";
	uint64_t sum = 0;

	for (uint32_t i = 0; i < r->n_auditors && top->rc == ERR_NONE; i++) {
		struct at at = section_at(top, "auditor", i);
		struct rules_person *p = &r->auditors[i];

		p->has_share = cfg_size(at.cfg, "share") > 0;
		p->share = (uint32_t)number_at(&at, "share", 100, allowed);
		sum += p->share;
		if (sum > 100)
			wrong(&at, "share", allowed);
		top->rc = at.rc;
	}
}

/* Auditors without whose counter-signature nothing opens. */
static void
counters(struct at *at, struct rules *r)
{
	static const char allowed[] = "a list of auditors who have a key";

	r->n_signing_counter = list_at(at, "counter", &r->signing_counter);
	for (uint32_t i = 0; i < r->n_signing_counter; i++) {
		uint32_t k = 0;

		while (k < r->n_auditors &&
		    !(r->auditors[k].has_key &&
			str_eq(r->auditors[k].name, r->signing_counter[i])))
			k++;
		if (k == r->n_auditors)
			wrong(at, "counter", allowed);
	}
}

/* Who may sign the session, how many must, and what auditors have signed. */
static void
signing(struct at *top, struct rules *r)
{
	static const char hash[] =
	    "a SHA-256 of what the auditor signed: 64 hex digits";
	struct at at = section_at(top, "signing", 0);
	bool all = cfg_getbool(at.cfg, "undertakings");
	uint8_t raw[HASH_BYTES];

	r->signing_need = (uint32_t)number_at(&at, "need", (long)r->n_signers,
	    "at most the number of signers");
	r->n_signing_roles = list_at(&at, "roles", &r->signing_roles);
	if (r->n_signing_roles > r->signing_need)
		wrong(&at, "roles", "at most as many as are needed");
	for (uint32_t i = 0; i < r->n_signing_roles; i++) {
		uint32_t k = 0;

		while (k < r->n_signers &&
		    !str_eq(r->signers[k].role, r->signing_roles[i]))
			k++;
		if (k == r->n_signers)
			wrong(&at, "roles", "a list of roles of signers");
	}
	counters(&at, r);
	top->rc = at.rc;
	for (uint32_t i = 0; i < r->n_auditors && top->rc == ERR_NONE; i++) {
		struct rules_person *p = &r->auditors[i];

		at = section_at(top, "auditor", i);
		p->undertaking = text_at(&at, "undertaking", 64, hash);
		if ((all && p->undertaking.len == 0) ||
		    (p->undertaking.len > 0 &&
			str_unhex(p->undertaking, raw, sizeof raw) !=
			    ERR_NONE)) {
			err_clear();
			wrong(&at, "undertaking", hash);
		}
		p->until = date_at(&at, "until");
		top->rc = at.rc;
	}
	for (uint32_t i = 0; i < r->n_signers && top->rc == ERR_NONE; i++)
		for (uint32_t k = 0; k < i; k++)
			if (memcmp(r->signers[i].key.key, r->signers[k].key.key,
				32) == 0) {
				at = section_at(top, "signer", i);
				wrong(&at, "key", "another person's already");
				top->rc = at.rc;
			}
}

static void
approvals(struct at *top, struct rules *r)
{
	struct at at = section_at(top, "approval", 0);

	r->approvals_need = (uint32_t)number_at(&at, "need",
	    (long)r->n_approvers, "at most the number of approvers");
	r->n_approvals_roles = list_at(&at, "roles", &r->approvals_roles);
	r->approve_all = cfg_getbool(at.cfg, "every_export");
	r->answer_days =
	    (uint32_t)number_at(&at, "answer_days", 365, "0 to 365 days");
	r->valid_days =
	    (uint32_t)number_at(&at, "valid_days", 365, "0 to 365 days");
	if (r->n_approvals_roles > r->approvals_need)
		wrong(&at, "roles", "at most as many as are needed");
	for (uint32_t i = 0; i < r->n_approvals_roles; i++) {
		uint32_t k = 0;

		while (k < r->n_approvers &&
		    !str_eq(r->approvers[k].role, r->approvals_roles[i]))
			k++;
		if (k == r->n_approvers)
			wrong(&at, "roles", "a list of roles of approvers");
	}
	top->rc = at.rc;
	for (uint32_t i = 0; i < r->n_approvers && top->rc == ERR_NONE; i++)
		for (uint32_t k = 0; k < i; k++)
			if (memcmp(r->approvers[i].key.key,
				r->approvers[k].key.key, 32) == 0) {
				at = section_at(top, "approver", i);
				wrong(&at, "key", "another person's already");
				top->rc = at.rc;
			}
}

static void
recipients(struct at *top, struct rules *r)
{
	static const char allowed[] = "an age recipient like \"age1...\"";

	r->n_recipients = cfg_size(top->cfg, "recipient");
	r->recipients =
	    arena_array(top->a, r->n_recipients, struct rules_recipient);
	for (uint32_t i = 0; i < r->n_recipients && top->rc == ERR_NONE; i++) {
		struct at at = section_at(top, "recipient", i);
		struct rules_recipient *to = &r->recipients[i];
		struct str key = need_text(&at, "key", 62, allowed);

		if (r->n_recipients > SEAL_AGE_RECIPIENTS_MAX)
			wrong(&at, "key", "one of at most 20");
		if (!is_id(at.title))
			wrong(&at, "name", "1 to 64 of a-z, 0-9 and -");
		to->name = arena_copy(at.a, at.title);
		if (at.rc == ERR_NONE &&
		    seal_age_recipient_read(&to->key, key) != ERR_NONE) {
			err_clear();
			wrong(&at, "key", allowed);
		}
		top->rc = at.rc;
	}
}

static void
releases(struct at *top, struct rules *r)
{
	static const char hash[] = "a SHA-256: 64 hex digits";
	static const char product[] = "1 to 64 of a-z, A-Z, 0-9, -._+";
	static const char status[] =
	    "\"production\", \"intermediate\" or \"custom\"";

	r->n_releases = cfg_size(top->cfg, "release");
	r->releases = arena_array(top->a, r->n_releases, struct rules_release);
	if (r->n_releases == 0)
		wrong(top, "release", "missing: at least one is needed");
	for (uint32_t i = 0; i < r->n_releases && top->rc == ERR_NONE; i++) {
		struct at at = section_at(top, "release", i);
		struct rules_release *l = &r->releases[i];
		uint8_t raw[HASH_BYTES];

		if (!is_release_name(at.title))
			wrong(&at, "name", "1 to 64 of a-z, A-Z, 0-9, -._+");
		l->name = arena_copy(at.a, at.title);
		l->revision = need_text(&at, "revision", LIMIT_REF_NAME,
		    "a tag, branch or commit id of the repository");
		l->status = need_text(&at, "status", 64, status);
		if (!str_eq(l->status, STR("production")) &&
		    !str_eq(l->status, STR("intermediate")) &&
		    !str_eq(l->status, STR("custom")))
			wrong(&at, "status", status);
		l->product = text_at(&at, "product", 64, product);
		if (l->product.len > 0 && at.rc == ERR_NONE &&
		    !is_release_name(l->product))
			wrong(&at, "product", product);
		l->binary = text_at(&at, "binary", 64, hash);
		if (l->binary.len > 0 && at.rc == ERR_NONE &&
		    str_unhex(l->binary, raw, sizeof raw) != ERR_NONE) {
			err_clear();
			wrong(&at, "binary", hash);
		}
		top->rc = at.rc;
	}
}

static void
scope(struct at *top, struct rules *r)
{
	static const char withheld[] =
	    "\"named\", \"counted\" or \"invisible\"";
	struct at at = section_at(top, "scope", 0);
	struct str s;

	r->n_include = list_at(&at, "include", &r->include);
	r->n_exclude = list_at(&at, "exclude", &r->exclude);
	if (r->n_include == 0)
		wrong(&at, "include",
		    "missing: { \"**\" } is the whole repository");
	s = text_at(&at, "withheld", 16, withheld);
	if (str_eq(s, STR("counted")))
		r->withheld = WITHHELD_COUNTED;
	else if (str_eq(s, STR("invisible")))
		r->withheld = WITHHELD_INVISIBLE;
	else if (s.len > 0 && !str_eq(s, STR("named")))
		wrong(&at, "withheld", withheld);
	top->rc = at.rc;
}

static void
hours(struct at *top, struct rules *r)
{
	static const char *const names[] = { "mon", "tue", "wed", "thu", "fri",
		"sat", "sun" };
	static const char days[] =
	    "a list of mon, tue, wed, thu, fri, sat, sun";
	struct at at = section_at(top, "hours", 0);
	struct rules_hours *h = &r->hours;
	struct str *list;
	uint32_t n;

	h->first = date_at(&at, "first");
	h->last = date_at(&at, "last");
	if (h->first == 0)
		wrong(&at, "first", "missing: the first day of the session");
	if (h->last < h->first)
		wrong(&at, "last", "the last day, not before the first");
	h->from = time_at(&at, "from");
	h->to = time_at(&at, "to");
	if (h->to <= h->from)
		wrong(&at, "to", "later than hours.from");
	n = list_at(&at, "days", &list);
	for (uint32_t i = 0; i < n; i++) {
		int d = 0;

		while (d < 7 && !str_eq(list[i], str_of(names[d])))
			d++;
		if (d == 7)
			wrong(&at, "days", days);
		else
			h->days |= (uint8_t)(1 << d);
	}
	if (h->days == 0)
		wrong(&at, "days", days);
	h->total = (uint32_t)number_at(&at, "total", 10000, "0 to 10000 hours");
	top->rc = at.rc;
}

static enum permit
permit_at(struct at *at, enum class c)
{
	static const char allowed[] = "\"allow\", \"approval\" or \"deny\"";
	const char *key = rules_class_name(c);
	struct str s = text_at(at, key, 16, allowed);

	for (enum permit p = PERMIT_DENY; p <= PERMIT_ALLOW; p++)
		if (str_eq(s, str_of(rules_permit_name(p))))
			return p;
	if (s.len > 0)
		wrong(at, key, allowed);
	return PERMIT_DENY;
}

static enum coverage
coverage_at(struct at *at)
{
	static const char allowed[] = "\"counts\" or \"lines\"";
	struct str s = text_at(at, "coverage", 16, allowed);

	if (str_eq(s, STR("lines")))
		return COVERAGE_LINES;
	if (s.len > 0 && !str_eq(s, STR("counts")))
		wrong(at, "coverage", allowed);
	return COVERAGE_COUNTS;
}

static void
exports(struct at *top, struct rules *r)
{
	struct at at = section_at(top, "export", 0);
	struct rules_export *e = &r->export;
	const struct {
		const char *key;
		uint64_t *to;
		long max;
		const char *allowed;
	} numbers[] = {
#define SIZE (1L << 40), "0 to 1099511627776 bytes"
#define TOKENS 1000000000L, "0 to 1000000000 tokens"
		{ "bytes_one", &e->bytes_one, LIMIT_NOTE, "0 to 262144 bytes" },
		{ "bytes_day", &e->bytes_day, SIZE },
		{ "bytes_person", &e->bytes_person, RULES_PERSON_MAX,
		    "0 to 8126464 bytes: what one person lets out is judged "
		    "together" },
		{ "bytes_total", &e->bytes_total, SIZE },
		{ "exports_day", &e->exports_day, 100000, "0 to 100000" },
		{ "quote_run", &e->quote_run, TOKENS },
		{ "quote_item", &e->quote_item, TOKENS },
		{ "quote_one", &e->quote_one, TOKENS },
		{ "quote_person", &e->quote_person, TOKENS },
		{ "quote_total", &e->quote_total, TOKENS },
		{ "encoded_run", &e->encoded_run, 100000,
		    "0 to 100000 characters" },
#undef SIZE
#undef TOKENS
	};

	for (enum class c = 0; c < CLASSES; c++)
		e->permit[c] = permit_at(&at, c);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		*numbers[i].to = number_at(&at, numbers[i].key, numbers[i].max,
		    numbers[i].allowed);
	/* What is not said of one item is what is said of all of them. */
	if (cfg_size(at.cfg, "quote_item") == 0)
		e->quote_item = e->quote_one;
	e->coverage = coverage_at(&at);
	e->public_text = cfg_getbool(at.cfg, "public");
	e->embargo = date_at(&at, "embargo");
	top->rc = at.rc;
}

static void
excerpts(struct at *top, struct rules *r)
{
	static const char media[] = "\"paper\" or \"file\"";
	static const char pages[] = "0 to 100000 pages";
	struct at at = section_at(top, "excerpt", 0);
	struct rules_excerpt *e = &r->excerpt;
	struct str s = text_at(&at, "media", 8, media);

	e->paper = !str_eq(s, STR("file"));
	if (s.len > 0 && e->paper && !str_eq(s, STR("paper")))
		wrong(&at, "media", media);
	e->lines_run = number_at(&at, "lines_run", 100000, "0 to 100000 lines");
	e->file_percent =
	    number_at(&at, "file_percent", 100, "0 to 100 percent");
	e->pages_one = number_at(&at, "pages_one", 100000, pages);
	e->pages_day = number_at(&at, "pages_day", 100000, pages);
	e->pages_person = number_at(&at, "pages_person", 100000, pages);
	e->legend = text_at(&at, "legend", 72, "a text of at most 72 bytes");
	e->prefix = text_at(&at, "prefix", 16, "a text of at most 16 bytes");
	top->rc = at.rc;
}

static void
controlled(struct at *top, struct rules *r)
{
	r->n_controlled = cfg_size(top->cfg, "controlled");
	r->controlled =
	    arena_array(top->a, r->n_controlled, struct rules_controlled);
	for (uint32_t i = 0; i < r->n_controlled && top->rc == ERR_NONE; i++) {
		struct at at = section_at(top, "controlled", i);
		struct rules_controlled *c = &r->controlled[i];

		c->name = arena_copy(at.a, at.title);
		if (!is_id(c->name))
			wrong(&at, "name", "1 to 64 of a-z, 0-9 and -");
		c->n_paths = list_at(&at, "paths", &c->paths);
		if (c->n_paths == 0)
			wrong(&at, "paths", "a list of patterns, as in scope");
		c->n_auditors = list_at(&at, "auditors", &c->auditors);
		for (uint32_t k = 0; k < c->n_auditors; k++)
			if (rules_auditor(r, c->auditors[k]) == NULL)
				wrong(&at, "auditors",
				    "a list of auditors of this session");
		top->rc = at.rc;
	}
}

/* A name in no folder, of letters that every file system keeps apart. */
static bool
is_file_name(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
		    !(c >= '0' && c <= '9') && memchr("._-", c, 3) == NULL)
			return false;
	}
	return s.len > 0 && s.len <= 64 && s.at[0] != '.';
}

/* Files beside session.conf, each once. */
static uint32_t
files_at(struct at *at, const char *key, uint32_t max, const char *most,
    struct str **out)
{
	uint32_t n = list_at(at, key, out);

	if (n > max)
		wrong(at, key, most);
	for (uint32_t i = 0; i < n && at->rc == ERR_NONE; i++) {
		if (!is_file_name((*out)[i]))
			wrong(at, key,
			    "names of files beside this one: 1 to 64 of a-z, "
			    "A-Z, 0-9, . _ and -");
		for (uint32_t k = 0; k < i; k++)
			if (str_eq((*out)[i], (*out)[k]))
				wrong(at, key, "each name once");
	}
	return n;
}

/* A number that is said is at least min. */
static uint32_t
time_of(struct at *at, const char *key, long min, long max, uint32_t otherwise,
    const char *allowed)
{
	uint64_t n = number_at(at, key, max, allowed);

	if (cfg_size(at->cfg, key) == 0)
		return otherwise;
	if (n < (uint64_t)min)
		wrong(at, key, allowed);
	return (uint32_t)n;
}

static void
beside(struct at *top, struct rules *r)
{
	struct at at;

	r->n_patches = files_at(top, "patches", RULES_PATCHES,
	    "a list of at most 64", &r->patches);
	r->n_checklists = files_at(top, "checklists", RULES_CHECKLISTS,
	    "a list of at most 8", &r->checklists);
	if (top->rc != ERR_NONE)
		return;
	at = section_at(top, "seen", 0);
	r->seen.line_ms = time_of(&at, "line_ms", 1, 10000, RULES_SEEN_LINE_MS,
	    "1 to 10000 milliseconds");
	r->seen.least_ms = time_of(&at, "least_ms", 100, 60000,
	    RULES_SEEN_LEAST_MS, "100 to 60000 milliseconds");
	top->rc = at.rc;
}

static enum err
convert(struct rules *r, struct at *top)
{
	struct at at;

	if (number_at(top, "format", 1, "1: the format of this manual") != 1)
		wrong(top, "format", "1: the format of this manual");
	r->session = need_text(top, "session", 64, "1 to 64 of a-z, 0-9, -");
	if (!is_id(r->session))
		wrong(top, "session", "1 to 64 of a-z, 0-9, -");
	r->title =
	    need_text(top, "title", LIMIT_TITLE, "a text of at most 256 bytes");
	r->purpose =
	    text_at(top, "purpose", 4096, "a text of at most 4096 bytes");
	r->welcome = welcome(top);
	r->n_auditors = people(top, "auditor", false, &r->auditors);
	if (r->n_auditors == 0)
		wrong(top, "auditor", "missing: at least one is needed");
	if (top->rc == ERR_NONE)
		shares(top, r);
	r->n_signers = people(top, "signer", true, &r->signers);
	if (top->rc == ERR_NONE)
		signing(top, r);
	r->n_approvers = people(top, "approver", true, &r->approvers);
	if (top->rc == ERR_NONE)
		approvals(top, r);
	if (top->rc == ERR_NONE)
		recipients(top, r);
	if (top->rc == ERR_NONE)
		releases(top, r);
	if (top->rc == ERR_NONE)
		scope(top, r);
	if (top->rc == ERR_NONE)
		beside(top, r);
	if (top->rc == ERR_NONE)
		hours(top, r);
	if (top->rc == ERR_NONE)
		exports(top, r);
	if (top->rc == ERR_NONE)
		excerpts(top, r);
	if (top->rc == ERR_NONE)
		controlled(top, r);
	at = section_at(top, "keep", 0);
	r->keep_days = (uint32_t)number_at(&at, "days", 36500, "0 to 36500");
	if (at.rc == ERR_NONE) {
		at = section_at(top, "walls", 0);
		r->n_walls = list_at(&at, "require", &r->walls);
	}
	if (at.rc == ERR_NONE) {
		at = section_at(top, "station", 0);
		r->n_station = list_at(&at, "require", &r->station);
	}
	return at.rc;
}

enum err
rules_read(struct rules *out, struct arena *a, const char *name,
    struct str text)
{
	struct rules_text lines = { 0 };
	struct rules r = { 0 };
	struct at top = { .a = a,
		.text = &lines,
		.section = "",
		.title = STR("") };
	enum err rc = rules_text_read(&lines, a, name, text, rules_table_known,
	    rules_table_n);

	if (rc != ERR_NONE)
		return rc;
	top.cfg = cfg_init(rules_table_opts, CFGF_NONE);
	if (top.cfg == NULL)
		bug("no memory for the rules");
	error_name = name;
	cfg_set_error_function(top.cfg, on_error);
	if (cfg_parse_buf(top.cfg, arena_copy(a, text).at) != CFG_SUCCESS)
		rc = fail(ERR_FORMAT, "%s: cannot be read", name);
	if (rc == ERR_NONE)
		rc = convert(&r, &top);
	cfg_free(top.cfg);
	if (rc == ERR_NONE)
		*out = r;
	return rc;
}
