#include "notes/docket.h"

#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "core/limits.h"
#include "core/wire.h"

enum { DOCKET_PIECE = 512 * 1024, DOCKET_VERSION = 1, HEADER_MAX = 256 };

/* The most that may come in pieces for one note. */
enum { DOCKET_BYTES_MAX = LIMIT_BUNDLE };

struct docket {
	struct store *store;
	struct chain chain;
	char id[2 * CHAIN_ID + 1];
};

static enum err
start(struct docket *d, struct str id_hex)
{
	uint8_t id[CHAIN_ID];
	enum err rc = str_unhex(id_hex, id, sizeof id);

	if (rc != ERR_NONE)
		return rc;
	memcpy(d->id, id_hex.at, 2 * sizeof id);
	chain_init(&d->chain, d->store, id, STR("case"));
	return ERR_NONE;
}

enum err
docket_create(struct docket **out, const char *path)
{
	struct docket *d = calloc(1, sizeof *d);
	struct json *j = json_new_object();
	struct buf header = { 0 };
	uint8_t id[CHAIN_ID];
	struct str hex;
	enum err rc;

	if (d == NULL)
		bug("no memory for a case");
	seal_random(id, sizeof id);
	json_put_str(j, "format", STR("vitrine-case"));
	json_put_num(j, "version", DOCKET_VERSION);
	json_put_hex(j, "id", id, sizeof id);
	json_write(j, &header);
	rc = store_create(&d->store, path, STORE_CASE, buf_view(&header));
	if (rc == ERR_NONE && !json_str(j, "id", &hex))
		bug("a case without its id");
	if (rc == ERR_NONE)
		rc = start(d, hex);
	json_free(j);
	buf_release(&header);
	if (rc == ERR_NONE)
		*out = d;
	else
		docket_close(d);
	return rc;
}

static enum err
read_header(struct docket *d)
{
	struct buf header = { 0 };
	struct json *j = NULL;
	struct str format, id;
	int64_t version = 0;
	enum err rc = store_header(d->store, &header);

	if (rc == ERR_NONE && header.len > HEADER_MAX)
		rc = fail(ERR_LIMIT, "a header of %zu bytes", header.len);
	if (rc == ERR_NONE)
		rc = json_parse(&j, buf_view(&header));
	if (rc == ERR_NONE &&
	    (!json_str(j, "format", &format) ||
		!str_eq(format, STR("vitrine-case")) ||
		!json_num(j, "version", &version) ||
		version != DOCKET_VERSION || !json_str(j, "id", &id)))
		rc = fail(ERR_FORMAT, "not a case of this version");
	if (rc == ERR_NONE)
		rc = start(d, id);
	json_free(j);
	buf_release(&header);
	return rc;
}

enum err
docket_open(struct docket **out, const char *path)
{
	struct docket *d = calloc(1, sizeof *d);
	enum err rc;

	if (d == NULL)
		bug("no memory for a case");
	rc = store_open(&d->store, path, STORE_CASE);
	if (rc == ERR_NONE)
		rc = read_header(d);
	if (rc == ERR_NONE)
		*out = d;
	else
		docket_close(d);
	return rc;
}

void
docket_close(struct docket *d)
{
	if (d == NULL)
		return;
	store_close(d->store);
	free(d);
}

struct walk {
	struct buf bytes;
	enum err (*fn)(void *arg, const struct docket_note *n);
	void *arg;
};

static enum err
broken(uint64_t seq)
{
	return fail(ERR_FORMAT, "entry %llu of the case is damaged",
	    (unsigned long long)seq);
}

/* Takes the signature off what follows an 'S'. */
static bool
take_signature(struct str *rest, struct str *signature)
{
	struct wire w = { .rest = *rest };
	uint16_t len = wire_u16(&w);

	if (w.bad || len > SIGN_FILE_MAX || len > w.rest.len)
		return false;
	*signature = str_slice(w.rest, 0, len);
	*rest = str_slice(w.rest, len, SIZE_MAX);
	return true;
}

static enum err
take_note(struct walk *k, uint64_t seq, struct str signature, struct str text)
{
	struct docket_note n = { .seq = seq,
		.text = text,
		.signature = signature,
		.bytes = buf_view(&k->bytes) };
	struct json *j = NULL;
	int64_t version = 0, len = 0;
	enum err rc = json_parse(&j, text);

	if (rc != ERR_NONE) {
		err_clear();
		return broken(seq);
	}
	/* What a program that was stopped left lies before its own pieces. */
	if (json_at(j, "bytes") != NULL &&
	    (!json_num(j, "bytes", &len) || len < 0 ||
		(uint64_t)len > n.bytes.len))
		rc = broken(seq);
	n.bytes = str_slice(n.bytes, n.bytes.len - (size_t)len, SIZE_MAX);
	if (rc != ERR_NONE || !json_num(j, "v", &version) ||
	    version != DOCKET_VERSION || !json_str(j, "kind", &n.kind) ||
	    !json_str(j, "by", &n.by) || !json_num(j, "time", &n.time))
		rc = broken(seq);
	n.json = j;
	if (rc == ERR_NONE)
		rc = k->fn(k->arg, &n);
	json_free(j);
	buf_clear(&k->bytes);
	return rc;
}

