#include "policy/rules.h"

/* Who they are: "jane (Jane Doe), bob". */
static void
names(struct buf *out, const struct rules_person *people, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		buf_printf(out, "%s%.*s", i == 0 ? "" : ", ",
		    STR_ARG(people[i].name));
		if (people[i].role.len > 0)
			buf_printf(out, " (%.*s)", STR_ARG(people[i].role));
	}
}

static void
date(struct buf *out, uint32_t d)
{
	buf_printf(out, "%u-%02u-%02u", d / 10000, d / 100 % 100, d % 100);
}

static void
explain_hours(const struct rules *r, struct buf *out)
{
	static const char days[] = "MonTueWedThuFriSatSun";
	const struct rules_hours *h = &r->hours;

	buf_str(out, STR("The room is open from "));
	date(out, h->first);
	buf_str(out, STR(" to "));
	date(out, h->last);
	buf_printf(out, ", %02d:%02d to %02d:%02d,", h->from / 60, h->from % 60,
	    h->to / 60, h->to % 60);
	for (int d = 0; d < 7; d++)
		if (h->days >> d & 1)
			buf_printf(out, " %.3s", days + 3 * d);
	if (h->total > 0)
		buf_printf(out, ", %u hours of each auditor in all", h->total);
	buf_str(out, STR(".\n"));
}

static void
list(struct buf *out, const struct str *at, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		buf_printf(out, "%s%.*s", i == 0 ? "" : ", ", STR_ARG(at[i]));
}

static void
explain_scope(const struct rules *r, struct buf *out)
{
	buf_printf(out, "%u release%s can be read: ", r->n_releases,
	    r->n_releases == 1 ? "" : "s");
	for (uint32_t i = 0; i < r->n_releases; i++) {
		const struct rules_release *l = &r->releases[i];

		buf_printf(out, "%s%.*s (", i == 0 ? "" : ", ",
		    STR_ARG(l->name));
		if (l->product.len > 0)
			buf_printf(out, "%.*s, ", STR_ARG(l->product));
		buf_printf(out, "%.*s%s)", STR_ARG(l->status),
		    l->binary.len > 0 ? ", hash of what was shipped given" :
					"");
	}
	buf_str(out, STR(".\nOf them: "));
	list(out, r->include, r->n_include);
	if (r->n_exclude > 0) {
		buf_str(out, STR("; but not "));
		list(out, r->exclude, r->n_exclude);
	}
	if (r->n_patches > 0) {
		buf_str(out, STR(".\nPatches that lie beside the source: "));
		list(out, r->patches, r->n_patches);
	}
	if (r->n_checklists > 0) {
		buf_str(out, STR(".\nChecklists of its own: "));
		list(out, r->checklists, r->n_checklists);
	}
	buf_printf(out, ".\nWhat is withheld is %s.\n",
	    r->withheld == WITHHELD_NAMED       ? "listed by name" :
		r->withheld == WITHHELD_COUNTED ? "only counted" :
						  "invisible: commits and "
						  "folders are made again "
						  "without it, their ids are "
						  "not the vendor's");
}

static void
explain_classes(const struct rules *r, struct buf *out)
{
	static const char *const how[] = {
		"May never leave",
		"May leave with approvals",
		"May leave",
	};

	for (int p = PERMIT_ALLOW; p >= PERMIT_DENY; p--) {
		size_t start = out->len;

		for (enum class c = 0; c < CLASSES; c++)
			if (r->export.permit[c] == (enum permit)p)
				buf_printf(out, "%s%s",
				    out->len == start ? "" : ", ",
				    rules_class_name(c));
		if (out->len > start) {
			struct buf what = { 0 };

			buf_str(&what,
			    str_slice(buf_view(out), start, out->len));
			out->len = start;
			buf_printf(out, "%s: %s.\n", how[p], what.at);
			buf_release(&what);
		}
	}
}

static void
explain_seen(const struct rules *r, struct buf *out)
{
	buf_str(out,
	    STR("A line counts as seen when it was on the screen for "));
	buf_seconds(out, r->seen.line_ms);
	buf_str(out, STR(" for each line in view with it, and at least for "));
	buf_seconds(out, r->seen.least_ms);
	buf_str(out, STR(".\n"));
}

