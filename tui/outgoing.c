#include "tui/outgoing.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/io.h"
#include "core/limits.h"
#include "notes/findings.h"
#include "tui/along.h"
#include "tui/asking.h"
#include "tui/logbook.h"
#include "tui/outgoing_inside.h"

/* The checker is not ready yet: asked again after so many milliseconds. */
enum { OUTGOING_AGAIN_MS = 700 };

struct outgoing *
outgoing_open(struct noting *n)
{
	struct outgoing *s = calloc(1, sizeof *s);

	if (s == NULL)
		bug("no memory for the way out");
	s->noting = n;
	s->paging = paging_open(n);
	return s;
}

void
outgoing_close(struct outgoing *s)
{
	if (s == NULL)
		return;
	paging_close(s->paging);
	arena_release(&s->arena);
	free(s);
}

int64_t
outgoing_seconds(const struct outgoing *s)
{
	return noting_now(s->noting) / 1000;
}

static struct str
path_of(const struct outgoing *s, struct arena *a, const char *name)
{
	struct str data = noting_start(s->noting)->data;

	return arena_printf(a, "%.*s/%s", STR_ARG(data), name);
}

struct journal *
outgoing_journal(const struct outgoing *s)
{
	return logbook_journal(noting_logbook(s->noting));
}

static const struct sign_secret *
author_of(const struct outgoing *s)
{
	return logbook_author(noting_logbook(s->noting));
}

enum err
outgoing_add_line(struct outgoing *s, enum journal_kind kind, struct str what,
    const struct hash *hash)
{
	struct journal_entry e = {
		.kind = kind,
		.what = what,
		.bytes = s->parcel.bytes.len,
	};

	if (hash != NULL)
		e.hash = *hash;
	return logbook_add(noting_logbook(s->noting), &e);
}

void
outgoing_drop(struct outgoing *s)
{
	if (s->state == OUTGOING_PRINTS)
		return; /* its answer still belongs into the journal */
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
classes_of(const struct findings_item *items, size_t n,
    const struct findings_method *m)
{
	uint32_t classes = 1u << CLASS_PROSE | along_classes(m);

	for (size_t i = 0; i < n; i++)
		if (items[i].now->anchored || items[i].n_places > 0)
			classes |= 1u << CLASS_PATH;
	return classes;
}

static enum err
find_items(struct outgoing *s, struct findings_item *out, bool places)
{
	const struct book *b = noting_book(s->noting);

	for (size_t i = 0; i < s->n_items; i++) {
		const struct book_item *it = book_find(b, s->items[i].number);

		if (it == NULL || it->now == NULL)
			return fail(ERR_ABSENT, "there is no item %llu",
			    (unsigned long long)s->items[i].number);
		out[i] = (struct findings_item){
			.now = it->now,
			.created = it->created,
			.red = s->items[i].red,
		};
		if (places)
			out[i].places = along_places(noting_along(s->noting),
			    &s->arena, it->number, &out[i].n_places);
		if (it->type == ENTRY_FINDING)
			s->parcel.findings++;
		else
			s->parcel.notes++;
	}
	return ERR_NONE;
}

static struct str
embargo_of(struct outgoing *s)
{
	uint32_t day = noting_rules(s->noting)->export.embargo;

	return day == 0 ? STR("") :
			  arena_printf(&s->arena, "%u-%02u-%02u", day / 10000,
			      day / 100 % 100, day % 100);
}

static void
write_bytes(struct outgoing *s, const struct findings_item *items,
    const struct findings_method *method)
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
		.method = *method,
	};

	vault_id(v, id);
	buf_hex(&record, id, sizeof id);
	chain_code(&head, code);
	f.embargo = embargo_of(s);
	f.record = buf_view(&record);
	f.head = str_of(code);
	vault_subkey(v, "vitrine/region/1", &region);
	findings_write(&f, &bytes);
	seal_secret_release(&region);
	s->parcel.bytes = arena_copy(&s->arena, buf_view(&bytes));
	buf_release(&record);
	buf_release(&bytes);
}

/*
 * Everything that left before, oldest first: splitting a text over many
 * exports changes nothing.  The rules of a session keep all of it within
 * what is judged together (bytes_person); without one, the oldest gives way.
 */
