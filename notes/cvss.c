#include "notes/cvss.h"

/* In the order of the specification's tables 15 and 16. */
enum metric {
	AV,
	AC,
	PR,
	UI,
	S,
	C,
	I,
	A,
	E,
	RL,
	RC,
	CR,
	IR,
	AR,
	MAV,
	MAC,
	MPR,
	MUI,
	MS,
	MC,
	MI,
	MA,
	METRICS,
};
enum { BASE_END = E, TEMPORAL_END = CR };

/* Values by their letters; weights beside them.  X, not defined, is "". */
static const struct {
	const char *name, *letters;
	double weight[4];
} metrics[METRICS] = {
	[AV] = { "AV", "NALP", { 0.85, 0.62, 0.55, 0.2 } },
	[AC] = { "AC", "LH", { 0.77, 0.44 } },
	[PR] = { "PR", "NLH", { 0.85, 0.62, 0.27 } },
	[UI] = { "UI", "NR", { 0.85, 0.62 } },
	[S] = { "S", "UC", { 0 } },
	[C] = { "C", "NLH", { 0, 0.22, 0.56 } },
	[I] = { "I", "NLH", { 0, 0.22, 0.56 } },
	[A] = { "A", "NLH", { 0, 0.22, 0.56 } },
	[E] = { "E", "HFPU", { 1, 0.97, 0.94, 0.91 } },
	[RL] = { "RL", "UWTO", { 1, 0.97, 0.96, 0.95 } },
	[RC] = { "RC", "CRU", { 1, 0.96, 0.92 } },
	[CR] = { "CR", "HML", { 1.5, 1, 0.5 } },
	[IR] = { "IR", "HML", { 1.5, 1, 0.5 } },
	[AR] = { "AR", "HML", { 1.5, 1, 0.5 } },
	[MAV] = { "MAV", "NALP", { 0.85, 0.62, 0.55, 0.2 } },
	[MAC] = { "MAC", "LH", { 0.77, 0.44 } },
	[MPR] = { "MPR", "NLH", { 0.85, 0.62, 0.27 } },
	[MUI] = { "MUI", "NR", { 0.85, 0.62 } },
	[MS] = { "MS", "UC", { 0 } },
	[MC] = { "MC", "NLH", { 0, 0.22, 0.56 } },
	[MI] = { "MI", "NLH", { 0, 0.22, 0.56 } },
	[MA] = { "MA", "NLH", { 0, 0.22, 0.56 } },
};

/* The place of each value in its letters; -1: not given, or X. */
struct vector {
	int at[METRICS];
	bool given[METRICS];
};

static int
metric_find(struct str name)
{
	for (int i = 0; i < METRICS; i++)
		if (str_eq(name, str_of(metrics[i].name)))
			return i;
	return -1;
}

static enum err
take(struct vector *v, struct str piece)
{
	struct str name, value = piece;
	int m;

	if (!str_cut(&value, ':', &name) || value.len != 1)
		return fail(ERR_FORMAT,
		    "CVSS: \"%.*s\" is not a metric and "
		    "its value",
		    STR_ARG(str_slice(piece, 0, 20)));
	m = metric_find(name);
	if (m < 0)
		return fail(ERR_FORMAT, "CVSS: version 3.1 has no metric %.*s",
		    STR_ARG(str_slice(name, 0, 20)));
	if (v->given[m])
		return fail(ERR_FORMAT, "CVSS: %s is given twice",
		    metrics[m].name);
	v->given[m] = true;
	for (int i = 0; metrics[m].letters[i] != '\0'; i++)
		if (metrics[m].letters[i] == value.at[0])
			v->at[m] = i;
	if (v->at[m] < 0 && (value.at[0] != 'X' || m < BASE_END))
		return fail(ERR_FORMAT, "CVSS: %s is one of %s%s",
		    metrics[m].name, metrics[m].letters,
		    m < BASE_END ? "" : "X");
	return ERR_NONE;
}

