#include "notes/cvss4.h"

/* In the order that a vector string has. */
enum metric {
	AV,
	AC,
	AT,
	PR,
	UI,
	VC,
	VI,
	VA,
	SC,
	SI,
	SA,
	E,
	CR,
	IR,
	AR,
	MAV,
	MSA = MAV + SA,
	SAFETY,
	AU,
	R,
	V,
	RE,
	U,
	METRICS,
};
enum { BASE_END = E, THREAT_END = CR, ENVIRONMENT_END = SAFETY };

/*
 * Values by their first letters, the worst first: a value's place is its
 * severity level, counted from the worst of it.  X, not defined, stands last
 * where it is allowed.  Level 0 of SI and SA (safety) is only for modified
 * ones; SC begins at level 1 with them.
 */
static const struct {
	const char *name, *letters;
} metrics[METRICS] = {
	[AV] = { "AV", "NALP" },
	[AC] = { "AC", "LH" },
	[AT] = { "AT", "NP" },
	[PR] = { "PR", "NLH" },
	[UI] = { "UI", "NPA" },
	[VC] = { "VC", "HLN" },
	[VI] = { "VI", "HLN" },
	[VA] = { "VA", "HLN" },
	[SC] = { "SC", "-HLN" },
	[SI] = { "SI", "-HLN" },
	[SA] = { "SA", "-HLN" },
	[E] = { "E", "APUX" },
	[CR] = { "CR", "HMLX" },
	[IR] = { "IR", "HMLX" },
	[AR] = { "AR", "HMLX" },
	[MAV] = { "MAV", "NALPX" },
	[MAV + AC] = { "MAC", "LHX" },
	[MAV + AT] = { "MAT", "NPX" },
	[MAV + PR] = { "MPR", "NLHX" },
	[MAV + UI] = { "MUI", "NPAX" },
	[MAV + VC] = { "MVC", "HLNX" },
	[MAV + VI] = { "MVI", "HLNX" },
	[MAV + VA] = { "MVA", "HLNX" },
	[MAV + SC] = { "MSC", "-HLNX" },
	[MAV + SI] = { "MSI", "SHLNX" },
	[MSA] = { "MSA", "SHLNX" },
	[SAFETY] = { "S", "NPX" },
	[AU] = { "AU", "NYX" },
	[R] = { "R", "AUIX" },
	[V] = { "V", "DCX" },
	[RE] = { "RE", "LMHX" },
	[U] = { "U", "CGARX" },
};

/* EQ3 and EQ6 depend on each other: five pairs of them exist. */
enum { PAIRS = 5 };
static const uint8_t pairs[PAIRS][2] = { { 0, 0 }, { 0, 1 }, { 1, 0 }, { 1, 1 },
	{ 2, 1 } };

/* Scores of the MacroVectors in tenths: a row for EQ1, EQ2 and the pair of
 * EQ3 and EQ6 in the order above, in it EQ4 * 3 + EQ5. */
