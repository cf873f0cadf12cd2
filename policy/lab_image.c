#include "policy/lab_image.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/io.h"
#include "core/limits.h"
#include "core/spawn.h"
#include "policy/lab_packed.h"

enum err
lab_image_trust(struct session_trust *trust, const struct lab_args *args)
{
	enum err rc;

	if (args->option['p'] != NULL)
		return session_trust_file(trust, args->option['p']);
	rc = session_trust_default(trust, NULL);
	if (rc == ERR_NONE && trust->n == 0)
		rc = fail(ERR_DENIED,
		    "no key is trusted here: say -p KEY.pub, the public key "
		    "of who signed the session, or put it into "
		    "/etc/vitrine/trusted");
	return rc;
}

void
lab_image_name(struct buf *b, struct str name)
{
	for (size_t i = 0; i < name.len; i++) {
		unsigned char c = (unsigned char)name.at[i];

		if (c < 0x20 || c >= 0x7f)
			buf_printf(b, "<%02X>", c);
		else
			buf_char(b, (char)c);
	}
}

static struct str
without_slash(const char *path)
{
	struct str s = str_of(path);

	while (s.len > 1 && str_ends(s, STR("/")))
		s.len--;
	return s;
}

/* The manifest as it was at the last verification, beside the session. */

static enum err
say_change(const char *what, struct str path, uint64_t *n)
{
	struct buf b = { 0 };
	enum err rc;

	++*n;
	buf_printf(&b, "since last time %s: ", what);
	lab_image_name(&b, path);
	buf_char(&b, '\n');
	rc = lab_put(buf_view(&b));
	buf_release(&b);
	return rc;
}

static enum err
compare_files(const struct manifest *old, const struct manifest *new,
    uint64_t *n)
{
	enum err rc = ERR_NONE;
	uint32_t i = 0, k = 0;

	while (rc == ERR_NONE && (i < old->n_files || k < new->n_files)) {
		int order = i == old->n_files ?
		    1 :
		    k == new->n_files ?
		    -1 :
		    str_cmp(old->files[i].path, new->files[k].path);

		if (order < 0)
			rc = say_change("gone", old->files[i].path, n);
		else if (order > 0)
			rc = say_change("new", new->files[k].path, n);
		else if (!hash_eq(&old->files[i].hash, &new->files[k].hash))
			rc = say_change("changed", new->files[k].path, n);
		i += order <= 0;
		k += order >= 0;
	}
	return rc;
}

/* Behind the manifest: who had signed it, a line each. */
#define SIGNED STR("vitrine-signed 1\n")

static void
write_signed(const struct session *s, struct arena *a, struct buf *b)
{
	buf_str(b, SIGNED);
	buf_printf(b, "signed with %.*s\n",
	    STR_ARG(sign_id_text(&s->signer, a)));
	for (uint32_t i = 0; i < s->n_signed_by; i++)
		buf_printf(b, "signed by %.*s\n",
		    STR_ARG(s->signed_by[i]->name));
	for (uint32_t i = 0; i < s->n_counters; i++)
		buf_printf(b, "counter-signed by %.*s\n",
		    STR_ARG(s->counters[i]->name));
}

/* Where that begins, at the beginning of a line; SIZE_MAX: nowhere. */
static size_t
find_signed(struct str kept)
{
	size_t at = str_find(kept, STR("\nvitrine-signed 1\n"), 0);

	return at == SIZE_MAX ? at : at + 1;
}

static bool
has_line(struct str text, struct str line)
{
	struct str one;

	while (str_cut(&text, '\n', &one))
		if (str_eq(one, line))
			return true;
	return false;
}

/* The lines of one that the other has not. */
static enum err
say_lines(const char *what, struct str in, struct str not_in, uint64_t *n)
{
	struct str line;
	enum err rc = ERR_NONE;

	while (rc == ERR_NONE && str_cut(&in, '\n', &line))
		if (!has_line(not_in, line))
			rc = say_change(what, line, n);
	return rc;
}

/* What was kept the last time, of the text that is kept now. */
static enum err
compare_kept(const struct manifest *m, struct arena *a, struct str was,
    struct str is)
{
	struct manifest old;
	struct str was_signed = STR(""), is_signed = STR("");
	size_t at = find_signed(was), now = find_signed(is);
	bool other;
	uint64_t n = 0;
	enum err rc;

