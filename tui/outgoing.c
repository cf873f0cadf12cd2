#include "tui/outgoing.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/io.h"
#include "core/limits.h"
#include "notes/findings.h"

enum {
	/* Not ready yet: asked again after so many milliseconds. */
	OUTGOING_AGAIN_MS = 700,
	OUTGOING_PROOF_MAX = 64 * 1024,
};

struct outgoing {
	struct noting *noting;
	struct journal *journal;
	struct sign_secret *author;
	struct buf proof;

	/* Of one export: everything in arena. */
	struct arena arena;
	enum outgoing_state state;
	struct outgoing_item *items;
	size_t n_items;
	struct parcel parcel;
	struct str context;
	struct hash context_hash;
	struct verdict_source source;
	bool answered;
	struct gate gate;
	struct ledger ledger;
	struct approval *approvals;
	uint32_t n_approvals;
	uint32_t id; /* of the last candidate; never reused */
	unsigned timer;
};

struct outgoing *
outgoing_open(struct noting *n)
{
	struct outgoing *s = calloc(1, sizeof *s);

	if (s == NULL)
		bug("no memory for the way out");
	s->noting = n;
	return s;
}

static void
close_journal(struct outgoing *s)
{
	journal_close(s->journal);
	sign_close(s->author);
	s->journal = NULL;
	s->author = NULL;
}

void
outgoing_close(struct outgoing *s)
{
	if (s == NULL)
		return;
	close_journal(s);
	buf_release(&s->proof);
	arena_release(&s->arena);
	free(s);
}

static int64_t
seconds(const struct outgoing *s)
{
	return noting_now(s->noting) / 1000;
}

static struct str
path_of(const struct outgoing *s, struct arena *a, const char *name)
{
	struct str data = noting_start(s->noting)->data;

	return arena_printf(a, "%.*s/%s", STR_ARG(data), name);
}

void
outgoing_proof(struct outgoing *s, struct str text)
{
	buf_clear(&s->proof);
	buf_str(&s->proof, str_slice(text, 0, OUTGOING_PROOF_MAX));
}

struct journal *
outgoing_journal(struct outgoing *s)
{
	return s->journal;
}

static enum err
add_line(struct outgoing *s, enum journal_kind kind, struct str what,
    const struct hash *hash)
{
	struct journal_entry e = {
		.kind = kind,
		.when = seconds(s),
		.who = noting_start(s->noting)->auditor,
		.what = what,
		.bytes = s->parcel.bytes.len,
	};

	if (hash != NULL)
		e.hash = *hash;
	return journal_add(s->journal, &e);
}

/* The first MAC key is for those who may verify: sealed to the recipients of
 * the rules.  Nobody is named without a session. */