static const uint8_t scores[3 * 2 * PAIRS][9] = {
	/* EQ1 0, EQ2 0 */
	{ 100, 98, 95, 100, 93, 91, 93, 89, 81 },
	{ 99, 95, 92, 96, 87, 81, 90, 80, 68 },
	{ 98, 95, 90, 93, 89, 81, 88, 78, 69 },
	{ 95, 92, 84, 92, 81, 65, 80, 70, 48 },
	{ 92, 82, 72, 79, 69, 50, 69, 55, 27 },
	/* EQ1 0, EQ2 1 */
	{ 99, 95, 92, 95, 90, 84, 92, 82, 72 },
	{ 97, 92, 85, 91, 83, 71, 81, 71, 53 },
	{ 95, 92, 85, 92, 80, 70, 84, 71, 50 },
	{ 93, 85, 73, 82, 72, 59, 70, 52, 30 },
	{ 86, 75, 52, 71, 52, 29, 63, 29, 17 },
	/* EQ1 1, EQ2 0 */
	{ 98, 94, 91, 94, 86, 77, 87, 74, 63 },
	{ 95, 87, 81, 89, 74, 64, 75, 63, 49 },
	{ 94, 88, 76, 86, 74, 59, 72, 57, 52 },
	{ 89, 77, 67, 76, 58, 50, 57, 52, 25 },
	{ 83, 70, 54, 65, 58, 26, 53, 21, 13 },
	/* EQ1 1, EQ2 1 */
	{ 95, 88, 76, 90, 75, 61, 77, 68, 52 },
	{ 90, 76, 70, 77, 62, 53, 66, 59, 30 },
	{ 89, 76, 62, 74, 57, 47, 61, 57, 24 },
	{ 78, 67, 58, 59, 57, 23, 52, 29, 16 },
	{ 71, 59, 30, 58, 26, 15, 23, 13, 6 },
	/* EQ1 2, EQ2 0 */
	{ 93, 86, 75, 86, 74, 56, 70, 52, 40 },
	{ 87, 72, 58, 74, 61, 34, 54, 40, 22 },
	{ 85, 74, 62, 72, 55, 46, 53, 34, 19 },
	{ 75, 55, 51, 57, 41, 19, 36, 19, 8 },
	{ 64, 51, 20, 47, 21, 11, 24, 9, 4 },
	/* EQ1 2, EQ2 1 */
	{ 88, 73, 60, 73, 59, 41, 54, 45, 20 },
	{ 75, 53, 50, 55, 40, 20, 43, 22, 11 },
	{ 75, 58, 40, 61, 48, 20, 46, 17, 8 },
	{ 55, 45, 21, 51, 18, 9, 18, 7, 2 },
	{ 53, 24, 14, 24, 12, 5, 10, 3, 1 },
};

/* The highest vectors of each equivalence class, as severity levels of the
 * metrics named beside them; the first one that is not below a vector is
 * what the vector is measured from. */
enum { MAXES = 5, WIDTH = 6 };
struct class
{
	uint8_t depth;
	uint8_t n;
	uint8_t max[MAXES][WIDTH];
};

static const struct class eq1[3] = {
	/* AV PR UI */
	{ 1, 1, { { 0, 0, 0 } } },
	{ 4, 3, { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } } },
	{ 5, 2, { { 3, 0, 0 }, { 1, 1, 1 } } },
};
static const struct class eq2[2] = {
	/* AC AT */
	{ 1, 1, { { 0, 0 } } },
	{ 2, 2, { { 1, 0 }, { 0, 1 } } },
};
static const struct class eq36[PAIRS] = {
	/* VC VI VA CR IR AR */
	{ 7, 1, { { 0, 0, 0, 0, 0, 0 } } },
	{ 6, 2, { { 0, 0, 1, 1, 1, 0 }, { 0, 0, 0, 1, 1, 1 } } },
	{ 8, 2, { { 1, 0, 0, 0, 0, 0 }, { 0, 1, 0, 0, 0, 0 } } },
	{ 8, 5,
	    { { 1, 0, 1, 0, 1, 0 }, { 1, 0, 0, 0, 1, 1 }, { 0, 1, 0, 1, 0, 1 },
		{ 0, 1, 1, 1, 0, 0 }, { 1, 1, 0, 0, 0, 1 } } },
	{ 10, 1, { { 1, 1, 1, 0, 0, 0 } } },
};
static const struct class eq4[3] = {
	/* SC SI SA */
	{ 6, 1, { { 1, 0, 0 } } },
	{ 5, 1, { { 1, 1, 1 } } },
	{ 4, 1, { { 2, 2, 2 } } },
};

/* The place of each value in its letters; -1: not given, or X. */
struct vector {
	int at[METRICS];
};

static int
metric_find(struct str name)
{
	for (int i = 0; i < METRICS; i++)
		if (str_eq(name, str_of(metrics[i].name)))
			return i;
	return -1;
}

/* U is the one metric whose values are words. */
static bool
is_urgency(struct str value)
{
	static const char *const words[] = { "Clear", "Green", "Amber", "Red",
		"X" };

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (str_eq(value, str_of(words[i])))
			return true;
	return false;
}

static int
value_find(int m, struct str value)
{
	const char *letters = metrics[m].letters;

	if (m == U ? !is_urgency(value) : value.len != 1)
		return -1;
	for (int i = 0; letters[i] != '\0'; i++)
		if (letters[i] == value.at[0] && letters[i] != '-')
			return i;
	return -1;
}