	if (str_eq(was, is))
		return lab_say("nothing changed since last time\n");
	if (at != SIZE_MAX) {
		was_signed = str_slice(was, at, was.len);
		is_signed = str_slice(is, now, is.len);
		was = str_slice(was, 0, at);
	}
	is = str_slice(is, 0, now);
	other = !str_eq(was, is);
	rc = manifest_read(&old, a, was);
	if (rc == ERR_NONE)
		rc = compare_files(&old, m, &n);
	if (rc == ERR_NONE && n == 0 && other)
		rc = lab_say("since last time: made again, other releases or "
			     "names\n");
	if (rc == ERR_NONE)
		rc = say_lines("gone", was_signed, is_signed, &n);
	if (rc == ERR_NONE)
		rc = say_lines("new", is_signed, was_signed, &n);
	/* Kept by an earlier version, which did not know of signatures. */
	if (rc == ERR_NONE && n == 0 && !other)
		rc = lab_say("nothing changed since last time\n");
	return rc;
}

static enum err
since_last_time(const struct session *s, struct arena *a, const char *path)
{
	struct str base = without_slash(path);
	struct buf before = { 0 }, now = { 0 };
	const char *name;
	int dir;
	enum err rc = lab_split(&dir, &name, a,
	    arena_printf(a, "%.*s.verified", STR_ARG(base)).at);

	if (rc != ERR_NONE)
		return rc;
	rc = io_read_at(&before, dir, name, LIMIT_MANIFEST);
	manifest_write(&s->manifest, &now);
	write_signed(s, a, &now);
	if (rc == ERR_ABSENT) {
		err_clear();
		rc = lab_say("verified for the first time here\n");
	} else if (rc == ERR_NONE) {
		rc = compare_kept(&s->manifest, a, buf_view(&before),
		    buf_view(&now));
	}
	if (rc == ERR_NONE &&
	    io_replace_at(dir, name, buf_view(&now)) != ERR_NONE) {
		rc = lab_say("note: %s; the next time cannot tell what "
			     "changed\n",
		    err_text());
		err_clear();
	}
	close(dir);
	buf_release(&before);
	buf_release(&now);
	return rc;
}

static enum err
say_counter(const struct session *s, struct arena *a)
{
	enum err rc = ERR_NONE;

	if (s->n_counters == 0)
		return lab_say("not counter-signed by the auditors' side\n");
	for (uint32_t i = 0; i < s->n_counters && rc == ERR_NONE; i++)
		rc = lab_say("counter-signed by %.*s (%.*s)\n",
		    STR_ARG(s->counters[i]->name),
		    STR_ARG(sign_id_text(&s->counters[i]->key, a)));
	return rc;
}

/* Those whom the rules want to sign, and whether they are enough. */
static enum err
say_signers(const struct session *s, bool *no)
{
	enum err rc = ERR_NONE;

	for (uint32_t i = 0; rc == ERR_NONE && i < s->n_signed_by; i++)
		rc = lab_say("signed by %.*s%s%.*s%s\n",
		    STR_ARG(s->signed_by[i]->name),
		    s->signed_by[i]->role.len > 0 ? " (" : "",
		    STR_ARG(s->signed_by[i]->role),
		    s->signed_by[i]->role.len > 0 ? ")" : "");
	if (rc == ERR_NONE && session_may_open(s) != ERR_NONE) {
		*no = true;
		rc = lab_say("%s\n", err_text());
		err_clear();
	}
	return rc;
}

/* One file: what is in it is verified when it is mounted. */
static enum err
verify_packed(const struct session_trust *trust, struct arena *a,
    const char *path)
{
	struct lab_packed p;
	struct buf hex = { 0 };
	enum err rc = lab_packed_check(&p, path, trust);

	if (rc != ERR_NONE)
		return rc;
	buf_hex(&hex, p.hash.at, HASH_BYTES);
	rc = lab_say("%s: %llu bytes as they were signed\n"
		     "SHA-256 %s\nsigned with the key %.*s\n",
	    path, (unsigned long long)p.bytes, hex.at,
	    STR_ARG(sign_id_text(&p.signer, a)));
	buf_release(&hex);
	return rc;
}