static enum err
take(void *arg, const struct chain_entry *e)
{
	struct walk *k = arg;
	struct str rest = str_slice(e->body, 1, SIZE_MAX), signature = { 0 };

	switch (e->body.len > 0 ? e->body.at[0] : 0) {
	case 'P':
		if (k->bytes.len + rest.len > DOCKET_BYTES_MAX)
			return fail(ERR_LIMIT,
			    "entry %llu of the case: over %d bytes in pieces",
			    (unsigned long long)e->seq, DOCKET_BYTES_MAX);
		buf_str(&k->bytes, rest);
		return ERR_NONE;
	case 'S':
		if (!take_signature(&rest, &signature))
			return broken(e->seq);
		return take_note(k, e->seq, signature, rest);
	case 'J':
		return take_note(k, e->seq, signature, rest);
	default:
		return broken(e->seq);
	}
}

enum err
docket_each(struct docket *d,
    enum err (*fn)(void *arg, const struct docket_note *n), void *arg)
{
	struct walk k = { .fn = fn, .arg = arg };
	enum err rc = chain_check(&d->chain, take, &k);

	buf_release(&k.bytes);
	return rc;
}

static enum err
put_pieces(struct docket *d, struct str bytes)
{
	struct buf body = { 0 };
	enum err rc = ERR_NONE;

	while (bytes.len > 0 && rc == ERR_NONE) {
		buf_clear(&body);
		buf_char(&body, 'P');
		buf_str(&body, str_slice(bytes, 0, DOCKET_PIECE));
		bytes = str_slice(bytes, DOCKET_PIECE, SIZE_MAX);
		rc = chain_append(&d->chain, buf_view(&body), NULL);
	}
	buf_release(&body);
	return rc;
}

static struct str
comment_of(const struct docket *d, struct arena *a)
{
	return arena_printf(a, "vitrine case %s", d->id);
}

static enum err
put_signature(struct docket *d, const struct sign_secret *key, struct str text,
    struct buf *body)
{
	struct buf signature = { 0 };
	struct arena a = { 0 };
	enum err rc = sign_bytes(&signature, key, text, comment_of(d, &a));

	if (rc == ERR_NONE) {
		wire_put_u16(body, (uint16_t)signature.len);
		buf_str(body, buf_view(&signature));
	}
	arena_release(&a);
	buf_release(&signature);
	return rc;
}

enum err
docket_add(struct docket *d, const struct docket_write *w, struct json *json)
{
	struct buf body = { 0 }, text = { 0 };
	enum err rc = ERR_NONE;

	if (w->bytes.len > DOCKET_BYTES_MAX)
		return fail(ERR_LIMIT, "over %d bytes", DOCKET_BYTES_MAX);
	json_put_num(json, "v", DOCKET_VERSION);
	json_put_str(json, "kind", str_of(w->kind));
	json_put_str(json, "by", w->by);
	json_put_num(json, "time", w->time);
	if (w->bytes.len > 0)
		json_put_num(json, "bytes", (int64_t)w->bytes.len);
	json_write(json, &text);
	if (w->key != NULL) {
		buf_char(&body, 'S');
		rc = put_signature(d, w->key, buf_view(&text), &body);
	} else {
		buf_char(&body, 'J');
	}
	if (rc == ERR_NONE)
		rc = put_pieces(d, w->bytes);
	if (rc == ERR_NONE) {
		buf_str(&body, buf_view(&text));
		rc = chain_append(&d->chain, buf_view(&body), NULL);
	}
	buf_release(&body);
	buf_release(&text);
	return rc;
}

enum err
docket_verify(const struct docket *d, const struct docket_note *n,
    const struct sign_public *key)
{
	struct arena a = { 0 };
	struct str comment;
	enum err rc;

	if (n->signature.len == 0)
		return fail(ERR_DENIED, "entry %llu of the case is not signed",
		    (unsigned long long)n->seq);
	rc = sign_verify(&comment, key, n->text, n->signature);
	if (rc == ERR_NONE && !str_eq(comment, comment_of(d, &a)))
		rc = fail(ERR_DENIED, "entry %llu was signed for another case",
		    (unsigned long long)n->seq);
	arena_release(&a);
	return rc;
}
