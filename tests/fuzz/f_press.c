#include "policy/press.h"

#include "core/press_files.h"
#include "policy/pages.h"
#include "policy/press_chain.h"
#include "policy/press_page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The input as a tree below a commit that names it: the press reads what is
 * damaged in the release itself. */
static void
walk(struct str in)
{
	struct oid tree = oid_of("tree", in), id;
	struct buf commit = { 0 };
	struct press_chain c;
	bool whole;

	buf_printf(&commit, "tree %s\n", oid_text(&tree).hex);
	id = oid_of("commit", buf_view(&commit));
	c = press_chain_of(&id, STR("a/b"));
	if (press_chain_add(&c, &whole, buf_view(&commit)) != ERR_NONE)
		bug("a commit that fits is refused");
	if (press_chain_add(&c, &whole, in) == ERR_NONE &&
	    str_find(in, STR("a"), 0) == SIZE_MAX)
		bug("a name that is not in the tree");
	id = oid_of("commit", in);
	c = press_chain_of(&id, STR("a"));
	if (press_chain_add(&c, &whole, in) == ERR_NONE &&
	    !str_starts(in, STR("tree ")))
		bug("a commit without a tree");
	err_clear();
	buf_release(&commit);
}

/* The input as lines: every row fits, whatever is in them. */
static void
print(struct str in)
{
	struct rules_person who = { .name = STR("ann") };
	struct rules rules = { .auditors = &who, .n_auditors = 1 };
	struct pages_place place = {
		.at = { .path = str_slice(in, 0, 300), .first = 1, .last = 9 },
		.cost = { .of = 9 }
	};
	struct pages request = { .places = &place, .n = 1 };
	struct buf rows = { 0 }, out = { 0 };
	struct arena a = { 0 };
	struct press_stamp stamp;
	struct str rest, row;

	stamp = press_page_stamp(&a, &rules, STR("ann"), 3, 0);
	press_page_rows(&rows, in, 1, 50);
	place.cost.rows = hash_of(buf_view(&rows));
	if (press_page_put(&out, &place.cost.pages, &stamp, &place.at,
		&place.cost, buf_view(&rows), 1, 50) != ERR_NONE)
		err_clear();
	else if (press_page_check(buf_view(&out), &stamp, &request, 1) !=
	    ERR_NONE)
		bug("pages that are not what they were made of");
	if (press_page_check(in, &stamp, &request, 1) == ERR_NONE &&
	    !str_eq(in, buf_view(&out)))
		bug("pages of something else");
	err_clear();
	rest = buf_view(&out);
	while (str_cut(&rest, '\n', &row)) {
		if (row.len > 0 && row.at[0] == '\f')
			row = str_slice(row, 1, row.len);
		if (row.len > PRESS_COLUMNS)
			bug("a row of %zu columns", row.len);
		for (size_t i = 0; i < row.len; i++)
			if (row.at[i] < 0x20 || row.at[i] >= 0x7f)
				bug("a byte that no printer should see");
	}
	buf_release(&rows);
	buf_release(&out);
	arena_release(&a);
}

/* Any bytes as order, answer, files and request; as a tree, a commit, a
 * text. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = { (const char *)data, size };
	struct arena a = { 0 };
	struct press_answer answer;
	struct press_order o;
	struct press_files j;
	struct pages p;

	err_clear();
	if (press_order_read(&o, &a, in) == ERR_NONE &&
	    (o.n > PRESS_PLACES_MAX || o.id == 0 ||
		o.n_approvals > PRESS_APPROVALS_MAX))
		bug("an order that is none");
	if (press_answer_read(&answer, &a, in) == ERR_NONE &&
	    (answer.state >= PRESS_STATES || answer.n > PRESS_PLACES_MAX))
		bug("an answer that is none");
	if (press_files_read(&j, &a, in) == ERR_NONE && j.n > PRESS_FILES_MAX)
		bug("too many files");
	if (pages_read(&p, &a, in) == ERR_NONE && !pages_is(in) &&
	    p.n > PRESS_PLACES_MAX)
		bug("too many places");
	err_clear();
	walk(in);
	print(in);
	arena_release(&a);
	return 0;
}
