#include "core/seal_age.h"

#include "core/bech32.h"
#include "core/hash.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/*
 * A sealed file:
 *
 *	age-encryption.org/v1
 *	-> X25519 <ephemeral share>
 *	<file key, wrapped: 32 bytes>
 *	--- <HMAC-SHA-256 of all up to and including ->
 *	nonce[16] chunk...
 *
 * each chunk 64 KiB of plain text and a tag, the last one marked in its
 * nonce and never empty unless it is the only one.  Base64 without padding,
 * 64 columns.
 */
#define VERSION "age-encryption.org/v1\n"
#define STANZA "-> X25519 "
#define LOCKED "-> scrypt "
#define MAC_MARK "---"

enum {
	KEY = 32,
	FILE_KEY = 16,
	WRAPPED = FILE_KEY + crypto_aead_chacha20poly1305_ietf_ABYTES,
	TAG = crypto_aead_chacha20poly1305_ietf_ABYTES,
	NONCE = 16,
	CHUNK = 64 * 1024,
	COLUMNS = 64,
	KEY_BASE64 = 43, /* of 32 bytes, without padding */
	HEADER_MAX = 64 * 1024,
	STANZAS_MAX = 64,
	SALT = 16,
	SALT_BASE64 = 22,
	WORK_MAX = 20, /* 2^20 blocks of 1 KiB: 1 GiB */
};

struct seal_age_identity {
	uint8_t secret[KEY];
	uint8_t public[KEY];
};

/* What opens a file: one of the two. */
struct opener {
	const struct seal_age_identity *id;
	const struct secret *passphrase;
};

enum err
seal_age_recipient_read(struct seal_age_recipient *out, struct str text)
{
	uint8_t key[KEY];
	enum err rc = bech32_read(key, "age", text);

	if (rc == ERR_NONE)
		memcpy(out->key, key, KEY);
	return rc;
}

void
seal_age_recipient_write(const struct seal_age_recipient *r, struct buf *b)
{
	bech32_write(b, "age", r->key);
}

static enum err
new_identity(struct seal_age_identity **out, const uint8_t *secret)
{
	struct seal_age_identity *id;

	if (sodium_init() < 0 || (id = sodium_malloc(sizeof *id)) == NULL)
		return fail(ERR_IO, "no guarded memory for a key");
	if (secret == NULL)
		randombytes_buf(id->secret, KEY);
	else
		memcpy(id->secret, secret, KEY);
	crypto_scalarmult_base(id->public, id->secret);
	*out = id;
	return ERR_NONE;
}

enum err
seal_age_identity_make(struct seal_age_identity **out)
{
	return new_identity(out, NULL);
}

void
seal_age_identity_close(struct seal_age_identity *id)
{
	sodium_free(id);
}

/* The one line of a key file that is no comment and not empty. */
static enum err
identity_line(struct str *out, struct str file)
{
	struct str line, found = { NULL, 0 };

	while (str_cut(&file, '\n', &line)) {
		line = str_trim(line);
		if (line.len == 0 || line.at[0] == '#')
			continue;
		if (found.at != NULL)
			return fail(ERR_FORMAT,
			    "more than one key in the identity file");
		found = line;
	}
	if (found.at == NULL)
		return fail(ERR_FORMAT, "no key in the identity file");
	*out = found;
	return ERR_NONE;
}

enum err
seal_age_identity_read(struct seal_age_identity **out, struct str file)
{
	static const char prefix[] = "AGE-SECRET-KEY-";
	char lower[128];
	uint8_t secret[KEY];
	struct str line;
	enum err rc = identity_line(&line, file);

	if (rc != ERR_NONE)
		return rc;
	if (line.len >= sizeof lower || !str_starts(line, str_of(prefix)))
		return fail(ERR_FORMAT, "not an age identity: %s1... is one",
		    prefix);
	for (size_t i = 0; i < line.len; i++) {
		char c = line.at[i];

		if (c >= 'a' && c <= 'z')
			return fail(ERR_FORMAT, "an identity is upper case");
		lower[i] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
	}
	rc = bech32_read(secret, "age-secret-key-",
	    (struct str){ lower, line.len });
	if (rc == ERR_NONE)
		rc = new_identity(out, secret);
	sodium_memzero(secret, sizeof secret);
	sodium_memzero(lower, sizeof lower);
	return rc;
}

