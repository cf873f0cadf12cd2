#include "policy/session.h"

#include "core/io.h"
#include "core/limits.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_MAX_BITS = 48 };

enum err
session_trust_file(struct session_trust *t, const char *path)
{
	struct buf b = { 0 };
	enum err rc = io_read(&b, path, SIGN_FILE_MAX);

	if (rc == ERR_NONE && t->n == sizeof t->keys / sizeof *t->keys)
		rc = fail(ERR_LIMIT, "%s: over %u trusted keys", path, t->n);
	if (rc == ERR_NONE) {
		rc = sign_public_read(&t->keys[t->n], buf_view(&b));
		if (rc == ERR_NONE)
			t->n++;
		else {
			err_clear();
			rc = fail(rc, "%s: not a minisign public key", path);
		}
	}
	buf_release(&b);
	return rc;
}

enum err
session_trust_folder(struct session_trust *t, const char *path)
{
	struct arena a = { 0 };
	struct io_names names = { 0 };
	enum err rc = ERR_NONE;

	if (io_is_folder(path))
		rc = io_list(&names, &a, path);
	for (size_t i = 0; i < names.len && rc == ERR_NONE; i++)
		if (str_ends(names.at[i], STR(".pub")))
			rc = session_trust_file(t,
			    arena_printf(&a, "%s/%s", path, names.at[i].at).at);
	arena_release(&a);
	return rc;
}

enum err
session_trust_default(struct session_trust *t, const char *data_root)
{
	struct arena a = { 0 };
	enum err rc = session_trust_folder(t, "/etc/vitrine/trusted");

	if (rc == ERR_NONE && data_root != NULL && *data_root != '\0')
		rc = session_trust_folder(t,
		    arena_printf(&a, "%s/trusted", data_root).at);
	arena_release(&a);
	return rc;
}

bool
session_is(const char *path)
{
	struct arena a = { 0 };
	int n = io_is_file(arena_printf(&a, "%s/manifest", path).at) +
	    io_is_file(arena_printf(&a, "%s/manifest.minisig", path).at) +
	    io_is_file(arena_printf(&a, "%s/session.conf", path).at);

	arena_release(&a);
	return n >= 2; /* what is missing is named when it is verified */
}

struct check {
	struct session *s;
	struct arena *a;
	const struct session_trust *trust;
	uint64_t done, of;
	void (*progress)(void *arg, uint64_t done, uint64_t of);
	void *arg;
};

static const char *
below(struct check *c, const char *name)
{
	return arena_printf(c->a, "%.*s/%s", STR_ARG(c->s->path), name).at;
}

/* The key of the list that made this signature, whose word then counts. */
static enum err
check_signature(struct check *c, struct str manifest)
{
	struct buf signature = { 0 };
	uint8_t id[8];
	uint32_t i = 0;
	enum err rc;

	if (c->trust->n == 0)
		return fail(ERR_DENIED,
		    "no key is trusted to sign sessions: "
		    "put the lab's .pub file into /etc/vitrine/trusted, or "
		    "into trusted/ where the notes are kept");
	rc = io_read(&signature, below(c, "manifest.minisig"), SIGN_FILE_MAX);
	if (rc == ERR_ABSENT) {
		err_clear();
		rc = fail(ERR_DENIED,
		    "the session is not signed: "
		    "manifest.minisig is missing");
	}
	if (rc == ERR_NONE)
		rc = sign_key_of(id, buf_view(&signature));
	if (rc == ERR_FORMAT) {
		err_clear();
		rc = fail(ERR_DENIED,
		    "manifest.minisig is damaged: the session "
		    "was changed");
	}
	while (rc == ERR_NONE && i < c->trust->n &&
	    memcmp(c->trust->keys[i].id, id, sizeof id) != 0)
		i++;
	if (rc == ERR_NONE && i == c->trust->n)
		rc = fail(ERR_DENIED,
		    "the session is signed with a key that "
		    "is not trusted (%02X%02X%02X%02X%02X%02X%02X%02X)",
		    id[7], id[6], id[5], id[4], id[3], id[2], id[1], id[0]);
	if (rc == ERR_NONE) {
		rc = sign_verify(NULL, &c->trust->keys[i], manifest,
		    buf_view(&signature));
		if (rc != ERR_NONE) {
			err_clear();
			rc = fail(ERR_DENIED,
			    "the signature of the manifest "
			    "does not fit: the session was changed");
		}
	}
	if (rc == ERR_NONE)
		c->s->signer = c->trust->keys[i];
	buf_release(&signature);
	return rc;
}

