#include "core/chain.h"

#include <stdio.h>
#include <string.h>

#include "core/wire.h"

static const char FRAME_DOMAIN[] = "vitrine/chain/1";
static const char FIRST_DOMAIN[] = "vitrine/chain/1/first";

static void
first_link(struct chain *c)
{
	struct buf b = { 0 };

	buf_str(&b, str_of(FIRST_DOMAIN));
	buf_add(&b, c->id, CHAIN_ID);
	buf_add(&b, c->use, CHAIN_USE);
	c->head.size = 0;
	seal_mac(c->head.hash, NULL, buf_view(&b));
	buf_release(&b);
}

void
chain_init(struct chain *c, struct store *s, const uint8_t id[CHAIN_ID],
    struct str use)
{
	*c = (struct chain){ .store = s };
	if (use.len == 0 || use.len > CHAIN_USE)
		bug("a chain for \"%.*s\"", STR_ARG(use));
	memcpy(c->id, id, CHAIN_ID);
	memcpy(c->use, use.at, use.len);
	first_link(c);
}

void
chain_frame(const struct chain *c, struct buf *out)
{
	buf_clear(out);
	buf_str(out, str_of(FRAME_DOMAIN));
	buf_add(out, c->id, CHAIN_ID);
	buf_add(out, c->use, CHAIN_USE);
	wire_put_u64(out, c->head.size + 1);
	buf_add(out, c->head.hash, SEAL_HASH);
}

/* The head after one more body; frame is used up. */
static void
advance(struct chain *c, struct buf *frame, struct str body)
{
	buf_str(frame, body);
	seal_mac(c->head.hash, NULL, buf_view(frame));
	c->head.size++;
}

struct check {
	struct chain *chain;
	struct buf frame;
	enum err (*fn)(void *, const struct chain_entry *);
	void *arg;
};

static enum err
check_entry(void *arg, uint64_t seq, struct str link, struct str body)
{
	struct check *k = arg;
	struct chain_entry e = { .seq = seq, .body = body };
	enum err rc = ERR_NONE;

	if (link.len != SEAL_HASH ||
	    memcmp(link.at, k->chain->head.hash, SEAL_HASH) != 0)
		return fail(ERR_FORMAT,
		    "entry %llu does not follow entry %llu: "
		    "changed or damaged; tell the staff",
		    (unsigned long long)seq, (unsigned long long)seq - 1);
	chain_frame(k->chain, &k->frame);
	if (k->fn != NULL) {
		e.frame = buf_view(&k->frame);
		rc = k->fn(k->arg, &e);
	}
	if (rc == ERR_NONE)
		advance(k->chain, &k->frame, body);
	return rc;
}

enum err
chain_check(struct chain *c,
    enum err (*fn)(void *arg, const struct chain_entry *e), void *arg)
{
	struct check k = { .chain = c, .fn = fn, .arg = arg };
	enum err rc;

	first_link(c);
	rc = store_each(c->store, 1, check_entry, &k);
	buf_release(&k.frame);
	return rc;
}

enum err
chain_append(struct chain *c, struct str body, const struct str *header)
{
	struct str link = { (const char *)c->head.hash, SEAL_HASH };
	enum err rc =
	    store_append(c->store, c->head.size + 1, link, body, header);
	struct buf frame = { 0 };

	if (rc != ERR_NONE)
		return rc;
	chain_frame(c, &frame);
	advance(c, &frame, body);
	buf_release(&frame);
	return ERR_NONE;
}

/* The link of the last entry is believed, and the head follows from it. */
static enum err
look_at_last(void *arg, uint64_t seq, struct str link, struct str body)
{
	struct chain *c = arg;
	struct buf frame = { 0 };

	if (link.len != SEAL_HASH)
		return fail(ERR_FORMAT, "entry %llu has no link",
		    (unsigned long long)seq);
	c->head.size = seq - 1;
	memcpy(c->head.hash, link.at, SEAL_HASH);
	chain_frame(c, &frame);
	advance(c, &frame, body);
	buf_release(&frame);
	return ERR_NONE;
}

enum err
chain_look(struct chain *c)
{
	uint64_t last;
	enum err rc = store_last(c->store, &last);

	if (rc != ERR_NONE)
		return rc;
	first_link(c);
	return last == 0 ? ERR_NONE :
			   store_each(c->store, last, look_at_last, c);
}

bool
chain_head_eq(const struct chain_head *a, const struct chain_head *b)
{
	return a->size == b->size && seal_same(a->hash, b->hash, SEAL_HASH);
}

/* 16 bits as consonant, vowel, consonant, vowel, consonant. */
static void
word_of(unsigned bits, char out[5])
{
	static const char consonants[] = "bdfghjklmnprstvz";
	static const char vowels[] = "aiou";

	out[0] = consonants[bits >> 12 & 15];
	out[1] = vowels[bits >> 10 & 3];
	out[2] = consonants[bits >> 6 & 15];
	out[3] = vowels[bits >> 4 & 3];
	out[4] = consonants[bits & 15];
}

void
chain_code(const struct chain_head *h, char out[CHAIN_CODE])
{
	int n = snprintf(out, CHAIN_CODE, "%llu", (unsigned long long)h->size);

	for (int i = 0; i < 6; i++) {
		out[n++] = i == 0 ? ' ' : '-';
		word_of((unsigned)(h->hash[2 * i] << 8 | h->hash[2 * i + 1]),
		    out + n);
		n += 5;
	}
	out[n] = '\0';
}

static size_t
squeeze(char *out, size_t room, struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len && n < room; i++) {
		char c = s.at[i];

		if (c == ' ' || c == '-' || c == '\t')
			continue;
		out[n++] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	}
	return n;
}

bool
chain_code_is(const struct chain_head *h, struct str typed)
{
	char code[CHAIN_CODE], want[CHAIN_CODE + 1], got[CHAIN_CODE + 1];
	size_t n, m;

	chain_code(h, code);
	n = squeeze(want, sizeof want, str_of(code));
	m = squeeze(got, sizeof got, typed);
	return n == m && memcmp(want, got, n) == 0;
}

struct passed {
	struct str code;
	bool found;
};

/* The link of an entry is the hash of the head before it. */
static enum err
look_at(void *arg, uint64_t seq, struct str link, struct str body)
{
	struct passed *k = arg;
	struct chain_head h = { .size = seq - 1 };

	(void)body;
	memcpy(h.hash, link.at, SEAL_HASH);
	if (chain_code_is(&h, k->code))
		k->found = true;
	return ERR_NONE;
}

enum err
chain_passed(struct chain *c, struct str code)
{
	struct passed k = { .code = code };
	enum err rc;

	if (chain_code_is(&c->head, code))
		return ERR_NONE;
	rc = store_each(c->store, 1, look_at, &k);
	if (rc != ERR_NONE)
		return rc;
	return k.found ? ERR_NONE : ERR_ABSENT;
}
