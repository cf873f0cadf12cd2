/*
 * vitrine-report - opens what left a review, keeps it as a case, says who is
 * affected, and writes the report.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/git_place.h"
#include "core/git_refs.h"
#include "core/io.h"
#include "core/limits.h"
#include "core/text.h"
#include "notes/answers.h"
#include "notes/cite.h"
#include "notes/bureau.h"
#include "notes/outputs.h"
#include "notes/request.h"
#include "notes/steps.h"
#include "notes/unseal.h"
#include "policy/approval.h"
#include "policy/excerpt.h"
#include "policy/roster.h"
#include "policy/sandbox.h"

enum { SESSIONS_MAX = 64 };

static const char CASE_FILE[] = "review.case";

/* A session, and who may have signed in it. */
struct house_session {
	struct str id;
	struct roster roster;
	struct case_check check;
	struct case_person *people;
	struct evaluation *of;
};

struct evaluation {
	struct arena a;
	const struct request *o;
	struct seal_age_identity *identity;
	struct house_session *sessions[SESSIONS_MAX];
	uint32_t n_sessions;
	struct sign_public keys[REQUEST_KEYS];
	uint32_t n_keys;
	struct case_file *c;
	struct case_file loose; /* without a case on disk */
	struct bureau *desk;
	struct sign_secret *signing;
	uint32_t twice; /* exports that were in the case already */
	bool misused;   /* the call makes no sense */
};

static enum err
read_identity(struct evaluation *v, const char **about)
{
	*about = v->o->identity;
	return request_identity(&v->identity, v->o);
}

static enum err
read_keys(struct evaluation *v, const char **about)
{
	enum err rc = ERR_NONE;

	for (int i = 0; i < v->o->n_keys && rc == ERR_NONE; i++) {
		rc = request_key(&v->keys[v->n_keys], *about = v->o->keys[i]);
		v->n_keys += rc == ERR_NONE;
	}
	return rc;
}

/* Approvals that came along must be good; they must be there when the rules
 * want them for everything. */
static enum err
approved(void *arg, const struct case_bundle *b)
{
	struct house_session *s = arg;
	struct parcel parcel = { .author = b->said.auditor, .bytes = b->bytes };
	struct approval *all;

	if (b->n_approvals == 0 && !s->roster.rules.approve_all)
		return ERR_NONE;
	all = arena_array(&s->of->a, b->n_approvals, struct approval);
	for (uint32_t i = 0; i < b->n_approvals; i++)
		all[i].signature = b->approvals[i];
	return approval_check(&s->roster.rules, &parcel, all, b->n_approvals,
	    0);
}

static void fill_people(struct house_session *s);

/* Pages are of the session that their request names; its rules say whether
 * they may be, and the pages are held against what was signed. */
static enum err
let_out(void *arg, const struct case_check **check, const struct case_pages *p)
{
	struct evaluation *v = arg;
	struct excerpt x;

	for (uint32_t i = 0; i < v->n_sessions; i++) {
		struct house_session *s = v->sessions[i];

		if (!str_eq(s->id, p->session))
			continue;
		fill_people(s);
		*check = &s->check;
		return excerpt_read(&x, &v->a, &s->roster.rules, p->plain);
	}
	return fail(ERR_DENIED,
	    "it is of session %.*s, which is not known: -s names it",
	    STR_ARG(p->session));
}

static enum err
let_out_of(void *arg, const struct case_check **check,
    const struct case_pages *p)
{
	return let_out(((struct house_session *)arg)->of, check, p);
}

/* The people of a session: those that its rules give a key, then those whom
 * the case or the command line gives one. */