static enum err
check_file(struct check *c, const struct manifest_file *f)
{
	enum { PIECE = 4 * 1024 * 1024 };
	struct hash_run run;
	struct io_map map;
	struct hash hash;
	enum err rc =
	    io_map(&map, below(c, f->path.at), (size_t)1 << FILE_MAX_BITS);

	if (rc == ERR_ABSENT) {
		err_clear();
		return fail(ERR_DENIED, "%s is missing from the session",
		    f->path.at);
	}
	if (rc != ERR_NONE)
		return rc;
	hash_start(&run);
	for (size_t at = 0; at < map.bytes.len; at += PIECE) {
		struct str piece = str_slice(map.bytes, at, PIECE);

		hash_add(&run, piece);
		c->done += piece.len;
		if (c->progress != NULL)
			c->progress(c->arg, c->done, c->of);
	}
	hash = hash_finish(&run);
	if (map.bytes.len != f->bytes || !hash_eq(&hash, &f->hash))
		rc = fail(ERR_DENIED,
		    "%s was changed after the session was "
		    "signed",
		    f->path.at);
	io_unmap(&map);
	return rc;
}

static int
compare_path(const void *a, const void *b)
{
	return str_cmp(((const struct manifest_file *)a)->path,
	    ((const struct manifest_file *)b)->path);
}

static bool
is_named(struct check *c, struct str path)
{
	struct manifest_file key = { .path = path };

	for (uint32_t i = 0; i < c->s->rules.n_signers; i++)
		if (str_eq(path,
			session_signature_name(&c->s->rules.signers[i], c->a)))
			return true;
	for (uint32_t i = 0; i < c->s->rules.n_auditors; i++)
		if (c->s->rules.auditors[i].has_key &&
		    str_eq(path,
			session_counter_name(&c->s->rules.auditors[i].key,
			    c->a)))
			return true;
	return str_eq(path, STR("manifest")) ||
	    str_eq(path, STR("manifest.minisig")) ||
	    str_eq(path, STR(SESSION_COUNTER)) ||
	    bsearch(&key, c->s->manifest.files, c->s->manifest.n_files,
		sizeof key, compare_path) != NULL;
}

/* A link would lead to what can be exchanged after it was looked at. */
static bool
is_link(struct check *c, struct str path)
{
	struct str real;

	if (io_real_path(&real, c->a, below(c, path.at)) != ERR_NONE) {
		err_clear();
		return true;
	}
	return !str_eq(real, str_of(below(c, path.at)));
}

/* Nothing may lie in the folder that nobody signed. */
static enum err
check_extra(struct check *c, struct str folder, int depth)
{
	struct io_names names;
	enum err rc = io_list(&names, c->a, below(c, folder.at));

	if (rc == ERR_NONE && depth > 8)
		rc = fail(ERR_DENIED, "%s: not a folder of a session",
		    folder.at);
	for (size_t i = 0; i < names.len && rc == ERR_NONE; i++) {
		struct str path = folder.len == 0 ?
		    names.at[i] :
		    arena_printf(c->a, "%s/%s", folder.at, names.at[i].at);

		if (is_link(c, path))
			rc = fail(ERR_DENIED,
			    "%s does not belong to the "
			    "session: it is a link",
			    path.at);
		else if (io_is_folder(below(c, path.at)) && !is_named(c, path))
			rc = check_extra(c, path, depth + 1);
		else if (str_eq(path, STR("begun")))
			rc = fail(ERR_DENIED,
			    "the session was not made to its end: give "
			    "vitrine-lab provision the same again");
		else if (!is_named(c, path))
			rc = fail(ERR_DENIED,
			    "%s does not belong to the "
			    "session",
			    path.at);
	}
	return rc;
}