/* *last is the metric before this one, -1 at the beginning. */
static enum err
take(struct vector *v, int *last, struct str piece)
{
	struct str name, value = piece;
	int m, at;

	if (!str_cut(&value, ':', &name) || value.at == NULL)
		return fail(ERR_FORMAT,
		    "CVSS: \"%.*s\" is not a metric and its value",
		    STR_ARG(str_slice(piece, 0, 20)));
	m = metric_find(name);
	if (m < 0)
		return fail(ERR_FORMAT, "CVSS: version 4.0 has no metric %.*s",
		    STR_ARG(str_slice(name, 0, 20)));
	if (m == *last)
		return fail(ERR_FORMAT, "CVSS: %s is given twice",
		    metrics[m].name);
	if (m < *last)
		return fail(ERR_FORMAT,
		    "CVSS: %s belongs before %s: version 4.0 has a fixed order",
		    metrics[m].name, metrics[*last].name);
	if (*last + 1 < BASE_END && m != *last + 1)
		return fail(ERR_FORMAT, "CVSS: %s is missing, or out of place",
		    metrics[*last + 1].name);
	at = value_find(m, value);
	if (at < 0)
		return fail(ERR_FORMAT, "CVSS: %s is one of %s",
		    metrics[m].name,
		    m == U ?
			"Clear, Green, Amber, Red, X" :
			metrics[m].letters + (metrics[m].letters[0] == '-'));
	v->at[m] = metrics[m].letters[at] == 'X' ? -1 : at;
	*last = m;
	return ERR_NONE;
}

static enum err
parse(struct vector *v, struct str text)
{
	struct str rest, piece;
	int last = -1;
	enum err rc;

	for (int i = 0; i < METRICS; i++)
		v->at[i] = -1;
	if (!str_starts(text, STR("CVSS:4.0/")))
		return fail(ERR_FORMAT,
		    "a CVSS 4.0 vector begins with CVSS:4.0/");
	if (str_ends(text, STR("/")))
		return fail(ERR_FORMAT,
		    "CVSS: a \"/\" at the end is not a metric");
	rest = str_slice(text, 9, SIZE_MAX);
	while (str_cut(&rest, '/', &piece)) {
		rc = take(v, &last, piece);
		if (rc != ERR_NONE)
			return rc;
	}
	if (last < BASE_END - 1)
		return fail(ERR_FORMAT, "CVSS: %s is missing",
		    metrics[last + 1].name);
	return ERR_NONE;
}

/* What counts: modified metrics before base ones, and the worst for what is
 * not defined. */
static struct vector
effective(const struct vector *given)
{
	struct vector v = *given;

	for (int i = AV; i <= SA; i++)
		if (v.at[MAV + i] >= 0)
			v.at[i] = v.at[MAV + i];
	for (int i = E; i <= AR; i++)
		if (v.at[i] < 0)
			v.at[i] = 0;
	return v;
}

static bool
harmless(const struct vector *v)
{
	for (int i = VC; i <= VA; i++)
		if (v->at[i] != 2 || v->at[i + SC - VC] != 3)
			return false;
	return true;
}

/* EQ1 to EQ6 by tables 24 to 29 of the specification. */
static void
classify(uint8_t eq[6], const struct vector *v)
{
	const int *a = v->at;
	int easy = (a[AV] == 0) + (a[PR] == 0) + (a[UI] == 0);
	bool high = a[VC] == 0 || a[VI] == 0 || a[VA] == 0;
	bool needed = (a[CR] == 0 && a[VC] == 0) ||
	    (a[IR] == 0 && a[VI] == 0) || (a[AR] == 0 && a[VA] == 0);
	bool beyond = a[SC] == 1 || a[SI] == 1 || a[SA] == 1;

	eq[0] = easy == 3 ? 0 : easy > 0 && a[AV] != 3 ? 1 : 2;
	eq[1] = a[AC] == 0 && a[AT] == 0 ? 0 : 1;
	eq[2] = a[VC] == 0 && a[VI] == 0 ? 0 : high ? 1 : 2;
	eq[3] = a[SI] == 0 || a[SA] == 0 ? 0 : beyond ? 1 : 2;
	eq[4] = (uint8_t)a[E];
	eq[5] = needed ? 0 : 1;
}

