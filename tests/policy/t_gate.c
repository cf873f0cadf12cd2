#include "policy/gate.h"

#include "tests/t.h"

#include <string.h>

/* Rules, ledger and answer under which TEXT passes; tests spoil one. */
#define TEXT "{\"title\":\"length is not checked in decode()\"}"

static struct fixture {
	struct arena a;
	struct rules rules;
	struct rules_person jane;
	struct rules_recipient to;
	struct ledger ledger;
	struct ledger_row row;
	struct verdict_source source;
	struct parcel parcel;
	struct gate_case c;
	struct gate gate;
} f;

static int
set_up(void **state)
{
	(void)state;
	memset(&f, 0, sizeof f);
	err_clear();
	rules_personal(&f.rules);
	f.rules.personal = false;
	f.jane.name = STR("jane");
	f.rules.auditors = &f.jane;
	f.rules.n_auditors = 1;
	f.rules.recipients = &f.to;
	f.rules.n_recipients = 1;
	f.row.who = STR("jane");
	f.ledger.rows = &f.row;
	f.ledger.n_rows = 1;
	f.parcel.author = STR("jane");
	f.parcel.bytes = STR(TEXT);
	f.parcel.classes = 1u << CLASS_PROSE;
	f.parcel.findings = 1;
	f.source.ready = true;
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_release(&f.a);
	return 0;
}

/* The answer fits the text unless a test says otherwise. */
static enum verdict
judge(void)
{
	f.c = (struct gate_case){ &f.parcel, &f.rules, &f.ledger, &f.source,
		hash_of(f.parcel.bytes), 1 };
	gate_judge(&f.gate, &f.a, &f.c);
	return f.gate.verdict;
}

static enum verdict
judge_answered(void)
{
	f.source.hash = hash_of(f.parcel.bytes);
	return judge();
}

/* The verdict of one check, with the rest passing. */
static enum verdict
row(const char *name)
{
	enum verdict found = REFUSE;
	bool seen = false;

	for (uint32_t i = 0; i < f.gate.n_rows; i++) {
		if (strcmp(f.gate.rows[i].check, name) == 0) {
			found = f.gate.rows[i].verdict;
			seen = true;
		} else if (f.gate.rows[i].verdict != PASS) {
			print_message("%s: %s\n", f.gate.rows[i].check,
			    f.gate.rows[i].why.at);
			assert_int_equal(f.gate.rows[i].verdict, PASS);
		}
	}
	assert_true(seen);
	return found;
}

/* The same, whatever the rest says. */
static enum verdict
row_of(const char *name)
{
	for (uint32_t i = 0; i < f.gate.n_rows; i++)
		if (strcmp(f.gate.rows[i].check, name) == 0)
			return f.gate.rows[i].verdict;
	assert_true(false);
	return PASS;
}

static void
every_check_runs_and_an_honest_finding_passes(void **state)
{
	static const char *const names[] = { "class", "control", "controlled",
		"encoded", "lines", "pages", "people", "size", "source",
		"total" };

	(void)state;
	assert_int_equal(judge_answered(), PASS);
	assert_int_equal(f.gate.n_rows, sizeof names / sizeof *names);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		assert_string_equal(f.gate.rows[i].check, names[i]);
		assert_true(strncmp(f.gate.rows[i].guards, "against ", 8) == 0);
	}
}

static enum verdict
says_pass(const struct gate_case *c, struct buf *why)
{
	(void)c;
	(void)why;
	return PASS;
}

static enum verdict
says_ask(const struct gate_case *c, struct buf *why)
{
	(void)c;
	buf_str(why, STR("a\nb"));
	return ASK;
}

static enum verdict
says_nonsense(const struct gate_case *c, struct buf *why)
{
	(void)c;
	(void)why;
	return (enum verdict)77;
}