/* Plain names in at most three folders, in order, none twice. */
static enum err
check_names(const struct manifest *m)
{
	bool conf = false;

	for (uint32_t i = 0; i < m->n_files; i++) {
		struct str rest = m->files[i].path, part;

		if (memchr(rest.at, '\0', rest.len) != NULL ||
		    (i > 0 &&
			compare_path(&m->files[i - 1], &m->files[i]) >= 0))
			return fail(ERR_FORMAT, "the manifest is out of order");
		conf = conf || str_eq(rest, STR("session.conf"));
		while (str_cut(&rest, '/', &part))
			if (part.len == 0 || part.at[0] == '.')
				return fail(ERR_FORMAT,
				    "the manifest names a "
				    "file that cannot be");
	}
	return conf ?
	    ERR_NONE :
	    fail(ERR_FORMAT, "the manifest does not name session.conf");
}

/* The manifest must be about the session that its rules describe. */
static enum err
check_agreement(const struct session *s)
{
	const struct manifest *m = &s->manifest;

	if (!str_eq(m->session, s->rules.session))
		return fail(ERR_DENIED,
		    "session.conf is of session %.*s, the "
		    "manifest of %.*s",
		    STR_ARG(s->rules.session), STR_ARG(m->session));
	if (m->n_releases != s->rules.n_releases)
		return fail(ERR_DENIED,
		    "session.conf and the manifest name "
		    "different releases");
	for (uint32_t i = 0; i < m->n_releases; i++)
		if (!str_eq(m->releases[i].name, s->rules.releases[i].name) ||
		    !str_eq(m->releases[i].status, s->rules.releases[i].status))
			return fail(ERR_DENIED,
			    "session.conf and the manifest "
			    "disagree on release %.*s",
			    STR_ARG(m->releases[i].name));
	return ERR_NONE;
}

static enum err
read_conf(struct check *c)
{
	struct buf conf = { 0 };
	struct manifest_file key = { .path = STR("session.conf") };
	const struct manifest_file *signed_as =
	    bsearch(&key, c->s->manifest.files, c->s->manifest.n_files,
		sizeof key, compare_path);
	enum err rc = io_read(&conf, below(c, "session.conf"), LIMIT_CONF);
	struct hash hash = hash_of(buf_view(&conf));

	/* These very bytes, not those that were read a moment before. */
	if (rc == ERR_NONE && !hash_eq(&hash, &signed_as->hash))
		rc = fail(ERR_DENIED,
		    "session.conf was changed after the "
		    "session was signed");
	if (rc == ERR_NONE) {
		c->s->conf = arena_copy(c->a, buf_view(&conf));
		rc = rules_read(&c->s->rules, c->a, "session.conf", c->s->conf);
	}
	buf_release(&conf);
	return rc;
}

static enum err
read_manifest(struct check *c)
{
	struct buf text = { 0 };
	struct hash hash;
	enum err rc = io_read(&text, below(c, "manifest"), LIMIT_MANIFEST);

	if (rc == ERR_ABSENT) {
		err_clear();
		rc = fail(ERR_DENIED, "manifest is missing from the session");
	}
	if (rc == ERR_NONE)
		rc = check_signature(c, buf_view(&text));
	if (rc == ERR_NONE)
		rc = manifest_read(&c->s->manifest, c->a, buf_view(&text));
	if (rc == ERR_NONE)
		rc = check_names(&c->s->manifest);
	if (rc == ERR_NONE) {
		struct buf hex = { 0 };

		hash = hash_of(buf_view(&text));
		buf_hex(&hex, hash.at, HASH_BYTES);
		memcpy(c->s->manifest_hash, hex.at, 2 * HASH_BYTES + 1);
		buf_release(&hex);
	}
	buf_release(&text);
	return rc;
}

struct str
session_signature_name(const struct rules_person *p, struct arena *a)
{
	return arena_printf(a, "manifest.%.*s.minisig",
	    STR_ARG(sign_id_text(&p->key, a)));
}

/* A signer's own file, or the first signature when it is theirs.  A file that
 * does not fit is an attempt at something, not a signature that is missing. */
