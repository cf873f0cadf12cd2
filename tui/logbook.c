#include "tui/logbook.h"

#include <stdlib.h>
#include <unistd.h>

#include "core/io.h"
#include "policy/ledger.h"
#include "policy/visits.h"
#include "tui/outgoing.h"

enum { PROOF_MAX = 64 * 1024, CLOCK_JUMP_MS = 5000 };

struct logbook {
	struct noting *noting;
	struct journal *journal;
	struct sign_secret *author;
	struct buf proof;
	bool clock_known;
	int64_t clock_ahead;     /* wall clock before the other, ms, at first */
	int64_t clock_set;       /* since then, ms */
	int64_t clock_unwritten; /* of that, in no journal yet */
};

struct logbook *
logbook_open(struct noting *n)
{
	struct logbook *s = calloc(1, sizeof *s);

	if (s == NULL)
		bug("no memory for the journal");
	s->noting = n;
	return s;
}

static void
close_journal(struct logbook *s)
{
	journal_close(s->journal);
	sign_close(s->author);
	s->journal = NULL;
	s->author = NULL;
}

void
logbook_close(struct logbook *s)
{
	if (s == NULL)
		return;
	close_journal(s);
	buf_release(&s->proof);
	free(s);
}

static struct str
path_of(const struct logbook *s, struct arena *a, const char *name)
{
	struct str data = noting_start(s->noting)->data;

	return arena_printf(a, "%.*s/%s", STR_ARG(data), name);
}

const struct sign_secret *
logbook_author(const struct logbook *s)
{
	return s->author;
}

void
logbook_proof(struct logbook *s, struct str text)
{
	buf_clear(&s->proof);
	buf_str(&s->proof, str_slice(text, 0, PROOF_MAX));
}

struct str
logbook_proof_text(const struct logbook *s)
{
	return buf_view(&s->proof);
}

struct journal *
logbook_journal(struct logbook *s)
{
	return s->journal;
}

enum err
logbook_add(struct logbook *s, struct journal_entry *e)
{
	if (s->journal == NULL)
		return fail(ERR_DENIED, "there is no journal");
	e->when = noting_now(s->noting) / 1000;
	if (e->who.len == 0)
		e->who = noting_start(s->noting)->auditor;
	return journal_add(s->journal, e);
}

static enum err
add_line(struct logbook *s, enum journal_kind kind, struct str what,
    const struct hash *hash)
{
	struct journal_entry e = { .kind = kind, .what = what };

	if (hash != NULL)
		e.hash = *hash;
	return logbook_add(s, &e);
}

/* The first MAC key is for those who may verify: sealed to the recipients of
 * the rules.  Nobody is named without a session. */
static enum err
seal_first_key(struct logbook *s, const uint8_t first[JOURNAL_SEED_BYTES],
    struct buf *out)
{
	const struct rules *r = noting_rules(s->noting);
	struct seal_age_recipient to[SEAL_AGE_RECIPIENTS_MAX];
	uint8_t seed[SEAL_AGE_SEED_BYTES];
	size_t n = r->n_recipients;
	enum err rc;

	if (r->personal || n == 0)
		return ERR_NONE;
	if (n > SEAL_AGE_RECIPIENTS_MAX)
		return fail(ERR_LIMIT, "%zu recipients", n);
	for (size_t i = 0; i < n; i++)
		to[i] = r->recipients[i].key;
	seal_random(seed, sizeof seed);
	rc = seal_age_seal(out,
	    (struct str){ (const char *)first, JOURNAL_SEED_BYTES }, to, n,
	    seed);
	seal_wipe(seed, sizeof seed);
	return rc;
}

static enum err
make_journal(struct logbook *s, const char *path, const struct secret *keep)
{
	uint8_t first[JOURNAL_SEED_BYTES];
	struct buf sealed = { 0 };
	enum err rc;

	seal_random(first, sizeof first);
	rc = seal_first_key(s, first, &sealed);
	if (rc == ERR_NONE)
		rc = journal_create(&s->journal, path, keep, first,
		    buf_view(&sealed));
	seal_wipe(first, sizeof first);
	buf_release(&sealed);
	return rc;
}

/*
 * The author's public key, beside the record: to be handed to whoever will
 * read the exports, before they can know whose they are.  The folder's owner
 * could swap it: the key id in a report is compared by telephone.
 */