static enum err
find_context(struct outgoing *s)
{
	size_t room = PARCEL_BYTES_MAX - s->parcel.bytes.len;
	const struct entry **events;
	struct buf all = { 0 };
	struct str before;
	size_t n = book_events(noting_book(s->noting), ENTRY_EXPORT, &s->arena,
	    &events);

	for (size_t i = 0; i < n; i++)
		if (events[i]->serial != 0)
			buf_str(&all, events[i]->text);
	before = buf_view(&all);
	if (before.len > room)
		before = str_slice(before, before.len - room, room);
	s->context = arena_copy(&s->arena, before);
	if (before.len < all.len && !noting_rules(s->noting)->personal) {
		buf_release(&all);
		return fail(ERR_LIMIT,
		    "too much left before to be judged together with this: "
		    "nothing more leaves from this record");
	}
	buf_clear(&all);
	buf_str(&all, s->context);
	buf_str(&all, s->parcel.bytes);
	s->context_hash = hash_of(buf_view(&all));
	buf_release(&all);
	return ERR_NONE;
}

static void
ask_checker(void *arg)
{
	struct outgoing *s = arg;
	const struct noting_out *out = noting_ports(s->noting);

	s->timer = 0;
	s->id = noting_next_candidate(s->noting);
	out->candidate(out->arg, s->id, s->context, s->parcel.bytes);
}

static struct asking
asking_of(const struct outgoing *s)
{
	return (struct asking){ .rules = noting_rules(s->noting),
		.data = noting_start(s->noting)->data,
		.author = noting_start(s->noting)->auditor,
		.now = outgoing_seconds(s) };
}

static enum err
add_step(void *arg, struct journal_entry *e)
{
	struct outgoing *s = arg;

	return logbook_add(noting_logbook(s->noting), e);
}

/* Agreements that lie in approvals/ for this very text; the journal learns
 * of those that are new. */
static enum err
find_approvals(struct outgoing *s)
{
	struct asking k = asking_of(s);

	s->n_approvals = (uint32_t)asking_find(&s->approvals, &s->arena, &k,
	    s->parcel.bytes);
	if (outgoing_journal(s) == NULL)
		return ERR_NONE;
	return asking_tell(outgoing_journal(s), &k, &s->parcel, s->approvals,
	    s->n_approvals, add_step, s);
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

/* The worst row says why. */
static struct str
refusal(const struct outgoing *s)
{
	for (uint32_t i = 0; i < s->gate.n_rows; i++)
		if (s->gate.rows[i].verdict == REFUSE)
			return str_of(s->gate.rows[i].check);
	return STR("egress");
}

/* What the gate said is on record as soon as it said it: a refusal counts
 * whether or not it was insisted on. */
static enum err
tell(struct outgoing *s)
{
	enum err rc;

	if (s->gate.verdict != REFUSE)
		return outgoing_add_line(s, JOURNAL_CHECKED,
		    str_of(gate_verdict_name(s->gate.verdict)), &s->gate.of);
	rc = outgoing_add_line(s, JOURNAL_REFUSED, refusal(s), &s->gate.of);
	if (rc == ERR_NONE)
		rc = record(s, NULL);
	return rc;
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
		.now = outgoing_seconds(s),
	};
	enum err rc = ledger_read(&s->ledger, &s->arena, outgoing_journal(s),
	    outgoing_seconds(s));

	if (rc != ERR_NONE)
		c.ledger = NULL;
	err_clear();
	gate_judge(&s->gate, &s->arena, &c);
	s->state = OUTGOING_JUDGED;
	rc = tell(s);
	if (rc == ERR_NONE)
		rc = find_approvals(s);
	shell_error(noting_shell(s->noting), rc);
}

/* The bytes are there: the journal, then the checker. */
enum err
outgoing_submit(struct outgoing *s)
{
	enum err rc;

	rc = find_context(s);
	if (rc == ERR_NONE)
		rc = outgoing_add_line(s, JOURNAL_ASKED, STR("export"), NULL);
	if (rc != ERR_NONE)
		return rc;
	s->state = OUTGOING_ASKED;
	ask_checker(s);
	return ERR_NONE;
}

enum err
outgoing_may_begin(struct outgoing *s)
{
	if (s->state == OUTGOING_PRINTS)
		outgoing_pages_give_up(s);
	outgoing_drop(s);
	if (noting_book(s->noting) == NULL)
		return fail(ERR_DENIED, "the vault is locked");
	if (outgoing_journal(s) == NULL)
		return fail(ERR_DENIED,
		    "there is no journal: nothing can "
		    "leave");
	s->parcel.author = noting_start(s->noting)->auditor;
	return ERR_NONE;
}

