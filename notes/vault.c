#include "notes/vault.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/io.h"
#include "core/limits.h"

#ifdef TINY
enum { BALLAST = 64 };
#else
enum { BALLAST = 256 * 1024 };
#endif

struct vault {
	struct arena arena;
	struct vault_setup setup;
	struct str path;       /* of record.db */
	struct record *record; /* NULL: there is none */
	struct book *book;
	struct draft_box *drafts;
};

static int64_t
now(const struct vault *v)
{
	return v->setup.now();
}

static enum err
look(struct vault *v)
{
	enum err rc = record_open(&v->record, v->path.at);

	if (rc != ERR_ABSENT)
		return rc;
	err_clear();
	return ERR_NONE;
}

enum err
vault_open(struct vault **out, const struct vault_setup *s)
{
	struct vault *v = calloc(1, sizeof *v);
	enum err rc;

	if (v == NULL)
		bug("no memory for the vault");
	v->setup = *s;
	v->setup.folder = arena_copy(&v->arena, str_of(s->folder)).at;
	v->setup.auditor = arena_copy(&v->arena, s->auditor);
	v->setup.title = arena_copy(&v->arena, s->title);
	v->path = arena_printf(&v->arena, "%s/record.db", s->folder);
	rc = look(v);
	if (rc == ERR_NONE)
		*out = v;
	else
		vault_close(v);
	return rc;
}

/* Back to locked: nothing of what was open stays in memory. */
static void
lock(struct vault *v)
{
	book_close(v->book);
	draft_close(v->drafts);
	v->book = NULL;
	v->drafts = NULL;
	if (v->record != NULL)
		record_lock(v->record);
}

void
vault_close(struct vault *v)
{
	if (v == NULL)
		return;
	lock(v);
	record_close(v->record);
	arena_release(&v->arena);
	free(v);
}

enum vault_state
vault_state(const struct vault *v)
{
	if (v->record == NULL)
		return VAULT_NEW;
	return v->book == NULL ? VAULT_LOCKED : VAULT_OPEN;
}

struct chain_head
vault_head(const struct vault *v)
{
	static const struct chain_head none;

	return v->record == NULL ? none : record_head(v->record);
}

enum err
vault_passed(struct vault *v, struct str code)
{
	return v->record == NULL ? ERR_ABSENT : record_passed(v->record, code);
}

enum err
vault_passphrase_check(const struct secret *one, const struct secret *two)
{
	if (one->len < VAULT_PASSPHRASE_MIN)
		return fail(ERR_FORMAT,
		    "at least %d characters, several "
		    "words are better",
		    (int)VAULT_PASSPHRASE_MIN);
	if (!seal_secret_eq(one, two))
		return fail(ERR_FORMAT,
		    "the two are not the same: type both "
		    "again");
	return ERR_NONE;
}

static enum err
open_drafts(struct vault *v)
{
	struct secret key;
	enum err rc;

	record_subkey(v->record, "vitrine/draft/1", &key);
	rc = draft_open(&v->drafts, v->setup.folder, &key);
	seal_secret_release(&key);
	return rc;
}

static enum err
append(struct vault *v, struct entry *e)
{
	struct buf body = { 0 };
	enum err rc;

	e->time = now(v);
	entry_write(e, &body);
	rc = record_append(v->record, (uint16_t)e->type, e->time,
	    buf_view(&body), &e->seq);
	seal_wipe(body.at, body.room);
	buf_release(&body);
	if (rc != ERR_NONE)
		return rc;
	if (book_take(v->book, e) != ERR_NONE)
		bug("entry %llu: %s", (unsigned long long)e->seq, err_text());
	return ERR_NONE;
}

static enum err
opened(struct vault *v)
{
	struct entry e = { .type = ENTRY_OPEN,
		.title = v->setup.title,
		.by = v->setup.auditor };
	enum err rc = open_drafts(v);

	if (rc == ERR_NONE)
		rc = append(v, &e);
	return rc;
}

/* A file that takes place, to be given up when there is none left. */
static enum err
make_ballast(struct vault *v)
{
	struct buf zeros = { 0 };
	enum err rc;
	int dir;

	rc = io_open_folder(&dir, v->setup.folder);
	if (rc != ERR_NONE)
		return rc;
	memset(buf_grow(&zeros, BALLAST), 0, BALLAST);
	zeros.len = BALLAST;
	rc = io_replace_at(dir, "ballast", buf_view(&zeros));
	buf_release(&zeros);
	close(dir);
	return rc;
}

static void
drop_ballast(struct vault *v)
{
	int dir;

	if (io_open_folder(&dir, v->setup.folder) != ERR_NONE)
		return;
	if (io_remove_at(dir, "ballast") != ERR_NONE)
		err_clear();
	close(dir);
}

enum err
vault_create(struct vault *v, const struct secret *one,
    const struct secret *two)
{
	enum err rc = vault_passphrase_check(one, two);

	if (v->record != NULL)
		return fail(ERR_DENIED, "there is a record already");
	if (rc == ERR_NONE)
		rc = make_ballast(v);
	if (rc == ERR_NONE)
		rc = record_create(&v->record, v->path.at, one, v->setup.cost);
	if (rc != ERR_NONE)
		return rc;
	v->book = book_open();
	rc = opened(v);
	if (rc != ERR_NONE)
		lock(v);
	return rc;
}

struct taking {
	struct book *book;
	struct arena arena;
};

static enum err
take(void *arg, const struct record_entry *r)
{
	struct taking *t = arg;
	struct entry e;
	enum err rc = entry_read(&e, &t->arena, r->type, r->body);

	if (rc == ERR_NONE) {
		e.seq = r->seq;
		e.time = r->time;
		rc = book_take(t->book, &e);
	}
	arena_clear(&t->arena);
	if (rc != ERR_NONE && err_text()[0] == '\0')
		return fail(rc, "entry %llu of the record",
		    (unsigned long long)r->seq);
	return rc;
}