void
seal_age_identity_write(const struct seal_age_identity *id, struct buf *b)
{
	size_t start = b->len;

	bech32_write(b, "age-secret-key-", id->secret);
	for (size_t i = start; i < b->len; i++)
		if (b->at[i] >= 'a' && b->at[i] <= 'z')
			b->at[i] = (char)(b->at[i] - 32);
	buf_char(b, '\n');
}

struct seal_age_recipient
seal_age_recipient_of(const struct seal_age_identity *id)
{
	struct seal_age_recipient r;

	memcpy(r.key, id->public, KEY);
	return r;
}

/* HKDF-SHA-256 (RFC 5869) with one block of output. */
static void
hkdf(uint8_t out[KEY], const uint8_t *ikm, size_t ikm_len, struct str salt,
    const char *info)
{
	crypto_auth_hmacsha256_state state;
	uint8_t prk[KEY];

	crypto_auth_hmacsha256_init(&state, (const uint8_t *)salt.at, salt.len);
	crypto_auth_hmacsha256_update(&state, ikm, ikm_len);
	crypto_auth_hmacsha256_final(&state, prk);
	crypto_auth_hmacsha256_init(&state, prk, sizeof prk);
	crypto_auth_hmacsha256_update(&state, (const uint8_t *)info,
	    strlen(info));
	crypto_auth_hmacsha256_update(&state, (const uint8_t *)"\x01", 1);
	crypto_auth_hmacsha256_final(&state, out);
	sodium_memzero(prk, sizeof prk);
	sodium_memzero(&state, sizeof state);
}