static void
the_worst_verdict_wins_and_no_check_refuses(void **state)
{
	const struct check pass = { "p", "against nothing", says_pass };
	const struct check ask = { "a", "against nothing", says_ask };
	const struct check odd = { "o", "against nothing", says_nonsense };
	const struct check *const list[] = { &pass, &ask, &odd };
	struct gate g;

	(void)state;
	(void)judge();
	gate_judge_with(&g, &f.a, &f.c, list, 0);
	assert_int_equal(g.verdict, REFUSE);
	gate_judge_with(&g, &f.a, &f.c, list, 1);
	assert_int_equal(g.verdict, PASS);
	gate_judge_with(&g, &f.a, &f.c, list, 2);
	assert_int_equal(g.verdict, ASK);
	assert_true(str_eq(g.rows[1].why, STR("a?b")));
	gate_judge_with(&g, &f.a, &f.c, list, 3);
	assert_int_equal(g.verdict, REFUSE);
	assert_true(g.rows[2].why.len > 0);
}

static void
source_refuses_without_an_answer_about_these_bytes(void **state)
{
	(void)state;
	assert_int_equal(judge_answered(), PASS);
	f.source.ready = false;
	f.source.done = 3;
	f.source.of = 9;
	assert_int_equal(judge(), REFUSE);
	assert_int_equal(row("source"), REFUSE);
	assert_non_null(strstr(f.gate.rows[8].why.at, "3 of 9 files"));
	f.source.ready = true;
	f.source.hash = hash_of(STR("another text"));
	assert_int_equal(judge(), REFUSE);
	assert_int_equal(row("source"), REFUSE);
	f.c.source = NULL;
	gate_judge(&f.gate, &f.a, &f.c);
	assert_int_equal(f.gate.verdict, REFUSE);
}

static void
source_allows_the_budget_and_no_token_more(void **state)
{
	(void)state;
	f.source.tokens = (uint32_t)f.rules.export.quote_one;
	f.source.run = (uint32_t)f.rules.export.quote_run;
	assert_int_equal(judge_answered(), PASS);
	assert_int_equal(f.gate.quoted, f.source.tokens);
	f.source.tokens++;
	assert_int_equal(judge(), REFUSE);
	assert_int_equal(row("source"), REFUSE);
	f.source.tokens--;
	f.source.run++;
	assert_int_equal(judge(), REFUSE);
	assert_int_equal(row("source"), REFUSE);
	f.source.run--;
	f.source.shapes = 30;
	assert_int_equal(judge(), ASK);
	assert_int_equal(row("source"), ASK);
	f.source.shapes = 0;
	f.source.more = true;
	assert_int_equal(judge(), REFUSE);
}

static void
public_text_passes_where_the_rules_let_it(void **state)
{
	(void)state;
	f.source.open = 90;
	assert_int_equal(judge_answered(), REFUSE);
	assert_int_equal(row("source"), REFUSE);
	f.rules.export.public_text = true;
	assert_int_equal(judge_answered(), PASS);
	assert_non_null(strstr(f.gate.rows[8].why.at, "90 tokens are public"));
}

static void
size_is_what_the_rules_say_and_zero_refuses(void **state)
{
	(void)state;
	f.rules.export.bytes_one = strlen(TEXT);
	assert_int_equal(judge_answered(), PASS);
	f.rules.export.bytes_one--;
	assert_int_equal(judge(), REFUSE);
	assert_int_equal(row("size"), REFUSE);
	f.rules.export.bytes_one = 0;
	assert_int_equal(judge(), REFUSE);
	assert_int_equal(row("size"), REFUSE);
}

static void
an_empty_parcel_is_refused(void **state)
{
	(void)state;
	f.parcel.bytes = STR("");
	assert_int_equal(judge_answered(), REFUSE);
	assert_int_equal(row("size"), REFUSE);
}

