#include "policy/lab_packed.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "core/io.h"
#include "core/limits.h"
#include "core/spawn.h"

static enum err
find_signer(struct lab_packed *out, const char *path,
    const struct session_trust *trust, struct str bytes, struct str signature)
{
	uint8_t id[8];
	uint32_t i = 0;
	enum err rc = sign_key_of(id, signature);

	while (rc == ERR_NONE && i < trust->n &&
	    memcmp(trust->keys[i].id, id, sizeof id) != 0)
		i++;
	if (rc == ERR_NONE && i == trust->n)
		return fail(ERR_DENIED,
		    "%s is signed with a key that is not trusted here", path);
	if (rc == ERR_NONE)
		rc = sign_verify(NULL, &trust->keys[i], bytes, signature);
	if (rc == ERR_NONE) {
		out->signer = trust->keys[i];
		return ERR_NONE;
	}
	err_clear();
	return fail(ERR_DENIED,
	    "%s was changed after it was signed: it is not mounted", path);
}

enum err
lab_packed_check(struct lab_packed *out, const char *path,
    const struct session_trust *trust)
{
	struct lab_packed p = { 0 };
	struct buf signature = { 0 };
	struct arena a = { 0 };
	struct io_map map;
	enum err rc = io_read(&signature,
	    arena_printf(&a, "%s" LAB_PACKED_SIGNATURE, path).at,
	    SIGN_FILE_MAX);

	arena_release(&a);
	if (rc == ERR_ABSENT) {
		err_clear();
		rc = fail(ERR_DENIED,
		    "%s is not signed: %s" LAB_PACKED_SIGNATURE
		    " is missing (vitrine-lab squash -k KEY writes it)",
		    path, path);
	}
	if (rc == ERR_NONE)
		rc = io_map(&map, path, SIZE_MAX / 2);
	if (rc == ERR_NONE) {
		p.bytes = map.bytes.len;
		p.hash = hash_of(map.bytes);
		rc = find_signer(&p, path, trust, map.bytes,
		    buf_view(&signature));
		io_unmap(&map);
	}
	buf_release(&signature);
	if (rc == ERR_NONE)
		*out = p;
	return rc;
}

static enum err
read_pipe(struct buf *out, int fd, size_t max)
{
	enum { PIECE = 64 * 1024 };
	ssize_t n;

	do {
		n = read(fd, buf_grow(out, PIECE), PIECE);
		if (n > 0)
			out->len += (size_t)n;
	} while ((n > 0 && out->len <= max) || (n < 0 && errno == EINTR));
	if (n < 0)
		return fail(ERR_IO, "reading: %s", strerror(errno));
	return out->len > max ?
	    fail(ERR_LIMIT, "over %zu bytes in an image", max) :
	    ERR_NONE;
}

enum err
lab_packed_read(struct buf *out, const char *path, const char *name, size_t max)
{
	static char program[] = "unsquashfs", cat[] = "-cat";
	struct buf what = { 0 }, which = { 0 };
	char *argv[] = { program, cat, NULL, NULL, NULL };
	int pair[2];
	struct spawn_end end;
	pid_t pid;
	enum err rc = spawn_pipe(pair);

	if (rc != ERR_NONE)
		return rc;
	buf_str(&which, str_of(path));
	buf_str(&what, str_of(name));
	argv[2] = which.at;
	argv[3] = what.at;
	const struct spawn_fd fds[] = { { pair[1], 1 } };
	const struct spawn s = { .path = "/usr/bin/unsquashfs",
		.argv = argv,
		.fds = fds,
		.n_fds = 1 };

	rc = spawn_start(&pid, &s);
	close(pair[1]);
	if (rc != ERR_NONE) {
		err_clear();
		rc = fail(ERR_ABSENT,
		    "unsquashfs cannot be started: install squashfs-tools");
	} else {
		buf_clear(out);
		rc = read_pipe(out, pair[0], max);
		if (rc != ERR_NONE)
			spawn_kill(pid, SIGKILL);
		spawn_wait(&end, pid);
		if (rc == ERR_NONE && (end.signal != 0 || end.status != 0))
			rc = fail(ERR_ABSENT, "%s: there is no %s in it", path,
			    name);
	}
	close(pair[0]);
	buf_release(&what);
	buf_release(&which);
	return rc;
}

enum err
lab_packed_session(struct session *out, struct arena *a, const char *path)
{
	struct session s = { .path = arena_copy(a, str_of(path)) };
	struct buf b = { 0 }, hex = { 0 };
	struct hash hash;
	enum err rc = lab_packed_read(&b, path, "session.conf", LIMIT_CONF);

	if (rc == ERR_NONE) {
		s.conf = arena_copy(a, buf_view(&b));
		rc = rules_read(&s.rules, a, "session.conf", s.conf);
	}
	if (rc == ERR_NONE)
		rc = lab_packed_read(&b, path, "manifest", LIMIT_MANIFEST);
	if (rc == ERR_NONE) {
		hash = hash_of(buf_view(&b));
		buf_hex(&hex, hash.at, HASH_BYTES);
		memcpy(s.manifest_hash, hex.at, sizeof s.manifest_hash);
		rc = manifest_read(&s.manifest, a, arena_copy(a, buf_view(&b)));
	}
	if (rc == ERR_NONE)
		*out = s;
	buf_release(&b);
	buf_release(&hex);
	return rc;
}

/* Whether one of two files in it is this person's signature. */
static enum err
has_signed(bool *has, const char *path, const struct sign_public *key,
    const char *const names[2], struct str manifest)
{
	struct buf signature = { 0 };
	enum err rc = ERR_NONE;

	*has = false;
	for (int i = 0; i < 2 && rc == ERR_NONE && !*has; i++) {
		rc = lab_packed_read(&signature, path, names[i], SIGN_FILE_MAX);
		if (rc == ERR_NONE)
			*has = sign_verify(NULL, key, manifest,
				   buf_view(&signature)) == ERR_NONE;
		else if (rc == ERR_ABSENT)
			rc = ERR_NONE;
		if (rc == ERR_NONE)
			err_clear();
	}
	buf_release(&signature);
	return rc;
}

enum err
lab_packed_signatures(struct session *s, struct arena *a, const char *path)
{
	const struct rules *r = &s->rules;
	struct buf manifest = { 0 };
	enum err rc =
	    lab_packed_read(&manifest, path, "manifest", LIMIT_MANIFEST);
	bool has = false;

	s->n_signed_by = s->n_counters = 0;
	s->signed_by = arena_get(a, r->n_signers + 1, sizeof *s->signed_by);
	s->counters = arena_get(a, r->n_auditors + 1, sizeof *s->counters);
	for (uint32_t i = 0; i < r->n_signers && rc == ERR_NONE; i++) {
		const struct rules_person *p = &r->signers[i];
		const char *const names[2] = { "manifest.minisig",
			session_signature_name(p, a).at };

		rc =
		    has_signed(&has, path, &p->key, names, buf_view(&manifest));
		if (rc == ERR_NONE && has)
			s->signed_by[s->n_signed_by++] = p;
	}
	for (uint32_t i = 0; i < r->n_auditors && rc == ERR_NONE; i++) {
		const struct rules_person *p = &r->auditors[i];
		const char *const names[2] = { SESSION_COUNTER,
			session_counter_name(&p->key, a).at };

		if (!p->has_key)
			continue;
		rc =
		    has_signed(&has, path, &p->key, names, buf_view(&manifest));
		if (rc == ERR_NONE && has)
			s->counters[s->n_counters++] = p;
	}
	buf_release(&manifest);
	return rc;
}