static void
explain_coverage(const struct rules *r, struct buf *out)
{
	const enum permit *may = r->export.permit;

	if (may[CLASS_PATH] == PERMIT_DENY || may[CLASS_METRIC] == PERMIT_DENY)
		buf_str(out,
		    STR("What was read and reviewed is not told: that takes "
			"metric and path.\n"));
	else if (r->export.coverage == COVERAGE_COUNTS)
		buf_str(out,
		    STR("What was read and reviewed is told by folder, as "
			"counts of lines.\n"));
	else
		buf_str(out,
		    STR("What was read and reviewed is told line by line: the "
			"path of every file that was looked at, how many "
			"lines it has, and which of them; whoever chooses "
			"them can write with them.\n"));
}

/* A number that was left out refuses: say that, not "0". */
static void
explain_number(struct buf *out, const char *key, uint64_t n, const char *what)
{
	if (n == 0)
		buf_printf(out, "  %-13s not set: nothing leaves\n", key);
	else
		buf_printf(out, "  %-13s %llu %s\n", key, (unsigned long long)n,
		    what);
}

static void
explain_numbers(const struct rules *r, struct buf *out)
{
	const struct rules_export *e = &r->export;

	buf_str(out, STR("At most:\n"));
	explain_number(out, "bytes_one", e->bytes_one, "bytes in one export");
	explain_number(out, "bytes_day", e->bytes_day,
	    "bytes of one person in one day");
	explain_number(out, "bytes_person", e->bytes_person,
	    "bytes of one person");
	explain_number(out, "bytes_total", e->bytes_total,
	    "bytes in the session, shared out below");
	explain_number(out, "exports_day", e->exports_day,
	    "exports of one person in one day");
	explain_number(out, "quote_run", e->quote_run,
	    "tokens of source in a row");
	explain_number(out, "quote_item", e->quote_item,
	    "tokens of source in one note or finding");
	explain_number(out, "quote_one", e->quote_one,
	    "tokens of source in one export");
	explain_number(out, "quote_person", e->quote_person,
	    "tokens of source of one person");
	explain_number(out, "quote_total", e->quote_total,
	    "tokens of source in the session, shared out below");
	explain_number(out, "encoded_run", e->encoded_run,
	    "characters without a break that look encoded");
}

static void
explain_approvals(const struct rules *r, struct buf *out)
{
	if (r->personal) {
		buf_str(out, STR("Nobody else has to approve.\n"));
		return;
	}
	if (r->approvals_need == 0) {
		buf_str(out,
		    STR("approval.need is not set: what needs "
			"approval does not leave.\n"));
		return;
	}
	buf_printf(out, "%s needs %u of: ",
	    r->approve_all ? "Every export" : "What needs approval",
	    r->approvals_need);
	names(out, r->approvers, r->n_approvers);
	if (r->n_approvals_roles > 0) {
		buf_str(out, STR("; one each of "));
		list(out, r->approvals_roles, r->n_approvals_roles);
	}
	buf_str(out, STR(".  Nobody approves what is their own.\n"));
	if (r->answer_days > 0)
		buf_printf(out,
		    "An answer is due within %u days; a request that waits "
		    "longer is shown as overdue and still does not leave.\n",
		    r->answer_days);
	if (r->valid_days > 0)
		buf_printf(out, "An approval holds for %u days.\n",
		    r->valid_days);
}

static void
explain_recipients(const struct rules *r, struct buf *out)
{
	if (r->personal) {
		buf_str(out, STR("Exports are sealed to the owner.\n"));
		return;
	}
	if (r->n_recipients == 0) {
		buf_str(out, STR("There is no recipient: nothing leaves.\n"));
		return;
	}
	buf_str(out, STR("Exports can be opened by "));
	for (uint32_t i = 0; i < r->n_recipients; i++)
		buf_printf(out, "%s%.*s", i == 0 ? "" : ", ",
		    STR_ARG(r->recipients[i].name));
	buf_str(out, STR(" only.\n"));
}