static void
class_follows_the_strictest_class_inside(void **state)
{
	(void)state;
	f.rules.export.permit[CLASS_PATH] = PERMIT_APPROVAL;
	f.rules.export.permit[CLASS_EXCERPT] = PERMIT_DENY;
	assert_int_equal(judge_answered(), PASS);
	f.parcel.classes |= 1u << CLASS_PATH;
	assert_int_equal(judge(), ASK);
	assert_int_equal(row("class"), ASK);
	f.parcel.classes |= 1u << CLASS_EXCERPT;
	assert_int_equal(judge(), REFUSE);
	assert_int_equal(row("class"), REFUSE);
	f.parcel.classes = 0;
	assert_int_equal(judge(), REFUSE);
	f.parcel.classes = 1u << CLASSES;
	assert_int_equal(judge(), REFUSE);
	f.parcel.classes = 1u << CLASS_PROSE;
	f.rules.approve_all = true;
	assert_int_equal(judge(), ASK);
}

#define ITEMS(a, b) "{\"items\":[{\"text\":\"" a "\"},{\"text\":\"" b "\"}]}"

/* What the notes room declares is not all that counts. */
static void
class_looks_at_the_text_itself(void **state)
{
	static const struct {
		const char *text;
		enum class class;
	} shows[] = {
		{ ITEMS("as in lib/x/decode.c, line 3", "x"), CLASS_PATH },
		{ ITEMS("x", "decode.c is wrong"), CLASS_PATH },
		{ "{\"items\":[{\"anchor\":{\"path\":\"README\"}}]}",
		    CLASS_PATH },
		{ ITEMS("x", "the lock of rx_queue"), CLASS_SYMBOL },
		{ ITEMS("decode() fails", "x"), CLASS_SYMBOL },
		{ ITEMS("a.c\\nb.c\\nc.c\\nd.c\\ne.c\\nf.c\\ng.c\\nh.c", "x"),
		    CLASS_LISTING },
		{ ITEMS("calls: 1 2 3 4 5 6 7 8", "x"), CLASS_METRIC },
	};
	static const char *const prose[] = {
		ITEMS("this and/or that, e.g. 1.5 times", "v1.2 is older"),
		ITEMS("see https://example.org/a/b.html", "x"),
		ITEMS("in 3 of 4 cases", "the year 2026"),
	};

	(void)state;
	for (enum class c = 1; c < CLASSES; c++)
		f.rules.export.permit[c] = PERMIT_DENY;
	for (size_t i = 0; i < sizeof prose / sizeof *prose; i++) {
		f.parcel.bytes = str_of(prose[i]);
		assert_int_equal(judge_answered(), PASS);
	}
	for (size_t i = 0; i < sizeof shows / sizeof *shows; i++) {
		f.parcel.bytes = str_of(shows[i].text);
		if (judge_answered() != REFUSE)
			print_message("%s\n", shows[i].text);
		assert_int_equal(row("class"), REFUSE);
		for (enum class c = 1; c < CLASSES; c++)
			f.rules.export.permit[c] = PERMIT_ALLOW;
		assert_int_equal(judge_answered(), PASS);
		f.rules.export.permit[shows[i].class] = PERMIT_APPROVAL;
		assert_int_equal(judge_answered(), ASK);
		for (enum class c = 1; c < CLASSES; c++)
			f.rules.export.permit[c] = PERMIT_DENY;
	}
}

static void
controlled_source_is_written_about_by_some_only(void **state)
{
	struct str paths[] = { STR("lib/aes/") }, who[] = { STR("bob") };
	struct rules_controlled c = { STR("crypto"), paths, 1, who, 1 };

	(void)state;
	f.rules.controlled = &c;
	f.rules.n_controlled = 1;
	f.parcel.bytes = STR(ITEMS("lib/des/key.c", "x"));
	assert_int_equal(judge_answered(), PASS);
	f.parcel.bytes = STR(ITEMS("x", "look at lib/aes/key.c: bad"));
	assert_int_equal(judge_answered(), REFUSE);
	assert_int_equal(row("controlled"), REFUSE);
	f.parcel.bytes =
	    STR("{\"items\":[{\"anchor\":{\"path\":\"lib/aes/k\"}}]}");
	assert_int_equal(judge_answered(), REFUSE);
	who[0] = STR("jane");
	assert_int_equal(judge_answered(), PASS);
}

