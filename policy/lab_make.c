#include "policy/lab.h"

#include "policy/provision.h"
#include "policy/session.h"

static enum err
say_scope(const struct provision *p)
{
	enum err rc = ERR_NONE;

	if (p->notice.len > 0)
		rc = lab_say("note: %.*s\n", STR_ARG(p->notice));
	for (uint32_t i = 0; i < p->rules.n_releases && rc == ERR_NONE; i++) {
		const struct provision_scope *s = &p->scope[i];

		rc = lab_say("%.*s %.12s: %u files shown (%llu bytes), %u "
			     "withheld (%llu bytes)",
		    STR_ARG(s->name), oid_text(&s->commit).hex, s->shown,
		    (unsigned long long)s->shown_bytes, s->withheld,
		    (unsigned long long)s->withheld_bytes);
		if (rc == ERR_NONE && s->modules > 0)
			rc = lab_say(", %u links to other repositories",
			    s->modules);
		if (rc == ERR_NONE)
			rc = lab_say("\n");
	}
	return rc;
}

static enum err
say_symbols(const struct provision *p)
{
	if (p->symbols_method.len == 0)
		return lab_say("note: %.*s: no index of symbols; definitions "
			       "are then found by the look of a line\n",
		    STR_ARG(p->symbols_why));
	if (p->symbols_failed > 0)
		return lab_say("%llu definitions by %.*s; %u files on which "
			       "it failed\n",
		    (unsigned long long)p->symbols, STR_ARG(p->symbols_method),
		    p->symbols_failed);
	return lab_say("%llu definitions by %.*s\n",
	    (unsigned long long)p->symbols, STR_ARG(p->symbols_method));
}

static enum err
say_made(const struct provision *p)
{
	const struct git_image_facts *f = &p->image;
	struct buf hex = { 0 };
	enum err rc = say_scope(p);

	if (rc == ERR_NONE)
		rc = lab_say(
		    "%llu commits, %llu folders, %llu files in the "
		    "image; %llu withheld, %llu of the history were not "
		    "delivered\n",
		    (unsigned long long)f->commits,
		    (unsigned long long)f->trees, (unsigned long long)f->blobs,
		    (unsigned long long)f->withheld,
		    (unsigned long long)f->missing);
	if (rc == ERR_NONE)
		rc = say_symbols(p);
	buf_hex(&hex, p->manifest.at, HASH_BYTES);
	if (rc == ERR_NONE)
		rc = lab_say("manifest SHA-256 %s\n", hex.at);
	buf_release(&hex);
	return rc;
}

/* Without -k: a pair for this session alone, beside it. */
static enum err
own_key(struct sign_secret **out, const char *session)
{
	struct arena a = { 0 };
	struct str base = str_of(session);
	const char *rest[1];
	struct lab_args keygen = { 0 };
	enum err rc;

	while (base.len > 1 && str_ends(base, STR("/")))
		base.len--;
	rest[0] = arena_copy(&a, base).at;
	keygen.rest = rest;
	keygen.n = 1;
	rc = lab_key_keygen.run(&keygen);
	if (rc == ERR_NONE)
		rc = lab_key_read(out, arena_printf(&a, "%s.key", rest[0]).at,
		    &keygen);
	arena_release(&a);
	return rc;
}

static enum err
provision(const struct lab_args *args)
{
	struct provision p = {
		.conf = args->option['c'],
		.repository = args->rest[0],
		.out = args->option['o'],
		.pack = args->option['u'],
		.progress = lab_progress,
	};
	struct arena a = { 0 };
	struct sign_secret *signer = NULL;
	struct rules rules;
	enum err rc;

	if (p.conf == NULL || p.out == NULL)
		return fail(ERR_DENIED,
		    "provision needs -c session.conf and "
		    "-o SESSION");
	rc = lab_rules_read(&rules, &a, p.conf);
	if (rc == ERR_NONE && args->option['k'] != NULL)
		rc = lab_key_read(&signer, args->option['k'], args);
	else if (rc == ERR_NONE)
		rc = own_key(&signer, p.out);
	p.signer = signer;
	if (rc == ERR_NONE)
		rc = provision_run(&p, &a);
	lab_progress(NULL, NULL, 0, 0);
	if (rc == ERR_NONE)
		rc = say_made(&p);
	sign_close(signer);
	arena_release(&a);
	return rc;
}