static enum err
show_public_key(struct logbook *s)
{
	struct sign_public p = sign_public_of(s->author);
	struct arena a = { 0 };
	struct buf file = { 0 };
	int folder;
	enum err rc = io_open_folder(&folder, path_of(s, &a, "").at);

	if (rc == ERR_NONE) {
		sign_public_write(&p, &file);
		rc = io_replace_at(folder, "author.pub", buf_view(&file));
		close(folder);
	}
	buf_release(&file);
	arena_release(&a);
	return rc;
}

/* In a session the journal is the ledger of what left.  It is made with the
 * vault, before anything can be written: a record with notes and no journal
 * has lost it, and an empty ledger would let everything leave again. */
static enum err
begin_journal(struct logbook *s, const char *path, const struct secret *keep)
{
	if (!noting_rules(s->noting)->personal &&
	    book_len(noting_book(s->noting)) > 0)
		return fail(ERR_DENIED,
		    "journal.db is missing: what left before is not known, "
		    "so nothing can leave");
	return make_journal(s, path, keep);
}

static enum err
open_journal(struct logbook *s)
{
	struct vault *v = noting_vault(s->noting);
	struct arena a = { 0 };
	const char *path = path_of(s, &a, "journal.db").at;
	struct secret key;
	enum err rc;

	vault_subkey(v, "vitrine/author/1", &key);
	rc = sign_from_seed(&s->author, key.at);
	seal_secret_release(&key);
	vault_subkey(v, "vitrine/journal/1", &key);
	if (rc == ERR_NONE)
		rc = journal_open(&s->journal, path, &key);
	if (rc == ERR_ABSENT) {
		err_clear();
		rc = begin_journal(s, path, &key);
	}
	seal_secret_release(&key);
	if (rc == ERR_NONE)
		journal_sign_with(s->journal, s->author);
	if (rc == ERR_NONE)
		rc = show_public_key(s);
	arena_release(&a);
	return rc;
}

static enum err
keep_last_close(void *arg, const struct journal_entry *e)
{
	struct buf *code = arg;

	if (e->kind != JOURNAL_CLOSED)
		return ERR_NONE;
	buf_clear(code);
	buf_str(code, e->what);
	return ERR_NONE;
}

/* Each chain quotes the other's head: the record must have come by what the
 * journal says it ended with when it was closed. */
static enum err
compare_chains(struct logbook *s)
{
	struct buf code = { 0 };
	enum err rc = journal_each(s->journal, keep_last_close, &code);

	if (rc == ERR_NONE && code.len > 0 &&
	    vault_passed(noting_vault(s->noting), buf_view(&code)) ==
		ERR_ABSENT)
		shell_say(noting_shell(s->noting), ROLE_ERROR,
		    STR("This record is not the one that was closed last: "
			"entries were cut off or put back."));
	buf_release(&code);
	return rc;
}

/* The other way round: the journal must have come by what the record says it
 * ended with.  Both put back together show in what was copied by hand. */
static enum err
compare_quote(struct logbook *s)
{
	struct arena a = { 0 };
	const struct entry **events;
	size_t n =
	    book_events(noting_book(s->noting), ENTRY_HEADS, &a, &events);
	enum err rc = ERR_NONE;

	if (n > 0)
		rc = journal_passed(s->journal, events[n - 1]->text);
	if (rc == ERR_ABSENT) {
		shell_say(noting_shell(s->noting), ROLE_ERROR,
		    STR("This journal is not the one that was closed last: "
			"entries were cut off or put back."));
		rc = ERR_NONE;
	}
	arena_release(&a);
	return rc;
}

enum err
logbook_quote(struct logbook *s)
{
	struct arena a = { 0 };
	struct entry e = { .type = ENTRY_HEADS };
	enum err rc;

	if (s->journal == NULL)
		return ERR_NONE;
	e.text = journal_head(s->journal, &a);
	rc = vault_add(noting_vault(s->noting), &e);
	arena_release(&a);
	return rc;
}

/* The other way round: an export is in the journal before it is in the
 * record.  A journal that somebody put back would be an older ledger; what left
 * today does not matter here. */
static enum err
compare_exports(struct logbook *s)
{
	struct arena a = { 0 };
	const struct entry **events;
	struct ledger ledger = { 0 };
	size_t n =
	    book_events(noting_book(s->noting), ENTRY_EXPORT, &a, &events);
	enum err rc = ledger_read(&ledger, &a, s->journal, 0);

	for (size_t i = 0; i < n && rc == ERR_NONE; i++)
		if (events[i]->serial > (pages_is(events[i]->text) ?
						ledger.pages :
						ledger.serial) &&
		    !noting_rules(s->noting)->personal)
			rc = fail(ERR_DENIED,
			    "journal.db was put back: export %u left and is "
			    "not in it, so nothing can leave",
			    events[i]->serial);
	arena_release(&a);
	return rc;
}