static void
source_in_one_item_has_a_budget_of_its_own(void **state)
{
	static const char text[] = ITEMS("aaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbb");
	struct span spans[] = { { 20, 5, 30, SPAN_TOKENS },
		{ 30, 3, 30, SPAN_WORDS }, { 50, 5, 30, SPAN_TOKENS } };

	(void)state;
	f.parcel.bytes = str_of(text);
	f.source.spans = spans;
	f.source.n_spans = 3;
	f.source.tokens = 90;
	f.source.run = 30;
	f.rules.export.quote_item = 60;
	assert_int_equal(judge_answered(), PASS);
	f.rules.export.quote_item = 59;
	assert_int_equal(judge_answered(), REFUSE);
	assert_int_equal(row("source"), REFUSE);
	assert_non_null(strstr(f.gate.rows[8].why.at, "60 tokens"));
	assert_non_null(strstr(f.gate.rows[8].why.at, "item 1"));
	spans[1].kind = SPAN_CLASSES;
	assert_int_equal(judge_answered(), PASS);
}

static void
people_must_be_named_in_the_rules(void **state)
{
	(void)state;
	assert_int_equal(judge_answered(), PASS);
	f.parcel.author = STR("eve");
	assert_int_equal(judge(), REFUSE);
	assert_int_equal(row_of("people"), REFUSE);
	assert_int_equal(row_of("total"), REFUSE); /* no share of it */
	f.parcel.author = STR("jane");
	f.rules.n_recipients = 0;
	assert_int_equal(judge(), REFUSE);
	assert_int_equal(row("people"), REFUSE);
}

/* Each: what left, the limit, and the next byte over it. */
static void
totals_count_what_left_before(void **state)
{
	struct rules_export *e = &f.rules.export;
	const struct {
		uint64_t *left, *max;
		uint64_t mine;
	} rows[] = {
		{ &f.row.bytes, &e->bytes_person, strlen(TEXT) },
		{ &f.row.bytes_today, &e->bytes_day, strlen(TEXT) },
		{ &f.row.exports_today, &e->exports_day, 1 },
		{ &f.ledger.bytes, &e->bytes_total, strlen(TEXT) },
		{ &f.row.quoted, &e->quote_person, 5 },
		{ &f.ledger.quoted, &e->quote_total, 5 },
	};

	(void)state;
	f.source.tokens = 5;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint64_t was = *rows[i].max;

		*rows[i].max = 500;
		*rows[i].left = 500 - rows[i].mine;
		assert_int_equal(judge_answered(), PASS);
		*rows[i].left += 1;
		assert_int_equal(judge(), REFUSE);
		assert_int_equal(row("total"), REFUSE);
		*rows[i].left = UINT64_MAX;
		assert_int_equal(judge(), REFUSE);
		*rows[i].left = 0;
		*rows[i].max = 0;
		assert_int_equal(judge(), REFUSE);
		assert_int_equal(row("total"), REFUSE);
		*rows[i].max = was;
	}
	f.c.ledger = NULL;
	gate_judge(&f.gate, &f.a, &f.c);
	assert_int_equal(f.gate.verdict, REFUSE);
}

static void
control_refuses_what_cannot_be_seen(void **state)
{
	static const char *const bad[] = {
		"a\xe2\x80\xae"
		"b", /* reorders */
		"a\xe2\x80\x8b"
		"b",             /* zero width */
		"a\xef\xbb\xbf", /* a mark inside */
		"a\xc2\xad"
		"b",                 /* soft hyphen */
		"a\xf3\xa0\x81\xa1", /* a tag character */
		"a\033[1m",
		"a\r\n",
		"a\x7f",
		"a\xc2\x85",
		"a\xff",
		"a\xc0\xaf",
		"a\xed\xa0\x80",
		"a\xe2\x80",
		"a\xf4\x90\x80\x80",
		"a\xe2\x80\xa8", /* line separator */
		"a\xef\xb8\x8f", /* variation selector */
		"\"\\u202e\"",
		"\"\\u0061\"",
		"a\xcc\x81\xcc\x81\xcc\x81",
	};
	static const char *const fine[] = {
		"gr\xc3\xbc\xc3\x9f",
		"\xe6\x97\xa5\xe6\x9c\xac",
		"a\n\tb",
		"\"a \\\\u0061 b\"",
		"a\xcc\x81",
		"\xf0\x9f\x98\x80",
	};

	(void)state;
	for (size_t i = 0; i < sizeof fine / sizeof *fine; i++) {
		f.parcel.bytes = str_of(fine[i]);
		assert_int_equal(judge_answered(), PASS);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		f.parcel.bytes = str_of(bad[i]);
		assert_int_equal(judge_answered(), REFUSE);
		assert_int_equal(row("control"), REFUSE);
	}
	f.parcel.bytes = STR("a\0b");
	assert_int_equal(judge_answered(), REFUSE);
}

