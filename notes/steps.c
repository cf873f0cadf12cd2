#include "notes/steps.h"

#include <stdio.h>
#include <string.h>

#include "core/io.h"
#include "core/limits.h"
#include "notes/cvss.h"
#include "notes/cvss4.h"
#include "notes/standing.h"

struct call {
	struct bureau *d;
	const struct case_file *c;
	struct arena *a;
	int argc;
	char **argv;
	struct decision what;
};

static struct str
word(const struct call *k, int i)
{
	return i < k->argc ? str_of(k->argv[i]) : (struct str){ 0 };
}

static enum err
finding(struct decision_of *out, const struct call *k, int i)
{
	const struct case_item *it = case_find(k->c, word(k, i));

	if (it == NULL || it->now->type != ENTRY_FINDING)
		return fail(ERR_ABSENT,
		    "%s: no such finding in the case; vitrine-report list "
		    "lists them",
		    k->argv[i]);
	*out = case_origin(it);
	return ERR_NONE;
}

/* A severity by its name, or a vector and what it comes to. */
static enum err
severity(struct call *k, int i)
{
	static const char *const names[] = { "none", "low", "medium", "high",
		"critical" };
	struct str w = word(k, i);
	struct cvss4 four;
	struct cvss three;
	const char *name;
	enum err rc;

	if (decision_severity_find(&k->what.severity, w))
		return ERR_NONE;
	if (!str_starts(w, STR("CVSS:")))
		return fail(ERR_FORMAT,
		    "%s: none, low, medium, high, critical, or a CVSS vector",
		    k->argv[i]);
	if (str_starts(w, STR("CVSS:3.1/"))) {
		rc = cvss_read(&three, w);
		name = rc == ERR_NONE ? cvss_word(three.overall) : names[0];
	} else {
		rc = cvss4_read(&four, w);
		name = rc == ERR_NONE ? cvss_word(four.score) : names[0];
	}
	if (rc != ERR_NONE)
		return rc;
	if (!decision_severity_find(&k->what.severity, str_of(name)))
		bug("a severity called %s", name);
	k->what.vector = w;
	return ERR_NONE;
}

static enum err
person(struct call *k)
{
	struct buf file = { 0 };
	enum err rc = io_read(&file, k->argv[2], SIGN_FILE_MAX);

	if (rc == ERR_NONE)
		rc = sign_public_read(&k->what.key, buf_view(&file));
	buf_release(&file);
	k->what.name = word(k, 1);
	k->what.full = word(k, 3);
	k->what.role = word(k, 4);
	return rc;
}

static enum err
two(struct call *k)
{
	enum err rc = finding(&k->what.finding, k, 1);

	if (rc == ERR_NONE)
		rc = finding(&k->what.other, k, 2);
	if (rc == ERR_NONE && k->what.finding.number == k->what.other.number &&
	    str_eq(k->what.finding.record, k->what.other.record))
		rc = fail(ERR_FORMAT, "%s and %s: the same finding", k->argv[1],
		    k->argv[2]);
	k->what.reason = word(k, 3);
	return rc;
}

static enum err
vote(struct call *k)
{
	enum err rc = finding(&k->what.finding, k, 1);

	if (rc == ERR_NONE)
		rc = severity(k, 2);
	k->what.reason = word(k, 3);
	return rc;
}

static enum err
rule(struct call *k)
{
	enum err rc = vote(k);

	k->what.vector = (struct str){ 0 };
	return rc;
}

static bool
is_release(const struct call *k, struct str name)
{
	struct str *known;
	uint32_t n = standing_releases(k->c, k->a, &known);

	for (uint32_t i = 0; i < n; i++)
		if (str_eq(known[i], name))
			return true;
	for (uint32_t i = 0; i < k->c->fleet.n; i++)
		if (str_eq(k->c->fleet.rows[i].release, name))
			return true;
	return false;
}

