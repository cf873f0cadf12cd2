#include "policy/lab.h"

#include "core/io.h"
#include "core/limits.h"
#include "core/seal.h"
#include "core/seal_age.h"
#include "policy/approval.h"

#include <unistd.h>

/* The first line of the file that -P names. */
static enum err
read_passphrase(struct buf *out, const struct lab_args *args)
{
	enum err rc;

	if (args->option['P'] == NULL)
		return ERR_NONE;
	rc = io_read(out, args->option['P'], LIMIT_PASSPHRASE);
	while (rc == ERR_NONE && out->len > 0 && out->at[out->len - 1] == '\n')
		out->len--;
	return rc;
}

enum err
lab_key_read(struct sign_secret **out, const char *path,
    const struct lab_args *args)
{
	struct buf file = { 0 }, passphrase = { 0 };
	enum err rc = io_read(&file, path, SIGN_FILE_MAX);

	if (rc == ERR_NONE)
		rc = read_passphrase(&passphrase, args);
	if (rc == ERR_NONE && passphrase.len == 0 &&
	    sign_secret_locked(buf_view(&file)))
		rc = fail(ERR_DENIED,
		    "%s needs a passphrase: -P FILE names "
		    "the file that holds it",
		    path);
	if (rc == ERR_NONE)
		rc = sign_secret_read(out, buf_view(&file),
		    buf_view(&passphrase));
	if (file.at != NULL)
		seal_wipe(file.at, file.room);
	if (passphrase.at != NULL)
		seal_wipe(passphrase.at, passphrase.room);
	buf_release(&file);
	buf_release(&passphrase);
	return rc;
}

static enum err
write_file(const char *path, const char *ending, struct str bytes)
{
	struct arena a = { 0 };
	const char *name;
	int dir = -1;
	enum err rc = lab_split(&dir, &name, &a, path);

	if (rc == ERR_NONE)
		rc = io_create_at(dir,
		    arena_printf(&a, "%s%s", name, ending).at, bytes);
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
	rc = write_file(path, ".age-key", buf_view(&b));
	seal_wipe(b.at, b.room);
	buf_clear(&b);
	seal_age_recipient_write(&to, &b);
	buf_char(&b, '\n');
	if (rc == ERR_NONE)
		rc = write_file(path, ".age-pub", buf_view(&b));
	buf_release(&b);
	seal_age_identity_close(id);
	return rc;
}

static enum err
make_minisign(const char *path, const struct lab_args *args)
{
	struct buf b = { 0 }, passphrase = { 0 };
	struct sign_secret *s;
	struct sign_public p;
	enum err rc = sign_make(&s);

	if (rc != ERR_NONE)
		return rc;
	p = sign_public_of(s);
	rc = read_passphrase(&passphrase, args);
	if (rc == ERR_NONE)
		rc = sign_secret_write(s, &b, buf_view(&passphrase));
	if (rc == ERR_NONE)
		rc = write_file(path, ".key", buf_view(&b));
	if (b.at != NULL)
		seal_wipe(b.at, b.room);
	buf_clear(&b);
	if (rc == ERR_NONE) {
		sign_public_write(&p, &b);
		rc = write_file(path, ".pub", buf_view(&b));
	}
	if (passphrase.at != NULL)
		seal_wipe(passphrase.at, passphrase.room);
	buf_release(&passphrase);
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

/* Signs what was read, under the line that says what for. */
static enum err
sign_approval(struct buf *out, struct str *comment, struct arena *a,
    const struct lab_args *args)
{
	struct buf conf = { 0 }, bytes = { 0 };
	struct sign_secret *s = NULL;
	struct parcel parcel = { .author = str_of(args->option['a']) };
	struct sign_public key;
	struct rules rules;
	enum err rc = io_read(&conf, args->option['c'], LIMIT_CONF);

	if (rc == ERR_NONE)
		rc = rules_read(&rules, a, args->option['c'], buf_view(&conf));
	if (rc == ERR_NONE)
		rc = io_read(&bytes, args->rest[0], LIMIT_BUNDLE);
	if (rc == ERR_NONE)
		rc = lab_key_read(&s, args->option['k'], args);
	if (rc == ERR_NONE) {
		key = sign_public_of(s);
		parcel.bytes = buf_view(&bytes);
		*comment = approval_comment(a, &rules, &parcel);
		if (rules_auditor(&rules, parcel.author) == NULL)
			rc = fail(ERR_DENIED, "%s is no auditor of %s",
			    args->option['a'], args->option['c']);
		else if (rules_approver(&rules, key.id) == NULL)
			rc = fail(ERR_DENIED,
			    "%s is the key of no approver "
			    "of %s",
			    args->option['k'], args->option['c']);
		else
			rc = sign_bytes(out, s, parcel.bytes, *comment);
	}
	buf_release(&conf);
	buf_release(&bytes);
	sign_close(s);
	return rc;
}

static enum err
approve(const struct lab_args *args)
{
	struct arena a = { 0 };
	struct buf signature = { 0 };
	struct sign_public key = { 0 };
	struct str comment;
	enum err rc;

	if (args->option['c'] == NULL || args->option['k'] == NULL ||
	    args->option['a'] == NULL)
		return fail(ERR_DENIED, "approve needs -c, -k and -a");
	rc = sign_approval(&signature, &comment, &a, args);
	if (rc == ERR_NONE)
		rc = sign_key_of(key.id, buf_view(&signature));
	if (rc == ERR_NONE)
		rc = write_file(args->rest[0],
		    arena_printf(&a, ".%.*s.minisig",
			STR_ARG(sign_id_text(&key, &a)))
			.at,
		    buf_view(&signature));
	if (rc == ERR_NONE)
		rc = lab_say("%.*s\n", STR_ARG(comment));
	buf_release(&signature);
	arena_release(&a);
	return rc;
}

const struct lab_command lab_key_approve = {
	.name = "approve",
	.letters = "c:k:a:P:",
	.least = 1,
	.most = 1,
	.usage = "-c session.conf -k KEY -a AUTHOR [-P passphrase-file] "
		 "findings.json",
	.help = "agree that this text may leave: sign it for this session, "
		"author and\n\trecipients, as findings.json.KEYID.minisig",
	.run = approve,
};