enum err
outgoing_begin(struct outgoing *s, const struct outgoing_item *items, size_t n,
    unsigned parts)
{
	struct findings_method method;
	struct findings_item *found;
	enum err rc = outgoing_may_begin(s);

	if (rc != ERR_NONE)
		return rc;
	if (n == 0)
		return fail(ERR_ABSENT, "choose something first: x does");
	s->items = arena_array(&s->arena, n, struct outgoing_item);
	memcpy(s->items, items, n * sizeof *items);
	s->n_items = n;
	found = arena_array(&s->arena, n, struct findings_item);
	rc = find_items(s, found, (parts & ALONG_PLACES) != 0);
	if (rc != ERR_NONE)
		return rc;
	along_method(noting_along(s->noting), &s->arena, parts, &method);
	s->parcel.classes = classes_of(found, n, &method);
	write_bytes(s, found, &method);
	if (s->parcel.bytes.len > LIMIT_NOTE)
		return fail(ERR_LIMIT,
		    "%zu bytes at once, at most %d: choose "
		    "less",
		    s->parcel.bytes.len, LIMIT_NOTE);
	return outgoing_submit(s);
}

enum err
outgoing_requests(struct outgoing *s, struct arena *a,
    struct asking_request **list, size_t *n)
{
	struct asking k = asking_of(s);

	return asking_list(list, n, a, &k);
}

/* Whether this record asked to let exactly these bytes out. */
static bool
was_asked(const struct outgoing *s, const struct hash *hash)
{
	struct arena a = { 0 };
	const struct entry **events;
	size_t n =
	    book_events(noting_book(s->noting), ENTRY_EXPORT, &a, &events);
	bool found = false;

	for (size_t i = 0; i < n; i++)
		found = found || hash_eq(&events[i]->hash, hash);
	arena_release(&a);
	return found;
}

static enum err
take_up_pages(struct outgoing *s, struct str bytes)
{
	struct pages p;
	enum err rc = pages_read(&p, &s->arena, bytes);

	if (rc != ERR_NONE)
		return rc;
	outgoing_pages_set(s, &p);
	return outgoing_submit(s);
}

static enum err
take_up(struct outgoing *s, struct str bytes)
{
	struct hash hash = hash_of(bytes);
	struct findings_read f;
	struct findings_item *items;
	enum err rc;

	if (!was_asked(s, &hash))
		return fail(ERR_DENIED,
		    "this text is none that was asked to "
		    "leave from here");
	if (pages_is(bytes))
		return take_up_pages(s, bytes);
	rc = findings_read(&f, &s->arena, bytes);
	if (rc != ERR_NONE)
		return rc;
	s->parcel.bytes = arena_copy(&s->arena, bytes);
	s->n_items = f.n_items;
	s->items = arena_array(&s->arena, f.n_items, struct outgoing_item);
	items = arena_array(&s->arena, f.n_items, struct findings_item);
	for (uint32_t i = 0; i < f.n_items; i++) {
		s->items[i].number = f.items[i].seq;
		items[i].now = &f.items[i];
		items[i].places = f.more[i].places;
		items[i].n_places = f.more[i].n_places;
		if (f.items[i].type == ENTRY_FINDING)
			s->parcel.findings++;
		else
			s->parcel.notes++;
	}
	s->parcel.classes = classes_of(items, f.n_items, &f.method);
	return outgoing_submit(s);
}