/* What of the totals each one may use up. */
static void
explain_shares(const struct rules *r, struct buf *out)
{
	buf_str(out,
	    STR("Every auditor has a ledger of their own, so the totals of "
		"the session are shared out:\n"));
	for (uint32_t i = 0; i < r->n_auditors; i++) {
		struct str who = r->auditors[i].name;

		buf_printf(out,
		    "  %.*s at most %llu bytes and %llu tokens of source\n",
		    STR_ARG(who),
		    (unsigned long long)rules_share(r, who,
			r->export.bytes_total),
		    (unsigned long long)rules_share(r, who,
			r->export.quote_total));
	}
}

static void
explain_excerpts(const struct rules *r, struct buf *out)
{
	const struct rules_excerpt *e = &r->excerpt;

	if (r->personal || r->export.permit[CLASS_EXCERPT] == PERMIT_DENY)
		return;
	buf_printf(out, "Pages of source leave %s.  At most:\n",
	    e->paper ? "on paper only, never as a file" : "as a file");
	explain_number(out, "lines_run", e->lines_run,
	    "lines of a file in a row");
	explain_number(out, "file_percent", e->file_percent,
	    "percent of a file");
	explain_number(out, "pages_one", e->pages_one, "pages in one request");
	explain_number(out, "pages_day", e->pages_day,
	    "pages of one person in one day");
	explain_number(out, "pages_person", e->pages_person,
	    "pages of one person");
}

static void
explain_controlled(const struct rules *r, struct buf *out)
{
	for (uint32_t i = 0; i < r->n_controlled; i++) {
		const struct rules_controlled *c = &r->controlled[i];

		buf_printf(out, "About %.*s (", STR_ARG(c->name));
		list(out, c->paths, c->n_paths);
		buf_str(out, STR(") nothing leaves"));
		if (c->n_auditors > 0) {
			buf_str(out, STR(" but from "));
			list(out, c->auditors, c->n_auditors);
		}
		buf_str(out, STR(".\n"));
	}
}

static void
explain_signing(const struct rules *r, struct buf *out)
{
	if (r->signing_need > 0) {
		buf_printf(out,
		    "It opens when %u have signed it, of: ", r->signing_need);
		names(out, r->signers, r->n_signers);
		if (r->n_signing_roles > 0) {
			buf_str(out, STR("; one each of "));
			list(out, r->signing_roles, r->n_signing_roles);
		}
		buf_str(out, STR(".\n"));
	}
	if (r->n_signing_counter > 0) {
		buf_str(out, STR("It opens when it was counter-signed by "));
		list(out, r->signing_counter, r->n_signing_counter);
		buf_str(out, STR(".\n"));
	}
	for (uint32_t i = 0; i < r->n_auditors; i++) {
		const struct rules_person *p = &r->auditors[i];

		if (p->until == 0)
			continue;
		buf_printf(out, "%.*s may take part until ", STR_ARG(p->name));
		date(out, p->until);
		buf_str(out, STR(".\n"));
	}
}

void
rules_explain(const struct rules *r, struct buf *out)
{
	buf_printf(out, "Session %.*s: %.*s\n", STR_ARG(r->session),
	    STR_ARG(r->title));
	if (!r->personal) {
		buf_str(out, STR("Auditors: "));
		names(out, r->auditors, r->n_auditors);
		buf_str(out, STR(".\n"));
		explain_signing(r, out);
		explain_hours(r, out);
		explain_scope(r, out);
	}
	explain_classes(r, out);
	explain_seen(r, out);
	explain_coverage(r, out);
	explain_numbers(r, out);
	if (!r->personal)
		explain_shares(r, out);
	explain_excerpts(r, out);
	explain_controlled(r, out);
	if (r->export.public_text)
		buf_str(out,
		    STR("Text that is public in a pack of open source is "
			"marked, and leaves without counting.\n"));
	if (r->export.embargo > 0) {
		buf_str(out, STR("Nothing is to be published before "));
		date(out, r->export.embargo);
		buf_str(out,
		    STR(": what leaves is marked so, and leaves all the "
			"same.\n"));
	}
	explain_approvals(r, out);
	explain_recipients(r, out);
	if (r->keep_days > 0)
		buf_printf(out,
		    "Everything is destroyed %u days after the "
		    "last day.\n",
		    r->keep_days);
	if (r->n_walls > 0) {
		buf_str(out, STR("It does not open unless these walls hold: "));
		list(out, r->walls, r->n_walls);
		buf_str(out, STR(".\n"));
	}
	if (r->n_station > 0) {
		buf_str(out,
		    STR("It opens only on a station of which this holds: "));
		list(out, r->station, r->n_station);
		buf_str(out, STR(".\n"));
	}
}

