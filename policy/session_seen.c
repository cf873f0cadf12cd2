#include "policy/session_seen.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/io.h"
#include "core/limits.h"
#include "core/wire.h"

enum {
	SEEN_NAMES = 4096, /* files and folders of a session, at most */
	SEEN_BYTES = 4 * 1024 * 1024,
	SEEN_DEPTH = 8,
	SEEN_SETTLED = 2, /* seconds that the times of a file may be coarse */
};

#define SEEN_MAGIC STR("vitrine verified 1")

/* ROOT/verified, and below it a name made from where the session lies. */
static struct str
folder_of(struct arena *a, struct str root)
{
	return arena_printf(a, "%.*s/verified", STR_ARG(root));
}

static struct str
name_of(struct arena *a, struct str path)
{
	struct hash h = hash_of(path);
	struct buf hex = { 0 };
	struct str name;

	buf_hex(&hex, h.at, HASH_BYTES / 2);
	name = arena_copy(a, buf_view(&hex));
	buf_release(&hex);
	return name;
}

static void
write_identity(struct buf *b, const struct io_identity *i)
{
	wire_put_u64(b, i->device);
	wire_put_u64(b, i->number);
	wire_put_u64(b, i->bytes);
	wire_put_u64(b, (uint64_t)i->modified);
	wire_put_u64(b, (uint64_t)i->changed);
	wire_put_u8(b, i->folder);
}

static struct io_identity
read_identity(struct wire *w)
{
	struct io_identity i = { 0 };

	i.device = wire_u64(w);
	i.number = wire_u64(w);
	i.bytes = wire_u64(w);
	i.modified = (int64_t)wire_u64(w);
	i.changed = (int64_t)wire_u64(w);
	i.folder = wire_u8(w) == 1;
	return i;
}

static bool
is_same(const struct io_identity *a, const struct io_identity *b)
{
	return a->device == b->device && a->number == b->number &&
	    a->bytes == b->bytes && a->modified == b->modified &&
	    a->changed == b->changed && a->folder == b->folder;
}

/* ---- keeping ---- */

struct keeping {
	struct arena *a;
	struct str path;
	struct buf names;
	uint32_t n;
	int64_t began;
};

static enum err
keep_one(struct keeping *k, struct str name, struct io_identity *id)
{
	enum err rc = io_identify(id,
	    arena_printf(k->a, "%.*s/%.*s", STR_ARG(k->path), STR_ARG(name))
		.at);

	if (rc != ERR_NONE)
		return rc;
	if (k->n++ == SEEN_NAMES)
		return fail(ERR_LIMIT, "over %d files", SEEN_NAMES);
	if (id->changed / 1000000000 + SEEN_SETTLED > k->began)
		return fail(ERR_ABSENT, "%.*s is too new", STR_ARG(name));
	wire_put_str(&k->names, name);
	write_identity(&k->names, id);
	return ERR_NONE;
}

static enum err
keep_folder(struct keeping *k, struct str folder, int depth)
{
	struct io_names in;
	enum err rc = io_list(&in, k->a,
	    arena_printf(k->a, "%.*s/%.*s", STR_ARG(k->path), STR_ARG(folder))
		.at);

	if (rc == ERR_NONE && depth > SEEN_DEPTH)
		rc = fail(ERR_LIMIT, "too many folders in one another");
	for (size_t i = 0; i < in.len && rc == ERR_NONE; i++) {
		struct io_identity id;
		struct str name =
		    arena_printf(k->a, "%.*s%s%.*s", STR_ARG(folder),
			folder.len > 0 ? "/" : "", STR_ARG(in.at[i]));

		rc = keep_one(k, name, &id);
		if (rc == ERR_NONE && id.folder)
			rc = keep_folder(k, name, depth + 1);
	}
	return rc;
}

static void
write_facts(struct buf *b, const struct session *s)
{
	wire_put_str(b, SEEN_MAGIC);
	wire_put_str(b, s->path);
	wire_put_str(b, str_of(s->manifest_hash));
	buf_add(b, s->signer.id, sizeof s->signer.id);
	buf_add(b, s->signer.key, sizeof s->signer.key);
	wire_put_u32(b, s->manifest.n_releases);
	for (uint32_t i = 0; i < s->manifest.n_releases; i++) {
		wire_put_str(b, s->manifest.releases[i].name);
		wire_put_str(b, s->manifest.releases[i].status);
		wire_put_oid(b, &s->manifest.releases[i].commit);
	}
}