static void
base64(struct buf *b, const uint8_t *raw, size_t len)
{
	char text[2 * KEY + 1];

	sodium_bin2base64(text, sizeof text, raw, len,
	    sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
	buf_str(b, str_of(text));
}

static enum err
unbase64(uint8_t *raw, size_t len, struct str text)
{
	size_t got = 0;

	if (sodium_base642bin(raw, len, text.at, text.len, NULL, &got, NULL,
		sodium_base64_VARIANT_ORIGINAL_NO_PADDING) != 0 ||
	    got != len)
		return fail(ERR_FORMAT, "the age header is not canonical");
	return ERR_NONE;
}

/* The key that wraps the file key for one recipient.  false: a recipient
 * of small order, with which there is no secret. */
static bool
wrap_key(uint8_t out[KEY], const uint8_t secret[KEY], const uint8_t theirs[KEY],
    const uint8_t share[KEY], const uint8_t recipient[KEY])
{
	uint8_t shared[KEY], salt[2 * KEY];

	if (crypto_scalarmult(shared, secret, theirs) != 0)
		return false;
	memcpy(salt, share, KEY);
	memcpy(salt + KEY, recipient, KEY);
	hkdf(out, shared, KEY, (struct str){ (const char *)salt, sizeof salt },
	    "age-encryption.org/v1/X25519");
	sodium_memzero(shared, sizeof shared);
	return true;
}

static void
header_mac(uint8_t out[KEY], const uint8_t file_key[FILE_KEY],
    struct str header)
{
	uint8_t key[KEY];

	hkdf(key, file_key, FILE_KEY, STR(""), "header");
	crypto_auth_hmacsha256(out, (const uint8_t *)header.at, header.len,
	    key);
	sodium_memzero(key, sizeof key);
}

static void
payload_key(uint8_t out[KEY], const uint8_t file_key[FILE_KEY],
    const uint8_t nonce[NONCE])
{
	hkdf(out, file_key, FILE_KEY,
	    (struct str){ (const char *)nonce, NONCE }, "payload");
}

/* STREAM: an 11-byte counter, then whether it is the last chunk. */
static void
chunk_nonce(uint8_t out[12], uint64_t n, bool last)
{
	memset(out, 0, 12);
	for (int i = 0; i < 8; i++)
		out[10 - i] = (uint8_t)(n >> (8 * i));
	out[11] = last;
}

/* Everything that age takes from a random source, from the seed instead. */
struct source {
	uint8_t key[KEY];
};

static void
source_start(struct source *s, struct str plain,
    const struct seal_age_recipient *to, size_t n, const uint8_t *seed)
{
	struct hash of = hash_of(plain);
	struct buf salt = { 0 };

	buf_add(&salt, of.at, sizeof of.at);
	for (size_t i = 0; i < n; i++)
		buf_add(&salt, to[i].key, KEY);
	hkdf(s->key, seed, SEAL_AGE_SEED_BYTES, buf_view(&salt),
	    "vitrine/export/1");
	buf_release(&salt);
}

static void
source_take(const struct source *s, uint8_t *out, size_t len, size_t number,
    const char *what)
{
	uint8_t block[KEY], salt[8];

	for (int i = 0; i < 8; i++)
		salt[i] = (uint8_t)((uint64_t)number >> (8 * i));
	hkdf(block, s->key, KEY, (struct str){ (char *)salt, 8 }, what);
	memcpy(out, block, len);
	sodium_memzero(block, sizeof block);
}

static enum err
put_stanza(struct buf *out, const struct source *s, size_t i,
    const struct seal_age_recipient *to, const uint8_t file_key[FILE_KEY])
{
	static const uint8_t zero[12];
	uint8_t secret[KEY], share[KEY], key[KEY], wrapped[WRAPPED];
	bool fine;

	source_take(s, secret, KEY, i, "ephemeral");
	crypto_scalarmult_base(share, secret);
	fine = wrap_key(key, secret, to->key, share, to->key);
	sodium_memzero(secret, sizeof secret);
	if (!fine)
		return fail(ERR_FORMAT, "a recipient that is no key");
	crypto_aead_chacha20poly1305_ietf_encrypt(wrapped, NULL, file_key,
	    FILE_KEY, NULL, 0, NULL, zero, key);
	sodium_memzero(key, sizeof key);
	buf_str(out, STR(STANZA));
	base64(out, share, KEY);
	buf_char(out, '\n');
	base64(out, wrapped, WRAPPED);
	buf_char(out, '\n');
	return ERR_NONE;
}

static void
put_payload(struct buf *out, struct str plain, const uint8_t key[KEY])
{
	uint64_t n = 0;

	for (;; n++) {
		struct str piece = str_slice(plain, 0, CHUNK);
		bool last = piece.len == plain.len;
		uint8_t nonce[12];
		char *at = buf_grow(out, piece.len + TAG);

		chunk_nonce(nonce, n, last);
		crypto_aead_chacha20poly1305_ietf_encrypt((uint8_t *)at, NULL,
		    (const uint8_t *)piece.at, piece.len, NULL, 0, NULL, nonce,
		    key);
		out->len += piece.len + TAG;
		if (last)
			return;
		plain = str_slice(plain, CHUNK, plain.len);
	}
}

enum err
seal_age_seal(struct buf *out, struct str plain,
    const struct seal_age_recipient *to, size_t n,
    const uint8_t seed[SEAL_AGE_SEED_BYTES])
{
	uint8_t file_key[FILE_KEY], nonce[NONCE], key[KEY], mac[KEY];
	size_t start = out->len;
	struct source source;
	enum err rc = ERR_NONE;

	if (sodium_init() < 0)
		return fail(ERR_IO, "the crypto library does not start");
	if (n == 0 || n > SEAL_AGE_RECIPIENTS_MAX)
		return fail(ERR_LIMIT, "%zu recipients, 1 to %d are possible",
		    n, SEAL_AGE_RECIPIENTS_MAX);
	source_start(&source, plain, to, n, seed);
	source_take(&source, file_key, FILE_KEY, 0, "file key");
	source_take(&source, nonce, NONCE, 0, "nonce");
	buf_str(out, STR(VERSION));
	for (size_t i = 0; i < n && rc == ERR_NONE; i++)
		rc = put_stanza(out, &source, i, &to[i], file_key);
	if (rc == ERR_NONE) {
		buf_str(out, STR(MAC_MARK));
		header_mac(mac, file_key,
		    str_slice(buf_view(out), start, out->len));
		buf_char(out, ' ');
		base64(out, mac, KEY);
		buf_char(out, '\n');
		buf_add(out, nonce, NONCE);
		payload_key(key, file_key, nonce);
		put_payload(out, plain, key);
	} else {
		out->len = start;
	}
	sodium_memzero(&source, sizeof source);
	sodium_memzero(file_key, sizeof file_key);
	sodium_memzero(key, sizeof key);
	return rc;
}

static bool
take_line(struct str *rest, struct str *line)
{
	size_t window = rest->len < HEADER_MAX ? rest->len : HEADER_MAX;
	const char *lf = window == 0 ? NULL : memchr(rest->at, '\n', window);

	if (lf == NULL)
		return false;
	*line = (struct str){ rest->at, (size_t)(lf - rest->at) };
	*rest = str_slice(*rest, line->len + 1, rest->len);
	return true;
}

/* A stanza's argument: printable ASCII, not empty. */
static bool
is_argument(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] < 33 || s.at[i] > 126)
			return false;
	return s.len > 0;
}