static void
encoded_asks_about_what_looks_like_a_hidden_text(void **state)
{
	static const char *const asks[] = {
		"see "
		"H4sIAAAAAAAAA81YW2/bNhR+96/gvIfKqCM7TdMVQRYgTdMuw9oFbYc9xF1"
		"BS7TNRRI1knLi/frtHFKyKF",
		"see "
		"1f8b0800000000000003cd585b6fdb36147ef7afe0bc87caa823bb4dd315",
	};
	static const char *const fine[] = {
		"drivers/net/ethernet/intel/ixgbe/ixgbe_main_and_a_long_name_of"
		"_a_file_that_goes_on_and_on",
		"blob 3b18e512dba79e4c8300dd08aeb37f8e728b8dad at line 3",
		"------------------------------------------------------------",
	};

	(void)state;
	f.rules.export.encoded_run = 60;
	for (size_t i = 0; i < sizeof fine / sizeof *fine; i++) {
		f.parcel.bytes = str_of(fine[i]);
		assert_int_equal(judge_answered(), PASS);
	}
	for (size_t i = 0; i < sizeof asks / sizeof *asks; i++) {
		f.parcel.bytes = str_of(asks[i]);
		assert_int_equal(judge_answered(), ASK);
		assert_int_equal(row("encoded"), ASK);
	}
	f.rules.export.encoded_run = 0;
	assert_int_equal(judge(), REFUSE);
}

/* The same source, a character at a time, in many ways. */
static void
put_piece(struct buf *b, int way, char c)
{
	switch (way) {
	case 0:
		buf_printf(b, "%d ", c);
		break;
	case 1:
		buf_printf(b, "%03o,", (unsigned)c);
		break;
	case 2:
		buf_printf(b, "%%%02X", (unsigned)c);
		break;
	case 3:
		buf_printf(b, "&#%d;", c);
		break;
	case 4:
		buf_printf(b, "0x%02x, ", (unsigned)c);
		break;
	case 5:
		buf_printf(b, "%c ", c);
		break;
	default:
		buf_printf(b, "%c.", c);
		break;
	}
}

static void
encoded_asks_about_a_text_in_pieces(void **state)
{
	const char *source = "memcpy out teid in ntohs h length and then the "
			     "flags of the header say how many bearers";
	struct buf b = { 0 };

	(void)state;
	f.rules.export.encoded_run = 60;
	f.parcel.bytes = str_of(source);
	assert_int_equal(judge_answered(), PASS);
	for (int way = 0; way < 7; way++) {
		buf_clear(&b);
		for (const char *at = source; *at != '\0'; at++)
			put_piece(&b, way, *at);
		f.parcel.bytes = buf_view(&b);
		assert_int_equal(judge_answered(), ASK);
		assert_int_equal(row("encoded"), ASK);
	}
	/* Dots and dashes say something, a line under a title does not. */
	buf_clear(&b);
	for (int i = 0; i < 20; i++)
		buf_str(&b, STR("-.-. / .-- --- "));
	f.parcel.bytes = buf_view(&b);
	assert_int_equal(judge_answered(), ASK);
	buf_clear(&b);
	for (int i = 0; i < 5; i++)
		buf_str(&b,
		    STR("Title ... of it\n----------------------------"
			"---------------------------------------\n\n"));
	f.parcel.bytes = buf_view(&b);
	assert_int_equal(judge_answered(), PASS);
	/* A table has words, and is short. */
	buf_clear(&b);
	for (int i = 0; i < 40; i++)
		buf_printf(&b, "src/%d.c: calls %d, unsafe %d\n", i, 7 * i, i);
	f.parcel.bytes = buf_view(&b);
	assert_int_equal(judge_answered(), PASS);
	buf_release(&b);
}

