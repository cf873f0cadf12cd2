#include "core/sign.h"

#include <sodium.h>
#include <string.h>

/* The first line of every file; what follows it is anybody's. */
#define UNTRUSTED "untrusted comment: "
#define TRUSTED "trusted comment: "

enum {
	PUBLIC_RAW = 2 + 8 + crypto_sign_PUBLICKEYBYTES,
	SIGNATURE_RAW = 2 + 8 + crypto_sign_BYTES,
	SECRET_KEYS = 8 + crypto_sign_SECRETKEYBYTES + 32,
	SECRET_RAW = 2 + 2 + 2 + 32 + 8 + 8 + SECRET_KEYS,
	BASE64_MAX = 512,
	/* For what we write; reading takes what minisign writes (SENSITIVE)
	 * and nothing that costs more. */
	SCRYPT_OPS = 1 << 23,
	SCRYPT_MEMORY = 1 << 28,
};

struct sign_secret {
	uint8_t id[8];
	uint8_t key[crypto_sign_SECRETKEYBYTES];
};

static void
put_base64(struct buf *b, const uint8_t *raw, size_t len)
{
	char text[BASE64_MAX];

	if (sodium_base64_encoded_len(len, sodium_base64_VARIANT_ORIGINAL) >
	    sizeof text)
		bug("%zu bytes as base64", len);
	sodium_bin2base64(text, sizeof text, raw, len,
	    sodium_base64_VARIANT_ORIGINAL);
	buf_str(b, str_of(text));
	sodium_memzero(text, sizeof text);
}

/* Exactly len bytes in the canonical encoding. */
static enum err
take_base64(uint8_t *raw, size_t len, struct str text, const char *what)
{
	size_t got = 0;

	if (sodium_base642bin(raw, len, text.at, text.len, NULL, &got, NULL,
		sodium_base64_VARIANT_ORIGINAL) != 0 ||
	    got != len)
		return fail(ERR_FORMAT, "not a minisign %s", what);
	return ERR_NONE;
}

/* One line off the front; false when no LF ends it. */
static bool
take_line(struct str *rest, struct str *line)
{
	const char *lf =
	    rest->len == 0 ? NULL : memchr(rest->at, '\n', rest->len);

	if (lf == NULL)
		return false;
	*line = (struct str){ rest->at, (size_t)(lf - rest->at) };
	*rest = str_slice(*rest, line->len + 1, rest->len - line->len - 1);
	return true;
}

static struct sign_secret *
new_secret(void)
{
	if (sodium_init() < 0)
		return NULL;
	return sodium_malloc(sizeof(struct sign_secret));
}

enum err
sign_from_seed(struct sign_secret **out, const uint8_t seed[SIGN_SEED_BYTES])
{
	static const char name[] = "vitrine/key id";
	uint8_t public[crypto_sign_PUBLICKEYBYTES];
	struct sign_secret *s = new_secret();

	if (s == NULL)
		return fail(ERR_IO, "no guarded memory for a key");
	crypto_sign_seed_keypair(public, s->key, seed);
	crypto_generichash(s->id, sizeof s->id, public, sizeof public,
	    (const unsigned char *)name, sizeof name - 1);
	*out = s;
	return ERR_NONE;
}

enum err
sign_make(struct sign_secret **out)
{
	uint8_t public[crypto_sign_PUBLICKEYBYTES];
	struct sign_secret *s = new_secret();

	if (s == NULL)
		return fail(ERR_IO, "no guarded memory for a key");
	crypto_sign_keypair(public, s->key);
	randombytes_buf(s->id, sizeof s->id);
	*out = s;
	return ERR_NONE;
}

void
sign_close(struct sign_secret *s)
{
	sodium_free(s); /* wipes it */
}

struct sign_public
sign_public_of(const struct sign_secret *s)
{
	struct sign_public p;

	memcpy(p.id, s->id, sizeof p.id);
	crypto_sign_ed25519_sk_to_pk(p.key, s->key);
	return p;
}

bool
sign_public_eq(const struct sign_public *a, const struct sign_public *b)
{
	return memcmp(a->id, b->id, sizeof a->id) == 0 &&
	    memcmp(a->key, b->key, sizeof a->key) == 0;
}