static enum err
count_visits(void *arg, const struct journal_entry *e)
{
	size_t *n = arg;

	*n += e->kind == JOURNAL_VISIT;
	return ERR_NONE;
}

/*
 * Visits that have ended are copied from the launcher's list, which has no
 * key and lies open; once in the journal they stay.  The last one of the list
 * is this one.
 */
static enum err
add_visits(struct logbook *s)
{
	struct arena a = { 0 };
	struct buf line = { 0 };
	struct visits v = { 0 };
	size_t known = 0;
	enum err rc = journal_each(s->journal, count_visits, &known);

	if (rc == ERR_NONE && noting_visits(s->noting).len > 0)
		rc = visits_parse(&v, &a, noting_visits(s->noting));
	for (size_t i = known; rc == ERR_NONE && i + 1 < v.n; i++) {
		buf_clear(&line);
		visits_say(&v.at[i], &line);
		rc = add_line(s, JOURNAL_VISIT, buf_view(&line), NULL);
	}
	buf_release(&line);
	arena_release(&a);
	return rc;
}

/* A machine that slept looks the same: a steady clock sleeps, too. */
static enum err
add_clock(struct logbook *s)
{
	int64_t ms = s->clock_unwritten;
	struct buf line = { 0 };
	enum err rc;

	if (ms == 0 || s->journal == NULL)
		return ERR_NONE;
	buf_printf(&line, "set %s by %lld s", ms < 0 ? "back" : "forward",
	    (long long)((ms < 0 ? -ms : ms) + 500) / 1000);
	rc = add_line(s, JOURNAL_CLOCK, buf_view(&line), NULL);
	buf_release(&line);
	if (rc == ERR_NONE)
		s->clock_unwritten = 0;
	return rc;
}

int64_t
logbook_clock(struct logbook *s, int64_t wall, uint64_t steady)
{
	int64_t ahead = wall - (int64_t)steady, jump;

	if (!s->clock_known)
		s->clock_ahead = ahead;
	s->clock_known = true;
	jump = ahead - s->clock_ahead - s->clock_set;
	/* A clock that is led to the right time moves by 8 ms in 15 s. */
	if (jump > -CLOCK_JUMP_MS && jump < CLOCK_JUMP_MS)
		return 0;
	s->clock_set += jump;
	s->clock_unwritten += jump;
	shell_error(noting_shell(s->noting), add_clock(s));
	return jump / 1000;
}

int64_t
logbook_clock_set(const struct logbook *s)
{
	return s->clock_set / 1000;
}

void
logbook_vault_opened(struct logbook *s)
{
	struct hash h = hash_of(buf_view(&s->proof));
	enum err rc = open_journal(s);

	if (rc == ERR_NONE)
		rc = compare_chains(s);
	if (rc == ERR_NONE)
		rc = compare_quote(s);
	if (rc == ERR_NONE)
		rc = compare_exports(s);
	if (rc == ERR_NONE && noting_start(s->noting)->session)
		rc = add_visits(s);
	if (rc == ERR_NONE)
		rc = add_line(s, JOURNAL_OPENED, noting_start(s->noting)->title,
		    NULL);
	if (rc == ERR_NONE)
		rc = add_clock(s);
	if (rc == ERR_NONE && s->proof.len > 0)
		rc = add_line(s, JOURNAL_PROOF, STR("walls"), &h);
	if (rc != ERR_NONE)
		close_journal(s);
	shell_error(noting_shell(s->noting), rc);
}

enum err
logbook_vault_closes(struct logbook *s, struct arena *a, struct str *out)
{
	struct chain_head head = vault_head(noting_vault(s->noting));
	char code[CHAIN_CODE];
	enum err rc;

	*out = STR("");
	if (s->journal == NULL)
		return ERR_NONE;
	chain_code(&head, code);
	rc = add_line(s, JOURNAL_CLOSED, str_of(code), NULL);
	if (noting_start(s->noting)->session)
		*out = arena_copy(a, journal_head(s->journal, a));
	close_journal(s);
	return rc;
}

void
logbook_ends(struct logbook *s)
{
	struct arena a = { 0 };
	struct str head;

	if (noting_book(s->noting) == NULL)
		return;
	outgoing_drop(noting_outgoing(s->noting));
	if (vault_shut(noting_vault(s->noting)) != ERR_NONE ||
	    logbook_vault_closes(s, &a, &head) != ERR_NONE)
		err_clear();
	arena_release(&a);
}