enum err
vault_unlock(struct vault *v, const struct secret *passphrase)
{
	struct taking t = { .book = book_open() };
	enum err rc;

	if (vault_state(v) != VAULT_LOCKED)
		bug("unlocking a vault that is not locked");
	rc = record_unlock(v->record, passphrase, v->setup.cost, take, &t);
	arena_release(&t.arena);
	if (rc != ERR_NONE) {
		book_close(t.book);
		return rc;
	}
	v->book = t.book;
	rc = opened(v);
	if (rc != ERR_NONE)
		lock(v);
	return rc;
}

enum err
vault_change(struct vault *v, const struct secret *one,
    const struct secret *two)
{
	struct entry e = { .type = ENTRY_SLOT, .time = now(v) };
	enum err rc = vault_passphrase_check(one, two);

	if (rc == ERR_NONE && vault_state(v) != VAULT_OPEN)
		rc = fail(ERR_DENIED, "the vault is locked");
	if (rc == ERR_NONE)
		rc = record_change(v->record, one, v->setup.cost, ENTRY_SLOT,
		    e.time);
	if (rc != ERR_NONE)
		return rc;
	e.seq = record_head(v->record).size;
	return book_take(v->book, &e);
}

enum err
vault_escrow(struct vault *v, const struct seal_age_recipient *to)
{
	struct entry e = { .type = ENTRY_SLOT, .time = now(v) };
	enum err rc = ERR_NONE;

	if (vault_state(v) != VAULT_OPEN)
		return fail(ERR_DENIED, "the vault is locked");
	rc = record_escrow(v->record, to, ENTRY_SLOT, e.time);
	if (rc != ERR_NONE)
		return rc;
	e.seq = record_head(v->record).size;
	return book_take(v->book, &e);
}

bool
vault_escrowed(const struct vault *v, struct seal_age_recipient *to)
{
	return v->record != NULL && record_escrowed(v->record, to);
}

/* A verdict names lines that its list has. */
static enum err
check_verdict(const struct vault *v, const struct entry *e)
{
	const struct worklist *w = book_list(v->book, e->of);
	uint32_t n = e->spans.len;

	if (w == NULL || !w->whole || n == 0 ||
	    e->spans.at[2 * n - 1] > w->l.n_hits)
		return fail(ERR_ABSENT, "worklist %llu has no such lines",
		    (unsigned long long)e->of);
	return ERR_NONE;
}

enum err
vault_add(struct vault *v, struct entry *e)
{
	enum err rc;

	if (vault_state(v) != VAULT_OPEN)
		return fail(ERR_DENIED, "the vault is locked");
	rc = entry_check(e);
	if (rc == ERR_NONE && e->of != 0 && book_find(v->book, e->of) == NULL &&
	    book_list(v->book, e->of) == NULL)
		rc = fail(ERR_ABSENT, "there is no item %llu",
		    (unsigned long long)e->of);
	if (rc == ERR_NONE && e->type == ENTRY_VERDICT)
		rc = check_verdict(v, e);
	return rc == ERR_NONE ? append(v, e) : rc;
}

enum err
vault_add_list(struct vault *v, const struct hitlist *l, struct str text,
    uint64_t *number)
{
	struct entry e = { .type = ENTRY_LIST,
		.title = l->title,
		.text = text,
		.from = l->from,
		.count = l->n_hits };
	struct entry hits = { .type = ENTRY_HITS };
	struct buf b = { 0 };
	enum err rc;

	if (l->from != 0 &&
	    (v->book == NULL || book_list(v->book, l->from) == NULL))
		return fail(ERR_ABSENT, "there is no worklist %llu",
		    (unsigned long long)l->from);
	rc = vault_add(v, &e);
	hits.of = e.seq;
	for (uint32_t at = 0; rc == ERR_NONE && at < l->n_hits;) {
		buf_clear(&b);
		worklist_pack(l, &at, &b);
		hits.text = buf_view(&b);
		hits.seq = 0;
		rc = vault_add(v, &hits);
	}
	buf_release(&b);
	if (rc == ERR_NONE)
		*number = e.seq;
	return rc;
}

enum err
vault_undo(struct vault *v, bool redo, uint64_t *seq)
{
	struct entry e = { .type = redo ? ENTRY_REDO : ENTRY_UNDO };
	const struct entry *target;
	enum err rc;

	if (vault_state(v) != VAULT_OPEN)
		return fail(ERR_DENIED, "the vault is locked");
	target = redo ? book_redo(v->book) : book_undo(v->book);
	if (target == NULL)
		return fail(ERR_ABSENT, "nothing to %s",
		    redo ? "redo" : "undo");
	e.target = target->seq;
	rc = append(v, &e);
	if (rc == ERR_NONE)
		*seq = e.target;
	return rc;
}

enum err
vault_shut(struct vault *v)
{
	struct entry e = { .type = ENTRY_CLOSE };
	enum err rc;

	if (vault_state(v) != VAULT_OPEN)
		return ERR_NONE;
	rc = append(v, &e);
	if (rc == ERR_IO) {
		drop_ballast(v);
		err_clear();
		rc = append(v, &e);
	}
	lock(v);
	return rc;
}

const struct book *
vault_book(const struct vault *v)
{
	return v->book;
}

struct draft_box *
vault_drafts(struct vault *v)
{
	return v->drafts;
}

void
vault_subkey(const struct vault *v, const char *domain, struct secret *out)
{
	record_subkey(v->record, domain, out);
}

void
vault_id(const struct vault *v, uint8_t id[CHAIN_ID])
{
	record_id(v->record, id);
}