enum err
sign_public_read(struct sign_public *out, struct str text)
{
	uint8_t raw[PUBLIC_RAW];
	struct str line = text;
	enum err rc;

	if (str_starts(text, STR(UNTRUSTED)) && !take_line(&text, &line))
		return fail(ERR_FORMAT, "a minisign public key is cut short");
	if (str_starts(line, STR(UNTRUSTED))) {
		line = text;
		if (str_ends(line, STR("\n")))
			line.len--;
	}
	rc = take_base64(raw, sizeof raw, line, "public key");
	if (rc != ERR_NONE)
		return rc;
	if (raw[0] != 'E' || raw[1] != 'd')
		return fail(ERR_FORMAT, "a key of an unknown kind");
	memcpy(out->id, raw + 2, sizeof out->id);
	memcpy(out->key, raw + 10, sizeof out->key);
	return ERR_NONE;
}

static void
put_public(struct buf *b, const struct sign_public *p)
{
	uint8_t raw[PUBLIC_RAW] = { 'E', 'd' };

	memcpy(raw + 2, p->id, sizeof p->id);
	memcpy(raw + 10, p->key, sizeof p->key);
	put_base64(b, raw, sizeof raw);
}

struct str
sign_id_text(const struct sign_public *p, struct arena *a)
{
	struct buf b = { 0 };
	struct str text;

	for (size_t i = sizeof p->id; i-- > 0;)
		buf_printf(&b, "%02X", p->id[i]);
	text = arena_copy(a, buf_view(&b));
	buf_release(&b);
	return text;
}

struct str
sign_public_text(const struct sign_public *p, struct arena *a)
{
	struct buf b = { 0 };
	struct str text;

	put_public(&b, p);
	text = arena_copy(a, buf_view(&b));
	buf_release(&b);
	return text;
}

void
sign_public_write(const struct sign_public *p, struct buf *b)
{
	struct arena a = { 0 };

	buf_str(b, STR(UNTRUSTED "minisign public key "));
	buf_str(b, sign_id_text(p, &a));
	buf_char(b, '\n');
	put_public(b, p);
	buf_char(b, '\n');
	arena_release(&a);
}

/*
 * A secret key file, decoded:
 *
 *	"Ed" kdf[2] "B2" salt[32] ops[8] memory[8] { id[8] key[64] check[32] }
 *
 * kdf "Sc": what is in braces is xored with the output of scrypt; two NUL:
 * it is not, and check is nothing.  Otherwise check is BLAKE2b-256 of "Ed",
 * id and key.  key ends with the public key.
 */
static void
check_of(uint8_t out[32], const uint8_t *keys)
{
	crypto_generichash_state state;

	crypto_generichash_init(&state, NULL, 0, 32);
	crypto_generichash_update(&state, (const unsigned char *)"Ed", 2);
	crypto_generichash_update(&state, keys, 8 + 64);
	crypto_generichash_final(&state, out, 32);
}

static uint64_t
number(const uint8_t le[8])
{
	uint64_t v = 0;

	for (int i = 7; i >= 0; i--)
		v = v << 8 | le[i];
	return v;
}

static void
put_number(uint8_t le[8], uint64_t v)
{
	for (int i = 0; i < 8; i++)
		le[i] = (uint8_t)(v >> (8 * i));
}

/* raw is decoded in place. */
static enum err
unlock(uint8_t raw[SECRET_RAW], struct str passphrase)
{
	uint8_t stream[SECRET_KEYS];
	uint64_t ops = number(raw + 38), memory = number(raw + 46);

	if (ops > crypto_pwhash_scryptsalsa208sha256_OPSLIMIT_SENSITIVE ||
	    memory > crypto_pwhash_scryptsalsa208sha256_MEMLIMIT_SENSITIVE)
		return fail(ERR_LIMIT, "the key file asks for too much work");
	if (passphrase.len == 0)
		return fail(ERR_DENIED, "the secret key needs a passphrase");
	if (crypto_pwhash_scryptsalsa208sha256(stream, sizeof stream,
		passphrase.at, passphrase.len, raw + 6, ops,
		(size_t)memory) != 0)
		return fail(ERR_IO, "no memory to unlock the secret key");
	for (size_t i = 0; i < sizeof stream; i++)
		raw[54 + i] ^= stream[i];
	sodium_memzero(stream, sizeof stream);
	return ERR_NONE;
}

static enum err
secret_line(struct str *line, struct str file)
{
	struct str comment;

	if (file.len > SIGN_FILE_MAX || !str_starts(file, STR(UNTRUSTED)) ||
	    !take_line(&file, &comment))
		return fail(ERR_FORMAT, "not a minisign secret key");
	if (str_ends(file, STR("\n")))
		file.len--;
	*line = file;
	return ERR_NONE;
}

