/*
 * Rules to begin with: a session.conf that is right as it is, with the people
 * and their keys in it, so that nobody copies 56 letters by hand.  What has to
 * be thought about is marked.
 */
#include "policy/lab.h"

#include "core/io.h"
#include "core/limits.h"
#include "core/seal_age.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

enum { DAYS_OPEN = 4 }; /* after today */

/* AS=NAME or AS=FOLDER/NAME.pub: the name is what stands before the dot. */
struct person {
	struct str as, name;
	const char *path;
};

static enum err
take_person(struct person *out, struct arena *a, const char *arg)
{
	struct str rest = str_of(arg), as, part;
	struct person p = { .path = "" };

	if (strchr(arg, '=') == NULL)
		return fail(ERR_DENIED,
		    "%s: say AS=WHO: auditor=jane signer=lab.pub "
		    "approver=ann.pub recipient=eva.age-pub",
		    arg);
	(void)str_cut(&rest, '=', &as);
	p.as = arena_copy(a, as);
	p.path = arena_copy(a, rest).at;
	while (str_cut(&rest, '/', &part))
		p.name = part;
	rest = p.name;
	(void)str_cut(&rest, '.', &part);
	p.name = arena_copy(a, part);
	*out = p;
	return ERR_NONE;
}

static enum err
add_minisign(struct buf *b, struct arena *a, const char *path)
{
	struct sign_public key;
	struct buf file = { 0 };
	enum err rc = io_read(&file, path, SIGN_FILE_MAX);

	if (rc == ERR_NONE &&
	    sign_public_read(&key, buf_view(&file)) != ERR_NONE) {
		err_clear();
		rc = fail(ERR_FORMAT,
		    "%s: not the .pub file that vitrine-lab keygen makes",
		    path);
	}
	if (rc == ERR_NONE)
		buf_printf(b, " key = \"%.*s\"",
		    STR_ARG(sign_public_text(&key, a)));
	buf_release(&file);
	return rc;
}

static enum err
add_age(struct buf *b, const char *path)
{
	struct seal_age_recipient to;
	struct buf file = { 0 };
	enum err rc = io_read(&file, path, SIGN_FILE_MAX);

	if (rc == ERR_NONE &&
	    seal_age_recipient_read(&to, str_trim(buf_view(&file))) !=
		ERR_NONE) {
		err_clear();
		rc = fail(ERR_FORMAT,
		    "%s: not the .age-pub file that vitrine-lab keygen -a "
		    "makes",
		    path);
	}
	if (rc == ERR_NONE) {
		buf_str(b, STR(" key = \""));
		seal_age_recipient_write(&to, b);
		buf_char(b, '"');
	}
	buf_release(&file);
	return rc;
}

static enum err
add_person(struct buf *b, struct arena *a, const struct person *p)
{
	bool file = str_find(str_of(p->path), STR("."), 0) != SIZE_MAX;
	enum err rc = ERR_NONE;

	buf_printf(b, "%.*s \"%.*s\" {", STR_ARG(p->as), STR_ARG(p->name));
	if (str_eq(p->as, STR("auditor"))) {
		buf_printf(b, " full = \"%.*s\"", STR_ARG(p->name));
		if (file)
			rc = add_minisign(b, a, p->path);
		buf_str(b, STR(" } # <- full: the name on paper\n"));
	} else if (str_eq(p->as, STR("recipient"))) {
		rc = add_age(b, p->path);
		buf_str(b, STR(" }\n"));
	} else if (str_eq(p->as, STR("signer")) ||
	    str_eq(p->as, STR("approver"))) {
		rc = add_minisign(b, a, p->path);
		buf_str(b, STR(" }\n"));
	} else {
		rc = fail(ERR_DENIED,
		    "\"%.*s\": an auditor, signer, approver or recipient",
		    STR_ARG(p->as));
	}
	return rc;
}

static void
add_day(struct buf *b, int after)
{
	time_t now = time(NULL) + (time_t)after * 24 * 60 * 60;
	struct tm t = { 0 };

	if (localtime_r(&now, &t) == NULL)
		bug("a day that has no date");
	buf_printf(b, "\"%04d-%02d-%02d\"", t.tm_year + 1900, t.tm_mon + 1,
	    t.tm_mday);
}

