#include "policy/journal.h"

#include "core/chain.h"
#include "core/limits.h"
#include "core/wire.h"

#include <stdlib.h>
#include <string.h>

/*
 * Header: "VITJ" u8 version(2) salt(16) head(32) box(72) str sealed
 *	   the chain's id is the first 16 bytes of BLAKE2b of
 *	   "vitrine/journal/id/2" | salt | sealed: another sealed key would
 *	   be another chain; in version 1 the salt is the id itself
 *	   head: of the chain, since its links leave out the last entry
 *	   box: the current MAC key under the vault's, bound to id and head
 * Body:   u8 version(1) u8 kind u64 when str who str what u32 serial
 *	   u64 bytes u32 quoted hash(32) str signature mac(32)
 *	   mac = BLAKE2b of frame | body before it, under key i;
 *	   key i + 1 = seal_evolve(key i), key 1 = the verification key
 */
#define MAGIC "VITJ"
#define USE "journal"

#define ID_DOMAIN "vitrine/journal/id/2"

enum { VERSION = 2, BODY_VERSION = 1, SEALED_MAX = 4096 };

struct journal {
	struct store *store;
	struct chain chain;
	struct secret keep, key; /* empty when open for reading only */
	struct arena arena;
	struct journal_entry *entries;
	struct str *frames; /* frame | body before the MAC, and the MAC */
	uint64_t n, room;
	struct str sealed;
	uint8_t version, salt[CHAIN_ID]; /* of the header */
	const struct sign_secret *signer;
};

const char *
journal_kind_name(enum journal_kind k)
{
	static const char *const names[JOURNAL_KINDS] = {
		[JOURNAL_OPENED] = "opened",
		[JOURNAL_PROOF] = "proof",
		[JOURNAL_ASKED] = "asked",
		[JOURNAL_REFUSED] = "refused",
		[JOURNAL_RELEASED] = "released",
		[JOURNAL_CLOSED] = "closed",
		[JOURNAL_CHECKED] = "checked",
		[JOURNAL_APPROVED] = "approved",
		[JOURNAL_OBJECTED] = "objected",
		[JOURNAL_CONFERRED] = "conferred",
		[JOURNAL_VISIT] = "visit",
		[JOURNAL_CLOCK] = "clock",
		[JOURNAL_PAGES] = "pages",
		[JOURNAL_PRINTED] = "printed",
	};

	return names[k];
}

/* What the box of the current key is bound to: this file, at this head. */
static void
box_aad(const struct journal *j, const struct chain_head *head, struct buf *aad)
{
	buf_str(aad, STR("vitrine/journal/keep/1"));
	buf_add(aad, j->chain.id, CHAIN_ID);
	wire_put_u64(aad, head->size);
	buf_add(aad, head->hash, SEAL_HASH);
}

static void
write_header(const struct journal *j, const struct chain_head *head,
    struct buf *b)
{
	uint8_t box[SEAL_WRAPPED];
	struct buf aad = { 0 };

	box_aad(j, head, &aad);
	seal_wrap(box, &j->keep, buf_view(&aad), &j->key);
	buf_release(&aad);
	buf_str(b, STR(MAGIC));
	wire_put_u8(b, j->version);
	buf_add(b, j->salt, CHAIN_ID);
	buf_add(b, head->hash, SEAL_HASH);
	buf_add(b, box, sizeof box);
	wire_put_str(b, j->sealed);
}

struct header {
	uint8_t version;
	struct str salt, head, box, sealed;
};

/* Of the chain: bound to the sealed verification key. */
static void
make_id(uint8_t id[CHAIN_ID], uint8_t version, const uint8_t salt[CHAIN_ID],
    struct str sealed)
{
	uint8_t hash[SEAL_HASH];
	struct buf b = { 0 };

	buf_str(&b, STR(ID_DOMAIN));
	buf_add(&b, salt, CHAIN_ID);
	buf_str(&b, sealed);
	seal_mac(hash, NULL, buf_view(&b));
	memcpy(id, version == 1 ? salt : hash, CHAIN_ID);
	buf_release(&b);
}