static enum err
parse(struct vector *v, struct str text)
{
	struct str rest = text, piece;
	enum err rc;

	for (int i = 0; i < METRICS; i++) {
		v->at[i] = -1;
		v->given[i] = false;
	}
	if (!str_starts(text, STR("CVSS:3.1/")))
		return fail(ERR_FORMAT,
		    "a CVSS 3.1 vector begins with "
		    "CVSS:3.1/");
	if (str_ends(text, STR("/")))
		return fail(ERR_FORMAT,
		    "CVSS: a \"/\" at the end is not a "
		    "metric");
	rest = str_slice(text, 9, SIZE_MAX);
	while (str_cut(&rest, '/', &piece)) {
		rc = take(v, piece);
		if (rc != ERR_NONE)
			return rc;
	}
	for (int i = 0; i < BASE_END; i++)
		if (!v->given[i])
			return fail(ERR_FORMAT, "CVSS: %s is missing",
			    metrics[i].name);
	return ERR_NONE;
}

/* Appendix A of the specification: up to one digit, free of the machine's
 * rounding. */
static int
round_up(double score)
{
	int64_t n = (int64_t)(score * 100000 + 0.5);

	return (int)(n % 10000 == 0 ? n / 10000 : n / 10000 + 1);
}

static double
power(double base, int n)
{
	double result = 1;

	while (n-- > 0)
		result *= base;
	return result;
}

static double
least(double a, double b)
{
	return a < b ? a : b;
}

static double
weight(const struct vector *v, enum metric m)
{
	return v->at[m] < 0 ? 1 : metrics[m].weight[v->at[m]];
}

/* Privileges weigh less against another component's scope. */
static double
privileges(int at, bool changed)
{
	static const double other[3] = { 0.85, 0.68, 0.5 };

	return changed ? other[at] : metrics[PR].weight[at];
}

static double
exploitability(const struct vector *v, bool changed)
{
	return 8.22 * weight(v, AV) * weight(v, AC) *
	    privileges(v->at[PR], changed) * weight(v, UI);
}

/* Before temporal metrics; 0 when nothing is harmed. */
static int
combine(double impact, double exploit, bool changed)
{
	if (impact <= 0)
		return 0;
	return round_up(least((changed ? 1.08 : 1) * (impact + exploit), 10));
}

static int
base_score(const struct vector *v)
{
	bool changed = v->at[S] == 1;
	double iss =
	    1 - (1 - weight(v, C)) * (1 - weight(v, I)) * (1 - weight(v, A));
	double impact = changed ?
	    7.52 * (iss - 0.029) - 3.25 * power(iss - 0.02, 15) :
	    6.42 * iss;

	return combine(impact, exploitability(v, changed), changed);
}

static int
temporal_score(const struct vector *v, int tenths)
{
	return round_up(
	    tenths / 10.0 * weight(v, E) * weight(v, RL) * weight(v, RC));
}

/* The vector as it is at this place: modified metrics instead of base. */
static int
modified_score(const struct vector *v)
{
	struct vector m = *v;
	bool changed;
	double miss, impact;

	for (int i = MAV; i <= MA; i++)
		if (m.at[i] >= 0)
			m.at[i - MAV] = m.at[i];
	changed = m.at[S] == 1;
	miss = least(1 -
		(1 - weight(&m, C) * weight(&m, CR)) *
		    (1 - weight(&m, I) * weight(&m, IR)) *
		    (1 - weight(&m, A) * weight(&m, AR)),
	    0.915);
	impact = changed ?
	    7.52 * (miss - 0.029) - 3.25 * power(miss * 0.9731 - 0.02, 13) :
	    6.42 * miss;
	return combine(impact, exploitability(&m, changed), changed);
}

static bool
any_defined(const struct vector *v, int from, int to)
{
	for (int i = from; i < to; i++)
		if (v->at[i] >= 0)
			return true;
	return false;
}

enum err
cvss_read(struct cvss *out, struct str vector)
{
	struct vector v;
	enum err rc = parse(&v, vector);
	bool local;

	if (rc != ERR_NONE)
		return rc;
	local = any_defined(&v, TEMPORAL_END, METRICS);
	out->base = (uint8_t)base_score(&v);
	out->temporal = (uint8_t)temporal_score(&v, out->base);
	out->environmental = local ?
	    (uint8_t)temporal_score(&v, modified_score(&v)) :
	    out->temporal;
	out->overall = out->environmental;
	return ERR_NONE;
}

const char *
cvss_word(uint8_t tenths)
{
	return tenths == 0 ? "none" :
	    tenths < 40    ? "low" :
	    tenths < 70    ? "medium" :
	    tenths < 90    ? "high" :
			     "critical";
}