static bool
is_base64(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];

		if (!(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z') &&
		    !(c >= '0' && c <= '9') && c != '+' && c != '/')
			return false;
	}
	return true;
}

/* Body lines of a stanza of a kind we do not open: full ones, then one that
 * is not full. */
static enum err
skip_body(struct str *rest, struct str first)
{
	struct str line = first;
	uint8_t raw[COLUMNS / 4 * 3];
	size_t got;

	for (;;) {
		if (line.len > COLUMNS || !is_base64(line) ||
		    sodium_base642bin(raw, sizeof raw, line.at, line.len, NULL,
			&got, NULL,
			sodium_base64_VARIANT_ORIGINAL_NO_PADDING) != 0)
			return fail(ERR_FORMAT,
			    "the age header is not canonical");
		if (line.len < COLUMNS)
			return ERR_NONE;
		if (!take_line(rest, &line))
			return fail(ERR_FORMAT, "the age header is cut short");
	}
}

/* Tries one X25519 stanza; *found when it was for this identity. */
static enum err
try_stanza(bool *found, uint8_t file_key[FILE_KEY], struct str share_text,
    struct str body, const struct seal_age_identity *id)
{
	static const uint8_t zero[12];
	uint8_t share[KEY], key[KEY], wrapped[WRAPPED];
	enum err rc = unbase64(share, KEY, share_text);

	if (rc == ERR_NONE)
		rc = unbase64(wrapped, WRAPPED, body);
	if (rc != ERR_NONE)
		return rc;
	if (!wrap_key(key, id->secret, share, share, id->public))
		return fail(ERR_FORMAT, "the age header holds a false share");
	if (!*found &&
	    crypto_aead_chacha20poly1305_ietf_decrypt(file_key, NULL, NULL,
		wrapped, WRAPPED, NULL, 0, zero, key) == 0)
		*found = true;
	sodium_memzero(key, sizeof key);
	return ERR_NONE;
}

/* The key that a passphrase gives; args: salt and work factor. */
static enum err
stretch(uint8_t out[KEY], const struct secret *passphrase, struct str args)
{
	static const char label[] = "age-encryption.org/v1/scrypt";
	uint8_t salt[sizeof label - 1 + SALT];
	struct str text = { 0 };
	uint64_t work = 0;
	enum err rc;

	if (!str_cut(&args, ' ', &text) || text.len != SALT_BASE64 ||
	    args.len == 0 || args.at[0] == '0')
		return fail(ERR_FORMAT, "the age header is not canonical");
	memcpy(salt, label, sizeof label - 1);
	rc = unbase64(salt + sizeof label - 1, SALT, text);
	if (rc == ERR_NONE && str_number(args, 64, &work) != ERR_NONE) {
		err_clear();
		rc = fail(ERR_FORMAT, "the age header is not canonical");
	}
	if (rc == ERR_NONE && work > WORK_MAX)
		rc = fail(ERR_LIMIT,
		    "one guess of its passphrase costs 2^%llu KiB, up to 2^%d "
		    "are taken",
		    (unsigned long long)work, WORK_MAX);
	if (rc == ERR_NONE &&
	    crypto_pwhash_scryptsalsa208sha256_ll(passphrase->at,
		passphrase->len, salt, sizeof salt, (uint64_t)1 << work, 8, 1,
		out, KEY) != 0)
		rc = fail(ERR_IO, "no memory to try the passphrase");
	return rc;
}

static enum err
try_locked(bool *found, uint8_t file_key[FILE_KEY], struct str args,
    struct str body, const struct secret *passphrase)
{
	static const uint8_t zero[12];
	uint8_t key[KEY], wrapped[WRAPPED];
	enum err rc = unbase64(wrapped, WRAPPED, body);

	if (rc == ERR_NONE)
		rc = stretch(key, passphrase, args);
	if (rc != ERR_NONE)
		return rc;
	*found = crypto_aead_chacha20poly1305_ietf_decrypt(file_key, NULL, NULL,
		     wrapped, WRAPPED, NULL, 0, zero, key) == 0;
	sodium_memzero(key, sizeof key);
	return *found ? ERR_NONE :
			fail(ERR_DENIED, "that is not its passphrase");
}