static void
add_rest(struct buf *b, bool approved)
{
	buf_str(b,
	    STR("\n# <- revision: tag, branch or commit of the delivery; "
		"status: production,\n"
		"#    intermediate or custom; of several deliveries also "
		"product = \"NAME\"\n"
		"release \"v1.0\" { revision = \"v1.0\" status = "
		"\"production\" }\n"
		"# <- what is shown, and what of it is not\n"
		"scope { include = { \"**\" } exclude = { \"*.bin\" } }\n"
		"# <- days and hours, in the station's time\n"
		"hours {\n\tfirst = "));
	add_day(b, 0);
	buf_str(b, STR(" last = "));
	add_day(b, DAYS_OPEN);
	buf_str(b,
	    STR("\n\tfrom = \"09:00\" to = \"17:30\"\n"
		"\tdays = { \"mon\", \"tue\", \"wed\", \"thu\", \"fri\" }\n"
		"}\n\n# <- what may leave: allow, approval or deny\n"
		"export {\n\tprose = \"allow\" metric = \"allow\" "));
	buf_printf(b, "path = \"%s\"\n\tsymbol = \"%s\" excerpt = \"deny\"\n",
	    approved ? "approval" : "allow", approved ? "approval" : "allow");
	buf_str(b,
	    STR("\tbytes_one = 65536 bytes_day = 262144\n"
		"\tbytes_person = 1048576 bytes_total = 4194304\n"
		"\texports_day = 10\n"
		"\tquote_run = 20 quote_one = 60\n"
		"\tquote_person = 400 quote_total = 1000\n"
		"\tencoded_run = 60\n}\n"
		"# <- days that the image is kept after the last one\n"
		"keep { days = 60 }\n"));
}

static enum err
write_rules(struct buf *b, struct arena *a, const struct lab_args *args)
{
	unsigned signers = 0, approvers = 0;
	enum err rc = ERR_NONE;

	buf_str(b,
	    STR("# The rules of a session: man 5 vitrine-session.  Where an "
		"arrow (<-) stands\n# there is something to decide.\n"
		"format = 1\n"
		"session = \"session-1\" # <- a-z, 0-9 and -\n"
		"title = \"Product, release 1.0\" # <- shown to people\n\n"));
	for (int i = 0; i < args->n && rc == ERR_NONE; i++) {
		struct person p = { 0 };

		rc = take_person(&p, a, args->rest[i]);
		if (rc == ERR_NONE)
			rc = add_person(b, a, &p);
		signers += str_eq(p.as, STR("signer"));
		approvers += str_eq(p.as, STR("approver"));
	}
	if (signers > 0)
		buf_printf(b,
		    "signing { need = %u } # <- so many of them before it "
		    "opens\n",
		    signers);
	if (approvers > 0)
		buf_str(b, STR("approval { need = 1 } # <- so many agree\n"));
	add_rest(b, approvers > 0);
	return rc;
}

static enum err
example(const struct lab_args *args)
{
	struct arena a = { 0 };
	struct buf text = { 0 };
	struct rules r;
	const char *name;
	int dir = -1;
	enum err rc = ERR_NONE;

	if (args->option['o'] == NULL)
		rc = fail(ERR_DENIED, "example needs -o session.conf");
	if (rc == ERR_NONE)
		rc = write_rules(&text, &a, args);
	/* A name that is none, somebody twice: as for any other rules. */
	if (rc == ERR_NONE)
		rc = rules_read(&r, &a, args->option['o'], buf_view(&text));
	if (rc == ERR_NONE)
		rc = lab_split(&dir, &name, &a, args->option['o']);
	if (rc == ERR_NONE)
		rc = io_create_at(dir, name, buf_view(&text));
	if (rc == ERR_NONE)
		rc = lab_say("%s: change what an arrow (<-) points at, then "
			     "vitrine-lab rules %s\n",
		    args->option['o'], args->option['o']);
	if (dir >= 0)
		close(dir);
	buf_release(&text);
	arena_release(&a);
	return rc;
}

const struct lab_command lab_example_example = {
	.name = "example",
	.letters = "o:",
	.least = 1,
	.most = 200,
	.usage = "-o session.conf auditor=NAME signer=NAME.pub\n"
		 "    approver=NAME.pub recipient=NAME.age-pub ...",
	.help = "write rules to begin with, with these people and their keys; "
		"what is to\n\tbe decided is marked",
	.run = example,
};