/* How many steps v is below the highest vector it can be measured from. */
static int
distance(const struct class *c, const struct vector *v, const uint8_t *which,
    int n)
{
	for (int i = 0; i < c->n; i++) {
		int sum = 0, k;

		for (k = 0; k < n; k++) {
			int d = v->at[which[k]] - c->max[i][k];

			if (d < 0)
				break;
			sum += d;
		}
		if (k == n)
			return sum;
	}
	bug("a CVSS vector above its class");
}

/* Where a MacroVector stands in scores. */
struct place {
	int one, two, pair, four, five;
};

/* -1: there is no such MacroVector. */
static int
score_at(struct place p)
{
	if (p.one > 2 || p.two > 1 || p.pair >= PAIRS || p.four > 2 ||
	    p.five > 2)
		return -1;
	return scores[(p.one * 2 + p.two) * PAIRS + p.pair]
		     [p.four * 3 + p.five];
}

static int
lower_pair(struct place p)
{
	static const int next[PAIRS] = { 1, 3, 3, 4, PAIRS };
	struct place q = p, other = p;
	int a, b;

	q.pair = next[p.pair];
	a = score_at(q);
	if (p.pair > 0)
		return a;
	other.pair = 2;
	b = score_at(other);
	return b > a ? b : a;
}

/* The mean over all classes that have a lower one of the way to it that the
 * vector has gone. */
struct mean {
	double sum;
	int n;
};

static void
mean_add(struct mean *m, int here, int lower, int steps, int depth)
{
	if (lower < 0)
		return;
	m->sum += (here - lower) * (double)steps / depth;
	m->n++;
}

static uint8_t
score(const struct vector *v, const uint8_t eq[6])
{
	static const uint8_t one[] = { AV, PR, UI }, two[] = { AC, AT };
	static const uint8_t three[] = { VC, VI, VA, CR, IR, AR };
	static const uint8_t four[] = { SC, SI, SA };
	struct place p = { eq[0], eq[1], 0, eq[3], eq[4] }, q;
	struct mean m = { 0, 0 };
	int here;

	while (pairs[p.pair][0] != eq[2] || pairs[p.pair][1] != eq[5])
		p.pair++;
	here = score_at(p);
	q = p, q.one++;
	mean_add(&m, here, score_at(q), distance(&eq1[p.one], v, one, 3),
	    eq1[p.one].depth);
	q = p, q.two++;
	mean_add(&m, here, score_at(q), distance(&eq2[p.two], v, two, 2),
	    eq2[p.two].depth);
	mean_add(&m, here, lower_pair(p), distance(&eq36[p.pair], v, three, 6),
	    eq36[p.pair].depth);
	q = p, q.four++;
	mean_add(&m, here, score_at(q), distance(&eq4[p.four], v, four, 3),
	    eq4[p.four].depth);
	q = p, q.five++;
	mean_add(&m, here, score_at(q), 0, 1);
	/* Half a tenth goes up; the hair is for thirds that a double cannot
	 * hold, and far below any distance that can occur. */
	return (uint8_t)(here - (m.n == 0 ? 0 : m.sum / m.n) + 0.5 + 1e-6);
}

static const char *
name_of(const struct vector *v)
{
	bool threat = v->at[E] >= 0, local = false;

	for (int i = THREAT_END; i < ENVIRONMENT_END; i++)
		local = local || v->at[i] >= 0;
	return threat && local ? "CVSS-BTE" :
	    threat             ? "CVSS-BT" :
	    local              ? "CVSS-BE" :
				 "CVSS-B";
}

enum err
cvss4_read(struct cvss4 *out, struct str vector)
{
	struct vector given, v;
	enum err rc = parse(&given, vector);

	if (rc != ERR_NONE)
		return rc;
	v = effective(&given);
	classify(out->eq, &v);
	out->score = harmless(&v) ? 0 : score(&v, out->eq);
	out->name = name_of(&given);
	return ERR_NONE;
}