static enum err
read_stanza(struct str line, struct str *rest, bool *found,
    uint8_t file_key[FILE_KEY], const struct opener *by)
{
	struct str args = str_slice(line, 3, line.len), arg, body;
	bool ours = str_starts(line, STR(STANZA)) && by->id != NULL;

	if (!str_starts(line, STR("-> ")) || args.len == 0 ||
	    str_ends(args, STR(" ")))
		return fail(ERR_FORMAT, "the age header is not canonical");
	while (str_cut(&args, ' ', &arg))
		if (!is_argument(arg))
			return fail(ERR_FORMAT,
			    "the age header is not canonical");
	if (!take_line(rest, &body))
		return fail(ERR_FORMAT, "the age header is cut short");
	if (by->passphrase != NULL && str_starts(line, STR(LOCKED)))
		return try_locked(found, file_key,
		    str_slice(line, strlen(LOCKED), line.len), body,
		    by->passphrase);
	if (ours || (by->id != NULL && str_eq(line, STR("-> X25519"))))
		return try_stanza(found, file_key,
		    str_slice(line, strlen(STANZA), line.len), body, by->id);
	return skip_body(rest, body);
}

/* Takes the header off *rest; file_key is valid only with ERR_NONE. */
static enum err
read_header(struct str *rest, uint8_t file_key[FILE_KEY],
    const struct opener *by)
{
	struct str whole = *rest, line, mac_text;
	uint8_t mac[KEY], want[KEY];
	bool found = false, locked = false;
	size_t stanzas = 0;
	enum err rc;

	if (!str_starts(*rest, STR(VERSION)) || !take_line(rest, &line))
		return fail(ERR_FORMAT, "not an age v1 file");
	for (;; stanzas++) {
		if (!take_line(rest, &line))
			return fail(ERR_FORMAT, "the age header is cut short");
		if (str_starts(line, STR(MAC_MARK)))
			break;
		if (stanzas == STANZAS_MAX)
			return fail(ERR_LIMIT, "over %d recipients",
			    STANZAS_MAX);
		/* Who knows the passphrase could put others beside it, so
		 * that nobody could say who sealed the file. */
		locked = locked || str_starts(line, STR(LOCKED));
		if (locked && by->passphrase != NULL && stanzas > 0)
			return fail(ERR_FORMAT,
			    "sealed with a passphrase and to others");
		rc = read_stanza(line, rest, &found, file_key, by);
		if (rc != ERR_NONE)
			return rc;
	}
	if (locked && (by->id != NULL || stanzas > 1))
		return fail(stanzas > 1 ? ERR_FORMAT : ERR_DENIED,
		    stanzas > 1 ? "sealed with a passphrase and to others" :
				  "sealed with a passphrase, not to a key");
	mac_text = str_slice(line, strlen(MAC_MARK) + 1, line.len);
	if (stanzas == 0 || !str_starts(line, STR(MAC_MARK " ")) ||
	    mac_text.len != KEY_BASE64)
		return fail(ERR_FORMAT, "the age header is not canonical");
	rc = unbase64(mac, KEY, mac_text);
	if (rc != ERR_NONE)
		return rc;
	if (!found)
		return fail(ERR_DENIED, "not sealed to this identity");
	header_mac(want, file_key,
	    (struct str){ whole.at,
		(size_t)(line.at - whole.at) + strlen(MAC_MARK) });
	if (sodium_memcmp(mac, want, KEY) != 0)
		return fail(ERR_DENIED, "the age header was changed");
	return ERR_NONE;
}

static enum err
open_payload(struct buf *out, struct str sealed, const uint8_t key[KEY],
    size_t max)
{
	uint64_t n = 0;

	for (;; n++) {
		struct str piece = str_slice(sealed, 0, CHUNK + TAG);
		bool last = piece.len == sealed.len;
		uint8_t nonce[12];
		char *at;

		if (piece.len < TAG || (piece.len == TAG && n > 0))
			return fail(ERR_FORMAT, "the age file is cut short");
		if (piece.len - TAG > max - out->len)
			return fail(ERR_LIMIT, "over %zu bytes sealed", max);
		at = buf_grow(out, piece.len - TAG);
		chunk_nonce(nonce, n, last);
		if (crypto_aead_chacha20poly1305_ietf_decrypt((uint8_t *)at,
			NULL, NULL, (const uint8_t *)piece.at, piece.len, NULL,
			0, nonce, key) != 0)
			return fail(ERR_DENIED,
			    "the age file was changed or cut short");
		out->len += piece.len - TAG;
		out->at[out->len] = '\0';
		if (last)
			return ERR_NONE;
		sealed = str_slice(sealed, CHUNK + TAG, sealed.len);
	}
}

