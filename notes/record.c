#include "notes/record.h"

#include <stdlib.h>
#include <string.h>

#include "core/limits.h"
#include "core/wire.h"

/*
 * Header, little endian:
 *
 *   0   16  "vitrine record 1"
 *  16   16  id of the vault
 *  32    4  u32 epoch of the secret, 1
 *  36   32  commitment to the secret
 *  68    1  u8 number of slots, 1 to SLOTS_MAX
 *  69  ...  slots
 *       32  MAC of everything before, under a key of the secret
 *       32  BLAKE2b-256 of everything before: tells damage from a wrong
 *           passphrase; proves nothing
 *
 * Slot: u8 kind, u16 length of what follows, then
 *   kind 1, passphrase: salt 16, u32 passes, u32 KiB, wrapped secret 72
 *   kind 2, escrow: X25519 key 32, an age file for it that holds
 *           id 16, u32 epoch, the secret 32
 */
static const char MAGIC[] = "vitrine record 1";
enum {
	MAGIC_LEN = 16,
	COMMIT_LEN = 32,
	SLOTS_MAX = 8,
	SLOT_PASSPHRASE = 1,
	SLOT_ESCROW = 2,
	ESCROW_PLAIN = CHAIN_ID + 4 + SEAL_KEY,
	ESCROW_MAX = 1024, /* bytes of the age file */
	SLOT_LEN = SEAL_SALT + 8 + SEAL_WRAPPED,
	PLAIN_HEAD = 2 + 8,
};

struct slot {
	uint8_t salt[SEAL_SALT];
	struct seal_cost cost;
	uint8_t wrapped[SEAL_WRAPPED];
};

struct escrow {
	struct seal_age_recipient to;
	uint16_t len; /* 0: nobody */
	char sealed[ESCROW_MAX];
};

struct header {
	struct escrow escrow;
	uint8_t id[CHAIN_ID];
	uint32_t epoch;
	uint8_t commit[COMMIT_LEN];
	struct slot slot;
	size_t signed_len; /* bytes that the MAC covers */
	uint8_t mac[SEAL_HASH];
};

struct record {
	struct store *store;
	struct chain chain;
	struct buf raw; /* the header as it lies there */
	struct header header;
	struct secret master, box; /* empty while locked */
};

/* Writing and reading the header. */

static void
write_header(const struct header *h, const struct secret *master, struct buf *b)
{
	struct secret key;
	uint8_t sum[SEAL_HASH];

	buf_add(b, MAGIC, MAGIC_LEN);
	buf_add(b, h->id, CHAIN_ID);
	wire_put_u32(b, h->epoch);
	buf_add(b, h->commit, COMMIT_LEN);
	wire_put_u8(b, h->escrow.len > 0 ? 2 : 1);
	wire_put_u8(b, SLOT_PASSPHRASE);
	wire_put_u16(b, SLOT_LEN);
	buf_add(b, h->slot.salt, SEAL_SALT);
	wire_put_u32(b, h->slot.cost.passes);
	wire_put_u32(b, h->slot.cost.kib);
	buf_add(b, h->slot.wrapped, SEAL_WRAPPED);
	if (h->escrow.len > 0) {
		wire_put_u8(b, SLOT_ESCROW);
		wire_put_u16(b, (uint16_t)(32 + h->escrow.len));
		buf_add(b, h->escrow.to.key, 32);
		buf_add(b, h->escrow.sealed, h->escrow.len);
	}
	seal_subkey(&key, master, "vitrine/record/header/1");
	seal_mac(sum, &key, buf_view(b));
	seal_secret_release(&key);
	buf_add(b, sum, sizeof sum);
	seal_mac(sum, NULL, buf_view(b));
	buf_add(b, sum, sizeof sum);
}

static void
copy(void *to, struct wire *w, size_t len)
{
	struct str piece = wire_bytes(w, len);

	if (piece.len == len)
		memcpy(to, piece.at, len);
}

static void
read_escrow(struct header *h, struct wire *in, struct wire *w)
{
	size_t len;

	copy(h->escrow.to.key, in, 32);
	len = in->rest.len;
	if (in->bad || len == 0 || len > ESCROW_MAX || h->escrow.len > 0) {
		w->bad = true;
		return;
	}
	memcpy(h->escrow.sealed, in->rest.at, len);
	h->escrow.len = (uint16_t)len;
}

