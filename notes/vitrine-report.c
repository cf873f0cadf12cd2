/*
 * vitrine-report - opens what left a review and writes the report.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/io.h"
#include "core/limits.h"
#include "core/text.h"
#include "notes/case.h"
#include "notes/report.h"
#include "policy/approval.h"
#include "policy/rules.h"

enum { OUTPUTS_MAX = 16, KEYS_MAX = 64 };

struct options {
	const char *identity;
	const char *session;
	const char *keys[KEYS_MAX];
	const char *outputs[OUTPUTS_MAX];
	const char *format;
	int n_keys, n_outputs;
};

struct evaluation {
	struct arena a;
	struct rules rules;
	bool has_rules;
	struct case_person *people;
	uint32_t n_people;
	struct seal_age_identity *identity;
	struct case_file c;
	uint32_t twice; /* exports that were in the case already */
};

static void
usage(FILE *to)
{
	fputs("usage: vitrine-report -i IDENTITY [-s SESSION] [-k KEY]... "
	      "[-f FORMAT]\n"
	      "                      [-o FILE]... EXPORT.age...\n"
	      "\n"
	      "  -i IDENTITY  age identity that opens the exports\n"
	      "  -s SESSION   session.conf, or the folder it stands in: who "
	      "may have signed\n"
	      "  -k KEY       public key of an auditor (minisign), where no "
	      "session names it\n"
	      "  -o FILE      where to write; the suffix says the format; "
	      "several are fine\n"
	      "  -f FORMAT    to standard output:\n",
	    to);
	for (size_t i = 0; report_at(i) != NULL; i++)
		fprintf(to, "                 %-9s %s\n", report_at(i)->name,
		    report_at(i)->about);
}

static enum err
options_read(struct options *o, int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "+i:s:k:o:f:h")) != -1)
		switch (c) {
		case 'i':
			o->identity = optarg;
			break;
		case 's':
			o->session = optarg;
			break;
		case 'k':
			if (o->n_keys == KEYS_MAX)
				return fail(ERR_LIMIT, "more than %d keys",
				    KEYS_MAX);
			o->keys[o->n_keys++] = optarg;
			break;
		case 'o':
			if (o->n_outputs == OUTPUTS_MAX)
				return fail(ERR_LIMIT, "more than %d outputs",
				    OUTPUTS_MAX);
			o->outputs[o->n_outputs++] = optarg;
			break;
		case 'f':
			o->format = optarg;
			break;
		case 'h':
			usage(stdout);
			exit(0);
		default:
			usage(stderr);
			exit(2);
		}
	return ERR_NONE;
}

static const struct report *
format_of_file(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot == NULL ? NULL : report_find(str_of(dot + 1));
}

/* Everything that is wrong with the call, before anything is opened. */
static enum err
options_check(const struct options *o, int files)
{
	if (o->identity == NULL)
		return fail(ERR_ABSENT,
		    "no identity: -i names the age "
		    "identity that opens the exports");
	if (o->session == NULL && o->n_keys == 0)
		return fail(ERR_ABSENT,
		    "who may have signed: give a session (-s), "
		    "keys (-k), or both");
	if (files == 0)
		return fail(ERR_ABSENT, "no export was named");
	if (o->n_outputs == 0 && o->format == NULL)
		return fail(ERR_ABSENT,
		    "nothing to write: -o FILE or "
		    "-f FORMAT");
	if (o->format != NULL && report_find(str_of(o->format)) == NULL)
		return fail(ERR_ABSENT, "%s: no such format, -h lists them",
		    o->format);
	for (int i = 0; i < o->n_outputs; i++)
		if (format_of_file(o->outputs[i]) == NULL)
			return fail(ERR_ABSENT,
			    "%s: no format has this "
			    "suffix, -h lists them",
			    o->outputs[i]);
	return ERR_NONE;
}

static enum err
read_identity(struct evaluation *v, const char *path)
{
	struct buf file = { 0 };
	enum err rc = io_read(&file, path, 64 * 1024);

	if (rc == ERR_NONE)
		rc = seal_age_identity_read(&v->identity, buf_view(&file));
	if (file.at != NULL)
		explicit_bzero(file.at, file.len);
	buf_release(&file);
	return rc;
}

static enum err
read_session(struct evaluation *v, const char *path)
{
	const char *name = path;
	struct buf text = { 0 };
	enum err rc;

	if (io_is_folder(path))
		name = arena_printf(&v->a, "%s/session.conf", path).at;
	rc = io_read(&text, name, LIMIT_CONF);
	if (rc == ERR_NONE)
		rc = rules_read(&v->rules, &v->a, name, buf_view(&text));
	buf_release(&text);
	v->has_rules = rc == ERR_NONE;
	return rc;
}

static void
add_person(struct evaluation *v, struct str name, struct str full,
    const struct sign_public *key)
{
	v->people[v->n_people++] = (struct case_person){ name, full, *key };
}

/* A key file, or the characters of the key themselves. */
static enum err
read_key(struct sign_public *key, const char *word)
{
	struct buf file = { 0 };
	enum err rc;

	if (!io_is_file(word))
		return sign_public_read(key, str_of(word));
	rc = io_read(&file, word, SIGN_FILE_MAX);
	if (rc == ERR_NONE)
		rc = sign_public_read(key, buf_view(&file));
	buf_release(&file);
	return rc;
}

/* A key on the command line may be anybody's without a session, and that of
 * an auditor for whom the session has none otherwise. */
static void
add_key(struct evaluation *v, const struct sign_public *key)
{
	if (!v->has_rules)
		add_person(v, (struct str){ 0 }, (struct str){ 0 }, key);
	for (uint32_t i = 0; i < v->rules.n_auditors; i++) {
		const struct rules_person *p = &v->rules.auditors[i];

		if (!p->has_key)
			add_person(v, p->name, p->full, key);
	}
}