static enum err
read_header(struct header *h, struct str bytes)
{
	struct wire w = wire_of(bytes);
	struct str magic = wire_bytes(&w, strlen(MAGIC));

	h->version = wire_u8(&w);
	h->salt = wire_bytes(&w, CHAIN_ID);
	h->head = wire_bytes(&w, SEAL_HASH);
	h->box = wire_bytes(&w, SEAL_WRAPPED);
	h->sealed = wire_str(&w, SEALED_MAX);
	if (wire_done(&w) != ERR_NONE || !str_eq(magic, STR(MAGIC))) {
		err_clear();
		return fail(ERR_FORMAT, "not a journal");
	}
	if (h->version == 0 || h->version > VERSION)
		return fail(ERR_FORMAT,
		    "a journal of version %u, this program knows 1 to %d",
		    h->version, VERSION);
	return ERR_NONE;
}

static bool
is_line(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.at[i] < 0x20 || s.at[i] == 0x7f)
			return false;
	return s.len <= JOURNAL_LINE_MAX;
}

static void
write_body(const struct journal_entry *e, struct buf *b)
{
	wire_put_u8(b, BODY_VERSION);
	wire_put_u8(b, (uint8_t)e->kind);
	wire_put_u64(b, (uint64_t)e->when);
	wire_put_str(b, e->who);
	wire_put_str(b, e->what);
	wire_put_u32(b, e->serial);
	wire_put_u64(b, e->bytes);
	wire_put_u32(b, e->quoted);
	buf_add(b, e->hash.at, HASH_BYTES);
	wire_put_str(b, e->signature);
}

static enum err
read_body(struct journal_entry *e, struct arena *a, struct str body)
{
	struct wire w = wire_of(body);
	uint8_t version = wire_u8(&w);
	struct str hash;

	e->kind = wire_u8(&w);
	e->when = (int64_t)wire_u64(&w);
	e->who = arena_copy(a, wire_str(&w, JOURNAL_LINE_MAX));
	e->what = arena_copy(a, wire_str(&w, JOURNAL_LINE_MAX));
	e->serial = wire_u32(&w);
	e->bytes = wire_u64(&w);
	e->quoted = wire_u32(&w);
	hash = wire_bytes(&w, HASH_BYTES);
	e->signature = arena_copy(a, wire_str(&w, SIGN_FILE_MAX));
	wire_bytes(&w, SEAL_HASH);
	if (w.bad || w.rest.len > 0 || version != BODY_VERSION ||
	    e->kind == 0 || e->kind >= JOURNAL_KINDS || !is_line(e->who) ||
	    !is_line(e->what))
		return fail(ERR_FORMAT, "entry %llu of the journal is damaged",
		    (unsigned long long)e->seq);
	memcpy(e->hash.at, hash.at, HASH_BYTES);
	return ERR_NONE;
}

static void
keep_entry(struct journal *j, const struct journal_entry *e, struct str frame,
    struct str body)
{
	struct buf both = { 0 };

	if (j->n == j->room) {
		j->room = j->room == 0 ? 16 : 2 * j->room;
		j->entries =
		    reallocarray(j->entries, j->room, sizeof *j->entries);
		j->frames = reallocarray(j->frames, j->room, sizeof *j->frames);
		if (j->entries == NULL || j->frames == NULL)
			bug("no memory for a journal");
	}
	buf_str(&both, frame);
	buf_str(&both, body);
	j->entries[j->n] = *e;
	j->frames[j->n++] = arena_copy(&j->arena, buf_view(&both));
	buf_release(&both);
}

static enum err
take_entry(void *arg, const struct chain_entry *c)
{
	struct journal *j = arg;
	struct journal_entry e = { .seq = c->seq };
	enum err rc = read_body(&e, &j->arena, c->body);

	if (rc == ERR_NONE)
		keep_entry(j, &e, c->frame, c->body);
	return rc;
}

