#include "policy/lab.h"

#include "policy/lab_image.h"
#include "policy/provision.h"

#include <string.h>

enum { AT_ONCE_MAX = 256 };

static enum err
say_notice(const struct provision *p)
{
	struct str rest = p->notice, line;
	enum err rc = ERR_NONE;

	while (rc == ERR_NONE && str_cut(&rest, '\n', &line))
		rc = lab_say("note: %.*s\n", STR_ARG(str_slice(line, 0, 900)));
	return rc;
}

/* What is not a file as others are, a line each. */
static enum err
say_odd(const struct provision_scope *s, bool no_binary)
{
	enum err rc = ERR_NONE;

	if (s->links > 0)
		rc = lab_say("  %u symbolic links: kept as text\n", s->links);
	if (rc == ERR_NONE && s->modules > 0)
		rc = lab_say("  %u links to other repositories (submodules): "
			     "not followed\n",
		    s->modules);
	if (rc == ERR_NONE && s->pointers > 0)
		rc = lab_say("  %u pointers of Git LFS: what they point to was "
			     "NOT delivered\n",
		    s->pointers);
	if (rc == ERR_NONE && s->deceive > 0) {
		struct buf name = { 0 };

		lab_image_name(&name, str_slice(s->first, 0, 200));
		rc = lab_say("  %u names hold what does not show as it is, the "
			     "first is %s\n",
		    s->deceive, name.at);
		buf_release(&name);
	}
	if (rc == ERR_NONE && no_binary)
		rc = lab_say("  no hash of what was shipped\n");
	return rc;
}

static enum err
say_scope(const struct provision *p)
{
	enum err rc = say_notice(p);

	for (uint32_t i = 0; i < p->rules.n_releases && rc == ERR_NONE; i++) {
		const struct provision_scope *s = &p->scope[i];

		rc = lab_say("%.*s %.12s: %u files shown (%llu B), %u "
			     "withheld (%llu B)\n",
		    STR_ARG(s->name), oid_text(&s->commit).hex, s->shown,
		    (unsigned long long)s->shown_bytes, s->withheld,
		    (unsigned long long)s->withheld_bytes);
		if (rc == ERR_NONE)
			rc = say_odd(s, p->rules.releases[i].binary.len == 0);
	}
	for (uint32_t i = 0; i < p->rules.n_patches && rc == ERR_NONE; i++)
		rc = lab_say("patch %.*s: beside the source\n",
		    STR_ARG(p->rules.patches[i]));
	for (uint32_t i = 0; i < p->rules.n_checklists && rc == ERR_NONE; i++)
		rc = lab_say("checklist %.*s: for the notes room\n",
		    STR_ARG(p->rules.checklists[i]));
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

	if (rc == ERR_NONE && p->taken > 0)
		rc = lab_say("%llu objects taken over from %s; new are:\n",
		    (unsigned long long)p->taken, p->before);
	if (rc == ERR_NONE)
		rc = lab_say(
		    "%llu commits, %llu folders, %llu files in the "
		    "image; %llu withheld, %llu of the history were not "
		    "delivered\n",
		    (unsigned long long)f->commits,
		    (unsigned long long)f->trees, (unsigned long long)f->blobs,
		    (unsigned long long)f->withheld,
		    (unsigned long long)f->missing);
	if (rc == ERR_NONE && p->delivered > f->packed + p->taken)
		rc = lab_say("%llu objects that were delivered are not in the "
			     "image: withheld, of no release, or unreachable\n",
		    (unsigned long long)(p->delivered - f->packed - p->taken));
	if (rc == ERR_NONE && p->rules.withheld == WITHHELD_INVISIBLE)
		rc = lab_say("made again without names: the ids are not the "
			     "vendor's; the manifest holds both\n");
	if (rc == ERR_NONE && p->resumed)
		rc = lab_say("went on where an earlier run was ended\n");
	if (rc == ERR_NONE)
		rc = say_symbols(p);
	buf_hex(&hex, p->manifest.at, HASH_BYTES);
	if (rc == ERR_NONE)
		rc = lab_say("manifest SHA256 %s\n", hex.at);
	buf_release(&hex);
	return rc;
}

