#include "policy/lab_image.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/io.h"
#include "core/limits.h"
#include "core/spawn.h"
#include "policy/lab_packed.h"
#include "policy/lab_seen.h"

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

/* What the file says of itself, now that somebody trusted signed it. */
static enum err
say_inside(const struct lab_args *args, struct arena *a,
    const struct lab_packed *p)
{
	struct session s;
	const char *path = args->rest[0];
	enum err rc = lab_packed_session(&s, a, path);

	if (rc == ERR_NONE)
		rc = lab_packed_signatures(&s, a, path);
	if (rc != ERR_NONE) {
		rc = lab_say("note: what changed since last time cannot be "
			     "told: %s\n",
		    err_text());
		err_clear();
		return rc;
	}
	rc = lab_say("session %.*s: %u files in it\nmanifest SHA256 %s\n",
	    STR_ARG(s.rules.session), s.manifest.n_files, s.manifest_hash);
	if (rc == ERR_NONE)
		rc = say_counter(&s, a);
	if (rc == ERR_NONE)
		rc = say_signers(&s, args->no);
	s.signer = p->signer;
	return rc == ERR_NONE ? lab_seen_since(&s, &p->hash, a, path) : rc;
}

/* One file: its files are verified when it is mounted. */
static enum err
verify_packed(const struct session_trust *trust, struct arena *a,
    const struct lab_args *args)
{
	const char *path = args->rest[0];
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
	if (rc == ERR_NONE && args->option['n'] == NULL)
		rc = say_inside(args, a, &p);
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
		rc = verify_packed(&trust, &a, args);
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
	if (rc == ERR_NONE && args->option['n'] == NULL)
		rc = lab_seen_since(&s, NULL, &a, args->rest[0]);
	arena_release(&a);
	return rc;
}

const struct lab_command lab_image_verify = {
	.name = "verify",
	.letters = "np:",
	.least = 1,
	.most = 1,
	.usage = "[-n] [-p KEY.pub] SESSION",
	.help = "check the signatures and every file of a session, or the "
		"FILE.minisig of\n\tone in one file, and say what changed "
		"since the last time (kept in\n\tSESSION.verified); -n only "
		"checks and keeps nothing, as a station does\n\tbefore it "
		"mounts a file",
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
