#include "notes/bureau.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/io.h"
#include "core/json.h"
#include "core/limits.h"

struct bureau {
	struct docket *docket;
	struct case_file c;
	struct bureau_house house;
};

static int64_t
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

struct case_file *
bureau_case(struct bureau *d)
{
	return &d->c;
}

/* The last person of that name counts: a key can be replaced. */
static const struct decision *
person_find(const struct bureau *d, struct str name)
{
	const struct decision *found = NULL;

	for (const struct decision *p = d->c.decisions; p != NULL; p = p->next)
		if (p->kind == DECISION_PERSON && str_eq(p->name, name))
			found = p;
	return found;
}

static bool
key_of(const struct bureau *d, struct sign_public *out, struct str name)
{
	const struct decision *p = person_find(d, name);

	if (p != NULL)
		*out = p->key;
	return p != NULL ||
	    (d->house.key != NULL && d->house.key(d->house.arg, out, name));
}

enum err
bureau_signer(struct str *name, struct bureau *d, const struct sign_public *key)
{
	struct arena a = { 0 };
	enum err rc;

	for (const struct decision *p = d->c.decisions; p != NULL; p = p->next)
		if (p->kind == DECISION_PERSON &&
		    sign_public_eq(&p->key, key) &&
		    person_find(d, p->name) == p) {
			*name = p->name;
			return ERR_NONE;
		}
	rc = fail(ERR_DENIED,
	    "key %.*s is nobody's in this case: vitrine-report person NAME "
	    "KEY.pub takes somebody in",
	    STR_ARG(sign_id_text(key, &a)));
	arena_release(&a);
	return rc;
}

static enum err
take_session(struct bureau *d, const struct docket_note *n)
{
	struct str id, manifest, signer;

	if (!json_str(n->json, "id", &id) ||
	    !json_str(n->json, "manifest", &manifest) ||
	    !json_str(n->json, "signer", &signer))
		return fail(ERR_FORMAT, "entry %llu of the case is damaged",
		    (unsigned long long)n->seq);
	if (signer.len == 0) {
		struct case_file *c = &d->c;
		struct str *more =
		    arena_array(&c->memory, c->n_unproven + 1, struct str);

		for (uint32_t i = 0; i < c->n_unproven; i++)
			more[i] = c->unproven[i];
		more[c->n_unproven++] = arena_copy(&c->memory, id);
		c->unproven = more;
	}
	case_log(&d->c, n->seq, n->time, n->by, n->kind, (struct str){ 0 }, id);
	return d->house.session(d->house.arg, id, n->bytes, manifest, signer);
}

static enum err
take_export(struct bureau *d, const struct docket_note *n)
{
	struct str file, session;
	struct hash sealed;

	if (!json_str(n->json, "file", &file) ||
	    !json_str(n->json, "session", &session) ||
	    !json_hex(n->json, "sealed", sealed.at, HASH_BYTES))
		return fail(ERR_FORMAT, "entry %llu of the case is damaged",
		    (unsigned long long)n->seq);
	case_log(&d->c, n->seq, n->time, n->by, n->kind, (struct str){ 0 },
	    file);
	return d->house.export(d->house.arg, &d->c, file, &sealed, session,
	    n->bytes);
}

static enum err
check_signature(struct bureau *d, const struct docket_note *n,
    struct decision *what)
{
	struct sign_public key;
	enum err rc;

	if (n->signature.len == 0)
		return what->kind == DECISION_VOTE ?
		    fail(ERR_DENIED, "entry %llu: a vote that nobody signed",
			(unsigned long long)n->seq) :
		    ERR_NONE;
	if (!key_of(d, &key, what->by))
		return fail(ERR_DENIED,
		    "entry %llu: nobody is called %.*s here",
		    (unsigned long long)n->seq, STR_ARG(what->by));
	rc = docket_verify(d->docket, n, &key);
	if (rc == ERR_NONE)
		what->key_id = sign_id_text(&key, &d->c.memory);
	return rc;
}

static enum err
take_decision(struct bureau *d, const struct docket_note *n)
{
	struct decision *what = arena_new(&d->c.memory, struct decision);
	enum err rc = decision_read(what, &d->c.memory, n);

	if (rc == ERR_NONE)
		rc = check_signature(d, n, what);
	if (rc == ERR_NONE)
		rc = case_decide(&d->c, what);
	return rc;
}

static enum err
take(void *arg, const struct docket_note *n)
{
	struct bureau *d = arg;

	if (str_eq(n->kind, STR("session")))
		return take_session(d, n);
	if (str_eq(n->kind, STR("export")))
		return take_export(d, n);
	return take_decision(d, n);
}

/* SQLite wants it from the root. */
static struct str
absolute(struct arena *a, const char *path)
{
	char here[LIMIT_PATH];

	if (path[0] == '/' || getcwd(here, sizeof here) == NULL)
		return str_of(path);
	return arena_printf(a, "%s/%s", here, path);
}

enum err
bureau_open(struct bureau **out, const char *path, bool fresh,
    const struct bureau_house *house)
{
	struct bureau *d = calloc(1, sizeof *d);
	struct str whole;
	enum err rc;

	if (d == NULL)
		bug("no memory for a case");
	d->house = *house;
	whole = absolute(&d->c.memory, path);
	rc = docket_open(&d->docket, whole.at);
	if (rc == ERR_ABSENT && fresh) {
		err_clear();
		rc = docket_create(&d->docket, whole.at);
	} else if (rc == ERR_ABSENT) {
		err_clear();
		rc = fail(ERR_ABSENT,
		    "no case at %s: vitrine-report add makes one", path);
	}
	if (rc == ERR_NONE)
		rc = docket_each(d->docket, take, d);
	if (rc == ERR_NONE) {
		case_sort(&d->c);
		*out = d;
	} else {
		bureau_close(d);
	}
	return rc;
}