/* Whether it is the passphrase's. */
static bool
read_slot(struct header *h, struct wire *w)
{
	uint8_t kind = wire_u8(w);
	uint16_t len = wire_u16(w);
	struct wire in = wire_of(wire_bytes(w, len));

	if (kind == SLOT_ESCROW) {
		read_escrow(h, &in, w);
		return false;
	}
	if (kind != SLOT_PASSPHRASE) {
		w->bad = true;
		return false;
	}
	copy(h->slot.salt, &in, SEAL_SALT);
	h->slot.cost.passes = wire_u32(&in);
	h->slot.cost.kib = wire_u32(&in);
	copy(h->slot.wrapped, &in, SEAL_WRAPPED);
	if (in.bad || in.rest.len > 0)
		w->bad = true;
	return true;
}

static enum err
read_header(struct header *h, struct str raw)
{
	struct wire w = wire_of(raw);
	uint8_t sum[SEAL_HASH], magic[MAGIC_LEN] = { 0 };
	unsigned slots, known = 0;

	if (raw.len < MAGIC_LEN + SEAL_HASH)
		return fail(ERR_FORMAT,
		    "the header of the record is cut "
		    "short");
	copy(magic, &w, MAGIC_LEN);
	if (memcmp(magic, MAGIC, MAGIC_LEN) != 0)
		return fail(ERR_FORMAT,
		    "the header of the record is of no "
		    "version that this program knows");
	seal_mac(sum, NULL, str_slice(raw, 0, raw.len - SEAL_HASH));
	if (memcmp(sum, raw.at + raw.len - SEAL_HASH, SEAL_HASH) != 0)
		return fail(ERR_FORMAT, "the header of the record is damaged");
	copy(h->id, &w, CHAIN_ID);
	h->epoch = wire_u32(&w);
	copy(h->commit, &w, COMMIT_LEN);
	slots = wire_u8(&w);
	for (unsigned i = 0; i < slots && slots <= SLOTS_MAX && !w.bad; i++)
		known += read_slot(h, &w);
	h->signed_len = (size_t)(w.rest.at - raw.at);
	copy(h->mac, &w, SEAL_HASH);
	copy(sum, &w, SEAL_HASH);
	if (w.bad || w.rest.len > 0 || known != 1 || slots > SLOTS_MAX ||
	    h->epoch != 1)
		return fail(ERR_FORMAT,
		    "the header of the record says what "
		    "this program does not know");
	return ERR_NONE;
}

enum err
record_header_check(struct str bytes)
{
	struct header h = { 0 };

	return read_header(&h, bytes);
}

/* The key that a passphrase gives, and what it is bound to. */
static enum err
slot_key(struct secret *out, const struct slot *s,
    const struct secret *passphrase)
{
	struct secret stretched;
	enum err rc = seal_stretch(&stretched, passphrase, s->salt, s->cost);

	if (rc != ERR_NONE)
		return rc;
	seal_subkey(out, &stretched, "vitrine/record/slot/1");
	seal_secret_release(&stretched);
	return ERR_NONE;
}

static void
slot_frame(const struct header *h, struct buf *b)
{
	buf_str(b, STR("vitrine/record/slot/1"));
	buf_add(b, h->id, CHAIN_ID);
	wire_put_u32(b, h->epoch);
	buf_add(b, h->slot.salt, SEAL_SALT);
	wire_put_u32(b, h->slot.cost.passes);
	wire_put_u32(b, h->slot.cost.kib);
}

/* A fresh slot for the secret; the header's other fields stay. */
static enum err
make_slot(struct header *h, const struct secret *master,
    const struct secret *passphrase, struct seal_cost cost)
{
	struct buf frame = { 0 };
	struct secret key;
	enum err rc;

	seal_random(h->slot.salt, SEAL_SALT);
	h->slot.cost = cost;
	rc = slot_key(&key, &h->slot, passphrase);
	if (rc != ERR_NONE)
		return rc;
	slot_frame(h, &frame);
	seal_wrap(h->slot.wrapped, &key, buf_view(&frame), master);
	seal_secret_release(&key);
	buf_release(&frame);
	return ERR_NONE;
}

