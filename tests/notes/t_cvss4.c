#include "notes/cvss4.h"

#include <stdio.h>
#include <string.h>

#include "core/hash.h"
#include "notes/cvss.h"
#include "tests/t.h"

/* The metrics that count for a score; X first where it is allowed. */
static const struct {
	const char *name, *letters;
} all[] = {
	{ "AV", "NALP" },
	{ "AC", "LH" },
	{ "AT", "NP" },
	{ "PR", "NLH" },
	{ "UI", "NPA" },
	{ "VC", "HLN" },
	{ "VI", "HLN" },
	{ "VA", "HLN" },
	{ "SC", "HLN" },
	{ "SI", "HLN" },
	{ "SA", "HLN" },
	{ "E", "XAPU" },
	{ "CR", "XHML" },
	{ "IR", "XHML" },
	{ "AR", "XHML" },
	{ "MAV", "XNALP" },
	{ "MAC", "XLH" },
	{ "MAT", "XNP" },
	{ "MPR", "XNLH" },
	{ "MUI", "XNPA" },
	{ "MVC", "XHLN" },
	{ "MVI", "XHLN" },
	{ "MVA", "XHLN" },
	{ "MSC", "XHLN" },
	{ "MSI", "XSHLN" },
	{ "MSA", "XSHLN" },
};
enum { BASE = 11, ALL = sizeof all / sizeof all[0], THROWN = 10000 };

static struct cvss4
read(const char *vector)
{
	struct cvss4 c = { 0 };

	assert_int_equal(cvss4_read(&c, str_of(vector)), ERR_NONE);
	return c;
}

/* A vector in which every other one says little beyond the base metrics. */
static void throw(struct buf * vector, uint32_t *dice, int n)
{
	buf_clear(vector);
	buf_str(vector, STR("CVSS:4.0"));
	for (int i = 0; i < ALL; i++) {
		struct str letters = str_of(all[i].letters);
		char c;

		*dice = *dice * 1664525u + 1013904223u;
		c = letters.at[(*dice >> 16) % letters.len];
		if (i >= BASE && (n % 3 == 0 || (n % 3 == 1 && i % 2 == 0)))
			c = 'X';
		if (i < BASE || c != 'X')
			buf_printf(vector, "/%s:%c", all[i].name, c);
	}
}

/*
 * One vector for each MacroVector, in the order 000000 to 212221: base
 * metrics, E and CR are enough but for EQ4 0, which takes MSI:S.
 */
static bool
representative(struct buf *vector, const unsigned eq[6])
{
	static const char *const one[] = { "AV:N", "AV:A", "AV:P" };
	static const char *const two[] = { "AC:L", "AC:H" };
	static const char *const three[] = { "VC:H/VI:H/VA:N", "VC:H/VI:N/VA:N",
		"VC:L/VI:L/VA:L" };
	static const char *const four[] = { "/MSI:S", "", "" };

	if (eq[2] == 2 && eq[5] == 0)
		return false;
	buf_clear(vector);
	buf_printf(vector,
	    "CVSS:4.0/%s/%s/AT:N/PR:N/UI:N/%s/SC:%c/SI:N/SA:N/E:%c/CR:%c/IR:M"
	    "/AR:M%s",
	    one[eq[0]], two[eq[1]], three[eq[2]], eq[3] == 1 ? 'H' : 'L',
	    "APU"[eq[4]], eq[5] == 0 ? 'H' : 'M', four[eq[3]]);
	return true;
}

static bool
next(unsigned eq[6])
{
	static const unsigned end[6] = { 3, 2, 3, 3, 3, 2 };

	for (int i = 5; i >= 0; i--) {
		if (++eq[i] < end[i])
			return true;
		eq[i] = 0;
	}
	return false;
}

/* Calls fn with each of the 270. */
static unsigned
each_macrovector(void (*fn)(const char *vector, const unsigned eq[6],
		     struct buf *out),
    struct buf *out)
{
	struct buf vector = { 0 };
	unsigned eq[6] = { 0 }, n = 0;

	do {
		if (!representative(&vector, eq))
			continue;
		fn(vector.at, eq, out);
		n++;
	} while (next(eq));
	buf_release(&vector);
	return n;
}

static void
assert_hash(const struct buf *scores, const char *want)
{
	struct hash h = hash_of(buf_view(scores));
	struct buf hex = { 0 };

	buf_hex(&hex, h.at, HASH_BYTES);
	assert_string_equal(hex.at, want);
	buf_release(&hex);
}

