#include "policy/lab.h"

#include "core/io.h"
#include "core/limits.h"
#include "policy/closing.h"
#include "policy/lab_packed.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

/* A session that does not verify can be closed, too; the certificate says
 * that nobody knows what it was. */
static enum err
read_session(struct session *s, struct arena *a, const struct lab_args *args,
    const char **doubt)
{
	struct session_trust trust = { 0 };
	const char *path = args->rest[0];
	enum err rc = args->option['p'] != NULL ?
	    session_trust_file(&trust, args->option['p']) :
	    session_trust_default(&trust, NULL);

	*doubt = NULL;
	if (rc == ERR_NONE)
		rc = session_verify(s, a, path, &trust, NULL, NULL);
	if (rc == ERR_NONE)
		return rc;
	*doubt = arena_copy(a, str_of(err_text())).at;
	err_clear();
	*s = (struct session){ 0 };
	return lab_rules_read(&s->rules, a,
	    arena_printf(a, "%s/session.conf", path).at);
}

/* One file; also when an interrupted closing has only its signature left. */
static bool
is_packed(const struct lab_args *args, struct arena *a)
{
	const char *path = args->rest[0];

	return io_is_file(path) ||
	    (!io_is_folder(path) &&
		io_is_file(
		    arena_printf(a, "%s" LAB_PACKED_SIGNATURE, path).at));
}

/* One file that is gone, or is not what was signed, is read no more. */
static enum err
rules_of_packed(struct session *s, struct arena *a, const struct lab_args *args,
    const char *doubt)
{
	const char *kept =
	    arena_printf(a, "%s/kept/0/session.conf", args->option['o']).at;

	*s = (struct session){ 0 };
	if (args->option['c'] != NULL)
		return lab_rules_read(&s->rules, a, args->option['c']);
	if (io_is_file(kept))
		return lab_rules_read(&s->rules, a, kept);
	return fail(ERR_DENIED, "%s; -c names its session.conf", doubt);
}

/* What is kept of it: rules, manifest, signatures. */
static enum err
read_inside(struct closing *c, struct arena *a, const char *path)
{
	const struct rules *r = &c->session->rules;
	size_t n = 4, got = 0;
	const char **names =
	    arena_array(a, n + r->n_signers + r->n_auditors, const char *);
	struct closing_inside *in;
	struct buf b = { 0 };

	names[0] = "session.conf";
	names[1] = "manifest";
	names[2] = "manifest.minisig";
	names[3] = SESSION_COUNTER;
	for (uint32_t i = 0; i < r->n_signers; i++)
		names[n++] = session_signature_name(&r->signers[i], a).at;
	for (uint32_t i = 0; i < r->n_auditors; i++)
		if (r->auditors[i].has_key)
			names[n++] =
			    session_counter_name(&r->auditors[i].key, a).at;
	in = arena_array(a, n, struct closing_inside);
	for (size_t i = 0; i < n; i++) {
		enum err rc =
		    lab_packed_read(&b, path, names[i], LIMIT_MANIFEST);

		if (rc == ERR_NONE)
			in[got++] = (struct closing_inside){ names[i],
				arena_copy(a, buf_view(&b)) };
		else if (i < 3) /* without these it is no session */
			return rc;
		err_clear();
	}
	buf_release(&b);
	c->inside = in;
	c->n_inside = got;
	return ERR_NONE;
}

/* A session in one file; what it is called in which folder. */
static enum err
read_packed(struct closing *c, struct session *s, struct arena *a,
    const struct lab_args *args)
{
	struct session_trust trust = { 0 };
	const char *path = args->rest[0], *slash = strrchr(path, '/');
	const char **folders = arena_array(a, c->n, const char *);
	struct lab_packed packed;
	enum err rc = args->option['p'] != NULL ?
	    session_trust_file(&trust, args->option['p']) :
	    session_trust_default(&trust, NULL);

	memcpy(folders, c->folders, c->n * sizeof *folders);
	folders[0] = slash == NULL ?
	    "." :
	    slash == path ?
	    "/" :
	    arena_copy(a, (struct str){ path, (size_t)(slash - path) }).at;
	c->folders = folders;
	c->packed = slash == NULL ? path : slash + 1;
	if (rc != ERR_NONE)
		return rc;
	rc = lab_packed_check(&packed, path, &trust);
	if (rc == ERR_NONE)
		rc = lab_packed_session(s, a, path);
	if (rc == ERR_NONE)
		return read_inside(c, a, path);
	c->doubt = arena_copy(a, str_of(err_text())).at;
	err_clear();
	return rules_of_packed(s, a, args, c->doubt);
}