#define LINES(seen, reviewed)                                               \
	"{\"items\":[{\"text\":\"x\"}],\"lines\":[{\"files\":[{\"lines\":"  \
	"900,\"path\":\"src/a.c\",\"reviewed\":" reviewed ",\"seen\":" seen \
	"}],\"release\":\"v1.0\"}]}"

static void
lines_that_were_read_leave_where_that_was_agreed_only(void **state)
{
	(void)state;
	f.rules.export.coverage = COVERAGE_COUNTS;
	f.parcel.bytes = STR(LINES("\"1-40 57\"", "\"9\""));
	assert_int_equal(judge_answered(), REFUSE);
	assert_int_equal(row("lines"), REFUSE);
	f.rules.export.coverage = COVERAGE_LINES;
	assert_int_equal(judge_answered(), PASS);
	f.rules.export.permit[CLASS_METRIC] = PERMIT_APPROVAL;
	assert_int_equal(judge_answered(), ASK);
	f.rules.export.permit[CLASS_PATH] = PERMIT_DENY;
	assert_int_equal(judge_answered(), REFUSE);
	/* Counts are numbers, and no lines. */
	f.rules.export.permit[CLASS_METRIC] = PERMIT_ALLOW;
	f.rules.export.permit[CLASS_PATH] = PERMIT_ALLOW;
	f.rules.export.coverage = COVERAGE_COUNTS;
	f.parcel.bytes = STR("{\"coverage\":[{\"seen\":40,\"reviewed\":9}]}");
	assert_int_equal(judge_answered(), PASS);
}

static void
where_lines_stand_nothing_else_may(void **state)
{
	static const char *const bad[] = {
		LINES("\"\"", "\"1\""),
		LINES("\"1-40 see below\"", "\"1\""),
		LINES("\"1-40 40\"", "\"1\""),
		LINES("\"0-4\"", "\"1\""),
		LINES("\"1-4-9\"", "\"1\""),
		LINES("\"1-\"", "\"1\""),
		LINES("\"1  4\"", "\"1\""),
		LINES("\"4-1\"", "\"1\""),
		LINES("\"01\"", "\"1\""),
		LINES("\"12345678901\"", "\"1\""),
		LINES("\"1\"", "[\"1-4\",\"memcpy\"]"),
	};

	(void)state;
	f.parcel.bytes = STR(LINES("\"1 4-9 4294967295\"", "\"2-3\""));
	assert_int_equal(judge_answered(), PASS);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		f.parcel.bytes = str_of(bad[i]);
		assert_int_equal(judge_answered(), REFUSE);
		assert_int_equal(row("lines"), REFUSE);
	}
}

/* A reader's runs pass, however many; single lines are another's writing. */
static void
many_single_lines_are_asked_about(void **state)
{
	struct buf runs = { 0 }, single = { 0 };

	(void)state;
	f.rules.export.encoded_run = 60;
	buf_str(&runs, STR("{\"items\":[{}],\"seen\":\"1-9"));
	buf_str(&single, STR("{\"items\":[{}],\"seen\":\"1"));
	for (int i = 1; i < 100; i++) {
		buf_printf(&runs, " %d-%d", 20 * i, 20 * i + 9);
		buf_printf(&single, " %d", 2 * i + 1);
	}
	buf_str(&runs, STR("\"}"));
	buf_str(&single, STR("\"}"));
	f.parcel.bytes = buf_view(&runs);
	assert_int_equal(judge_answered(), PASS);
	f.parcel.bytes = buf_view(&single);
	assert_int_equal(judge_answered(), ASK);
	assert_int_equal(row("lines"), ASK);
	/* The same numbers where a person types are a text in pieces. */
	single.at[single.len - 1] = ' ';
	buf_clear(&runs);
	buf_printf(&runs, "{\"items\":[{\"text\":\"%s}]}",
	    strstr(single.at, "1 "));
	f.parcel.bytes = buf_view(&runs);
	assert_int_equal(judge_answered(), ASK);
	assert_int_equal(row("encoded"), ASK);
	buf_release(&runs);
	buf_release(&single);
}