void
bureau_close(struct bureau *d)
{
	if (d == NULL)
		return;
	docket_close(d->docket);
	case_release(&d->c);
	free(d);
}

enum err
bureau_add_session(struct bureau *d, const struct bureau_person *p,
    struct str id, struct str conf, struct str manifest, struct str signer)
{
	const struct docket_write w = { .kind = "session",
		.by = p->name,
		.time = now(),
		.bytes = conf,
		.key = p->key };
	struct json *j = json_new_object();
	enum err rc;

	json_put_str(j, "id", id);
	json_put_str(j, "manifest", manifest);
	json_put_str(j, "signer", signer);
	rc = docket_add(d->docket, &w, j);
	json_free(j);
	return rc;
}

enum err
bureau_decide(struct bureau *d, const struct bureau_person *p,
    struct decision *what)
{
	struct decision *kept = arena_new(&d->c.memory, struct decision);
	enum err rc = ERR_NONE;

	what->by = p->name;
	what->time = now();
	*kept = *what;
	/* A file that is not as it should be is refused before it is kept. */
	if (what->kind == DECISION_DEPLOYMENTS ||
	    what->kind == DECISION_CHECKLIST)
		rc = case_decide(&d->c, kept);
	if (rc == ERR_NONE)
		rc = decision_add(d->docket, what, p->key);
	if (rc == ERR_NONE && what->kind != DECISION_DEPLOYMENTS &&
	    what->kind != DECISION_CHECKLIST)
		rc = case_decide(&d->c, kept);
	return rc;
}

static enum err
know_key(struct bureau *d, const struct bureau_person *p,
    const struct case_bundle *b)
{
	struct decision what = { .kind = DECISION_PERSON,
		.name = b->said.auditor,
		.full = b->author,
		.role = STR("auditor"),
		.key = b->key };
	struct sign_public known;

	return key_of(d, &known, b->said.auditor) ? ERR_NONE :
						    bureau_decide(d, p, &what);
}

enum err
bureau_add_export(struct bureau *d, const struct bureau_person *p,
    const struct case_bundle *b)
{
	struct docket_write w = { .kind = "export",
		.by = p->name,
		.bytes = b->plain,
		.key = p->key };
	struct json *j;
	enum err rc = know_key(d, p, b);

	if (rc != ERR_NONE)
		return rc;
	w.time = now();
	j = json_new_object();
	json_put_str(j, "file", b->file);
	json_put_str(j, "session", b->session);
	json_put_hex(j, "sealed", b->sealed.at, HASH_BYTES);
	rc = docket_add(d->docket, &w, j);
	json_free(j);
	return rc;
}

enum err
bureau_add_pages(struct bureau *d, const struct bureau_person *p,
    const struct case_pages *g)
{
	const struct case_bundle b = { .file = g->file,
		.sealed = g->sealed,
		.session = g->session,
		.plain = g->plain,
		.author = g->author,
		.key = g->key,
		.said = { .auditor = g->auditor } };

	return bureau_add_export(d, p, &b);
}

static struct str
number_of(const struct case_file *c, struct arena *a,
    const struct decision_of *of)
{
	for (uint32_t i = 0; i < c->n_items; i++)
		if (c->items[i].now->seq == of->number &&
		    str_eq(c->items[i].from->said.record, of->record))
			return case_number(&c->items[i], a);
	return STR("a finding that is not here");
}

struct str
bureau_words(const struct case_file *c, struct arena *a,
    const struct decision *d)
{
	struct str f = number_of(c, a, &d->finding);
	struct str s = str_of(entry_severity_name(d->severity));

	switch (d->kind) {
	case DECISION_PERSON:
		return arena_printf(a, "%.*s may sign, key %.*s",
		    STR_ARG(d->name), STR_ARG(sign_id_text(&d->key, a)));
	case DECISION_SAME:
	case DECISION_APART:
		return arena_printf(a, "%.*s and %.*s are %s: %.*s", STR_ARG(f),
		    STR_ARG(number_of(c, a, &d->other)),
		    d->kind == DECISION_SAME ? "one" : "two",
		    STR_ARG(d->reason));
	case DECISION_VOTE:
		return arena_printf(a, "%.*s is %.*s: %.*s", STR_ARG(f),
		    STR_ARG(s), STR_ARG(d->reason));
	case DECISION_RULE:
		return arena_printf(a, "%.*s counts as %.*s: %.*s", STR_ARG(f),
		    STR_ARG(s), STR_ARG(d->reason));
	case DECISION_STATE:
		return arena_printf(a, "%.*s in %.*s: %s: %.*s", STR_ARG(f),
		    STR_ARG(d->release), decision_standing_name(d->standing),
		    STR_ARG(d->reason));
	case DECISION_COMPONENT:
		return arena_printf(a, "component %.*s is %.*s",
		    STR_ARG(d->component), STR_ARG(d->prefix));
	case DECISION_PUBLISHER:
		return arena_printf(a, "published by %.*s (%.*s)",
		    STR_ARG(d->name), STR_ARG(d->namespace));
	case DECISION_RESULT:
		return arena_printf(a, "%.*s %.*s%s%.*s: %s: %.*s",
		    STR_ARG(d->list), STR_ARG(d->requirement),
		    d->component.len > 0 ? " " : "", STR_ARG(d->component),
		    decision_result_name(d->result), STR_ARG(d->reason));
	default:
		return d->file;
	}
}