static enum err
verify(const struct lab_args *args)
{
	struct session_trust trust = { 0 };
	struct arena a = { 0 };
	struct session s;
	enum err rc = lab_image_trust(&trust, args);

	if (rc == ERR_NONE && io_is_file(args->rest[0])) {
		rc = verify_packed(&trust, &a, args->rest[0]);
		arena_release(&a);
		return rc;
	}
	if (rc == ERR_NONE)
		rc = session_verify(&s, &a, args->rest[0], &trust, NULL, NULL);
	if (rc == ERR_NONE)
		rc = lab_say("session %.*s: %u files as they were signed\n"
			     "manifest SHA256 %s\nsigned with the key %.*s\n",
		    STR_ARG(s.rules.session), s.manifest.n_files,
		    s.manifest_hash, STR_ARG(sign_id_text(&s.signer, &a)));
	if (rc == ERR_NONE)
		rc = say_counter(&s, &a);
	if (rc == ERR_NONE)
		rc = say_signers(&s, args->no);
	if (rc == ERR_NONE)
		rc = since_last_time(&s, &a, args->rest[0]);
	arena_release(&a);
	return rc;
}

const struct lab_command lab_image_verify = {
	.name = "verify",
	.letters = "p:",
	.least = 1,
	.most = 1,
	.usage = "[-p KEY.pub] SESSION",
	.help = "check the signatures and every file of a session, and say "
		"what changed\n\tsince the last time (kept in "
		"SESSION.verified); of a session in one file\n\tits "
		"FILE.minisig, as a station does before it mounts it",
	.run = verify,
};

static enum err
countersign(const struct lab_args *args)
{
	struct session_trust trust = { 0 };
	struct sign_secret *signer = NULL;
	struct buf text = { 0 }, signature = { 0 };
	struct arena a = { 0 };
	struct session s;
	const char *name = SESSION_COUNTER;
	int dir = -1;
	enum err rc;

	if (args->option['k'] == NULL)
		return fail(ERR_DENIED,
		    "countersign needs -k KEY, of an "
		    "auditor that the rules name");
	rc = lab_image_trust(&trust, args);
	if (rc == ERR_NONE)
		rc = session_verify(&s, &a, args->rest[0], &trust, NULL, NULL);
	if (rc == ERR_NONE)
		rc = lab_key_read(&signer, args->option['k'], args);
	if (rc == ERR_NONE) {
		struct sign_public p = sign_public_of(signer);

		manifest_write(&s.manifest, &text);
		rc = session_may_counter(&s, &p);
		/* The first has the plain name. */
		if (s.n_counters > 0)
			name = session_counter_name(&p, &a).at;
		for (uint32_t i = 0; i < s.n_counters && rc == ERR_NONE; i++)
			if (sign_public_eq(&s.counters[i]->key, &p))
				rc = fail(ERR_DENIED,
				    "%.*s has counter-signed it already",
				    STR_ARG(s.counters[i]->name));
	}
	if (rc == ERR_NONE)
		rc = sign_bytes(&signature, signer, buf_view(&text),
		    arena_printf(&a, "vitrine session %.*s, read and agreed to",
			STR_ARG(s.rules.session)));
	if (rc == ERR_NONE)
		rc = io_open_folder(&dir, args->rest[0]);
	if (rc == ERR_NONE)
		rc = io_create_at(dir, name, buf_view(&signature));
	if (rc == ERR_NONE)
		rc = lab_say("counter-signed: %s/%s\n", args->rest[0], name);
	if (dir >= 0)
		close(dir);
	sign_close(signer);
	buf_release(&text);
	buf_release(&signature);
	arena_release(&a);
	return rc;
}

const struct lab_command lab_image_countersign = {
	.name = "countersign",
	.letters = "k:p:P:",
	.least = 1,
	.most = 1,
	.usage = "-k KEY [-P passphrase-file] [-p LAB.pub] SESSION",
	.help = "the auditors' side agrees to what the lab signed: a second "
		"signature\n\tover the manifest, by a key that the rules give "
		"an auditor",
	.run = countersign,
};

/* One file for the station to mount. */