static enum err
state(struct call *k)
{
	static const char *const words[STANDINGS] = { "investigated",
		"affected", "not-affected", "fixed" };
	enum err rc = finding(&k->what.finding, k, 1);
	int i = 0;

	if (rc != ERR_NONE)
		return rc;
	k->what.release = word(k, 2);
	if (!is_release(k, k->what.release))
		return fail(ERR_ABSENT,
		    "%s: no export and no deployment names that release",
		    k->argv[2]);
	while (i < STANDINGS && !str_eq(word(k, 3), str_of(words[i])))
		i++;
	if (i == STANDINGS)
		return fail(ERR_FORMAT,
		    "%s: affected, not-affected, fixed or investigated",
		    k->argv[3]);
	k->what.standing = (enum decision_standing)i;
	k->what.reason = word(k, 4);
	return ERR_NONE;
}

static enum err
component(struct call *k)
{
	k->what.component = word(k, 1);
	k->what.prefix = word(k, 2);
	return ERR_NONE;
}

/* A URI as far as CSAF's validators look: a scheme, and no blanks. */
static bool
is_uri(struct str s)
{
	size_t colon = str_find(s, STR(":"), 0);

	if (colon == SIZE_MAX || colon == 0 || colon + 1 == s.len)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');

		if (i < colon ?
			!letter &&
			    (i == 0 || strchr("0123456789+-.", c) == NULL) :
			c <= ' ' || c > '~' || strchr("\"<>\\^`{|}", c) != NULL)
			return false;
	}
	return true;
}

/* NAME NAMESPACE [CATEGORY]: the categories of CSAF 2.0, 3.2.1.8.1. */
static enum err
publisher(struct call *k)
{
	static const char *const roles[] = { "coordinator", "discoverer",
		"other", "translator", "user", "vendor" };
	size_t i = 0;

	k->what.name = word(k, 1);
	k->what.namespace = word(k, 2);
	k->what.role = k->argc > 3 ? word(k, 3) : STR("discoverer");
	if (k->what.name.len == 0)
		return fail(ERR_FORMAT, "a publisher has a name");
	if (!is_uri(k->what.namespace))
		return fail(ERR_FORMAT,
		    "%s: a URI, as in https://evaluator.example", k->argv[2]);
	while (i < sizeof roles / sizeof *roles &&
	    !str_eq(k->what.role, str_of(roles[i])))
		i++;
	if (i == sizeof roles / sizeof *roles)
		return fail(ERR_FORMAT,
		    "%s: coordinator, discoverer, other, translator, user or "
		    "vendor",
		    k->argv[3]);
	return ERR_NONE;
}

static enum err
file(struct call *k)
{
	const char *slash = strrchr(k->argv[1], '/');
	struct buf bytes = { 0 };
	enum err rc = io_read(&bytes, k->argv[1], LIMIT_BUNDLE);

	if (rc == ERR_NONE) {
		k->what.bytes =
		    arena_copy(&bureau_case(k->d)->memory, buf_view(&bytes));
		k->what.file = str_of(slash != NULL ? slash + 1 : k->argv[1]);
	}
	buf_release(&bytes);
	return rc;
}

static enum err
list_of(const struct checklist **out, const struct call *k)
{
	for (uint32_t i = 0; i < k->c->n_lists; i++)
		if (str_eq(k->c->lists[i].list.id, word(k, 1))) {
			*out = &k->c->lists[i].list;
			return ERR_NONE;
		}
	return fail(ERR_ABSENT,
	    "%s: no such checklist in the case; vitrine-report requirements "
	    "lists them",
	    k->argv[1]);
}

/* LIST ITEM[@COMPONENT] RESULT EVIDENCE [FINDING] */
static enum err
result(struct call *k)
{
	static const char *const words[RESULTS] = { "not-reached", "pass",
		"fail", "na" };
	const struct checklist *list = NULL;
	struct str rest = word(k, 2);
	int i = 0;
	enum err rc = list_of(&list, k);

	if (rc != ERR_NONE)
		return rc;
	k->what.list = list->id;
	(void)str_cut(&rest, '@', &k->what.requirement);
	k->what.component = rest;
	if (checklist_find(list, k->what.requirement) == NULL)
		return fail(ERR_ABSENT, "%s: no such item in %s", k->argv[2],
		    k->argv[1]);
	while (i < RESULTS && !str_eq(word(k, 3), str_of(words[i])))
		i++;
	if (i == RESULTS)
		return fail(ERR_FORMAT, "%s: pass, fail, na or not-reached",
		    k->argv[3]);
	k->what.result = (enum decision_result)i;
	k->what.reason = word(k, 4);
	return k->argc > 5 ? finding(&k->what.finding, k, 5) : ERR_NONE;
}