static enum err
decode_secret(uint8_t raw[SECRET_RAW], struct str file)
{
	static const uint8_t none[2];
	struct str line;
	enum err rc;

	if (sodium_init() < 0)
		return fail(ERR_IO, "the crypto library does not start");
	rc = secret_line(&line, file);
	if (rc == ERR_NONE)
		rc = take_base64(raw, SECRET_RAW, line, "secret key");
	if (rc != ERR_NONE)
		return rc;
	if (memcmp(raw, "Ed", 2) != 0 || memcmp(raw + 4, "B2", 2) != 0 ||
	    (memcmp(raw + 2, "Sc", 2) != 0 && memcmp(raw + 2, none, 2) != 0))
		return fail(ERR_FORMAT, "a secret key of an unknown kind");
	return ERR_NONE;
}

static enum err
check_secret(const uint8_t raw[SECRET_RAW], bool locked)
{
	uint8_t check[32], pair[crypto_sign_SECRETKEYBYTES];
	enum err rc = ERR_NONE;

	check_of(check, raw + 54);
	if (locked && sodium_memcmp(check, raw + 54 + 72, sizeof check) != 0)
		return fail(ERR_DENIED, "wrong passphrase");
	crypto_sign_seed_keypair(check, pair, raw + 62);
	if (sodium_memcmp(pair, raw + 62, sizeof pair) != 0)
		rc = fail(ERR_FORMAT, "the secret key is damaged");
	sodium_memzero(pair, sizeof pair);
	return rc;
}

enum err
sign_secret_read(struct sign_secret **out, struct str file,
    struct str passphrase)
{
	uint8_t raw[SECRET_RAW];
	struct sign_secret *s = NULL;
	enum err rc = decode_secret(raw, file);
	bool locked = rc == ERR_NONE && raw[2] == 'S';

	if (locked)
		rc = unlock(raw, passphrase);
	if (rc == ERR_NONE)
		rc = check_secret(raw, locked);
	if (rc == ERR_NONE && (s = new_secret()) == NULL)
		rc = fail(ERR_IO, "no guarded memory for a key");
	if (rc == ERR_NONE) {
		memcpy(s->id, raw + 54, sizeof s->id);
		memcpy(s->key, raw + 62, sizeof s->key);
		*out = s;
	}
	sodium_memzero(raw, sizeof raw);
	return rc;
}

bool
sign_secret_locked(struct str file)
{
	uint8_t raw[SECRET_RAW];
	bool locked = decode_secret(raw, file) == ERR_NONE && raw[2] == 'S';

	err_clear();
	sodium_memzero(raw, sizeof raw);
	return locked;
}

enum err
sign_secret_write(const struct sign_secret *s, struct buf *b,
    struct str passphrase)
{
	uint8_t raw[SECRET_RAW] = { 'E', 'd', 0, 0, 'B', '2' };
	enum err rc = ERR_NONE;

	memcpy(raw + 54, s->id, sizeof s->id);
	memcpy(raw + 62, s->key, sizeof s->key);
	check_of(raw + 54 + 72, raw + 54);
	if (passphrase.len > 0) {
		raw[2] = 'S';
		raw[3] = 'c';
		randombytes_buf(raw + 6, 32);
		put_number(raw + 38, SCRYPT_OPS);
		put_number(raw + 46, SCRYPT_MEMORY);
		rc = unlock(raw, passphrase);
	}
	if (rc == ERR_NONE) {
		buf_str(b, STR(UNTRUSTED "minisign encrypted secret key\n"));
		put_base64(b, raw, sizeof raw);
		buf_char(b, '\n');
	}
	sodium_memzero(raw, sizeof raw);
	return rc;
}

/* The parts of a signature file; comment is borrowed from it. */
struct parts {
	uint8_t raw[SIGNATURE_RAW];
	uint8_t global[crypto_sign_BYTES];
	struct str comment;
};