static struct journal *
new_journal(void)
{
	struct journal *j = calloc(1, sizeof *j);

	if (j == NULL)
		bug("no memory for a journal");
	return j;
}

static enum err
copy_keep(struct journal *j, const struct secret *keep)
{
	seal_secret_init(&j->keep, SEAL_KEY);
	return seal_secret_add(&j->keep, keep->at, keep->len);
}

enum err
journal_create(struct journal **out, const char *path,
    const struct secret *keep, const uint8_t seed[JOURNAL_SEED_BYTES],
    struct str sealed)
{
	struct journal *j = new_journal();
	struct buf header = { 0 };
	uint8_t id[CHAIN_ID];
	enum err rc = copy_keep(j, keep);

	if (sealed.len > SEALED_MAX)
		rc = fail(ERR_LIMIT, "a sealed key of %zu bytes", sealed.len);
	if (rc == ERR_NONE) {
		seal_secret_init(&j->key, SEAL_KEY);
		rc = seal_secret_add(&j->key, seed, JOURNAL_SEED_BYTES);
	}
	if (rc == ERR_NONE) {
		j->sealed = arena_copy(&j->arena, sealed);
		j->version = VERSION;
		seal_random(j->salt, sizeof j->salt);
		make_id(id, j->version, j->salt, j->sealed);
		chain_init(&j->chain, NULL, id, STR(USE));
		write_header(j, &j->chain.head, &header);
		rc = store_create(&j->store, path, STORE_JOURNAL,
		    buf_view(&header));
	}
	if (rc == ERR_NONE) {
		chain_init(&j->chain, j->store, id, STR(USE));
		*out = j;
	} else {
		journal_close(j);
	}
	buf_release(&header);
	return rc;
}

static enum err
unlock(struct journal *j, const struct secret *keep, struct str box)
{
	struct buf aad = { 0 };
	enum err rc = copy_keep(j, keep);

	if (rc == ERR_NONE) {
		box_aad(j, &j->chain.head, &aad);
		rc = seal_unwrap(&j->key, &j->keep, buf_view(&aad),
		    (const uint8_t *)box.at);
		buf_release(&aad);
	}
	return rc;
}

enum err
journal_open(struct journal **out, const char *path, const struct secret *keep)
{
	struct journal *j = new_journal();
	struct buf bytes = { 0 };
	uint8_t id[CHAIN_ID];
	struct header h;
	enum err rc = store_open(&j->store, path, STORE_JOURNAL);

	if (rc == ERR_NONE)
		rc = store_header(j->store, &bytes);
	if (rc == ERR_NONE)
		rc = read_header(&h, buf_view(&bytes));
	if (rc == ERR_NONE) {
		j->sealed = arena_copy(&j->arena, h.sealed);
		j->version = h.version;
		memcpy(j->salt, h.salt.at, CHAIN_ID);
		make_id(id, j->version, j->salt, j->sealed);
		chain_init(&j->chain, j->store, id, STR(USE));
		rc = chain_check(&j->chain, take_entry, j);
	}
	if (rc == ERR_NONE &&
	    memcmp(h.head.at, j->chain.head.hash, SEAL_HASH) != 0)
		rc = fail(ERR_FORMAT,
		    "entry %llu, the last of the journal, "
		    "is damaged",
		    (unsigned long long)j->chain.head.size);
	if (rc == ERR_NONE && keep != NULL)
		rc = unlock(j, keep, h.box);
	buf_release(&bytes);
	if (rc == ERR_NONE)
		*out = j;
	else
		journal_close(j);
	return rc;
}

void
journal_close(struct journal *j)
{
	if (j == NULL)
		return;
	store_close(j->store);
	seal_secret_release(&j->keep);
	seal_secret_release(&j->key);
	arena_release(&j->arena);
	free(j->entries);
	free(j->frames);
	free(j);
}