static enum err
read_people(struct evaluation *v, const struct options *o, const char **about)
{
	size_t most = (size_t)o->n_keys + 1;
	enum err rc = ERR_NONE;

	*about = o->session;
	if (o->session != NULL)
		rc = read_session(v, o->session);
	most *= v->rules.n_auditors + (size_t)1;
	v->people = arena_array(&v->a, most, struct case_person);
	for (uint32_t i = 0; i < v->rules.n_auditors && rc == ERR_NONE; i++) {
		const struct rules_person *p = &v->rules.auditors[i];

		if (p->has_key)
			add_person(v, p->name, p->full, &p->key);
	}
	for (int i = 0; i < o->n_keys && rc == ERR_NONE; i++) {
		struct sign_public key;

		rc = read_key(&key, *about = o->keys[i]);
		if (rc == ERR_NONE)
			add_key(v, &key);
	}
	if (rc == ERR_NONE && v->n_people == 0)
		rc = fail(ERR_DENIED,
		    "%s: no auditor in it has a key, so no "
		    "signature can be verified: name one with -k",
		    o->session);
	return rc;
}

/* Approvals that came along must be good; they must be there when the rules
 * want them for everything. */
static enum err
approved(void *arg, const struct case_bundle *b)
{
	struct evaluation *v = arg;
	struct parcel parcel = { .author = b->said.auditor, .bytes = b->bytes };
	struct approval *all;

	if (b->n_approvals == 0 && !v->rules.approve_all)
		return ERR_NONE;
	all = arena_array(&v->a, b->n_approvals, struct approval);
	for (uint32_t i = 0; i < b->n_approvals; i++)
		all[i].signature = b->approvals[i];
	return approval_check(&v->rules, &parcel, all, b->n_approvals);
}

static enum err
add(struct evaluation *v, const char *path)
{
	const struct case_check k = {
		.identity = v->identity,
		.people = v->people,
		.n_people = v->n_people,
		.approved = v->has_rules ? approved : NULL,
		.arg = v,
	};
	const char *slash = strrchr(path, '/');
	struct buf file = { 0 };
	bool fresh = false;
	enum err rc = io_read(&file, path, LIMIT_BUNDLE + (1 << 20));

	if (rc == ERR_NONE)
		rc = case_add(&v->c, &fresh,
		    str_of(slash != NULL ? slash + 1 : path), buf_view(&file),
		    &k);
	buf_release(&file);
	if (rc == ERR_NONE && !fresh)
		v->twice++;
	return rc;
}

static enum err
put_file(const char *path, struct str bytes)
{
	const char *slash = strrchr(path, '/');
	struct buf folder = { 0 };
	enum err rc;
	int dir;

	if (slash == NULL)
		buf_char(&folder, '.');
	else
		buf_add(&folder, path, (size_t)(slash - path) + 1);
	rc = io_open_folder(&dir, folder.at);
	buf_release(&folder);
	if (rc != ERR_NONE)
		return rc;
	rc = io_replace_at(dir, slash != NULL ? slash + 1 : path, bytes);
	close(dir);
	return rc;
}

static enum err
write_out(struct evaluation *v, const struct options *o)
{
	struct buf out = { 0 };
	enum err rc = ERR_NONE;

	case_sort(&v->c);
	for (int i = 0; i < o->n_outputs && rc == ERR_NONE; i++) {
		buf_clear(&out);
		format_of_file(o->outputs[i])->write(&v->c, &out);
		rc = put_file(o->outputs[i], buf_view(&out));
	}
	if (rc == ERR_NONE && o->format != NULL) {
		buf_clear(&out);
		report_find(str_of(o->format))->write(&v->c, &out);
		rc = io_put(1, buf_view(&out));
	}
	buf_release(&out);
	return rc;
}

static void
put_count(uint32_t n, const char *what, const char *after)
{
	fprintf(stderr, "%u %s%s%s", n, what, n == 1 ? "" : "s", after);
}

static void
say(const struct evaluation *v)
{
	const struct case_file *c = &v->c;

	put_count(c->n_bundles, "export", ": ");
	put_count(report_count(c, ENTRY_FINDING), "finding", ", ");
	put_count(report_count(c, ENTRY_QUESTION), "question", ", ");
	put_count(report_count(c, ENTRY_NOTE), "note", "");
	if (v->twice > 0)
		fprintf(stderr, "; %u given twice", v->twice);
	fputc('\n', stderr);
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

int
main(int argc, char **argv)
{
	struct options o = { 0 };
	struct evaluation v = { 0 };
	const char *about = NULL;
	enum err rc = options_read(&o, argc, argv);
	int status;

	if (rc == ERR_NONE)
		rc = options_check(&o, argc - optind);
	if (rc != ERR_NONE) {
		fprintf(stderr, "vitrine-report: %s\n", err_text());
		return 2;
	}
	rc = text_start();
	if (rc == ERR_NONE)
		rc = read_identity(&v, about = o.identity);
	if (rc == ERR_NONE)
		rc = read_people(&v, &o, &about);
	for (int i = optind; i < argc && rc == ERR_NONE; i++)
		rc = add(&v, about = argv[i]);
	if (rc == ERR_NONE) {
		about = NULL;
		rc = write_out(&v, &o);
	}
	if (rc == ERR_NONE)
		say(&v);
	else
		complain(about);
	status = err_status(rc);
	seal_age_identity_close(v.identity);
	case_release(&v.c);
	arena_release(&v.a);
	return status;
}