static void
commitment(uint8_t out[COMMIT_LEN], const struct secret *master)
{
	seal_mac(out, master, STR("vitrine/record/commit/1"));
}

static struct record *
new_record(void)
{
	struct record *r = calloc(1, sizeof *r);

	if (r == NULL)
		bug("no memory for a record");
	return r;
}

void
record_close(struct record *r)
{
	if (r == NULL)
		return;
	record_lock(r);
	store_close(r->store);
	buf_release(&r->raw);
	free(r);
}

static void
start_chain(struct record *r)
{
	chain_init(&r->chain, r->store, r->header.id, STR("record"));
}

static void
take_keys(struct record *r, struct secret *master)
{
	r->master = *master;
	*master = (struct secret){ 0 };
	seal_subkey(&r->box, &r->master, "vitrine/record/box/1");
}

enum err
record_create(struct record **out, const char *path,
    const struct secret *passphrase, struct seal_cost cost)
{
	struct record *r = new_record();
	struct secret master = { 0 };
	enum err rc;

	seal_secret_random(&master);
	seal_random(r->header.id, CHAIN_ID);
	r->header.epoch = 1;
	commitment(r->header.commit, &master);
	rc = make_slot(&r->header, &master, passphrase, cost);
	if (rc == ERR_NONE) {
		write_header(&r->header, &master, &r->raw);
		rc = store_create(&r->store, path, STORE_RECORD,
		    buf_view(&r->raw));
	}
	if (rc == ERR_NONE) {
		start_chain(r);
		take_keys(r, &master);
		*out = r;
	} else {
		record_close(r);
	}
	seal_secret_release(&master);
	return rc;
}

enum err
record_open(struct record **out, const char *path)
{
	struct record *r = new_record();
	enum err rc = store_open(&r->store, path, STORE_RECORD);

	if (rc == ERR_NONE)
		rc = store_header(r->store, &r->raw);
	if (rc == ERR_NONE)
		rc = read_header(&r->header, buf_view(&r->raw));
	if (rc == ERR_NONE) {
		start_chain(r);
		rc = chain_look(&r->chain);
	}
	if (rc == ERR_NONE)
		*out = r;
	else
		record_close(r);
	return rc;
}

/* The commitment and the MAC say that this is the secret of this header. */
static enum err
check_secret(struct record *r, struct secret *secret)
{
	struct secret header_key;
	uint8_t sum[SEAL_HASH];
	bool good;

	commitment(sum, secret);
	good = seal_same(sum, r->header.commit, COMMIT_LEN);
	seal_subkey(&header_key, secret, "vitrine/record/header/1");
	seal_mac(sum, &header_key,
	    str_slice(buf_view(&r->raw), 0, r->header.signed_len));
	seal_secret_release(&header_key);
	if (good && seal_same(sum, r->header.mac, SEAL_HASH))
		return ERR_NONE;
	seal_secret_release(secret);
	return fail(ERR_FORMAT,
	    "the header of the record was changed by "
	    "somebody");
}

/* The secret of the vault, if the passphrase is the one. */
static enum err
unwrap(struct record *r, const struct secret *passphrase, struct secret *out)
{
	struct buf frame = { 0 };
	struct secret key;
	enum err rc = slot_key(&key, &r->header.slot, passphrase);

	if (rc != ERR_NONE)
		return rc;
	slot_frame(&r->header, &frame);
	rc = seal_unwrap(out, &key, buf_view(&frame), r->header.slot.wrapped);
	seal_secret_release(&key);
	buf_release(&frame);
	if (rc != ERR_NONE) {
		err_clear();
		return fail(ERR_DENIED, "that is not the passphrase");
	}
	return check_secret(r, out);
}

struct reading_on {
	const struct record *record;
	struct buf frame, plain;
	record_fn *fn;
	void *arg;
};

/* What a box is bound to: the frame of the chain and the epoch. */
static void
bind(struct buf *out, const struct record *r, struct str frame)
{
	buf_clear(out);
	buf_str(out, frame);
	wire_put_u32(out, r->header.epoch);
}