static enum err
check_signer(struct check *c, const struct rules_person *p, struct str manifest,
    bool *has)
{
	const char *names[2] = { session_signature_name(p, c->a).at,
		"manifest.minisig" };
	struct buf signature = { 0 };
	enum err rc = ERR_NONE;

	*has = false;
	for (int i = 0; i < 2 && rc == ERR_NONE && !*has; i++) {
		rc = io_read(&signature, below(c, names[i]), SIGN_FILE_MAX);
		if (rc == ERR_ABSENT) {
			err_clear();
			rc = ERR_NONE;
			continue;
		}
		if (rc == ERR_NONE)
			*has = sign_verify(NULL, &p->key, manifest,
				   buf_view(&signature)) == ERR_NONE;
		err_clear();
		if (!*has && i == 0)
			rc = fail(ERR_DENIED,
			    "%s does not fit: it is no signature of %.*s over "
			    "this session",
			    names[i], STR_ARG(p->name));
	}
	buf_release(&signature);
	return rc;
}

static enum err
check_signers(struct check *c)
{
	struct session *s = c->s;
	struct buf manifest = { 0 };
	enum err rc = io_read(&manifest, below(c, "manifest"), LIMIT_MANIFEST);

	s->signed_by =
	    arena_get(c->a, s->rules.n_signers + 1, sizeof *s->signed_by);
	for (uint32_t i = 0; i < s->rules.n_signers && rc == ERR_NONE; i++) {
		bool has;

		rc = check_signer(c, &s->rules.signers[i], buf_view(&manifest),
		    &has);
		if (rc == ERR_NONE && has)
			s->signed_by[s->n_signed_by++] = &s->rules.signers[i];
	}
	buf_release(&manifest);
	return rc;
}

/* By everybody without whom the rules open nothing. */
static enum err
has_counters(const struct session *s)
{
	const struct rules *r = &s->rules;

	for (uint32_t i = 0; i < r->n_signing_counter; i++) {
		uint32_t k = 0;

		while (k < s->n_counters &&
		    !str_eq(s->counters[k]->name, r->signing_counter[i]))
			k++;
		if (k == s->n_counters)
			return fail(ERR_DENIED,
			    "session %.*s waits for the counter-signature of "
			    "%.*s: vitrine-lab countersign makes it",
			    STR_ARG(r->session),
			    STR_ARG(r->signing_counter[i]));
	}
	return ERR_NONE;
}

enum err
session_may_open(const struct session *s)
{
	const struct rules *r = &s->rules;
	struct buf who = { 0 };
	struct str lacks = STR("");
	enum err rc = ERR_NONE;

	for (uint32_t i = 0; i < s->n_signed_by; i++)
		buf_printf(&who, "%s%.*s", i == 0 ? "" : ", ",
		    STR_ARG(s->signed_by[i]->name));
	for (uint32_t i = 0; i < r->n_signing_roles; i++) {
		uint32_t k = 0;

		while (k < s->n_signed_by &&
		    !str_eq(s->signed_by[k]->role, r->signing_roles[i]))
			k++;
		if (k == s->n_signed_by && lacks.len == 0)
			lacks = r->signing_roles[i];
	}
	if (s->n_signed_by < r->signing_need || lacks.len > 0)
		rc = fail(ERR_DENIED,
		    "session %.*s needs %u signatures%s%.*s, and was signed "
		    "by %s: vitrine-lab sign adds one",
		    STR_ARG(r->session), r->signing_need,
		    lacks.len > 0 ? ", one of " : "", STR_ARG(lacks),
		    who.len > 0 ? who.at : "none of the signers");
	buf_release(&who);
	return rc == ERR_NONE ? has_counters(s) : rc;
}

enum err
session_may_counter(const struct session *s, const struct sign_public *key)
{
	for (uint32_t i = 0; i < s->rules.n_auditors; i++)
		if (s->rules.auditors[i].has_key &&
		    sign_public_eq(&s->rules.auditors[i].key, key))
			return ERR_NONE;
	return fail(ERR_DENIED, "this key is no auditor's of the session");
}

struct str
session_counter_name(const struct sign_public *key, struct arena *a)
{
	return arena_printf(a, "manifest.counter.%.*s.minisig",
	    STR_ARG(sign_id_text(key, a)));
}

/* Of this auditor, in this file; one that is there must be right. */
static enum err
check_counter(struct check *c, const struct rules_person *p, const char *name,
    struct str manifest, bool *has)
{
	struct buf signature = { 0 };
	uint8_t id[8];
	enum err rc = io_read(&signature, below(c, name), SIGN_FILE_MAX);