static enum err
open_by(struct buf *out, const struct opener *by, struct str sealed, size_t max)
{
	uint8_t file_key[FILE_KEY], key[KEY];
	enum err rc = read_header(&sealed, file_key, by);

	buf_clear(out);
	if (rc == ERR_NONE && sealed.len < NONCE)
		rc = fail(ERR_FORMAT, "the age file is cut short");
	if (rc == ERR_NONE) {
		payload_key(key, file_key, (const uint8_t *)sealed.at);
		rc = open_payload(out, str_slice(sealed, NONCE, sealed.len),
		    key, max);
	}
	if (rc != ERR_NONE && out->at != NULL) {
		sodium_memzero(out->at, out->room);
		buf_clear(out);
	}
	sodium_memzero(key, sizeof key);
	sodium_memzero(file_key, sizeof file_key);
	return rc;
}

/* Armour: one PEM block of base64 lines of 64 columns, the last one shorter
 * or as long, padded, nothing but blank lines around it. */
#define ARMOUR_BEGIN "-----BEGIN AGE ENCRYPTED FILE-----"
#define ARMOUR_END "-----END AGE ENCRYPTED FILE-----"

static enum err
dearmour(struct buf *out, struct str text)
{
	struct str line, rest = str_trim(text);
	bool ended = false, last = false;

	if (!str_cut(&rest, '\n', &line) ||
	    !str_eq(str_trim(line), STR(ARMOUR_BEGIN)))
		return fail(ERR_FORMAT, "not an age v1 file");
	while (!ended && str_cut(&rest, '\n', &line)) {
		uint8_t raw[COLUMNS / 4 * 3];
		size_t got = 0;

		line = str_ends(line, STR("\r")) ?
		    str_slice(line, 0, line.len - 1) :
		    line;
		ended = str_eq(line, STR(ARMOUR_END));
		if (ended)
			break;
		if (last || line.len == 0 || line.len > COLUMNS ||
		    sodium_base642bin(raw, sizeof raw, line.at, line.len, NULL,
			&got, NULL, sodium_base64_VARIANT_ORIGINAL) != 0)
			return fail(ERR_FORMAT,
			    "the age armour is not canonical");
		last = line.len < COLUMNS || got < sizeof raw;
		buf_add(out, raw, got);
	}
	if (!ended || rest.len > 0)
		return fail(ERR_FORMAT, "the age armour is cut short");
	return ERR_NONE;
}

static bool
is_armoured(struct str text)
{
	return str_starts(str_trim(text), STR(ARMOUR_BEGIN));
}

bool
seal_age_locked(struct str sealed)
{
	static const char start[] = VERSION LOCKED;
	struct buf raw = { 0 };
	bool is;

	if (is_armoured(sealed) && dearmour(&raw, sealed) == ERR_NONE)
		sealed = buf_view(&raw);
	err_clear();
	is = str_starts(sealed, str_of(start));
	buf_release(&raw);
	return is;
}

static enum err
open_any(struct buf *out, const struct opener *by, struct str sealed,
    size_t max)
{
	struct buf raw = { 0 };
	enum err rc = ERR_NONE;

	buf_clear(out);
	if (is_armoured(sealed))
		rc = dearmour(&raw, sealed);
	if (rc == ERR_NONE)
		rc = open_by(out, by, raw.at != NULL ? buf_view(&raw) : sealed,
		    max);
	buf_release(&raw);
	return rc;
}

enum err
seal_age_open(struct buf *out, const struct seal_age_identity *id,
    struct str sealed, size_t max)
{
	const struct opener by = { .id = id };

	return open_any(out, &by, sealed, max);
}

enum err
seal_age_open_locked(struct buf *out, const struct secret *passphrase,
    struct str sealed, size_t max)
{
	const struct opener by = { .passphrase = passphrase };

	if (sodium_init() < 0)
		return fail(ERR_IO, "the crypto library does not start");
	return open_any(out, &by, sealed, max);
}