/* "may write prose, path and symbol, which leave at once; ..." */
static void
person_classes(const struct rules *r, struct buf *out)
{
	static const char *const how[] = {
		[PERMIT_DENY] = "never let out",
		[PERMIT_APPROVAL] = "let out when others approve",
		[PERMIT_ALLOW] = "let out at once when the checks pass",
	};

	for (int p = PERMIT_ALLOW; p >= PERMIT_DENY; p--) {
		bool first = true;

		for (enum class c = 0; c < CLASSES; c++) {
			bool ask = p == PERMIT_ALLOW && r->approve_all;

			if (r->export.permit[c] != (enum permit)p)
				continue;
			if (first)
				buf_printf(out, "  can %s: ",
				    how[ask ? PERMIT_APPROVAL : p]);
			buf_printf(out, "%s%s", first ? "" : ", ",
			    rules_class_name(c));
			first = false;
		}
		if (!first)
			buf_char(out, '\n');
	}
}

static void
person_auditor(const struct rules *r, struct str who, struct buf *out)
{
	const struct rules_export *e = &r->export;
	bool barred = false;

	buf_str(out, STR("  reads and writes notes while the room is open\n"));
	person_classes(r, out);
	buf_printf(out,
	    "  in all at most %llu bytes, %llu tokens of source, "
	    "%llu exports a day\n",
	    (unsigned long long)rules_share(r, who, e->bytes_total),
	    (unsigned long long)rules_share(r, who, e->quote_total),
	    (unsigned long long)e->exports_day);
	if (!r->personal && e->permit[CLASS_EXCERPT] != PERMIT_DENY)
		buf_printf(out,
		    "  in all at most %llu pages of source, %llu a day, %s\n",
		    (unsigned long long)r->excerpt.pages_person,
		    (unsigned long long)r->excerpt.pages_day,
		    r->excerpt.paper ? "on paper" : "in sealed files");
	if (r->hours.total > 0)
		buf_printf(out,
		    "  is at the desk for at most %u hours in all, counted "
		    "with the vault open or not\n",
		    r->hours.total);
	for (uint32_t i = 0; i < r->n_controlled; i++) {
		const struct rules_controlled *c = &r->controlled[i];

		for (uint32_t k = 0; k < c->n_paths && !barred; k++)
			barred = rules_bars(r, who, c->paths[k]) == c;
		if (barred)
			buf_printf(out, "  lets out nothing about %.*s\n",
			    STR_ARG(c->name));
		barred = false;
	}
}

static void
person_approver(const struct rules *r, const struct rules_person *p,
    struct buf *out)
{
	buf_printf(out,
	    "  agrees or objects, as one of %u that are needed; sees the "
	    "exact bytes, the checks and the ledger, never the notes\n",
	    r->approvals_need);
	for (uint32_t i = 0; i < r->n_approvals_roles; i++)
		if (str_eq(r->approvals_roles[i], p->role))
			buf_printf(out,
			    "  without somebody of role %.*s nothing that "
			    "needs approval leaves\n",
			    STR_ARG(p->role));
	if (rules_auditor(r, p->name) != NULL)
		buf_str(out, STR("  not for exports of their own\n"));
}

enum err
rules_explain_person(const struct rules *r, struct str who, struct buf *out)
{
	bool auditor = rules_auditor(r, who) != NULL, known = auditor;

	buf_printf(out, "%.*s\n", STR_ARG(who));
	if (auditor)
		person_auditor(r, who, out);
	for (uint32_t i = 0; i < r->n_approvers; i++)
		if (str_eq(r->approvers[i].name, who)) {
			person_approver(r, &r->approvers[i], out);
			known = true;
		}
	for (uint32_t i = 0; i < r->n_recipients; i++)
		if (str_eq(r->recipients[i].name, who)) {
			buf_str(out, STR("  opens what leaves\n"));
			known = true;
		}
	if (!known)
		return fail(ERR_ABSENT, "%.*s is not in these rules",
		    STR_ARG(who));
	return ERR_NONE;
}