	if (rc == ERR_NONE) {
		rc = sign_key_of(id, buf_view(&signature));
		/* The plain name is whose ever it is. */
		if (rc == ERR_NONE &&
		    (memcmp(p->key.id, id, sizeof id) == 0 ||
			strcmp(name, SESSION_COUNTER) != 0)) {
			rc = sign_verify(NULL, &p->key, manifest,
			    buf_view(&signature));
			*has = rc == ERR_NONE;
		}
	}
	if (rc == ERR_ABSENT) {
		err_clear();
		rc = ERR_NONE;
	}
	buf_release(&signature);
	if (rc == ERR_NONE)
		return ERR_NONE;
	err_clear();
	return fail(ERR_DENIED,
	    "%s is no signature of an auditor of this session over this "
	    "manifest",
	    name);
}

static enum err
check_counters(struct check *c)
{
	struct session *s = c->s;
	const struct rules *r = &s->rules;
	struct buf manifest = { 0 };
	bool first = false; /* whose the file without a number is */
	enum err rc = ERR_NONE;

	manifest_write(&s->manifest, &manifest);
	s->counters = arena_get(c->a, r->n_auditors + 1, sizeof *s->counters);
	for (uint32_t i = 0; i < r->n_auditors && rc == ERR_NONE; i++) {
		const struct rules_person *p = &r->auditors[i];
		bool has = false, own = false;

		if (!p->has_key)
			continue;
		rc = check_counter(c, p, SESSION_COUNTER, buf_view(&manifest),
		    &has);
		first = first || has;
		if (rc == ERR_NONE)
			rc = check_counter(c, p,
			    session_counter_name(&p->key, c->a).at,
			    buf_view(&manifest), &own);
		if (rc == ERR_NONE && (has || own))
			s->counters[s->n_counters++] = p;
	}
	if (rc == ERR_NONE && !first && io_is_file(below(c, SESSION_COUNTER)))
		rc = fail(ERR_DENIED,
		    SESSION_COUNTER " is no signature of an auditor of this "
				    "session over this manifest");
	buf_release(&manifest);
	return rc;
}

enum err
session_verify(struct session *out, struct arena *a, const char *path,
    const struct session_trust *trust,
    void (*progress)(void *arg, uint64_t done, uint64_t of), void *arg)
{
	struct session s = { 0 };
	struct check c = { .s = &s,
		.a = a,
		.trust = trust,
		.progress = progress,
		.arg = arg };
	enum err rc = io_real_path(&s.path, a, path);

	if (rc == ERR_NONE)
		rc = read_manifest(&c);
	for (uint32_t i = 0; rc == ERR_NONE && i < s.manifest.n_files; i++)
		c.of += s.manifest.files[i].bytes;
	for (uint32_t i = 0; rc == ERR_NONE && i < s.manifest.n_files; i++)
		rc = check_file(&c, &s.manifest.files[i]);
	if (rc == ERR_NONE)
		rc = read_conf(&c);
	if (rc == ERR_NONE)
		rc = check_extra(&c, STR(""), 0);
	if (rc == ERR_NONE)
		rc = check_signers(&c);
	if (rc == ERR_NONE)
		rc = check_agreement(&s);
	if (rc == ERR_NONE)
		rc = check_counters(&c);
	if (rc != ERR_NONE)
		return rc;
	s.git = arena_printf(a, "%.*s/repo.git", STR_ARG(s.path));
	s.text = arena_printf(a, "%.*s/text", STR_ARG(s.path));
	*out = s;
	return ERR_NONE;
}

void
session_start(const struct session *s, struct start *out)
{
	out->session = true;
	out->title = s->rules.title;
	out->git = s->git;
	out->text = s->text;
	out->welcome = s->rules.welcome;
	out->rules = s->conf;
	out->seen_line = (uint16_t)s->rules.seen.line_ms;
	out->seen_least = (uint16_t)s->rules.seen.least_ms;
	out->manifest = str_of(s->manifest_hash);
	out->releases = s->manifest.releases;
	out->n_releases = s->manifest.n_releases;
}