const struct lab_command lab_make_provision = {
	.name = "provision",
	.letters = "c:o:k:P:u:",
	.least = 1,
	.most = 1,
	.usage = "-c session.conf -o SESSION [-k KEY [-P passphrase-file]]\n"
		 "\t[-u PACK] REPOSITORY",
	.help =
	    "make the folder SESSION of the releases and the part that "
	    "the rules\n\tname, signed with KEY (without it: with SESSION.key, "
	    "made now)",
	.run = provision,
};

static void
say_file(void *arg, const struct release *release, struct str path, bool shown,
    uint64_t bytes)
{
	enum err *rc = arg;
	struct buf b = { 0 };

	if (*rc != ERR_NONE)
		return;
	buf_printf(&b, "%-8s %12llu %.*s:", shown ? "shown" : "withheld",
	    (unsigned long long)bytes, STR_ARG(release->name));
	for (size_t i = 0; i < path.len; i++) {
		unsigned char c = (unsigned char)path.at[i];

		if (c < 0x20 || c >= 0x7f)
			buf_printf(&b, "<%02X>", c);
		else
			buf_char(&b, (char)c);
	}
	buf_char(&b, '\n');
	*rc = lab_put(buf_view(&b));
	buf_release(&b);
}

static enum err
scope(const struct lab_args *args)
{
	enum err said = ERR_NONE;
	struct provision p = {
		.conf = args->option['c'],
		.repository = args->rest[0],
		.file = args->option['l'] != NULL ? say_file : NULL,
		.arg = &said,
	};
	struct arena a = { 0 };
	enum err rc;

	if (p.conf == NULL)
		return fail(ERR_DENIED, "scope needs -c session.conf");
	rc = provision_run(&p, &a);
	if (rc == ERR_NONE)
		rc = said;
	if (rc == ERR_NONE)
		rc = say_scope(&p);
	arena_release(&a);
	return rc;
}

const struct lab_command lab_make_scope = {
	.name = "scope",
	.letters = "c:ln",
	.least = 1,
	.most = 1,
	.usage = "-c session.conf [-l] REPOSITORY",
	.help = "make nothing: count what would be shown and withheld; -l "
		"lists it",
	.run = scope,
};

static enum err
read_trust(struct session_trust *trust, const struct lab_args *args)
{
	if (args->option['p'] != NULL)
		return session_trust_file(trust, args->option['p']);
	return session_trust_default(trust, NULL);
}

static enum err
verify(const struct lab_args *args)
{
	struct session_trust trust = { 0 };
	struct arena a = { 0 };
	struct session s;
	enum err rc = read_trust(&trust, args);

	if (rc == ERR_NONE)
		rc = session_verify(&s, &a, args->rest[0], &trust, NULL, NULL);
	if (rc == ERR_NONE)
		rc = lab_say("session %.*s: %u files as they were signed\n"
			     "manifest SHA-256 %s\nsigned by %.*s\n",
		    STR_ARG(s.rules.session), s.manifest.n_files,
		    s.manifest_hash, STR_ARG(sign_id_text(&s.signer, &a)));
	arena_release(&a);
	return rc;
}

const struct lab_command lab_make_verify = {
	.name = "verify",
	.letters = "p:",
	.least = 1,
	.most = 1,
	.usage = "[-p KEY.pub] SESSION",
	.help = "check the signature and every file of a session",
	.run = verify,
};