static void
many_hashes_are_asked_about_too(void **state)
{
	struct buf b = { 0 };

	(void)state;
	for (int i = 0; i < 40; i++) {
		struct hash h =
		    hash_of((struct str){ (const char *)&i, sizeof i });

		buf_hex(&b, h.at, HASH_BYTES);
		buf_char(&b, '\n');
		f.parcel.bytes = buf_view(&b);
		if (i == 15)
			assert_int_equal(judge_answered(), PASS);
	}
	assert_int_equal(judge_answered(), ASK);
	assert_int_equal(row("encoded"), ASK);
	buf_release(&b);
}

/* Portions only: every number of the rules, with what was printed before. */
static void
pages_pass_within_every_number_of_the_rules(void **state)
{
	struct pages_facts facts = { .spool = true,
		.paper = true,
		.purpose = true,
		.pages = 2,
		.run = 30,
		.percent = 10 };
	struct rules_excerpt *e = &f.rules.excerpt;
	uint64_t *const rule[] = { &e->lines_run, &e->file_percent,
		&e->pages_one, &e->pages_day, &e->pages_person };
	static const uint64_t least[] = { 30, 10, 2, 5, 9 };

	(void)state;
	f.parcel.pages = &facts;
	f.row.pages = 7;
	f.row.pages_today = 3;
	e->paper = true;
	for (size_t i = 0; i < 5; i++)
		*rule[i] = least[i];
	assert_int_equal(judge_answered(), PASS);
	for (size_t i = 0; i < 5; i++) {
		*rule[i] = least[i] - 1;
		assert_int_equal(judge_answered(), REFUSE);
		assert_int_equal(row("pages"), REFUSE);
		*rule[i] = 0;
		assert_int_equal(judge_answered(), REFUSE);
		*rule[i] = least[i];
	}
	facts.purpose = false;
	assert_int_equal(judge_answered(), REFUSE);
	facts.purpose = true;
	facts.spool = false;
	assert_int_equal(judge_answered(), REFUSE);
	facts.spool = true;
	e->paper = false;
	assert_int_equal(judge_answered(), REFUSE);
	assert_int_equal(row("pages"), REFUSE);
	/* A file needs no printer. */
	facts.paper = facts.spool = false;
	assert_int_equal(judge_answered(), PASS);
	facts.spool = true;
	e->paper = true;
	assert_int_equal(judge_answered(), REFUSE);
	assert_int_equal(row("pages"), REFUSE);
	facts.paper = true;
	assert_int_equal(judge_answered(), PASS);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(every_check_runs_and_an_honest_finding_passes),
		T(pages_pass_within_every_number_of_the_rules),
		T(the_worst_verdict_wins_and_no_check_refuses),
		T(source_refuses_without_an_answer_about_these_bytes),
		T(source_allows_the_budget_and_no_token_more),
		T(public_text_passes_where_the_rules_let_it),
		T(size_is_what_the_rules_say_and_zero_refuses),
		T(an_empty_parcel_is_refused),
		T(class_follows_the_strictest_class_inside),
		T(class_looks_at_the_text_itself),
		T(controlled_source_is_written_about_by_some_only),
		T(source_in_one_item_has_a_budget_of_its_own),
		T(people_must_be_named_in_the_rules),
		T(totals_count_what_left_before),
		T(control_refuses_what_cannot_be_seen),
		T(encoded_asks_about_what_looks_like_a_hidden_text),
		T(encoded_asks_about_a_text_in_pieces),
		T(lines_that_were_read_leave_where_that_was_agreed_only),
		T(where_lines_stand_nothing_else_may),
		T(many_single_lines_are_asked_about),
		T(many_hashes_are_asked_about_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