void
journal_sign_with(struct journal *j, const struct sign_secret *signer)
{
	j->signer = signer;
}

static enum err
sign_head(struct journal *j, struct journal_entry *e)
{
	struct buf text = { 0 }, signature = { 0 };
	enum err rc;

	e->signature = STR("");
	if (j->signer == NULL || e->kind != JOURNAL_CLOSED)
		return ERR_NONE;
	buf_str(&text, journal_head(j, &j->arena));
	buf_char(&text, '\n');
	rc = sign_bytes(&signature, j->signer, buf_view(&text),
	    STR("vitrine journal head"));
	e->signature = arena_copy(&j->arena, buf_view(&signature));
	buf_release(&text);
	buf_release(&signature);
	return rc;
}

/* The body of the next entry with its MAC; frame is left for keep_entry. */
static void
seal_body(const struct journal *j, const struct journal_entry *e,
    struct buf *frame, struct buf *body)
{
	uint8_t mac[SEAL_HASH];
	struct buf both = { 0 };

	chain_frame(&j->chain, frame);
	write_body(e, body);
	buf_str(&both, buf_view(frame));
	buf_str(&both, buf_view(body));
	seal_mac(mac, &j->key, buf_view(&both));
	buf_add(body, mac, sizeof mac);
	buf_release(&both);
}

/*
 * The next key takes this one's place only when the entry is on disk; its
 * box goes to disk in the same transaction.
 */
static enum err
append(struct journal *j, struct str frame, struct str body)
{
	struct chain_head head = { .size = j->chain.head.size + 1 };
	struct buf header = { 0 }, both = { 0 };
	struct secret before = { 0 };
	struct str view;
	enum err rc;

	seal_secret_init(&before, SEAL_KEY);
	rc = seal_secret_add(&before, j->key.at, j->key.len);
	if (rc == ERR_NONE) {
		buf_str(&both, frame);
		buf_str(&both, body);
		seal_mac(head.hash, NULL, buf_view(&both));
		seal_evolve(&j->key);
		write_header(j, &head, &header);
		view = buf_view(&header);
		rc = chain_append(&j->chain, body, &view);
		if (rc != ERR_NONE) {
			seal_secret_clear(&j->key);
			if (seal_secret_add(&j->key, before.at, before.len) !=
			    ERR_NONE)
				bug("a key that does not fit its place");
		}
	}
	seal_secret_release(&before);
	buf_release(&header);
	buf_release(&both);
	return rc;
}

enum err
journal_add(struct journal *j, struct journal_entry *e)
{
	struct buf frame = { 0 }, body = { 0 };
	struct journal_entry kept;
	enum err rc;

	if (j->key.len == 0)
		return fail(ERR_DENIED, "the journal is open for reading only");
	if (e->kind == 0 || e->kind >= JOURNAL_KINDS || !is_line(e->who) ||
	    !is_line(e->what))
		return fail(ERR_FORMAT, "an entry that is not one line");
	e->seq = j->chain.head.size + 1;
	rc = sign_head(j, e);
	if (rc != ERR_NONE)
		return rc;
	seal_body(j, e, &frame, &body);
	rc = append(j, buf_view(&frame), buf_view(&body));
	if (rc == ERR_NONE) {
		kept = *e;
		kept.who = arena_copy(&j->arena, e->who);
		kept.what = arena_copy(&j->arena, e->what);
		keep_entry(j, &kept, buf_view(&frame), buf_view(&body));
	}
	buf_release(&frame);
	buf_release(&body);
	return rc;
}

enum err
journal_each(struct journal *j,
    enum err (*fn)(void *arg, const struct journal_entry *e), void *arg)
{
	enum err rc = ERR_NONE;

	for (uint64_t i = 0; i < j->n && rc == ERR_NONE; i++)
		rc = fn(arg, &j->entries[i]);
	return rc;
}

uint64_t
journal_len(const struct journal *j)
{
	return j->n;
}

