#include "policy/lab.h"

#include "core/io.h"
#include "core/limits.h"
#include "policy/session.h"

#include <unistd.h>

/* A second signature beside the first: of one whom the rules name. */
static enum err
find_signer(const struct rules_person **out, const struct session *s,
    const struct sign_public *key)
{
	for (uint32_t i = 0; i < s->rules.n_signers; i++)
		if (sign_public_eq(&s->rules.signers[i].key, key)) {
			*out = &s->rules.signers[i];
			return ERR_NONE;
		}
	return fail(ERR_DENIED,
	    "the key of nobody whom the rules of session %.*s name as a "
	    "signer",
	    STR_ARG(s->rules.session));
}

static enum err
read_session(struct session *s, struct arena *a, const struct lab_args *args)
{
	struct session_trust trust = { 0 };
	enum err rc = args->option['p'] != NULL ?
	    session_trust_file(&trust, args->option['p']) :
	    session_trust_default(&trust, NULL);

	return rc == ERR_NONE ?
	    session_verify(s, a, args->rest[0], &trust, NULL, NULL) :
	    rc;
}

static enum err
write_signature(const struct session *s, const struct rules_person *p,
    const struct sign_secret *key, struct arena *a)
{
	struct buf manifest = { 0 }, signature = { 0 };
	int dir;
	enum err rc = io_open_folder(&dir, s->path.at);

	if (rc != ERR_NONE)
		return rc;
	rc = io_read_at(&manifest, dir, "manifest", LIMIT_MANIFEST);
	if (rc == ERR_NONE)
		rc = sign_bytes(&signature, key, buf_view(&manifest),
		    arena_printf(a, "vitrine session %.*s, signed by %.*s",
			STR_ARG(s->rules.session), STR_ARG(p->name)));
	if (rc == ERR_NONE)
		rc = io_create_at(dir, session_signature_name(p, a).at,
		    buf_view(&signature));
	close(dir);
	buf_release(&manifest);
	buf_release(&signature);
	return rc;
}

static enum err
sign(const struct lab_args *args)
{
	const struct rules_person *p = NULL;
	struct sign_secret *key = NULL;
	struct sign_public public;
	struct arena a = { 0 };
	struct session s;
	enum err rc;

	if (args->option['k'] == NULL)
		return fail(ERR_DENIED, "sign needs -k KEY");
	rc = lab_key_read(&key, args->option['k'], args);
	if (rc == ERR_NONE)
		rc = read_session(&s, &a, args);
	if (rc == ERR_NONE) {
		public = sign_public_of(key);
		rc = find_signer(&p, &s, &public);
	}
	for (uint32_t i = 0; rc == ERR_NONE && i < s.n_signed_by; i++)
		if (s.signed_by[i] == p)
			rc = fail(ERR_DENIED, "%.*s has signed it already",
			    STR_ARG(p->name));
	if (rc == ERR_NONE)
		rc = write_signature(&s, p, key, &a);
	if (rc == ERR_NONE)
		rc = lab_say("session %.*s: signed by %.*s, %u of %u\n",
		    STR_ARG(s.rules.session), STR_ARG(p->name),
		    s.n_signed_by + 1, s.rules.signing_need);
	sign_close(key);
	arena_release(&a);
	return rc;
}

const struct lab_command lab_people_sign = {
	.name = "sign",
	.letters = "k:p:P:",
	.least = 1,
	.most = 1,
	.usage = "-k KEY [-P passphrase-file] [-p KEY.pub] SESSION",
	.help = "check a session and add the signature of another whom its "
		"rules name",
	.run = sign,
};

/* A roster: who takes part, as what, with which key, until when. */
static enum err
say_people(const char *as, const struct rules_person *p, uint32_t n,
    struct arena *a)
{
	enum err rc = ERR_NONE;

	for (uint32_t i = 0; i < n && rc == ERR_NONE; i++) {
		const struct rules_person *one = &p[i];
		struct str key =
		    one->has_key ? sign_id_text(&one->key, a) : STR("-");

		rc = lab_say("%-9s %-12.*s %-12.*s %-16.*s %.*s\n", as,
		    STR_ARG(one->name),
		    STR_ARG(one->role.len > 0 ? one->role : STR("-")),
		    STR_ARG(key), STR_ARG(one->full));
		if (rc == ERR_NONE && one->undertaking.len > 0)
			rc = lab_say("          undertaking %.*s\n",
			    STR_ARG(one->undertaking));
		if (rc == ERR_NONE && one->until > 0)
			rc = lab_say("          until %u-%02u-%02u\n",
			    one->until / 10000, one->until / 100 % 100,
			    one->until % 100);
	}
	return rc;
}

static enum err
people(const struct lab_args *args)
{
	struct arena a = { 0 };
	struct rules r;
	enum err rc = lab_rules_read(&r, &a, args->rest[0]);

	if (rc == ERR_NONE)
		rc = lab_say("%-9s %-12s %-12s %-16s %s\n", "as", "name",
		    "role", "key", "full name");
	if (rc == ERR_NONE)
		rc = say_people("auditor", r.auditors, r.n_auditors, &a);
	if (rc == ERR_NONE)
		rc = say_people("approver", r.approvers, r.n_approvers, &a);
	if (rc == ERR_NONE)
		rc = say_people("signer", r.signers, r.n_signers, &a);
	for (uint32_t i = 0; i < r.n_recipients && rc == ERR_NONE; i++) {
		struct buf key = { 0 };

		seal_age_recipient_write(&r.recipients[i].key, &key);
		rc = lab_say("%-9s %-12.*s %s\n", "recipient",
		    STR_ARG(r.recipients[i].name), key.at);
		buf_release(&key);
	}
	arena_release(&a);
	return rc;
}

const struct lab_command lab_people_people = {
	.name = "people",
	.letters = "",
	.least = 1,
	.most = 1,
	.usage = "session.conf",
	.help = "list who takes part: as what, with which key, until when",
	.run = people,
};