enum err
session_seen_keep(const struct session *s, struct str root, int64_t began)
{
	struct arena a = { 0 };
	struct keeping k = { .a = &a, .path = s->path, .began = began };
	struct io_identity id;
	struct buf b = { 0 };
	int dir = -1;
	enum err rc = keep_one(&k, STR(""), &id);

	if (rc == ERR_NONE)
		rc = keep_folder(&k, STR(""), 0);
	write_facts(&b, s);
	wire_put_u32(&b, k.n);
	buf_str(&b, buf_view(&k.names));
	if (rc == ERR_NONE)
		rc = io_make_folder(&dir, folder_of(&a, root).at);
	if (rc == ERR_NONE) {
		rc = io_replace_at(dir, name_of(&a, s->path).at, buf_view(&b));
		close(dir);
	}
	buf_release(&k.names);
	buf_release(&b);
	arena_release(&a);
	return rc;
}

/* ---- finding ---- */

static enum err
absent(void)
{
	err_clear();
	return fail(ERR_ABSENT, "it has to be verified");
}

static bool
is_trusted(const struct session_trust *t, const struct sign_public *key)
{
	for (uint32_t i = 0; i < t->n; i++)
		if (sign_public_eq(&t->keys[i], key))
			return true;
	return false;
}

static bool
read_facts(struct session *s, struct arena *a, struct wire *w)
{
	struct str magic = wire_str(w, SEEN_MAGIC.len);
	struct str path = wire_str(w, LIMIT_PATH);
	struct str hash = wire_str(w, 2 * HASH_BYTES);
	struct str id = wire_bytes(w, sizeof s->signer.id);
	struct str key = wire_bytes(w, sizeof s->signer.key);
	uint32_t n = wire_u32(w);

	if (w->bad || !str_eq(magic, SEEN_MAGIC) || !str_eq(path, s->path) ||
	    hash.len != 2 * HASH_BYTES || n > LIMIT_RELEASES)
		return false;
	memcpy(s->manifest_hash, hash.at, hash.len);
	memcpy(s->signer.id, id.at, id.len);
	memcpy(s->signer.key, key.at, key.len);
	s->manifest.n_releases = n;
	s->manifest.releases = arena_array(a, n, struct release);
	for (uint32_t i = 0; i < n; i++) {
		struct release *r = &s->manifest.releases[i];

		r->name = arena_copy(a, wire_str(w, LIMIT_REF_NAME));
		r->status = arena_copy(a, wire_str(w, LIMIT_TITLE));
		r->commit = wire_oid(w);
	}
	return !w->bad;
}

static bool
is_unchanged(const struct session *s, struct arena *a, struct wire *w)
{
	uint32_t n = wire_u32(w);

	for (uint32_t i = 0; i < n && !w->bad; i++) {
		struct str name = wire_str(w, LIMIT_PATH);
		struct io_identity was = read_identity(w), is;

		if (w->bad ||
		    io_identify(&is,
			arena_printf(a, "%.*s/%.*s", STR_ARG(s->path),
			    STR_ARG(name))
			    .at) != ERR_NONE ||
		    !is_same(&was, &is))
			return false;
	}
	return wire_done(w) == ERR_NONE;
}

static enum err
read_rules(struct session *s, struct arena *a)
{
	struct buf conf = { 0 };
	enum err rc = io_read(&conf,
	    arena_printf(a, "%.*s/session.conf", STR_ARG(s->path)).at,
	    LIMIT_CONF);

	s->conf = arena_copy(a, buf_view(&conf));
	if (rc == ERR_NONE)
		rc = rules_read(&s->rules, a, "session.conf", s->conf);
	buf_release(&conf);
	return rc;
}

enum err
session_seen_find(struct session *out, struct arena *a, const char *path,
    const struct session_trust *trust, struct str root)
{
	struct session s = { 0 };
	struct buf b = { 0 };
	struct wire w;
	enum err rc = io_real_path(&s.path, a, path);

	if (rc == ERR_NONE)
		rc = io_read(&b,
		    arena_printf(a, "%.*s/%.*s", STR_ARG(folder_of(a, root)),
			STR_ARG(name_of(a, s.path)))
			.at,
		    SEEN_BYTES);
	w = wire_of(buf_view(&b));
	if (rc != ERR_NONE || !read_facts(&s, a, &w) ||
	    !is_trusted(trust, &s.signer) || !is_unchanged(&s, a, &w) ||
	    read_rules(&s, a) != ERR_NONE)
		rc = absent();
	buf_release(&b);
	if (rc != ERR_NONE)
		return rc;
	s.git = arena_printf(a, "%.*s/repo.git", STR_ARG(s.path));
	s.text = arena_printf(a, "%.*s/text", STR_ARG(s.path));
	*out = s;
	return ERR_NONE;
}
