#include "notes/request.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/ask.h"
#include "core/io.h"
#include "core/limits.h"
#include "notes/answers.h"
#include "notes/outputs.h"
#include "notes/report.h"
#include "notes/steps.h"

static void
usage_formats(FILE *to)
{
	for (size_t i = 0; report_at(i) != NULL; i++)
		fprintf(to, "    %-11s .%-13s %s\n", report_at(i)->name,
		    report_at(i)->suffix, report_at(i)->about);
}

static void
usage(FILE *to)
{
	fputs("usage: vitrine-report add -i IDENTITY [-s SESSION] "
	      "EXPORT.age...\n"
	      "       vitrine-report write [-r READER] -o FILE...\n"
	      "       vitrine-report COMMAND ...\n"
	      "       vitrine-report verify REPORT SESSION\n"
	      "       vitrine-report unseal -i IDENTITY RECORD.DB\n"
	      "       vitrine-report -i IDENTITY [-s SESSION] [-k KEY]... "
	      "-o FILE... EXPORT.age...\n"
	      "\n"
	      "  -c CASE      the case; review.case in this folder without\n"
	      "  -i IDENTITY  age identity that opens the exports\n"
	      "  -P FILE      its passphrase, or that of -S; asked without\n"
	      "  -s SESSION   session.conf, or the folder it stands in: who "
	      "may have signed\n"
	      "  -t KEY.pub   the lab's key, which signed the session\n"
	      "  -k KEY       public key of an auditor (minisign), where no "
	      "session names it\n"
	      "  -n NAME      who takes the step, where it is not signed\n"
	      "  -S KEY       minisign key that signs the step\n"
	      "  -o FILE      where to write; the suffix says the format; "
	      ".age seals it\n"
	      "  -R KEY       whom to seal it to (age1...)\n"
	      "  -r READER    all, public, annex, or the name of a recipient\n"
	      "  -f FORMAT    to standard output\n"
	      "\ncommands:\n",
	    to);
	for (size_t i = 0; steps_at(i) != NULL; i++)
		fprintf(to, "    %-13s %s\n", steps_at(i)->name,
		    steps_at(i)->about);
	for (size_t i = 0; answers_at(i) != NULL; i++)
		fprintf(to, "    %-13s %s\n", answers_at(i)->name,
		    answers_at(i)->about);
	fputs("\nformats:\n", to);
	usage_formats(to);
}

static enum err
push(const char **list, int *n, int most, const char *word)
{
	if (*n == most)
		return fail(ERR_LIMIT, "more than %d of one option", most);
	list[(*n)++] = word;
	return ERR_NONE;
}

static enum err
option(struct request *o, int c)
{
	switch (c) {
	case 'c':
		o->file = optarg;
		return ERR_NONE;
	case 'i':
		o->identity = optarg;
		return ERR_NONE;
	case 'P':
		o->passphrase = optarg;
		return ERR_NONE;
	case 's':
		o->session = optarg;
		return ERR_NONE;
	case 'n':
		o->name = optarg;
		return ERR_NONE;
	case 'S':
		o->signing = optarg;
		return ERR_NONE;
	case 'r':
		o->audience = optarg;
		return ERR_NONE;
	case 'f':
		o->format = optarg;
		return ERR_NONE;
	case 'k':
		return push(o->keys, &o->n_keys, REQUEST_KEYS, optarg);
	case 't':
		return push(o->trust, &o->n_trust, REQUEST_KEYS, optarg);
	case 'R':
		return push(o->to, &o->n_to, REQUEST_KEYS, optarg);
	case 'o':
		return push(o->outputs, &o->n_outputs, REQUEST_OUTPUTS, optarg);
	default:
		fprintf(stderr, "vitrine-report: -%c %s; -h lists options\n",
		    optopt, c == ':' ? "needs a value" : "is no option");
		exit(2);
	}
}