struct str
journal_head(const struct journal *j, struct arena *a)
{
	char code[CHAIN_CODE];

	chain_code(&j->chain.head, code);
	return arena_copy(a, str_of(code));
}

enum err
journal_passed(struct journal *j, struct str code)
{
	return chain_passed(&j->chain, code);
}

struct str
journal_sealed(const struct journal *j)
{
	return j->sealed;
}

enum err
journal_verify(struct journal *j, const uint8_t seed[JOURNAL_SEED_BYTES])
{
	struct secret key = { 0 };
	uint8_t mac[SEAL_HASH];
	enum err rc;

	seal_secret_init(&key, SEAL_KEY);
	rc = seal_secret_add(&key, seed, JOURNAL_SEED_BYTES);
	for (uint64_t i = 0; i < j->n && rc == ERR_NONE; i++) {
		struct str all = j->frames[i];
		struct str told =
		    str_slice(all, all.len - SEAL_HASH, SEAL_HASH);

		seal_mac(mac, &key, str_slice(all, 0, all.len - SEAL_HASH));
		if (!seal_same(mac, told.at, sizeof mac))
			rc = fail(ERR_DENIED,
			    "entry %llu of the journal was "
			    "not written by who wrote the ones before",
			    (unsigned long long)i + 1);
		seal_evolve(&key);
	}
	seal_secret_release(&key);
	return rc;
}

/* The head when entry n was the last. */
static void
head_at(const struct journal *j, uint64_t n, struct chain_head *head)
{
	head->size = n;
	seal_mac(head->hash, NULL, j->frames[n - 1]);
}

enum err
journal_compare(const struct journal *j, struct str code)
{
	struct str digits = str_trim(code);
	struct chain_head head;
	uint64_t n = 0;
	size_t len = 0;

	while (
	    len < digits.len && digits.at[len] >= '0' && digits.at[len] <= '9')
		len++;
	digits.len = len;
	if (str_number(digits, UINT32_MAX, &n) != ERR_NONE || n == 0) {
		err_clear();
		return fail(ERR_FORMAT,
		    "a head is a number and six words, as \"12 lusab-babad-"
		    "gutih-tugad-mudof-hikom\"");
	}
	if (n > j->n)
		return fail(ERR_DENIED,
		    "cut off: the head on paper is of %llu entries, the "
		    "journal has %llu",
		    (unsigned long long)n, (unsigned long long)j->n);
	head_at(j, n, &head);
	if (!chain_code_is(&head, code))
		return fail(ERR_DENIED,
		    "a fork: the head on paper is of %llu entries, and not of "
		    "these; the journal was written anew, or it is another",
		    (unsigned long long)n);
	return ERR_NONE;
}

static enum err
check_signature(const struct journal *j, uint64_t i,
    const struct sign_public *author)
{
	struct buf text = { 0 };
	struct chain_head head;
	char code[CHAIN_CODE];
	enum err rc;

	if (i == 0 || j->entries[i].signature.len == 0)
		return fail(ERR_DENIED,
		    "entry %llu of the journal is not "
		    "signed",
		    (unsigned long long)i + 1);
	head_at(j, i, &head);
	chain_code(&head, code);
	buf_printf(&text, "%s\n", code);
	rc =
	    sign_verify(NULL, author, buf_view(&text), j->entries[i].signature);
	buf_release(&text);
	if (rc == ERR_NONE)
		return rc;
	err_clear();
	return fail(ERR_DENIED,
	    "entry %llu of the journal was not signed by this author",
	    (unsigned long long)i + 1);
}

enum err
journal_signed(const struct journal *j, const struct sign_public *author,
    uint64_t *n)
{
	enum err rc = ERR_NONE;

	*n = 0;
	for (uint64_t i = 0; i < j->n && rc == ERR_NONE; i++)
		if (j->entries[i].kind == JOURNAL_CLOSED) {
			rc = check_signature(j, i, author);
			*n += rc == ERR_NONE;
		}
	return rc;
}
