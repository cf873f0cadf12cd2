#include "notes/cvss.h"

#include <string.h>

#include "core/hash.h"
#include "tests/t.h"

static const struct {
	const char *name, *letters;
} all[] = {
	{ "AV", "NALP" },
	{ "AC", "LH" },
	{ "PR", "NLH" },
	{ "UI", "NR" },
	{ "S", "UC" },
	{ "C", "HLN" },
	{ "I", "HLN" },
	{ "A", "HLN" },
	{ "E", "XUPFH" },
	{ "RL", "XOTWU" },
	{ "RC", "XURC" },
	{ "CR", "XLMH" },
	{ "IR", "XLMH" },
	{ "AR", "XLMH" },
	{ "MAV", "XNALP" },
	{ "MAC", "XLH" },
	{ "MPR", "XNLH" },
	{ "MUI", "XNR" },
	{ "MS", "XUC" },
	{ "MC", "XNLH" },
	{ "MI", "XNLH" },
	{ "MA", "XNLH" },
};
enum { BASE = 8, ALL = sizeof all / sizeof all[0] };

static uint8_t
overall(const char *vector)
{
	struct cvss c = { 0 };

	assert_int_equal(cvss_read(&c, str_of(vector)), ERR_NONE);
	return c.overall;
}

/* The examples of the specification and its guide. */
static void
known_vectors_have_their_known_scores(void **state)
{
	(void)state;
	assert_int_equal(overall(
			     "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"),
	    98);
	assert_int_equal(overall(
			     "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"),
	    100);
	assert_int_equal(overall(
			     "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N"),
	    61);
	assert_int_equal(overall(
			     "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"),
	    75);
	assert_int_equal(overall(
			     "CVSS:3.1/AV:P/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:N"),
	    0);
	assert_int_equal(
	    overall("CVSS:3.1/A:H/I:H/C:H/S:U/UI:N/PR:N/AC:L/AV:N/E:P/MC:L"),
	    89);
}

static struct hash
hash_of_scores(const struct buf *b)
{
	return hash_of(buf_view(b));
}

static void
assert_hash(const struct buf *scores, const char *want)
{
	struct hash h = hash_of_scores(scores);
	struct buf hex = { 0 };

	buf_hex(&hex, h.at, HASH_BYTES);
	assert_string_equal(hex.at, want);
	buf_release(&hex);
}

/*
 * All 2,592 base vectors in the order of the table above, as "98,75,...";
 * the hash was made with another implementation (ae-cvss-calculator 1.0.13).
 */
static void
every_base_vector_scores_as_elsewhere(void **state)
{
	unsigned at[BASE] = { 0 };
	struct buf scores = { 0 }, vector = { 0 };
	int i;

	(void)state;
	do {
		buf_clear(&vector);
		buf_str(&vector, STR("CVSS:3.1"));
		for (i = 0; i < BASE; i++)
			buf_printf(&vector, "/%s:%c", all[i].name,
			    all[i].letters[at[i]]);
		buf_printf(&scores, "%u,", overall(vector.at));
		for (i = BASE - 1; i >= 0; i--) {
			if (all[i].letters[++at[i]] != '\0')
				break;
			at[i] = 0;
		}
	} while (i >= 0);
	assert_hash(&scores,
	    "6ad49b314d706dfc43f62faa21e2f48f"
	    "5c8eab866ff67a544867b0252c4bea53");
	buf_release(&scores);
	buf_release(&vector);
}

/* 5,000 vectors with every metric, by a generator that both sides have. */
static void
thrown_vectors_score_as_elsewhere(void **state)
{
	struct buf scores = { 0 }, vector = { 0 };
	uint32_t dice = 12345;

	(void)state;
	for (int n = 0; n < 5000; n++) {
		buf_clear(&vector);
		buf_str(&vector, STR("CVSS:3.1"));
		for (int i = 0; i < ALL; i++) {
			struct str letters = str_of(all[i].letters);

			dice = dice * 1664525u + 1013904223u;
			buf_printf(&vector, "/%s:%c", all[i].name,
			    letters.at[(dice >> 16) % letters.len]);
		}
		buf_printf(&scores, "%u,", overall(vector.at));
	}
	assert_hash(&scores,
	    "6bbba55542a2747d2acaa06a840ad123"
	    "c76e894836492af4ee4b3c86543bd13b");
	buf_release(&scores);
	buf_release(&vector);
}

static void
what_is_no_vector_is_refused_by_name(void **state)
{
	static const char *const bad[][2] = {
		{ "", "begins with" },
		{ "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
		    "begins with" },
		{ "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H", "A is missing" },
		{ "CVSS:3.1/AV:N/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
		    "AV is given twice" },
		{ "CVSS:3.1/AV:Z/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
		    "AV is one of NALP" },
		{ "CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
		    "AV is one of" },
		{ "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/QQ:N",
		    "no metric QQ" },
		{ "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:HH", "A:HH" },
		{ "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/",
		    "at the end" },
		{ "CVSS:3.1//AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "not a" },
		{ "cvss:3.1/av:n", "begins with" },
	};
	struct cvss c = { .base = 7 };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		err_clear();
		assert_int_equal(cvss_read(&c, str_of(bad[i][0])), ERR_FORMAT);
		if (strstr(err_text(), bad[i][1]) == NULL)
			assert_string_equal(err_text(), bad[i][1]);
		assert_int_equal(c.base, 7);
	}
}

static void
words_change_where_the_specification_says(void **state)
{
	(void)state;
	assert_string_equal(cvss_word(0), "none");
	assert_string_equal(cvss_word(1), "low");
	assert_string_equal(cvss_word(39), "low");
	assert_string_equal(cvss_word(40), "medium");
	assert_string_equal(cvss_word(69), "medium");
	assert_string_equal(cvss_word(70), "high");
	assert_string_equal(cvss_word(89), "high");
	assert_string_equal(cvss_word(90), "critical");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_vectors_have_their_known_scores),
		cmocka_unit_test(every_base_vector_scores_as_elsewhere),
		cmocka_unit_test(thrown_vectors_score_as_elsewhere),
		cmocka_unit_test(what_is_no_vector_is_refused_by_name),
		cmocka_unit_test(words_change_where_the_specification_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