enum err
outgoing_resume(struct outgoing *s, struct str name)
{
	struct buf file = { 0 }, path = { 0 };
	enum err rc = outgoing_may_begin(s);

	buf_printf(&path, "%s/%.*s.json", path_of(s, &s->arena, "requests").at,
	    STR_ARG(name));
	if (rc == ERR_NONE)
		rc = io_read(&file, path.at, LIMIT_NOTE);
	if (rc == ERR_NONE)
		rc = take_up(s, buf_view(&file));
	buf_release(&path);
	buf_release(&file);
	return rc;
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

struct paging *
outgoing_paging(struct outgoing *s)
{
	return s->paging;
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

enum err
outgoing_look(struct outgoing *s, struct arena *a, struct ledger *out)
{
	if (outgoing_journal(s) == NULL)
		return fail(ERR_DENIED, "there is no journal");
	return ledger_read(out, a, outgoing_journal(s), outgoing_seconds(s));
}

static uint64_t
least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static void
tell_of(struct buf *out, uint64_t n, uint64_t max, const char *what)
{
	buf_printf(out, "%llu of %llu %s", (unsigned long long)n,
	    (unsigned long long)max, what);
}

void
outgoing_tell(const struct outgoing *s, const struct ledger *l, struct buf *out)
{
	const struct rules *r = noting_rules(s->noting);
	const struct rules_export *e = &r->export;
	struct str who = noting_start(s->noting)->auditor;
	struct ledger_row mine = ledger_of(l, who);

	if (r->personal) {
		buf_printf(out,
		    "left so far: %llu export%s, %llu bytes, %llu tokens of "
		    "source\ntoday: %llu, %llu bytes",
		    (unsigned long long)l->exports, l->exports == 1 ? "" : "s",
		    (unsigned long long)l->bytes, (unsigned long long)l->quoted,
		    (unsigned long long)mine.exports_today,
		    (unsigned long long)mine.bytes_today);
		return;
	}
	buf_str(out, STR("left so far: "));
	tell_of(out, l->bytes,
	    least(e->bytes_person, rules_share(r, who, e->bytes_total)),
	    "bytes, ");
	tell_of(out, l->quoted,
	    least(e->quote_person, rules_share(r, who, e->quote_total)),
	    "tokens of source\ntoday: ");
	tell_of(out, mine.exports_today, e->exports_day, "exports, ");
	tell_of(out, mine.bytes_today, e->bytes_day, "bytes");
}

size_t
outgoing_steps(const struct outgoing *s, struct arena *a,
    struct approval_step **out)
{
	size_t n = 0;

	*out = arena_array(a, s->n_approvals, struct approval_step);
	for (uint32_t i = 0; i < s->n_approvals; i++)
		if (approval_read(&(*out)[n], a, noting_rules(s->noting),
			&s->parcel, &s->approvals[i]) == ERR_NONE)
			n++;
	err_clear();
	return n;
}

bool
outgoing_agreed(const struct outgoing *s)
{
	bool agreed =
	    approval_check(noting_rules(s->noting), &s->parcel, s->approvals,
		s->n_approvals, outgoing_seconds(s)) == ERR_NONE;

	err_clear();
	return agreed;
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

/* It waits: as a request, and as an entry by which it is known again. */
static enum err
ask_people(struct outgoing *s, int folder)
{
	struct asking k = asking_of(s);
	struct buf why = { 0 };
	enum err rc;

	buf_str(&why, str_of(err_text()));
	err_clear();
	rc = asking_write(folder, &k, &s->parcel, &s->gate,
	    s->answered ? &s->source : NULL, &s->ledger);
	if (rc == ERR_NONE && !was_asked(s, &s->gate.of))
		rc = record(s, NULL);
	if (rc == ERR_NONE)
		rc = fail(ERR_STOPPED, "it waits: %s; gx shows who said what",
		    why.at);
	buf_release(&why);
	return rc;
}

/* By the gate: it was put on record when it said so.  By the way out: now. */
static enum err
refused(struct outgoing *s, enum err why)
{
	struct buf text = { 0 };
	enum err rc = ERR_NONE;

	buf_str(&text, str_of(err_text()));
	err_clear();
	if (s->gate.verdict != REFUSE) {
		rc = outgoing_add_line(s, JOURNAL_REFUSED, STR("egress"),
		    &s->gate.of);
		if (rc == ERR_NONE)
			rc = record(s, NULL);
	}
	if (rc == ERR_NONE)
		rc = fail(why, "%s; the journal and the record say so",
		    text.len == 0 ? "it was refused" : text.at);
	buf_release(&text);
	return rc;
}

struct egress_order
outgoing_order(struct outgoing *s)
{
	return (struct egress_order){
		.rules = noting_rules(s->noting),
		.parcel = &s->parcel,
		.gate = &s->gate,
		.approvals = s->approvals,
		.n_approvals = s->n_approvals,
		.now = outgoing_seconds(s),
	};
}

static enum err
release(struct outgoing *s, int folder, struct egress_receipt *receipt)
{
	struct egress_order o = outgoing_order(s);
	struct sign_public author = sign_public_of(author_of(s));
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
		rc = sign_bytes(&signature, author_of(s), s->parcel.bytes,
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
		rc = egress_release(receipt, &s->arena, outgoing_journal(s),
		    outbox, &o);
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
	struct asking k = asking_of(s);
	struct egress_receipt receipt = { 0 };
	int folder;
	enum err rc;

	if (s->state != OUTGOING_JUDGED)
		return fail(ERR_DENIED, "the gate has not judged it");
	rc = io_open_folder(&folder, path_of(s, &s->arena, "").at);
	if (rc != ERR_NONE)
		return rc;
	rc = s->parcel.pages != NULL ? outgoing_pages_number(s, &receipt) :
				       release(s, folder, &receipt);
	if (rc == ERR_DENIED && s->gate.verdict == ASK)
		rc = ask_people(s, folder);
	else if (rc == ERR_DENIED)
		rc = refused(s, rc);
	if (rc == ERR_NONE) {
		s->state =
		    s->parcel.pages != NULL ? OUTGOING_PRINTS : OUTGOING_GONE;
		*file = receipt.file;
		rc = record(s, &receipt);
	}
	if (rc == ERR_NONE && s->parcel.pages != NULL)
		rc = outgoing_pages_make(s, receipt.serial);
	if (rc == ERR_NONE)
		rc = outgoing_look(s, &s->arena, &s->ledger);
	if (rc == ERR_NONE)
		rc = asking_drop(folder, &k, &s->gate.of);
	close(folder);
	return rc;
}