/* "NAME=PATH" or, of one alone, "PATH". */
static enum err
take_inputs(struct provision *p, struct arena *a, const struct lab_args *args)
{
	struct provision_input *in =
	    arena_array(a, (size_t)args->n, struct provision_input);

	for (int i = 0; i < args->n; i++) {
		const char *equals = strchr(args->rest[i], '=');
		const char *slash = strchr(args->rest[i], '/');
		bool named = equals != NULL && equals > args->rest[i] &&
		    (slash == NULL || slash > equals);

		if (!named && args->n > 1)
			return fail(ERR_DENIED,
			    "%s: of several deliveries each has a name: "
			    "PRODUCT=%s",
			    args->rest[i], args->rest[i]);
		in[i].product = !named ?
		    "" :
		    arena_copy(a,
			(struct str){ args->rest[i],
			    (size_t)(equals - args->rest[i]) })
			.at;
		in[i].path = named ? equals + 1 : args->rest[i];
	}
	p->inputs = in;
	p->n_inputs = (size_t)args->n;
	return ERR_NONE;
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

/* -j: as many processes; without it as many as there are processors. */
static enum err
at_once(unsigned *out, const struct lab_args *args)
{
	struct str text = str_of(args->option['j']);
	unsigned n = 0;

	if (args->option['j'] == NULL)
		return ERR_NONE;
	*args->misused = true;
	for (size_t i = 0; i < text.len && n <= AT_ONCE_MAX; i++) {
		if (text.at[i] < '0' || text.at[i] > '9')
			return fail(ERR_DENIED, "-j %s: not a number", text.at);
		n = n * 10 + (unsigned)(text.at[i] - '0');
	}
	if (n < 1 || n > AT_ONCE_MAX)
		return fail(ERR_DENIED, "-j %s: 1 to %d processes", text.at,
		    AT_ONCE_MAX);
	*args->misused = false;
	*out = n;
	return ERR_NONE;
}

static enum err
provision(const struct lab_args *args)
{
	struct provision p = {
		.conf = args->option['c'],
		.out = args->option['o'],
		.pack = args->option['u'],
		.work = args->option['w'],
		.before = args->option['b'],
		.progress = lab_progress,
		.working = lab_working,
	};
	struct arena a = { 0 };
	struct sign_secret *signer = NULL;
	struct rules rules;
	enum err rc;

	if (p.conf == NULL || p.out == NULL)
		return fail(ERR_DENIED,
		    "provision needs -c session.conf and "
		    "-o SESSION");
	rc = at_once(&p.at_once, args);
	if (rc == ERR_NONE)
		rc = take_inputs(&p, &a, args);
	if (rc == ERR_NONE)
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
	.letters = "c:o:k:P:u:w:b:j:",
	.least = 1,
	.most = PROVISION_INPUTS,
	.usage = "-c session.conf -o SESSION [-k KEY [-P passphrase-file]] "
		 "[-u PACK]\n\t[-b BEFORE] [-w WORK] [-j N] DELIVERY | "
		 "PRODUCT=DELIVERY ...",
	.help =
	    "make the folder SESSION of the releases and the part that "
	    "the rules\n\tname, signed with KEY (without it: with SESSION.key, "
	    "made now);\n\tDELIVERY is a git repository, a bundle, an archive "
	    "or a folder of files",
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
say_people(const char *what, const struct rules_person *at, uint32_t n)
{
	enum err rc = lab_say("%s", what);

	for (uint32_t i = 0; i < n && rc == ERR_NONE; i++)
		rc = lab_say("%s%.*s", i == 0 ? "" : ", ", STR_ARG(at[i].name));
	return rc == ERR_NONE ? lab_say(": ") : rc;
}

/* What each role will see of all that was delivered. */
static enum err
say_roles(const struct provision *p)
{
	const struct rules *r = &p->rules;
	uint64_t shown = 0, withheld = 0;
	enum err rc;

	for (uint32_t i = 0; i < r->n_releases; i++) {
		shown += p->scope[i].shown;
		withheld += p->scope[i].withheld;
	}
	rc = say_people("auditors ", r->auditors, r->n_auditors);
	if (rc == ERR_NONE)
		rc = lab_say("read %llu files; of %llu more %s\n",
		    (unsigned long long)shown, (unsigned long long)withheld,
		    r->withheld == WITHHELD_NAMED ?
			"path, size and hash, no content" :
			r->withheld == WITHHELD_COUNTED ?
			"the number, no name and no content" :
			"nothing at all");
	if (rc == ERR_NONE && r->n_approvers > 0) {
		rc = say_people("approvers ", r->approvers, r->n_approvers);
		if (rc == ERR_NONE)
			rc = lab_say("read what is to leave, and nothing of "
				     "the image\n");
	}
	for (uint32_t i = 0; i < r->n_recipients && rc == ERR_NONE; i++)
		rc = lab_say("recipient %.*s: opens what has left, and "
			     "nothing of the image\n",
		    STR_ARG(r->recipients[i].name));
	return rc == ERR_NONE ? lab_say("the lab: holds all that was delivered "
					"and makes the image\n") :
				rc;
}

static enum err
scope(const struct lab_args *args)
{
	enum err said = ERR_NONE;
	struct provision p = {
		.conf = args->option['c'],
		.work = args->option['w'],
		.progress = lab_progress,
		.file = args->option['l'] != NULL ? say_file : NULL,
		.arg = &said,
	};
	struct arena a = { 0 };
	enum err rc;

	if (p.conf == NULL)
		return fail(ERR_DENIED, "scope needs -c session.conf");
	rc = take_inputs(&p, &a, args);
	if (rc == ERR_NONE)
		rc = provision_run(&p, &a);
	lab_progress(NULL, NULL, 0, 0);
	if (rc == ERR_NONE)
		rc = said;
	if (rc == ERR_NONE)
		rc = say_scope(&p);
	if (rc == ERR_NONE)
		rc = say_roles(&p);
	arena_release(&a);
	return rc;
}

const struct lab_command lab_make_scope = {
	.name = "scope",
	.letters = "c:lnw:",
	.least = 1,
	.most = PROVISION_INPUTS,
	.usage = "-c session.conf [-l] [-w WORK] DELIVERY | PRODUCT=DELIVERY "
		 "...",
	.help = "make nothing: count what would be shown and withheld; -l "
		"lists it",
	.run = scope,
};
