#include "policy/lab.h"

#include "core/io.h"
#include "core/limits.h"
#include "policy/journal.h"
#include "policy/lab_simulate.h"
#include "policy/ledger.h"
#include "policy/rules.h"

#include <time.h>

/* Of each person named, or of everybody. */
static enum err
explain(const struct rules *r, const struct lab_args *args)
{
	struct buf text = { 0 };
	enum err rc = ERR_NONE;

	if (args->n == 1)
		rules_explain(r, &text);
	for (int i = 1; i < args->n && rc == ERR_NONE; i++)
		rc = rules_explain_person(r, str_of(args->rest[i]), &text);
	if (rc == ERR_NONE)
		rc = lab_put(buf_view(&text));
	buf_release(&text);
	return rc;
}

static enum err
show_rules(const struct lab_args *args)
{
	struct arena a = { 0 };
	struct rules rules;
	enum err rc = lab_rules_read(&rules, &a, args->rest[0]);

	if (rc == ERR_NONE && args->option['s'] == NULL)
		rc = explain(&rules, args);
	else if (rc == ERR_NONE && args->n < 2)
		rc = fail(ERR_DENIED, "--simulate wants reports to judge");
	else if (rc == ERR_NONE)
		rc = lab_simulate(&rules, args);
	arena_release(&a);
	return rc;
}

const struct lab_command lab_show_rules = {
	.name = "rules",
	.letters = "esf:",
	.least = 1,
	.most = 10000,
	.usage = "[--explain] session.conf [PERSON ...] |\n"
		 "vitrine-lab rules --simulate [-f prints] session.conf FILE "
		 "...",
	.help = "say in plain sentences what the rules mean, for everybody "
		"or for one\n\tperson, or where they are wrong",
	.run = show_rules,
};

static enum err
show_entry(void *arg, const struct journal_entry *e)
{
	time_t t = (time_t)e->when;
	char when[32] = "?";
	struct tm tm;

	(void)arg;
	if (gmtime_r(&t, &tm) != NULL)
		strftime(when, sizeof when, "%Y-%m-%d %H:%M:%SZ", &tm);
	if (e->kind == JOURNAL_RELEASED)
		return lab_say("%6llu %s %-9s %-12.*s %.*s, %llu bytes, %u "
			       "tokens of source\n",
		    (unsigned long long)e->seq, when,
		    journal_kind_name(e->kind), STR_ARG(e->who),
		    STR_ARG(e->what), (unsigned long long)e->bytes, e->quoted);
	return lab_say("%6llu %s %-9s %-12.*s %.*s\n",
	    (unsigned long long)e->seq, when, journal_kind_name(e->kind),
	    STR_ARG(e->who), STR_ARG(e->what));
}

/* The verification key, out of its sealed box in the journal. */
static enum err
verify(struct journal *j, const char *path)
{
	struct seal_age_identity *id = NULL;
	struct buf file = { 0 }, seed = { 0 };
	enum err rc = io_read(&file, path, SIGN_FILE_MAX);

	if (rc == ERR_NONE)
		rc = seal_age_identity_read(&id, buf_view(&file));
	if (rc == ERR_NONE)
		rc = seal_age_open(&seed, id, journal_sealed(j),
		    JOURNAL_SEED_BYTES);
	if (rc == ERR_DENIED) {
		err_clear();
		rc = fail(rc,
		    "%s does not open this journal's verification key: -i "
		    "takes the identity of a recipient of the session",
		    path);
	}
	if (rc == ERR_NONE && seed.len != JOURNAL_SEED_BYTES)
		rc = fail(ERR_FORMAT,
		    "the journal's verification key is "
		    "damaged");
	if (rc == ERR_NONE)
		rc = journal_verify(j, (const uint8_t *)seed.at);
	if (file.at != NULL)
		seal_wipe(file.at, file.room);
	if (seed.at != NULL)
		seal_wipe(seed.at, seed.room);
	buf_release(&file);
	buf_release(&seed);
	seal_age_identity_close(id);
	return rc;
}

static enum err
show_journal(const struct lab_args *args)
{
	const char *identity = args->option['i'];
	struct arena a = { 0 };
	struct journal *j = NULL;
	struct str path;
	enum err rc = io_real_path(&path, &a, args->rest[0]);

	if (rc == ERR_NONE)
		rc = seal_start();
	if (rc == ERR_NONE)
		rc = journal_open(&j, path.at, NULL);
	if (rc == ERR_NONE)
		rc = journal_each(j, show_entry, NULL);
	if (rc == ERR_NONE)
		rc = lab_say("head: %.*s\n", STR_ARG(journal_head(j, &a)));
	if (rc == ERR_NONE && identity != NULL) {
		rc = verify(j, identity);
		if (rc == ERR_NONE)
			rc = lab_say("every entry was written by the session's "
				     "own chain of keys\n");
	} else if (rc == ERR_NONE) {
		rc = lab_say("not verified: the chain is whole, but without "
			     "-i nobody can say who wrote it\n");
	}
	journal_close(j);
	arena_release(&a);
	return rc;
}

const struct lab_command lab_show_journal = {
	.name = "journal",
	.letters = "i:",
	.least = 1,
	.most = 1,
	.usage = "[-i age-identity] journal.db",
	.help = "print what happened in a session; with the identity of a "
		"recipient,\n\tcheck that nothing was rewritten",
	.run = show_journal,
};