static void
fill_people(struct house_session *s)
{
	struct evaluation *v = s->of;
	const struct rules *r = &s->roster.rules;
	size_t most = r->n_auditors * (2 + (size_t)v->n_keys);
	const struct decision *d = v->c != NULL ? v->c->decisions : NULL;
	uint32_t n = 0;

	for (const struct decision *p = d; p != NULL; p = p->next)
		most += p->kind == DECISION_PERSON;
	s->people = arena_array(&v->a, most, struct case_person);
	for (uint32_t i = 0; i < r->n_auditors; i++) {
		const struct rules_person *p = &r->auditors[i];

		if (p->has_key) {
			s->people[n++] =
			    (struct case_person){ p->name, p->full, p->key };
			continue;
		}
		for (const struct decision *k = d; k != NULL; k = k->next)
			if (k->kind == DECISION_PERSON &&
			    str_eq(k->name, p->name))
				s->people[n++] = (struct case_person){ p->name,
					p->full, k->key };
		for (uint32_t k = 0; k < v->n_keys; k++)
			s->people[n++] = (struct case_person){ p->name, p->full,
				v->keys[k] };
	}
	s->check.people = s->people;
	s->check.n_people = n;
}

static enum err
add_session(struct house_session **out, struct evaluation *v,
    const struct roster *r)
{
	struct house_session *s = arena_new(&v->a, struct house_session);

	if (v->n_sessions == SESSIONS_MAX)
		return fail(ERR_LIMIT, "over %d sessions", SESSIONS_MAX);
	s->of = v;
	s->roster = *r;
	s->id = r->rules.session;
	s->check = (struct case_check){
		.session = s->id,
		.identity = v->identity,
		.approved = approved,
		.pages = let_out_of,
		.arg = s,
	};
	v->sessions[v->n_sessions++] = s;
	if (out != NULL)
		*out = s;
	return ERR_NONE;
}

static bool
knows(const struct house_session *s, struct str auditor)
{
	return rules_auditor(&s->roster.rules, auditor) != NULL;
}

/* By the manifest, where the roster has one; else by the auditor. */
static const struct case_check *
pick(void *arg, const struct findings_read *said)
{
	struct evaluation *v = arg;
	struct house_session *found = NULL;

	for (uint32_t i = 0; i < v->n_sessions; i++) {
		struct house_session *s = v->sessions[i];
		struct str manifest = str_of(s->roster.manifest);

		if (manifest.len > 0 && str_eq(manifest, said->manifest))
			found = s;
		else if (manifest.len == 0 && found == NULL &&
		    (v->n_sessions == 1 || knows(s, said->auditor)))
			found = s;
	}
	if (found == NULL)
		return NULL;
	fill_people(found);
	return &found->check;
}

static struct case_check
check_of(struct evaluation *v)
{
	struct case_check k = { .identity = v->identity, .arg = v };
	struct case_person *people;

	if (v->n_sessions > 0) {
		k.pick = pick;
		k.pages = let_out;
		return k;
	}
	people = arena_array(&v->a, v->n_keys, struct case_person);
	for (uint32_t i = 0; i < v->n_keys; i++)
		people[i].key = v->keys[i];
	k.people = people;
	k.n_people = v->n_keys;
	return k;
}

static enum err
trusted(struct session_trust *t, const struct request *o)
{
	enum err rc = ERR_NONE;

	for (int i = 0; i < o->n_trust && rc == ERR_NONE; i++)
		rc = session_trust_file(t, o->trust[i]);
	if (rc == ERR_NONE && o->n_trust == 0)
		rc = session_trust_default(t, getenv("VITRINE_DATA"));
	return rc;
}

static enum err
read_session(struct roster *r, struct evaluation *v, const char *path)
{
	struct session_trust trust = { .n = 0 };
	enum err rc = trusted(&trust, v->o);

	return rc != ERR_NONE ? rc : roster_read(r, &v->a, path, &trust);
}

static enum err
some_key(struct evaluation *v)
{
	for (uint32_t i = 0; i < v->n_sessions; i++) {
		fill_people(v->sessions[i]);
		if (v->sessions[i]->check.n_people > 0)
			return ERR_NONE;
	}
	if (v->n_sessions == 0)
		return ERR_NONE;
	return fail(ERR_DENIED,
	    "%s: no auditor in it has a key, so no "
	    "signature can be verified: name one with -k",
	    v->o->session != NULL ? v->o->session : "the case");
}