static bool
is_printable(struct str line)
{
	for (size_t i = 0; i < line.len; i++) {
		unsigned char c = (unsigned char)line.at[i];

		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
}

static enum err
read_parts(struct parts *p, struct str file)
{
	struct str line[4];
	enum err rc;

	if (file.len > SIGN_FILE_MAX)
		return fail(ERR_LIMIT, "a signature of %zu bytes", file.len);
	for (int i = 0; i < 4; i++)
		if (!take_line(&file, &line[i]))
			return fail(ERR_FORMAT, "a signature is cut short");
	if (file.len > 0 || !str_starts(line[0], STR(UNTRUSTED)) ||
	    !str_starts(line[2], STR(TRUSTED)) || !is_printable(line[2]))
		return fail(ERR_FORMAT, "not a minisign signature");
	p->comment = str_slice(line[2], strlen(TRUSTED), line[2].len);
	if (p->comment.len > SIGN_COMMENT_MAX)
		return fail(ERR_LIMIT, "a trusted comment of %zu bytes",
		    p->comment.len);
	rc = take_base64(p->raw, sizeof p->raw, line[1], "signature");
	if (rc == ERR_NONE)
		rc = take_base64(p->global, sizeof p->global, line[3],
		    "signature");
	if (rc != ERR_NONE)
		return rc;
	if (p->raw[0] == 'E' && p->raw[1] == 'd')
		return fail(ERR_FORMAT,
		    "a legacy signature, which is not "
		    "accepted: sign with minisign -SH");
	if (p->raw[0] != 'E' || p->raw[1] != 'D')
		return fail(ERR_FORMAT, "a signature of an unknown kind");
	return ERR_NONE;
}

static void
prehash(uint8_t out[crypto_generichash_BYTES_MAX], struct str bytes)
{
	crypto_generichash(out, crypto_generichash_BYTES_MAX,
	    (const unsigned char *)bytes.at, bytes.len, NULL, 0);
}

/* What the global signature is over: the signature and the comment. */
static void
global_text(struct buf *b, const uint8_t *signature, struct str comment)
{
	buf_add(b, signature, crypto_sign_BYTES);
	buf_str(b, comment);
}

enum err
sign_bytes(struct buf *out, const struct sign_secret *s, struct str bytes,
    struct str comment)
{
	uint8_t hash[crypto_generichash_BYTES_MAX];
	uint8_t raw[SIGNATURE_RAW] = { 'E', 'D' }, global[crypto_sign_BYTES];
	struct buf text = { 0 };

	if (comment.len > SIGN_COMMENT_MAX || !is_printable(comment))
		return fail(ERR_FORMAT,
		    "a trusted comment is one line of "
		    "at most %d bytes",
		    SIGN_COMMENT_MAX);
	prehash(hash, bytes);
	memcpy(raw + 2, s->id, sizeof s->id);
	crypto_sign_detached(raw + 10, NULL, hash, sizeof hash, s->key);
	global_text(&text, raw + 10, comment);
	crypto_sign_detached(global, NULL, (const unsigned char *)text.at,
	    text.len, s->key);
	buf_release(&text);
	buf_str(out, STR(UNTRUSTED "signature from vitrine\n"));
	put_base64(out, raw, sizeof raw);
	buf_str(out, STR("\n" TRUSTED));
	buf_str(out, comment);
	buf_char(out, '\n');
	put_base64(out, global, sizeof global);
	buf_char(out, '\n');
	return ERR_NONE;
}

enum err
sign_verify(struct str *comment, const struct sign_public *p, struct str bytes,
    struct str signature)
{
	uint8_t hash[crypto_generichash_BYTES_MAX];
	struct buf text = { 0 };
	struct parts parts;
	enum err rc = read_parts(&parts, signature);

	if (rc != ERR_NONE)
		return rc;
	if (memcmp(parts.raw + 2, p->id, sizeof p->id) != 0)
		return fail(ERR_DENIED, "signed with another key");
	prehash(hash, bytes);
	if (crypto_sign_verify_detached(parts.raw + 10, hash, sizeof hash,
		p->key) != 0)
		return fail(ERR_DENIED, "the signature does not fit");
	global_text(&text, parts.raw + 10, parts.comment);
	if (crypto_sign_verify_detached(parts.global,
		(const unsigned char *)text.at, text.len, p->key) != 0)
		rc = fail(ERR_DENIED, "the trusted comment was changed");
	buf_release(&text);
	if (rc == ERR_NONE && comment != NULL)
		*comment = parts.comment;
	return rc;
}

enum err
sign_key_of(uint8_t id[8], struct str signature)
{
	struct parts parts;
	enum err rc = read_parts(&parts, signature);

	if (rc == ERR_NONE)
		memcpy(id, parts.raw + 2, 8);
	return rc;
}