static enum err
seal_first_key(struct outgoing *s, const uint8_t first[JOURNAL_SEED_BYTES],
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
make_journal(struct outgoing *s, const char *path, const struct secret *keep)
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
show_public_key(struct outgoing *s)
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

static enum err
open_journal(struct outgoing *s)
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
		rc = make_journal(s, path, &key);
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
compare_chains(struct outgoing *s)
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

void
outgoing_vault_opened(struct outgoing *s)
{
	struct hash h = hash_of(buf_view(&s->proof));
	enum err rc = open_journal(s);

	if (rc == ERR_NONE)
		rc = compare_chains(s);
	if (rc == ERR_NONE)
		rc = add_line(s, JOURNAL_OPENED, noting_start(s->noting)->title,
		    NULL);
	if (rc == ERR_NONE && s->proof.len > 0)
		rc = add_line(s, JOURNAL_PROOF, STR("walls"), &h);
	if (rc != ERR_NONE)
		close_journal(s);
	shell_error(noting_shell(s->noting), rc);
}

enum err
outgoing_vault_closes(struct outgoing *s, struct arena *a, struct str *out)
{
	struct chain_head head = vault_head(noting_vault(s->noting));
	char code[CHAIN_CODE];
	enum err rc;

	outgoing_drop(s);
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
outgoing_drop(struct outgoing *s)
{
	if (s->timer != 0)
		loop_cancel(noting_loop(s->noting), s->timer);
	s->timer = 0;
	s->state = OUTGOING_NONE;
	s->answered = false;
	s->parcel = (struct parcel){ 0 };
	s->gate = (struct gate){ 0 };
	s->source = (struct verdict_source){ 0 };
	s->ledger = (struct ledger){ 0 };
	s->n_approvals = 0;
	arena_clear(&s->arena);
}

/* What is in it, by kind: the gate trusts this, so it says too much rather
 * than too little. */
static uint32_t
classes_of(const struct findings_item *items, size_t n)
{
	uint32_t classes = 1u << CLASS_PROSE;

	for (size_t i = 0; i < n; i++)
		if (items[i].now->anchored)
			classes |= 1u << CLASS_PATH;
	return classes;
}

static enum err
find_items(struct outgoing *s, struct findings_item *out)
{
	const struct book *b = noting_book(s->noting);

	for (size_t i = 0; i < s->n_items; i++) {
		const struct book_item *it = book_find(b, s->items[i].number);

		if (it == NULL || it->now == NULL)
			return fail(ERR_ABSENT, "there is no item %llu",
			    (unsigned long long)s->items[i].number);
		out[i] = (struct findings_item){ it->now, it->created,
			s->items[i].red };
		if (it->type == ENTRY_FINDING)
			s->parcel.findings++;
		else
			s->parcel.notes++;
	}
	return ERR_NONE;
}

static void
write_bytes(struct outgoing *s, const struct findings_item *items)
{
	struct vault *v = noting_vault(s->noting);
	struct chain_head head = vault_head(v);
	struct buf record = { 0 }, bytes = { 0 };
	char code[CHAIN_CODE];
	uint8_t id[CHAIN_ID];
	struct secret region;
	struct findings f = {
		.start = noting_start(s->noting),
		.exported = noting_now(s->noting),
		.region = &region,
		.items = items,
		.n_items = s->n_items,
	};

	vault_id(v, id);
	buf_hex(&record, id, sizeof id);
	chain_code(&head, code);
	f.record = buf_view(&record);
	f.head = str_of(code);
	vault_subkey(v, "vitrine/region/1", &region);
	findings_write(&f, &bytes);
	seal_secret_release(&region);
	s->parcel.bytes = arena_copy(&s->arena, buf_view(&bytes));
	buf_release(&record);
	buf_release(&bytes);
}

/* Everything that left before, oldest first: splitting a text over many
 * exports changes nothing. */
static void
find_context(struct outgoing *s)
{
	const struct entry **events;
	struct buf all = { 0 };
	size_t n = book_events(noting_book(s->noting), ENTRY_EXPORT, &s->arena,
	    &events);

	for (size_t i = 0; i < n; i++)
		if (events[i]->serial != 0)
			buf_str(&all, events[i]->text);
	if (all.len > PARCEL_BYTES_MAX - s->parcel.bytes.len)
		all.len = PARCEL_BYTES_MAX - s->parcel.bytes.len;
	s->context = arena_copy(&s->arena, buf_view(&all));
	buf_str(&all, s->parcel.bytes);
	s->context_hash = hash_of(buf_view(&all));
	buf_release(&all);
}

static void
ask_checker(void *arg)
{
	struct outgoing *s = arg;
	const struct noting_out *out = noting_ports(s->noting);

	s->timer = 0;
	out->candidate(out->arg, ++s->id, s->context, s->parcel.bytes);
}

/* Agreements that lie in approvals/ for this very text. */
static void
find_approvals(struct outgoing *s)
{
	const struct rules *r = noting_rules(s->noting);
	const char *folder = path_of(s, &s->arena, "approvals").at;
	struct io_names names;

	s->n_approvals = 0;
	if (r->personal || !io_is_folder(folder) ||
	    io_list(&names, &s->arena, folder) != ERR_NONE) {
		err_clear();
		return;
	}
	s->approvals = arena_array(&s->arena, names.len, struct approval);
	for (size_t i = 0; i < names.len; i++) {
		const struct rules_person *who;
		struct buf file = { 0 };
		uint8_t key[8];

		if (io_read(&file,
			arena_printf(&s->arena, "%s/%.*s", folder,
			    STR_ARG(names.at[i]))
			    .at,
			SIGN_FILE_MAX) == ERR_NONE &&
		    sign_key_of(key, buf_view(&file)) == ERR_NONE &&
		    (who = rules_approver(r, key)) != NULL &&
		    sign_verify(NULL, &who->key, s->parcel.bytes,
			buf_view(&file)) == ERR_NONE)
			s->approvals[s->n_approvals++].signature =
			    arena_copy(&s->arena, buf_view(&file));
		err_clear();
		buf_release(&file);
	}
}

static void
judge(struct outgoing *s)
{
	struct gate_case c = {
		.parcel = &s->parcel,
		.rules = noting_rules(s->noting),
		.ledger = &s->ledger,
		.source = s->answered ? &s->source : NULL,
		.context_hash = s->context_hash,
		.now = seconds(s),
	};
	enum err rc =
	    ledger_read(&s->ledger, &s->arena, s->journal, seconds(s));

	if (rc != ERR_NONE)
		c.ledger = NULL;
	err_clear();
	gate_judge(&s->gate, &s->arena, &c);
	find_approvals(s);
	s->state = OUTGOING_JUDGED;
}

enum err
outgoing_begin(struct outgoing *s, const struct outgoing_item *items, size_t n)
{
	struct findings_item *found;
	enum err rc;

	outgoing_drop(s);
	if (noting_book(s->noting) == NULL)
		return fail(ERR_DENIED, "the vault is locked");
	if (s->journal == NULL)
		return fail(ERR_DENIED,
		    "there is no journal: nothing can "
		    "leave");
	if (n == 0)
		return fail(ERR_ABSENT, "choose something first: x does");
	s->items = arena_array(&s->arena, n, struct outgoing_item);
	memcpy(s->items, items, n * sizeof *items);
	s->n_items = n;
	found = arena_array(&s->arena, n, struct findings_item);
	rc = find_items(s, found);
	if (rc != ERR_NONE)
		return rc;
	s->parcel.author = noting_start(s->noting)->auditor;
	s->parcel.classes = classes_of(found, n);
	write_bytes(s, found);
	if (s->parcel.bytes.len > LIMIT_NOTE)
		return fail(ERR_LIMIT,
		    "%zu bytes at once, at most %d: choose "
		    "less",
		    s->parcel.bytes.len, LIMIT_NOTE);
	find_context(s);
	rc = add_line(s, JOURNAL_ASKED, STR("export"), NULL);
	if (rc != ERR_NONE)
		return rc;
	s->state = OUTGOING_ASKED;
	ask_checker(s);
	return ERR_NONE;
}

void
outgoing_verdict(struct outgoing *s, const struct verdict_source *v)
{
	struct loop *loop = noting_loop(s->noting);

	if (s->state != OUTGOING_ASKED || v->id != s->id)
		return;
	s->source = *v;
	s->source.spans = arena_array(&s->arena, v->n_spans, struct span);
	if (v->n_spans > 0)
		memcpy(s->source.spans, v->spans,
		    v->n_spans * sizeof *v->spans);
	s->answered = true;
	if (v->ready || loop == NULL)
		judge(s);
	else
		s->timer = loop_after(loop, OUTGOING_AGAIN_MS, ask_checker, s);
}

enum outgoing_state
outgoing_state(const struct outgoing *s)
{
	return s->state;
}

struct str
outgoing_bytes(const struct outgoing *s)
{
	return s->parcel.bytes;
}

const struct gate *
outgoing_gate(const struct outgoing *s)
{
	return s->state >= OUTGOING_JUDGED ? &s->gate : NULL;
}

const struct verdict_source *
outgoing_source(const struct outgoing *s)
{
	return s->answered ? &s->source : NULL;
}

const struct ledger *
outgoing_ledger(const struct outgoing *s)
{
	return &s->ledger;
}

uint32_t
outgoing_approvals(const struct outgoing *s)
{
	return s->n_approvals;
}

/* Without a session an export is for its author: an identity that "age"
 * takes as it is, made once, beside the record. */
static enum err
own_recipient(int folder, struct seal_age_recipient *out)
{
	struct seal_age_identity *id = NULL;
	struct buf file = { 0 };
	enum err rc = io_read_at(&file, folder, "identity.txt", 4096);

	if (rc == ERR_NONE) {
		rc = seal_age_identity_read(&id, buf_view(&file));
	} else if (rc == ERR_ABSENT) {
		err_clear();
		buf_clear(&file);
		rc = seal_age_identity_make(&id);
		if (rc == ERR_NONE) {
			seal_age_identity_write(id, &file);
			rc = io_create_at(folder, "identity.txt",
			    buf_view(&file));
		}
	}
	if (rc == ERR_NONE)
		*out = seal_age_recipient_of(id);
	if (file.at != NULL)
		seal_wipe(file.at, file.room);
	buf_release(&file);
	seal_age_identity_close(id);
	return rc;
}

/* In the record: what left, word for word, or that it was refused. */
static enum err
record(struct outgoing *s, const struct egress_receipt *r)
{
	struct vault *v = noting_vault(s->noting);
	struct entry e = { .type = ENTRY_EXPORT, .hash = s->gate.of };

	e.items.at = arena_array(&s->arena, s->n_items, struct str);
	e.items.len = (uint32_t)(s->n_items < ENTRY_LIST_MAX ? s->n_items :
							       ENTRY_LIST_MAX);
	for (uint32_t i = 0; i < e.items.len; i++)
		e.items.at[i] = arena_printf(&s->arena, "%llu",
		    (unsigned long long)s->items[i].number);
	if (r != NULL) {
		e.serial = r->serial;
		e.file = r->file;
		e.text = s->parcel.bytes;
	}
	return vault_add(v, &e);
}

/* For those who approve: what they would sign, and the line they sign. */
static enum err
write_request(struct outgoing *s, int folder)
{
	struct buf name = { 0 };
	struct str comment =
	    approval_comment(&s->arena, noting_rules(s->noting), &s->parcel);
	enum err rc = io_make_folder_at(folder, "requests");

	buf_str(&name, STR("requests/"));
	buf_hex(&name, s->gate.of.at, 8);
	if (rc == ERR_NONE)
		rc = io_replace_at(folder,
		    arena_printf(&s->arena, "%s.json", name.at).at,
		    s->parcel.bytes);
	if (rc == ERR_NONE)
		rc = io_replace_at(folder,
		    arena_printf(&s->arena, "%s.comment", name.at).at, comment);
	buf_release(&name);
	return rc;
}

/* The worst row says why; that no row did is a reason too. */
static struct str
refusal(const struct outgoing *s)
{
	for (uint32_t i = 0; i < s->gate.n_rows; i++)
		if (s->gate.rows[i].verdict == REFUSE)
			return str_of(s->gate.rows[i].check);
	return STR("approvals are missing");
}

static enum err
refused(struct outgoing *s, enum err why)
{
	struct buf text = { 0 };
	enum err rc;

	buf_str(&text, str_of(err_text()));
	err_clear();
	rc = add_line(s, JOURNAL_REFUSED, refusal(s), &s->gate.of);
	if (rc == ERR_NONE)
		rc = record(s, NULL);
	if (rc == ERR_NONE)
		rc = fail(why, "%s; the journal and the record say so",
		    text.len == 0 ? "it was refused" : text.at);
	buf_release(&text);
	return rc;
}

static enum err
release(struct outgoing *s, int folder, struct egress_receipt *receipt)
{
	struct egress_order o = {
		.rules = noting_rules(s->noting),
		.parcel = &s->parcel,
		.gate = &s->gate,
		.approvals = s->approvals,
		.n_approvals = s->n_approvals,
		.now = seconds(s),
	};
	struct sign_public author = sign_public_of(s->author);
	struct seal_age_recipient own;
	struct buf signature = { 0 };
	struct secret seed;
	int outbox = -1;
	enum err rc = ERR_NONE;

	if (o.rules->personal) {
		rc = own_recipient(folder, &own);
		o.to = &own;
		o.n_to = 1;
	}
	if (rc == ERR_NONE)
		rc = sign_bytes(&signature, s->author, s->parcel.bytes,
		    STR("findings of a vitrine session"));
	if (rc == ERR_NONE)
		rc = io_make_folder_at(folder, "outbox");
	if (rc == ERR_NONE)
		rc =
		    io_open_folder(&outbox, path_of(s, &s->arena, "outbox").at);
	if (rc == ERR_NONE) {
		o.signature = buf_view(&signature);
		o.author = &author;
		vault_subkey(noting_vault(s->noting), "vitrine/export/1",
		    &seed);
		memcpy(o.seed, seed.at, sizeof o.seed);
		seal_secret_release(&seed);
		rc = egress_release(receipt, &s->arena, s->journal, outbox, &o);
		seal_wipe(o.seed, sizeof o.seed);
	}
	if (outbox >= 0)
		close(outbox);
	buf_release(&signature);
	return rc;
}

enum err
outgoing_release(struct outgoing *s, struct str *file)
{
	struct egress_receipt receipt;
	int folder;
	enum err rc;

	if (s->state != OUTGOING_JUDGED)
		return fail(ERR_DENIED, "the gate has not judged it");
	rc = io_open_folder(&folder, path_of(s, &s->arena, "").at);
	if (rc != ERR_NONE)
		return rc;
	rc = release(s, folder, &receipt);
	if (rc == ERR_DENIED && s->gate.verdict == ASK) {
		enum err asked = write_request(s, folder);

		if (asked != ERR_NONE)
			rc = asked;
	}
	close(folder);
	if (rc == ERR_DENIED)
		return refused(s, rc);
	if (rc != ERR_NONE)
		return rc;
	s->state = OUTGOING_GONE;
	*file = receipt.file;
	return record(s, &receipt);
}
