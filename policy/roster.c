#include "policy/roster.h"

#include <string.h>

#include "core/io.h"
#include "core/limits.h"

enum err
roster_of(struct roster *out, struct arena *a, struct str conf,
    struct str manifest, struct str signer)
{
	struct roster r = { .conf = arena_copy(a, conf),
		.signer = arena_copy(a, signer) };
	enum err rc = rules_read(&r.rules, a, "session.conf", r.conf);

	if (rc == ERR_NONE && manifest.len > 2 * HASH_BYTES)
		rc = fail(ERR_FORMAT, "a manifest of %zu digits", manifest.len);
	if (rc != ERR_NONE)
		return rc;
	memcpy(r.manifest, manifest.at, manifest.len);
	*out = r;
	return ERR_NONE;
}

static const char *
beside(struct arena *a, const char *path, const char *name)
{
	const char *slash = strrchr(path, '/');

	if (io_is_folder(path))
		return arena_printf(a, "%s/%s", path, name).at;
	return arena_printf(a, "%.*s%s",
	    (int)(slash == NULL ? 0 : slash + 1 - path), path, name)
	    .at;
}

static enum err
verify(struct str *signer, struct arena *a, struct str manifest,
    struct str signature, const struct session_trust *trust)
{
	uint8_t id[8];
	enum err rc = sign_key_of(id, signature);

	for (uint32_t i = 0; i < trust->n && rc == ERR_NONE; i++) {
		if (memcmp(trust->keys[i].id, id, sizeof id) != 0)
			continue;
		*signer = sign_id_text(&trust->keys[i], a);
		return sign_verify(NULL, &trust->keys[i], manifest, signature);
	}
	if (rc == ERR_NONE)
		rc = fail(ERR_DENIED,
		    "the session is signed with a key that is not trusted: "
		    "-t KEY.pub names the lab's");
	return rc;
}

/* That the manifest speaks of this very session.conf. */
static enum err
holds(struct arena *a, struct str text, struct str conf)
{
	struct hash hash = hash_of(conf);
	struct manifest m;
	enum err rc = manifest_read(&m, a, text);

	for (uint32_t i = 0; i < m.n_files && rc == ERR_NONE; i++) {
		if (!str_eq(m.files[i].path, STR("session.conf")))
			continue;
		if (m.files[i].bytes == conf.len &&
		    hash_eq(&hash, &m.files[i].hash))
			return ERR_NONE;
		return fail(ERR_DENIED,
		    "session.conf was changed after the session was signed");
	}
	return rc != ERR_NONE ?
	    rc :
	    fail(ERR_DENIED, "the manifest does not name session.conf");
}

static enum err
read_manifest(struct roster *r, struct arena *a, const char *path,
    struct str conf, const struct session_trust *trust)
{
	struct buf text = { 0 }, signature = { 0 }, hex = { 0 };
	struct hash hash;
	enum err rc =
	    io_read(&text, beside(a, path, "manifest"), LIMIT_MANIFEST);

	if (rc == ERR_NONE)
		rc = io_read(&signature, beside(a, path, "manifest.minisig"),
		    SIGN_FILE_MAX);
	if (rc == ERR_NONE)
		rc = verify(&r->signer, a, buf_view(&text),
		    buf_view(&signature), trust);
	if (rc == ERR_NONE)
		rc = holds(a, buf_view(&text), conf);
	if (rc == ERR_NONE) {
		hash = hash_of(buf_view(&text));
		buf_hex(&hex, hash.at, HASH_BYTES);
		memcpy(r->manifest, hex.at, hex.len + 1);
	}
	buf_release(&hex);
	buf_release(&text);
	buf_release(&signature);
	return rc;
}

enum err
roster_read(struct roster *out, struct arena *a, const char *path,
    const struct session_trust *trust)
{
	const char *name =
	    io_is_folder(path) ? beside(a, path, "session.conf") : path;
	struct roster r = { .signer = { "", 0 } };
	struct buf conf = { 0 };
	enum err rc = io_read(&conf, name, LIMIT_CONF);

	if (rc == ERR_NONE) {
		r.conf = arena_copy(a, buf_view(&conf));
		rc = rules_read(&r.rules, a, name, r.conf);
	}
	if (rc == ERR_NONE && io_is_file(beside(a, path, "manifest")))
		rc = read_manifest(&r, a, path, r.conf, trust);
	buf_release(&conf);
	if (rc == ERR_NONE)
		*out = r;
	return rc;
}