static enum err
open_entry(void *arg, const struct chain_entry *c)
{
	struct reading_on *k = arg;
	struct record_entry e = { .seq = c->seq };
	struct wire w;

	bind(&k->frame, k->record, c->frame);
	if (seal_open(&k->plain, &k->record->box, buf_view(&k->frame),
		c->body) != ERR_NONE) {
		err_clear();
		return fail(ERR_FORMAT,
		    "entry %llu of the record was changed or damaged; tell "
		    "the staff",
		    (unsigned long long)c->seq);
	}
	w = wire_of(buf_view(&k->plain));
	e.type = wire_u16(&w);
	e.time = (int64_t)wire_u64(&w);
	e.body = w.rest;
	if (w.bad)
		return fail(ERR_FORMAT, "entry %llu of the record is empty",
		    (unsigned long long)c->seq);
	return k->fn(k->arg, &e);
}

/* With the secret: every entry, in order. */
static enum err
open_all(struct record *r, struct secret *master, record_fn *fn, void *arg)
{
	struct reading_on k = { .record = r, .fn = fn, .arg = arg };
	struct chain_head head = r->chain.head;
	enum err rc;

	take_keys(r, master);
	rc = chain_check(&r->chain, open_entry, &k);
	if (k.plain.at != NULL)
		seal_wipe(k.plain.at, k.plain.room);
	buf_release(&k.plain);
	buf_release(&k.frame);
	if (rc != ERR_NONE) {
		r->chain.head = head; /* as it lies there, not where it broke */
		record_lock(r);
	}
	return rc;
}

enum err
record_unlock(struct record *r, const struct secret *passphrase,
    struct seal_cost least, record_fn *fn, void *arg)
{
	struct secret master = { 0 };
	enum err rc = seal_cost_check(r->header.slot.cost, least);

	if (rc == ERR_NONE)
		rc = unwrap(r, passphrase, &master);
	return rc == ERR_NONE ? open_all(r, &master, fn, arg) : rc;
}

/* The secret that was sealed to somebody's key. */
static enum err
open_escrow(struct record *r, const struct seal_age_identity *id,
    struct secret *out)
{
	const struct escrow *e = &r->header.escrow;
	struct buf plain = { 0 };
	struct wire w;
	struct str of, secret;
	uint32_t epoch;
	enum err rc = seal_age_open(&plain, id,
	    (struct str){ e->sealed, e->len }, ESCROW_PLAIN);

	if (rc != ERR_NONE)
		return rc;
	w = wire_of(buf_view(&plain));
	of = wire_bytes(&w, CHAIN_ID);
	epoch = wire_u32(&w);
	secret = wire_bytes(&w, SEAL_KEY);
	rc = wire_done(&w);
	if (rc == ERR_NONE &&
	    (memcmp(of.at, r->header.id, CHAIN_ID) != 0 ||
		epoch != r->header.epoch))
		rc = fail(ERR_FORMAT, "the escrow is that of another record");
	if (rc == ERR_NONE) {
		seal_secret_init(out, SEAL_KEY);
		rc = seal_secret_add(out, secret.at, secret.len);
	}
	seal_wipe(plain.at, plain.room);
	buf_release(&plain);
	return rc == ERR_NONE ? check_secret(r, out) : rc;
}

enum err
record_unlock_escrow(struct record *r, const struct seal_age_identity *id,
    record_fn *fn, void *arg)
{
	struct secret master = { 0 };
	enum err rc;

	if (r->header.escrow.len == 0)
		return fail(ERR_ABSENT,
		    "this record has no escrow: only its "
		    "passphrase opens it");
	rc = open_escrow(r, id, &master);
	return rc == ERR_NONE ? open_all(r, &master, fn, arg) : rc;
}

bool
record_escrowed(const struct record *r, struct seal_age_recipient *to)
{
	*to = r->header.escrow.to;
	return r->header.escrow.len > 0;
}

bool
record_unlocked(const struct record *r)
{
	return r->master.len > 0;
}

void
record_lock(struct record *r)
{
	seal_secret_release(&r->master);
	seal_secret_release(&r->box);
}

struct chain_head
record_head(const struct record *r)
{
	return r->chain.head;
}

enum err
record_passed(struct record *r, struct str code)
{
	return chain_passed(&r->chain, code);
}

void
record_id(const struct record *r, uint8_t id[CHAIN_ID])
{
	memcpy(id, r->header.id, CHAIN_ID);
}