static enum err
say_plan(const struct closing *c, struct arena *a)
{
	struct buf b = { 0 };
	enum err rc;

	buf_str(&b, c->text);
	buf_printf(&b,
	    "%llu files are destroyed, %llu are kept in %s/kept, %llu bytes "
	    "in all.\n"
	    "Sealed files are shut by destroying the keys in them; whoever "
	    "has an older copy\nof such a file and the passphrase can still "
	    "open that copy.\n",
	    (unsigned long long)c->destroyed, (unsigned long long)c->kept,
	    c->out, (unsigned long long)c->bytes);
	if (c->plain)
		buf_str(&b,
		    STR("The image is not encrypted by itself: it is "
			"overwritten once and removed.  On a\n"
			"plain medium (flash, a journal, a snapshot) remains "
			"can exist until that medium\nis destroyed.\n"));
	else
		buf_str(&b,
		    STR("What remains lies on encrypted volumes: cryptsetup "
			"erase DEVICE ends it for good.\n"));
	if (c->again)
		buf_str(&b, STR("A closing that was interrupted goes on.\n"));
	(void)a;
	rc = lab_put(buf_view(&b));
	buf_release(&b);
	return rc;
}

/* The text, what became of it, and the signature over both. */
static enum err
certify(const struct closing *c, const struct sign_secret *key, struct arena *a)
{
	struct buf text = { 0 }, signature = { 0 };
	time_t t = time(NULL);
	char when[32] = "?";
	struct tm tm;
	int dir;
	enum err rc = io_open_folder(&dir, c->out);

	if (rc != ERR_NONE)
		return rc;
	if (gmtime_r(&t, &tm) != NULL)
		strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &tm);
	buf_str(&text, c->text);
	buf_printf(&text, "done %s\n", when);
	rc = sign_bytes(&signature, key, buf_view(&text),
	    arena_printf(a, "vitrine certificate of destruction, session %.*s",
		STR_ARG(c->session->rules.session)));
	if (rc == ERR_NONE)
		rc = io_replace_at(dir, "certificate.txt", buf_view(&text));
	if (rc == ERR_NONE)
		rc = io_replace_at(dir, "certificate.txt.minisig",
		    buf_view(&signature));
	if (rc == ERR_NONE)
		rc = io_remove_at(dir, "closing");
	close(dir);
	buf_release(&text);
	buf_release(&signature);
	return rc;
}

/* One line, as it will stand in the certificate. */
static enum err
check_reason(const char *reason)
{
	for (const char *p = reason; p != NULL && *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || (unsigned char)*p > 0x7e)
			return fail(ERR_DENIED,
			    "-f takes one line of plain ASCII text");
	return ERR_NONE;
}

static enum err
close_session(const struct lab_args *args)
{
	struct sign_secret *key = NULL;
	struct arena a = { 0 };
	struct session s = { 0 };
	struct closing c = { .folders = args->rest,
		.n = (size_t)args->n,
		.out = args->option['o'],
		.early = args->option['f'],
		.session = &s,
		.now = time(NULL) };
	bool yes = false;
	enum err rc;

	if (args->option['k'] == NULL || c.out == NULL)
		return fail(ERR_DENIED,
		    "close needs -k KEY to sign the certificate and -o FOLDER "
		    "for it");
	rc = check_reason(c.early);
	if (rc == ERR_NONE)
		rc = lab_key_read(&key, args->option['k'], args);
	if (rc == ERR_NONE && is_packed(args, &a))
		rc = read_packed(&c, &s, &a, args);
	else if (rc == ERR_NONE)
		rc = read_session(&s, &a, args, &c.doubt);
	if (rc == ERR_NONE)
		rc = closing_plan(&c, &a);
	if (rc == ERR_NONE)
		rc = say_plan(&c, &a);
	if (rc == ERR_NONE)
		rc = lab_agreed(args, "Destroy all of this?", &yes);
	if (rc == ERR_NONE && yes) {
		rc = closing_do(&c, &a, lab_progress, NULL);
		lab_progress(NULL, NULL, 0, 0);
		if (rc == ERR_NONE)
			rc = certify(&c, key, &a);
		if (rc == ERR_NONE)
			rc = lab_say("The certificate is %s/certificate.txt, "
				     "signed.\n",
			    c.out);
	}
	sign_close(key);
	arena_release(&a);
	return rc;
}

const struct lab_command lab_close_command = {
	.name = "close",
	.letters = "c:f:k:no:p:P:y",
	.least = 1,
	.most = 200,
	.usage =
	    "-k KEY [-P passphrase-file] -o FOLDER [-f REASON] "
	    "[-c session.conf] [-p KEY.pub] [-n|-y]\n    SESSION [NOTES]...",
	.help = "destroy a session and the notes of its auditors, keep what "
		"must be kept,\n\tand sign a certificate; shows what it "
		"would destroy, first",
	.run = close_session,
};