static const struct {
	struct steps s;
	enum decision_kind kind;
	int least, most; /* words after the name */
	enum err (*fill)(struct call *k);
} steps[] = {
	{ { "person", "NAME KEY.pub [FULL-NAME [ROLE]]",
	      "may sign steps from here on" },
	    DECISION_PERSON, 2, 4, person },
	{ { "same", "FINDING FINDING REASON", "the two are one" },
	    DECISION_SAME, 3, 3, two },
	{ { "apart", "FINDING FINDING REASON", "the two are two" },
	    DECISION_APART, 3, 3, two },
	{ { "vote", "FINDING SEVERITY|VECTOR REASON", "your say, signed (-S)" },
	    DECISION_VOTE, 3, 3, vote },
	{ { "rule", "FINDING SEVERITY REASON",
	      "what counts; votes against it are printed" },
	    DECISION_RULE, 3, 3, rule },
	{ { "state",
	      "FINDING RELEASE affected|not-affected|fixed|investigated "
	      "REASON",
	      "who is affected, by your word" },
	    DECISION_STATE, 4, 4, state },
	{ { "component", "NAME FOLDER", "where a component's files are" },
	    DECISION_COMPONENT, 2, 2, component },
	{ { "deployments", "FILE.csv",
	      "what runs where; replaces the list before" },
	    DECISION_DEPLOYMENTS, 1, 1, file },
	{ { "checklist", "FILE", "requirements to hold it against" },
	    DECISION_CHECKLIST, 1, 1, file },
	{ { "result",
	      "LIST ITEM[@COMPONENT] pass|fail|na|not-reached EVIDENCE "
	      "[FINDING]",
	      "of one requirement" },
	    DECISION_RESULT, 4, 5, result },
	{ { "publisher", "NAME NAMESPACE [CATEGORY]",
	      "who publishes CSAF documents" },
	    DECISION_PUBLISHER, 2, 3, publisher },
};
enum { STEPS = sizeof steps / sizeof steps[0] };

const struct steps *
steps_at(size_t i)
{
	return i < STEPS ? &steps[i].s : NULL;
}

const struct steps *
steps_find(const char *name)
{
	for (size_t i = 0; i < STEPS; i++)
		if (strcmp(steps[i].s.name, name) == 0)
			return &steps[i].s;
	return NULL;
}

enum err
steps_run(struct bureau *d, const struct bureau_person *p, int argc,
    char **argv)
{
	struct arena a = { 0 };
	struct call k = { .d = d,
		.c = bureau_case(d),
		.a = &a,
		.argc = argc,
		.argv = argv };
	struct str said;
	size_t i = 0;
	enum err rc;

	while (i < STEPS && strcmp(steps[i].s.name, argv[0]) != 0)
		i++;
	if (i == STEPS)
		bug("no step is called %s", argv[0]);
	if (argc - 1 < steps[i].least || argc - 1 > steps[i].most)
		return fail(ERR_LIMIT, "usage: vitrine-report %s%s%s", argv[0],
		    steps[i].s.usage[0] == '\0' ? "" : " ", steps[i].s.usage);
	k.what.kind = steps[i].kind;
	rc = steps[i].fill(&k);
	if (rc == ERR_NONE)
		rc = bureau_decide(d, p, &k.what);
	if (rc == ERR_NONE) {
		said = bureau_words(k.c, &a, &k.what);
		printf("%s by %.*s: %.*s\n", argv[0], STR_ARG(p->name),
		    STR_ARG(said));
	}
	arena_release(&a);
	return rc;
}
