#include "policy/lab.h"

#include "core/ask.h"
#include "core/io.h"
#include "core/io_place.h"
#include "core/limits.h"
#include "core/seal.h"
#include "core/seal_age.h"

#include <unistd.h>

/* The first line of the file that -P names. */
static enum err
read_passphrase(struct secret *out, const char *path)
{
	struct buf file = { 0 };
	struct str line, rest;
	enum err rc = io_read(&file, path, LIMIT_PASSPHRASE + 1);

	rest = buf_view(&file);
	if (rc == ERR_NONE && (!str_cut(&rest, '\n', &line) || line.len == 0))
		rc = fail(ERR_FORMAT, "%s: no passphrase in it", path);
	if (rc == ERR_NONE) {
		seal_secret_init(out, LIMIT_PASSPHRASE);
		rc = seal_secret_add(out, line.at, line.len);
		if (rc != ERR_NONE)
			seal_secret_release(out);
	}
	if (file.at != NULL)
		seal_wipe(file.at, file.room);
	buf_release(&file);
	return rc;
}

/* For a key that is locked: of the file, or of who sits there. */
static enum err
find_passphrase(struct secret *out, const char *key,
    const struct lab_args *args)
{
	enum err rc;

	if (args->option['P'] != NULL)
		return read_passphrase(out, args->option['P']);
	if (!isatty(STDIN_FILENO))
		return fail(ERR_DENIED,
		    "%s needs a passphrase: type it at a terminal, or "
		    "-P FILE names the file that holds it",
		    key);
	rc = seal_start();
	return rc == ERR_NONE ? ask_passphrase(out, key) : rc;
}

static struct str
secret_text(const struct secret *s)
{
	return (struct str){ (const char *)s->at, s->len };
}

enum err
lab_key_read(struct sign_secret **out, const char *path,
    const struct lab_args *args)
{
	struct buf file = { 0 };
	struct secret passphrase = { 0 };
	enum err rc = io_read(&file, path, SIGN_FILE_MAX);

	if (rc == ERR_NONE && sign_secret_locked(buf_view(&file)))
		rc = find_passphrase(&passphrase, path, args);
	if (rc == ERR_NONE)
		rc = sign_secret_read(out, buf_view(&file),
		    secret_text(&passphrase));
	seal_secret_release(&passphrase);
	if (file.at != NULL)
		seal_wipe(file.at, file.room);
	buf_release(&file);
	return rc;
}

static enum err
make_readable(int dir, const char *name)
{
	struct io_place place = { 0 };
	enum err rc = io_place_look_at(&place, dir, name);

	place.mode = 0644;
	return rc == ERR_NONE ? io_place_own(dir, name, &place) : rc;
}

enum err
lab_key_write(const char *path, const char *ending, struct str bytes)
{
	struct arena a = { 0 };
	const char *name;
	int dir = -1;
	enum err rc = lab_split(&dir, &name, &a, path);

	if (rc == ERR_NONE)
		rc = io_create_at(dir,
		    arena_printf(&a, "%s%s", name, ending).at, bytes);
	/* The other half is for everybody. */
	if (rc == ERR_NONE && str_ends(str_of(ending), STR("pub")))
		rc = make_readable(dir,
		    arena_printf(&a, "%s%s", name, ending).at);
	if (rc == ERR_NONE)
		rc = lab_say("%s%s\n", path, ending);
	if (dir >= 0)
		close(dir);
	arena_release(&a);
	return rc;
}

static enum err
make_age(const char *path)
{
	struct seal_age_identity *id;
	struct seal_age_recipient to;
	struct buf b = { 0 };
	enum err rc = seal_age_identity_make(&id);

	if (rc != ERR_NONE)
		return rc;
	to = seal_age_recipient_of(id);
	seal_age_identity_write(id, &b);
	rc = lab_key_write(path, ".age-key", buf_view(&b));
	seal_wipe(b.at, b.room);
	buf_clear(&b);
	seal_age_recipient_write(&to, &b);
	buf_char(&b, '\n');
	if (rc == ERR_NONE)
		rc = lab_key_write(path, ".age-pub", buf_view(&b));
	if (rc == ERR_NONE)
		rc = lab_say("in session.conf: key =\n  \"%.*s\"\n",
		    STR_ARG(str_trim(buf_view(&b))));
	buf_release(&b);
	seal_age_identity_close(id);
	return rc;
}

/* What is read aloud, and what goes into the rules. */
static enum err
tell_key(const struct sign_public *p)
{
	struct arena a = { 0 };
	enum err rc =
	    lab_say("key id %.*s, in session.conf: key =\n  \"%.*s\"\n",
		STR_ARG(sign_id_text(p, &a)), STR_ARG(sign_public_text(p, &a)));

	arena_release(&a);
	return rc;
}

static enum err
make_minisign(const char *path, const struct lab_args *args)
{
	struct buf b = { 0 };
	struct secret passphrase = { 0 };
	struct sign_secret *s;
	struct sign_public p;
	enum err rc = sign_make(&s);

	if (rc != ERR_NONE)
		return rc;
	p = sign_public_of(s);
	if (args->option['P'] != NULL)
		rc = read_passphrase(&passphrase, args->option['P']);
	if (rc == ERR_NONE)
		rc = sign_secret_write(s, &b, secret_text(&passphrase));
	if (rc == ERR_NONE)
		rc = lab_key_write(path, ".key", buf_view(&b));
	if (b.at != NULL)
		seal_wipe(b.at, b.room);
	buf_clear(&b);
	if (rc == ERR_NONE) {
		sign_public_write(&p, &b);
		rc = lab_key_write(path, ".pub", buf_view(&b));
	}
	if (rc == ERR_NONE)
		rc = tell_key(&p);
	seal_secret_release(&passphrase);
	buf_release(&b);
	sign_close(s);
	return rc;
}

static enum err
keygen(const struct lab_args *args)
{
	if (args->option['a'] != NULL)
		return make_age(args->rest[0]);
	return make_minisign(args->rest[0], args);
}

const struct lab_command lab_key_keygen = {
	.name = "keygen",
	.letters = "aP:",
	.least = 1,
	.most = 1,
	.usage = "[-P passphrase-file] NAME | -a NAME",
	.help = "make NAME.key and NAME.pub to sign with (minisign), or "
		"NAME.age-key\n\tand NAME.age-pub to receive exports (age)",
	.run = keygen,
};