static const char *
name_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

static enum err
add(bool *fresh, struct evaluation *v, const char *path)
{
	struct case_check k = check_of(v);
	struct buf file = { 0 };
	enum err rc = io_read(&file, path, LIMIT_BUNDLE + (1 << 20));

	if (rc == ERR_NONE)
		rc = case_add(v->c, fresh, str_of(name_of(path)),
		    buf_view(&file), &k);
	buf_release(&file);
	if (rc == ERR_NONE && !*fresh)
		v->twice++;
	return rc;
}

/* What was being done, unless the text begins with it. */
static void
complain(const char *about)
{
	const char *text = err_text();
	bool named = about == NULL || strncmp(text, about, strlen(about)) == 0;

	fprintf(stderr, "vitrine-report: %s%s%s\n", named ? "" : about,
	    named ? "" : ": ", text);
}

/* Exports to a report, nothing kept. */
static enum err
at_once(struct evaluation *v, int argc, char **argv, const char **about)
{
	struct roster r;
	bool fresh;
	enum err rc;

	v->c = &v->loose;
	rc = request_check(v->o, argc);
	v->misused = rc != ERR_NONE;
	if (rc == ERR_NONE)
		rc = read_identity(v, about);
	if (rc == ERR_NONE)
		rc = read_keys(v, about);
	if (rc == ERR_NONE && v->o->session != NULL) {
		rc = read_session(&r, v, *about = v->o->session);
		if (rc == ERR_NONE)
			rc = add_session(NULL, v, &r);
	}
	if (rc == ERR_NONE)
		rc = some_key(v);
	for (int i = 0; i < argc && rc == ERR_NONE; i++)
		rc = add(&fresh, v, *about = argv[i]);
	if (rc != ERR_NONE)
		return rc;
	*about = NULL;
	case_sort(v->c);
	rc = outputs_write(v->c, v->o);
	if (rc == ERR_NONE)
		outputs_say(v->c, v->twice);
	return rc;
}

/* The house of a case on disk. */
static enum err
house_session(void *arg, struct str id, struct str conf, struct str manifest,
    struct str signer)
{
	struct evaluation *v = arg;
	struct roster r;
	enum err rc = roster_of(&r, &v->a, conf, manifest, signer);

	(void)id;
	return rc != ERR_NONE ? rc : add_session(NULL, v, &r);
}

static enum err
house_export(void *arg, struct case_file *c, struct str file,
    const struct hash *sealed, struct str session, struct str plain)
{
	struct evaluation *v = arg;
	bool fresh;

	v->c = c;
	for (uint32_t i = 0; i < v->n_sessions; i++) {
		if (!str_eq(v->sessions[i]->id, session))
			continue;
		fill_people(v->sessions[i]);
		return case_take(c, &fresh, file, sealed, plain,
		    &v->sessions[i]->check);
	}
	return fail(ERR_FORMAT, "%.*s is of a session that the case lacks",
	    STR_ARG(file));
}

static bool
house_key(void *arg, struct sign_public *out, struct str name)
{
	struct evaluation *v = arg;

	for (uint32_t i = 0; i < v->n_sessions; i++) {
		const struct rules *r = &v->sessions[i]->roster.rules;
		const struct rules_person *p = rules_auditor(r, name);

		for (uint32_t k = 0; p == NULL && k < r->n_approvers; k++)
			if (str_eq(r->approvers[k].name, name))
				p = &r->approvers[k];
		if (p != NULL && p->has_key) {
			*out = p->key;
			return true;
		}
	}
	return false;
}

static enum err
open_desk(struct evaluation *v, bool fresh)
{
	const struct bureau_house house = {
		.session = house_session,
		.export = house_export,
		.key = house_key,
		.arg = v,
	};
	enum err rc = bureau_open(&v->desk,
	    v->o->file != NULL ? v->o->file : CASE_FILE, fresh, &house);

	if (rc == ERR_NONE)
		v->c = bureau_case(v->desk);
	return rc;
}