enum err
request_read(struct request *o, int argc, char **argv, bool anywhere)
{
	const char *letters = "+:c:i:P:s:t:k:n:S:o:R:r:f:h";
	int c;

	if (argc > 1 && strcmp(argv[1], "--help") == 0) {
		usage(stdout);
		exit(0);
	}
	opterr = 0;
	optind = 0; /* begin again, whatever was read before */
	while ((c = getopt(argc, argv, letters + anywhere)) != -1) {
		enum err rc;

		if (c == 'h') {
			usage(stdout);
			exit(0);
		}
		rc = option(o, c);
		if (rc != ERR_NONE)
			return rc;
	}
	return ERR_NONE;
}

enum err
request_check(const struct request *o, int files)
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
	return outputs_check(o);
}

static enum err
read_passphrase(struct secret *out, const struct request *o, const char *of)
{
	struct buf file = { 0 };
	struct str line, rest;
	enum err rc;

	if (o->passphrase == NULL)
		return ask_passphrase(out, of);
	rc = io_read(&file, o->passphrase, LIMIT_PASSPHRASE + 2);
	rest = buf_view(&file);
	if (rc == ERR_NONE && !str_cut(&rest, '\n', &line))
		rc = fail(ERR_FORMAT, "%s: no passphrase in it", o->passphrase);
	if (rc == ERR_NONE) {
		seal_secret_init(out, LIMIT_PASSPHRASE);
		rc = seal_secret_add(out, line.at, line.len);
		if (rc != ERR_NONE)
			seal_secret_release(out);
	}
	if (file.at != NULL)
		seal_wipe(file.at, file.room);
	buf_release(&file);
	return rc;
}

/* An identity behind a passphrase is an age file itself. */
static enum err
unlock(struct buf *file, const struct request *o)
{
	struct secret phrase = { 0 };
	struct buf plain = { 0 };
	enum err rc = read_passphrase(&phrase, o, o->identity);

	if (rc == ERR_NONE)
		rc = seal_age_open_locked(&plain, &phrase, buf_view(file),
		    64 * 1024);
	if (rc == ERR_NONE) {
		buf_clear(file);
		buf_str(file, buf_view(&plain));
	}
	if (plain.at != NULL)
		seal_wipe(plain.at, plain.room);
	buf_release(&plain);
	seal_secret_release(&phrase);
	return rc;
}

enum err
request_identity(struct seal_age_identity **out, const struct request *o)
{
	struct buf file = { 0 };
	enum err rc = io_read(&file, o->identity, 64 * 1024);

	if (rc == ERR_NONE && seal_age_locked(buf_view(&file)))
		rc = unlock(&file, o);
	if (rc == ERR_NONE)
		rc = seal_age_identity_read(out, buf_view(&file));
	if (file.at != NULL)
		seal_wipe(file.at, file.room);
	buf_release(&file);
	return rc;
}

enum err
request_key(struct sign_public *out, const char *word)
{
	struct buf file = { 0 };
	enum err rc;

	if (!io_is_file(word))
		return sign_public_read(out, str_of(word));
	rc = io_read(&file, word, SIGN_FILE_MAX);
	if (rc == ERR_NONE)
		rc = sign_public_read(out, buf_view(&file));
	buf_release(&file);
	return rc;
}

enum err
request_signing(struct sign_secret **out, const struct request *o)
{
	struct buf file = { 0 };
	struct secret phrase = { 0 };
	struct str text = { 0 };
	enum err rc = io_read(&file, o->signing, SIGN_FILE_MAX);

	if (rc == ERR_NONE && sign_secret_locked(buf_view(&file)))
		rc = read_passphrase(&phrase, o, o->signing);
	if (phrase.len > 0)
		text = (struct str){ (const char *)phrase.at, phrase.len };
	if (rc == ERR_NONE)
		rc = sign_secret_read(out, buf_view(&file), text);
	if (file.at != NULL)
		seal_wipe(file.at, file.room);
	buf_release(&file);
	seal_secret_release(&phrase);
	return rc;
}