static enum err
append(struct record *r, uint16_t type, int64_t time, struct str body,
    const struct str *header)
{
	struct buf plain = { 0 }, frame = { 0 }, bound = { 0 }, box = { 0 };
	enum err rc;

	if (!record_unlocked(r))
		return fail(ERR_DENIED, "the vault is locked");
	/* A box is at most twice what it holds: stays within LIMIT_ENTRY. */
	if (body.len > LIMIT_ENTRY / 2 - PLAIN_HEAD - 4)
		return fail(ERR_LIMIT,
		    "an entry of %zu bytes, at most %d are "
		    "recorded",
		    body.len, LIMIT_ENTRY / 2 - PLAIN_HEAD - 4);
	wire_put_u16(&plain, type);
	wire_put_u64(&plain, (uint64_t)time);
	buf_str(&plain, body);
	chain_frame(&r->chain, &frame);
	bind(&bound, r, buf_view(&frame));
	seal_box(&box, &r->box, buf_view(&bound), buf_view(&plain));
	rc = chain_append(&r->chain, buf_view(&box), header);
	seal_wipe(plain.at, plain.room);
	buf_release(&plain);
	buf_release(&frame);
	buf_release(&bound);
	buf_release(&box);
	return rc;
}

enum err
record_append(struct record *r, uint16_t type, int64_t time, struct str body,
    uint64_t *seq)
{
	enum err rc = append(r, type, time, body, NULL);

	if (rc == ERR_NONE)
		*seq = r->chain.head.size;
	return rc;
}

/* Another header, and the entry that says so. */
static enum err
replace_header(struct record *r, const struct header *next, uint16_t type,
    int64_t time)
{
	struct buf raw = { 0 };
	struct str view;
	struct header read = { 0 };
	enum err rc;

	write_header(next, &r->master, &raw);
	view = buf_view(&raw);
	rc = append(r, type, time, STR("{\"v\":1}"), &view);
	if (rc == ERR_NONE)
		rc = read_header(&read, view);
	if (rc == ERR_NONE) {
		r->header = read;
		buf_release(&r->raw);
		r->raw = raw;
	} else {
		buf_release(&raw);
	}
	return rc;
}

enum err
record_change(struct record *r, const struct secret *passphrase,
    struct seal_cost cost, uint16_t type, int64_t time)
{
	struct header next = r->header;
	enum err rc;

	if (!record_unlocked(r))
		return fail(ERR_DENIED, "the vault is locked");
	rc = make_slot(&next, &r->master, passphrase, cost);
	return rc == ERR_NONE ? replace_header(r, &next, type, time) : rc;
}

static enum err
make_escrow(struct header *h, const struct secret *master,
    const struct seal_age_recipient *to)
{
	uint8_t seed[SEAL_AGE_SEED_BYTES];
	struct buf plain = { 0 }, sealed = { 0 };
	enum err rc;

	buf_add(&plain, h->id, CHAIN_ID);
	wire_put_u32(&plain, h->epoch);
	buf_add(&plain, master->at, master->len);
	seal_random(seed, sizeof seed);
	rc = seal_age_seal(&sealed, buf_view(&plain), to, 1, seed);
	if (rc == ERR_NONE && sealed.len > ESCROW_MAX)
		rc = fail(ERR_LIMIT, "the escrow does not fit");
	if (rc == ERR_NONE) {
		h->escrow.to = *to;
		h->escrow.len = (uint16_t)sealed.len;
		memcpy(h->escrow.sealed, sealed.at, sealed.len);
	}
	seal_wipe(seed, sizeof seed);
	seal_wipe(plain.at, plain.room);
	buf_release(&plain);
	buf_release(&sealed);
	return rc;
}

enum err
record_escrow(struct record *r, const struct seal_age_recipient *to,
    uint16_t type, int64_t time)
{
	struct header next = r->header;
	enum err rc = ERR_NONE;

	if (!record_unlocked(r))
		return fail(ERR_DENIED, "the vault is locked");
	next.escrow = (struct escrow){ 0 };
	if (to != NULL)
		rc = make_escrow(&next, &r->master, to);
	return rc == ERR_NONE ? replace_header(r, &next, type, time) : rc;
}

void
record_subkey(const struct record *r, const char *domain, struct secret *out)
{
	if (!record_unlocked(r))
		bug("a key of a locked vault");
	seal_subkey(out, &r->master, domain);
}