/* Whose key it is in the case, or in a roster. */
static enum err
signer(struct str *name, struct evaluation *v)
{
	struct sign_public key = sign_public_of(v->signing), other;

	for (uint32_t i = 0; i < v->n_sessions; i++) {
		const struct rules *r = &v->sessions[i]->roster.rules;
		uint32_t n = r->n_auditors + r->n_approvers;

		for (uint32_t k = 0; k < n; k++) {
			*name = k < r->n_auditors ?
			    r->auditors[k].name :
			    r->approvers[k - r->n_auditors].name;
			if (house_key(v, &other, *name) &&
			    sign_public_eq(&other, &key))
				return ERR_NONE;
		}
	}
	return bureau_signer(name, v->desk, &key);
}

static enum err
who(struct bureau_person *p, struct evaluation *v)
{
	const char *name = v->o->name;
	enum err rc = ERR_NONE;

	if (name == NULL)
		name = getenv("LOGNAME");
	if (name == NULL || *name == '\0')
		name = "somebody";
	*p = (struct bureau_person){ str_of(name), NULL };
	if (v->o->signing == NULL)
		return ERR_NONE;
	rc = request_signing(&v->signing, v->o);
	if (rc == ERR_NONE)
		rc = signer(&p->name, v);
	p->key = v->signing;
	return rc;
}

/* A roster that the case does not have yet, by its text and its manifest. */
static enum err
keep_session(struct evaluation *v, const struct bureau_person *p,
    const struct roster *r)
{
	enum err rc;

	for (uint32_t i = 0; i < v->n_sessions; i++) {
		const struct house_session *s = v->sessions[i];

		if (!str_eq(s->id, r->rules.session))
			continue;
		if (str_eq(s->roster.conf, r->conf))
			return ERR_NONE;
		return fail(ERR_DENIED,
		    "the case has a session \"%.*s\" with other rules",
		    STR_ARG(s->id));
	}
	rc = bureau_add_session(v->desk, p, r->rules.session, r->conf,
	    str_of(r->manifest), r->signer);
	return rc != ERR_NONE ? rc : add_session(NULL, v, r);
}

static enum err
keep_pages(struct evaluation *v, const struct bureau_person *p,
    const struct case_pages *g)
{
	enum err rc = bureau_add_pages(v->desk, p, g);

	if (rc == ERR_NONE)
		printf("%.*s: taken in, %u page%s of source, %.*s, by %.*s\n",
		    STR_ARG(g->file), g->pages, g->pages == 1 ? "" : "s",
		    STR_ARG(g->numbers), STR_ARG(g->author));
	return rc;
}

static enum err
add_one(struct evaluation *v, const struct bureau_person *p, const char *path)
{
	const struct case_bundle *b;
	uint32_t pages = v->c->n_pages;
	bool fresh = false;
	enum err rc = add(&fresh, v, path);

	if (rc != ERR_NONE || !fresh) {
		if (rc == ERR_NONE)
			printf("%s: is in the case already\n", name_of(path));
		return rc;
	}
	if (v->c->n_pages > pages)
		return keep_pages(v, p, v->c->pages[pages]);
	b = v->c->bundles[v->c->n_bundles - 1];
	rc = bureau_add_export(v->desk, p, b);
	if (rc == ERR_NONE)
		printf("%s: taken in, %u item%s by %.*s, key %.*s\n",
		    name_of(path), b->said.n_items,
		    b->said.n_items == 1 ? "" : "s", STR_ARG(b->author),
		    STR_ARG(b->key_id));
	return rc;
}