static enum err
run_mksquashfs(const char *from, const char *to)
{
	static char words[][24] = { "mksquashfs", "-noappend", "-no-xattrs",
		"-all-root", "-mkfs-time", "0", "-all-time", "0", "-comp",
		"zstd", "-Xcompression-level", "3", "-no-progress", "-quiet",
		/* A mount shows files with the modes they have. */
		"-action", "chmod(a+rX)@true" };
	enum { WORDS = sizeof words / sizeof *words };
	char *argv[WORDS + 3];
	struct arena a = { 0 };
	struct str paths[2] = { arena_copy(&a, str_of(from)),
		arena_copy(&a, str_of(to)) };
	struct buf copy[2] = { { 0 } };
	const struct spawn_fd fds[] = { { STDERR_FILENO, 2 } };
	const struct spawn s = { .path = "/usr/bin/mksquashfs",
		.argv = argv,
		.fds = fds,
		.n_fds = 1 };
	struct spawn_end end;
	pid_t pid;
	enum err rc;

	for (int i = 0; i < 2; i++)
		buf_str(&copy[i], paths[i]);
	argv[0] = words[0];
	argv[1] = copy[0].at;
	argv[2] = copy[1].at;
	for (int i = 1; i < WORDS; i++)
		argv[i + 2] = words[i];
	argv[WORDS + 2] = NULL;
	rc = spawn_start(&pid, &s);
	if (rc != ERR_NONE) {
		err_clear();
		rc = fail(ERR_ABSENT,
		    "mksquashfs cannot be started: install squashfs-tools");
	} else {
		spawn_wait(&end, pid);
		if (end.signal != 0 || end.status != 0)
			rc = fail(ERR_IO, "mksquashfs could not make %s", to);
	}
	for (int i = 0; i < 2; i++)
		buf_release(&copy[i]);
	arena_release(&a);
	return rc;
}

/* Who mounts it has its hash, and its signature, before the kernel looks. */
static enum err
sign_file(const char *path, const struct sign_secret *signer, struct arena *a,
    struct str session)
{
	struct buf signature = { 0 }, hex = { 0 };
	struct io_map map;
	struct hash hash;
	const char *name;
	int dir = -1;
	enum err rc = io_map(&map, path, SIZE_MAX / 2);

	if (rc != ERR_NONE)
		return rc;
	hash = hash_of(map.bytes);
	buf_hex(&hex, hash.at, HASH_BYTES);
	if (signer != NULL) {
		rc = sign_bytes(&signature, signer, map.bytes,
		    arena_printf(a, "vitrine session %.*s, image",
			STR_ARG(session)));
		if (rc == ERR_NONE)
			rc = lab_split(&dir, &name, a,
			    arena_printf(a, "%s.minisig", path).at);
		if (rc == ERR_NONE)
			rc = io_replace_at(dir, name, buf_view(&signature));
	}
	if (rc == ERR_NONE)
		rc = lab_say("%s: %zu bytes\nSHA-256 %s\n", path, map.bytes.len,
		    hex.at);
	if (dir >= 0)
		close(dir);
	io_unmap(&map);
	buf_release(&signature);
	buf_release(&hex);
	return rc;
}

static enum err
squash(const struct lab_args *args)
{
	const char *to = args->option['o'];
	struct session_trust trust = { 0 };
	struct sign_secret *signer = NULL;
	struct arena a = { 0 };
	struct session s;
	enum err rc;

	if (to == NULL)
		return fail(ERR_DENIED, "squash needs -o FILE");
	if (io_is_file(to) || io_is_folder(to))
		return fail(ERR_DENIED, "%s: is there already", to);
	rc = lab_image_trust(&trust, args);
	if (rc == ERR_NONE)
		rc = session_verify(&s, &a, args->rest[0], &trust, NULL, NULL);
	if (rc == ERR_NONE && args->option['k'] != NULL)
		rc = lab_key_read(&signer, args->option['k'], args);
	umask(077); /* it holds the source */
	if (rc == ERR_NONE)
		rc = run_mksquashfs(s.path.at, to);
	if (rc == ERR_NONE)
		rc = sign_file(to, signer, &a, s.rules.session);
	sign_close(signer);
	arena_release(&a);
	return rc;
}

const struct lab_command lab_image_squash = {
	.name = "squash",
	.letters = "o:k:p:P:",
	.least = 1,
	.most = 1,
	.usage = "-o FILE [-k KEY [-P passphrase-file]] [-p LAB.pub] SESSION",
	.help = "a verified session as one squashfs file for the station to "
		"mount; with -k\n\talso FILE.minisig, to be checked before it "
		"is mounted",
	.run = squash,
};