/* The specification's own examples (first.org/cvss/v4.0/examples). */
static void
known_vectors_have_their_known_scores(void **state)
{
	static const struct {
		const char *vector, *name;
		uint8_t score;
	} known[] = {
		{ "CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/"
		  "SA:N",
		    "CVSS-B", 73 },
		{ "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/"
		  "SA:H",
		    "CVSS-B", 100 },
		{ "CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/"
		  "SA:N",
		    "CVSS-B", 77 },
		{ "CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/"
		  "SA:N/E:U",
		    "CVSS-BT", 52 },
		{ "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/"
		  "SA:N/CR:H",
		    "CVSS-BE", 0 },
		{ "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:L/VA:L/SC:N/SI:N/"
		  "SA:N/E:P/CR:H/IR:M/AR:H/MAV:A/MAT:P/MPR:N/MVI:H/MVA:N/MSI:H/"
		  "MSA:N/S:N/V:C/U:Amber",
		    "CVSS-BTE", 72 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		struct cvss4 c = read(known[i].vector);

		assert_int_equal(c.score, known[i].score);
		assert_string_equal(c.name, known[i].name);
	}
}

static void
check_class(const char *vector, const unsigned eq[6], struct buf *out)
{
	struct cvss4 c = read(vector);

	for (int i = 0; i < 6; i++)
		assert_int_equal(c.eq[i], eq[i]);
	buf_printf(out, "%u,", c.score);
}

/* The hashes of both lists were made with FIRST's own calculator, cvss40.js
 * of RedHatProductSecurity/cvss-v4-calculator at commit d1eafe0. */
static void
every_macrovector_scores_as_in_the_official_calculator(void **state)
{
	struct buf scores = { 0 };

	(void)state;
	assert_int_equal(each_macrovector(check_class, &scores), 270);
	assert_hash(&scores,
	    "996f6e8755edab62290e69b1610f6e97b681f6d3558985a78f69fe02fb0e3b99");
	buf_release(&scores);
}

static void
thrown_vectors_score_as_in_the_official_calculator(void **state)
{
	struct buf scores = { 0 }, vector = { 0 };
	uint32_t dice = 12345;

	(void)state;
	for (int n = 0; n < THROWN; n++) {
		throw(&vector, &dice, n);
		buf_printf(&scores, "%u,", read(vector.at).score);
	}
	assert_hash(&scores,
	    "bb4d74fc1ba871cdf0f7f45300b3cb9300cfb267a2156921ab78bb7b3ad4ed42");
	buf_release(&scores);
	buf_release(&vector);
}

/* No vector scores above one that is as bad or worse in every metric: the
 * walk goes down one step in one metric from each thrown vector. */
static void
a_milder_metric_never_raises_the_score(void **state)
{
	struct buf vector = { 0 }, milder = { 0 };
	uint32_t dice = 777;

	(void)state;
	for (int n = 0; n < 3000; n++) {
		struct str from, to;
		size_t at;

		throw(&vector, &dice, 0);
		for (int i = 0; i < BASE; i++) {
			struct str v = buf_view(&vector);
			struct buf key = { 0 };

			buf_printf(&key, "/%s:", all[i].name);
			at = str_find(v, buf_view(&key), 0) + key.len;
			buf_release(&key);
			from = str_of(strchr(all[i].letters, v.at[at]));
			if (from.len < 2)
				continue;
			buf_clear(&milder);
			buf_str(&milder, v);
			milder.at[at] = from.at[1];
			to = buf_view(&milder);
			assert_true(read(to.at).score <= read(v.at).score);
		}
	}
	buf_release(&vector);
	buf_release(&milder);
}

#define GOOD "AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"

static void
what_is_no_vector_is_refused_by_name(void **state)
{
	static const char *const bad[][2] = {
		{ "", "begins with" },
		{ "CVSS:3.1/" GOOD, "begins with" },
		{ "cvss:4.0/" GOOD, "begins with" },
		{ "CVSS:4.0/", "at the end" },
		{ "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N",
		    "SA is missing" },
		{ "CVSS:4.0/AV:N/AT:N/AC:L", "AC is missing, or out of place" },
		{ "CVSS:4.0/" GOOD "/CR:H/E:P", "E belongs before CR" },
		{ "CVSS:4.0/" GOOD "/E:P/E:P", "E is given twice" },
		{ "CVSS:4.0/" GOOD "/E:F", "E is one of APUX" },
		{ "CVSS:4.0/AV:X/AC:L", "AV is one of NALP" },
		{ "CVSS:4.0/" GOOD "/MSC:S", "MSC is one of HLNX" },
		{ "CVSS:4.0/" GOOD "/MSI:-", "MSI is one of SHLNX" },
		{ "CVSS:4.0/" GOOD "/U:G", "U is one of Clear" },
		{ "CVSS:4.0/" GOOD "/QQ:N", "no metric QQ" },
		{ "CVSS:4.0/" GOOD "/", "at the end" },
		{ "CVSS:4.0//" GOOD, "not a metric" },
		{ "CVSS:4.0/AV", "not a metric" },
		{ "CVSS:4.0/AV:NN", "AV is one of" },
	};
	struct cvss4 c = { .score = 7 };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		err_clear();
		assert_int_equal(cvss4_read(&c, str_of(bad[i][0])), ERR_FORMAT);
		if (strstr(err_text(), bad[i][1]) == NULL)
			assert_string_equal(err_text(), bad[i][1]);
		assert_int_equal(c.score, 7);
	}
	err_clear();
	assert_int_equal(read("CVSS:4.0/" GOOD "/U:Green").score, 93);
}

static void
print(const char *vector, const unsigned eq[6], struct buf *out)
{
	(void)eq;
	(void)out;
	printf("%s %u\n", vector, read(vector).score);
}

/* "--print": vectors and their scores, for tests/notes/cvss.sh, which holds
 * them against another implementation. */
static int
print_all(void)
{
	struct buf vector = { 0 };
	uint32_t dice = 12345;

	each_macrovector(print, NULL);
	for (int n = 0; n < THROWN; n++) {
		throw(&vector, &dice, n);
		printf("%s %u\n", vector.at, read(vector.at).score);
	}
	buf_release(&vector);
	return 0;
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_vectors_have_their_known_scores),
		cmocka_unit_test(
		    every_macrovector_scores_as_in_the_official_calculator),
		cmocka_unit_test(
		    thrown_vectors_score_as_in_the_official_calculator),
		cmocka_unit_test(a_milder_metric_never_raises_the_score),
		cmocka_unit_test(what_is_no_vector_is_refused_by_name),
	};

	if (argc > 1 && strcmp(argv[1], "--print") == 0)
		return print_all();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