static enum err
run_add(struct evaluation *v, int argc, char **argv, const char **about)
{
	struct bureau_person p;
	struct roster r = { .signer = { "", 0 } };
	enum err rc;

	if (v->o->identity == NULL || argc == 0) {
		*about = NULL;
		return fail(ERR_LIMIT,
		    "usage: vitrine-report add -i IDENTITY [-s SESSION] "
		    "EXPORT.age...");
	}
	rc = read_identity(v, about);
	if (rc == ERR_NONE)
		rc = read_keys(v, about);
	if (rc == ERR_NONE && v->o->session != NULL)
		rc = read_session(&r, v, *about = v->o->session);
	*about = NULL;
	if (rc == ERR_NONE)
		rc = open_desk(v, v->o->session != NULL);
	if (rc == ERR_NONE)
		rc = who(&p, v);
	if (rc == ERR_NONE && v->o->session != NULL)
		rc = keep_session(v, &p, &r);
	if (rc == ERR_NONE)
		rc = some_key(v);
	if (rc == ERR_NONE && v->o->session != NULL && r.signer.len == 0)
		printf("%s: taken as it stands, nobody's signature was "
		       "checked: the manifest is not beside it\n",
		    v->o->session);
	for (int i = 0; i < argc && rc == ERR_NONE; i++)
		rc = add_one(v, &p, *about = argv[i]);
	if (rc == ERR_NONE) {
		case_sort(v->c);
		outputs_say(v->c, v->twice);
	}
	return rc;
}

static enum err
run_write(struct evaluation *v, int argc, const char **about)
{
	enum err rc;

	*about = NULL;
	if (argc > 0)
		return fail(ERR_LIMIT,
		    "usage: vitrine-report write [-r READER] -o FILE...");
	rc = outputs_check(v->o);
	v->misused = rc != ERR_NONE;
	if (rc == ERR_NONE)
		rc = open_desk(v, false);
	if (rc == ERR_NONE)
		rc = outputs_write(v->c, v->o);
	if (rc == ERR_NONE)
		outputs_say(v->c, v->twice);
	return rc;
}

static enum err
run_step(struct evaluation *v, int argc, char **argv)
{
	struct bureau_person p;
	enum err rc = open_desk(v, false);

	if (rc == ERR_NONE)
		rc = who(&p, v);
	if (rc == ERR_NONE)
		rc = steps_run(v->desk, &p, argc, argv);
	return rc;
}

static enum err
run_answer(struct evaluation *v, int argc, char **argv)
{
	struct buf out = { 0 };
	enum err rc = open_desk(v, false);

	if (rc == ERR_NONE)
		rc = answers_run(v->c, argc, argv, &out);
	if (rc == ERR_NONE)
		rc = io_put(1, buf_view(&out));
	buf_release(&out);
	return rc;
}

/* From here on as the reading room: the repository and the session may be
 * read, nothing else opened, nothing written but the answer. */
static enum err
wall_off(struct str git, const char *path)
{
	const struct sandbox_paths paths = {
		.read = { git, str_of(path) },
		.answer = LIMIT_BUNDLE,
	};

	return sandbox_enter(ROOM_READING, &paths);
}

/* A session folder, or a repository of any kind. */
static enum err
open_source(struct git_repo **r, struct refs *refs, struct arena *a,
    const char *path)
{
	struct str inside = arena_printf(a, "%s/repo.git", path);
	struct buf text = { 0 };
	struct git_place place;
	struct manifest m;
	enum err rc =
	    git_place_find(&place, a, session_is(path) ? inside.at : path);

	if (rc == ERR_NONE)
		rc = wall_off(place.git, path);
	if (rc == ERR_NONE)
		rc = git_repo_open(r, place.git, true);
	if (rc == ERR_NONE && !session_is(path)) {
		rc = git_refs_read(refs, a, *r);
		for (size_t i = 0; i < refs->len && rc == ERR_NONE; i++)
			git_refs_peel(&refs->at[i], *r);
		return rc;
	}
	if (rc == ERR_NONE)
		rc = io_read(&text, arena_printf(a, "%s/manifest", path).at,
		    LIMIT_MANIFEST);
	if (rc == ERR_NONE)
		rc = manifest_read(&m, a, buf_view(&text));
	if (rc == ERR_NONE)
		git_refs_releases(refs, a, m.releases, m.n_releases);
	buf_release(&text);
	return rc;
}

static enum err
run_verify(int argc, char **argv, bool *holds, const char **about)
{
	struct git_repo *r = NULL;
	struct refs refs = { 0 };
	struct arena a = { 0 };
	struct buf text = { 0 }, out = { 0 };
	enum err rc;

	*about = NULL;
	if (argc != 2)
		return fail(ERR_LIMIT,
		    "usage: vitrine-report verify REPORT|pages.json SESSION");
	rc = io_read(&text, *about = argv[0], LIMIT_BUNDLE);
	if (rc == ERR_NONE)
		rc = open_source(&r, &refs, &a, *about = argv[1]);
	if (rc == ERR_NONE)
		rc = case_pages_asked(buf_view(&text)) ?
		    case_pages_verify(holds, &out, buf_view(&text), r) :
		    cite_all(holds, &out, &a, buf_view(&text), r, &refs);
	if (rc == ERR_NONE)
		rc = io_put(1, buf_view(&out));
	buf_release(&out);
	git_repo_close(r);
	buf_release(&text);
	arena_release(&a);
	return rc;
}

/* Options may stand before the command and behind it. */
static enum err
run(struct evaluation *v, struct request *o, int argc, char **argv, bool *holds,
    const char **about)
{
	const char *command = argc > 0 ? argv[0] : "";
	bool known = strcmp(command, "add") == 0 ||
	    strcmp(command, "write") == 0 || strcmp(command, "verify") == 0 ||
	    steps_find(command) != NULL || answers_find(command) != NULL;
	enum err rc;

	if (argc == 0 && o->identity == NULL)
		return fail(ERR_LIMIT,
		    "usage: vitrine-report COMMAND ...; -h lists them");
	v->misused = !known && o->identity == NULL && !io_is_file(command);
	if (v->misused)
		return fail(ERR_LIMIT, "%s: no command and no file: see -h",
		    command);
	if (!known)
		return at_once(v, argc, argv, about);
	rc = request_read(o, argc, argv, true);
	if (rc != ERR_NONE)
		return rc;
	argc -= optind;
	argv += optind;
	if (strcmp(command, "add") == 0)
		return run_add(v, argc, argv, about);
	if (strcmp(command, "write") == 0)
		return run_write(v, argc, about);
	if (strcmp(command, "verify") == 0)
		return run_verify(argc, argv, holds, about);
	/* The command's own words, its name in front. */
	argv[-1] = (char *)(uintptr_t)command;
	return steps_find(command) != NULL ? run_step(v, argc + 1, argv - 1) :
					     run_answer(v, argc + 1, argv - 1);
}

/* What the usage of a command says is about the call. */
static bool
is_usage(enum err rc)
{
	return rc == ERR_LIMIT && strncmp(err_text(), "usage: ", 7) == 0;
}

int
main(int argc, char **argv)
{
	struct request o = { 0 };
	struct evaluation v = { .o = &o };
	const char *about = NULL;
	bool holds = true;
	enum err rc;
	int status;

	if (argc > 1 && strcmp(argv[1], "unseal") == 0)
		return unseal_main(argc - 1, argv + 1);
	rc = request_read(&o, argc, argv, false);

	if (rc == ERR_NONE)
		rc = text_start();
	if (rc == ERR_NONE)
		rc = seal_start();
	if (rc == ERR_NONE)
		rc = run(&v, &o, argc - optind, argv + optind, &holds, &about);
	if (rc != ERR_NONE)
		complain(about);
	status = is_usage(rc)        ? 2 :
	    rc == ERR_NONE && !holds ? 1 :
				       err_status(rc);
	bureau_close(v.desk);
	seal_age_identity_close(v.identity);
	sign_close(v.signing);
	case_release(&v.loose);
	arena_release(&v.a);
	return v.misused ? 2 : status;
}
