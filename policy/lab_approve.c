#include "policy/lab.h"

#include "core/io.h"
#include "core/limits.h"
#include "policy/approval.h"

#include <string.h>
#include <time.h>

struct signing {
	struct arena a;
	struct rules rules;
	struct buf bytes;
	struct parcel parcel;
	enum approval_kind kind;
	struct str reason;
};

/* What is signed; also the key of somebody who may. */
static enum err
read_all(struct signing *x, struct sign_secret **key,
    const struct lab_args *args)
{
	struct sign_public p;
	enum err rc = lab_rules_read(&x->rules, &x->a, args->option['c']);

	if (rc == ERR_NONE)
		rc = io_read(&x->bytes, args->rest[0], LIMIT_BUNDLE);
	if (rc == ERR_NONE)
		rc = lab_key_read(key, args->option['k'], args);
	if (rc != ERR_NONE)
		return rc;
	p = sign_public_of(*key);
	x->parcel.author = str_of(args->option['a']);
	x->parcel.bytes = buf_view(&x->bytes);
	if (rules_auditor(&x->rules, x->parcel.author) == NULL)
		return fail(ERR_DENIED, "%s is no auditor of %s",
		    args->option['a'], args->option['c']);
	if (rules_approver(&x->rules, p.id) == NULL)
		return fail(ERR_DENIED, "%s is the key of no approver of %s",
		    args->option['k'], args->option['c']);
	return ERR_NONE;
}

static bool
is_printable(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.at[i] < 0x20 || s.at[i] == 0x7f)
			return false;
	return s.len > 0 && s.len <= APPROVAL_REASON_MAX;
}

/* "findings.json.KEYID.minisig"; what is said later has its moment in the
 * name as well. */
static enum err
write_step(const struct signing *x, const char *path, struct str signature,
    int64_t now)
{
	struct arena a = { 0 };
	struct sign_public p = { 0 };
	struct str first, ending;
	enum err rc = sign_key_of(p.id, signature);

	if (rc != ERR_NONE)
		return rc;
	ending =
	    arena_printf(&a, ".%.*s.minisig", STR_ARG(sign_id_text(&p, &a)));
	first = arena_printf(&a, "%s%.*s", path, STR_ARG(ending));
	if (x->kind != APPROVAL_AGREES || io_is_file(first.at))
		ending = arena_printf(&a, ".%.*s.%s-%lld.minisig",
		    STR_ARG(sign_id_text(&p, &a)), approval_kind_name(x->kind),
		    (long long)now);
	rc = lab_key_write(path, ending.at, signature);
	arena_release(&a);
	return rc;
}

static enum err
say(const struct lab_args *args, enum approval_kind kind)
{
	struct signing x = { .kind = kind,
		.reason = str_of(args->option['m']) };
	struct sign_secret *key = NULL;
	struct buf signature = { 0 };
	int64_t now = (int64_t)time(NULL);
	struct str line;
	enum err rc;

	if (args->option['c'] == NULL || args->option['k'] == NULL ||
	    args->option['a'] == NULL)
		return fail(ERR_DENIED, "it needs -c, -k and -a");
	if ((kind != APPROVAL_AGREES || x.reason.len > 0) &&
	    !is_printable(x.reason))
		return fail(ERR_DENIED,
		    "-m gives the reason: one line of at most %d bytes",
		    APPROVAL_REASON_MAX);
	rc = read_all(&x, &key, args);
	/* To object is possible whatever left before. */
	if (rc == ERR_NONE && args->n > 1 && kind == APPROVAL_AGREES)
		rc = lab_ledger_with(&x.rules, &x.parcel, args->rest + 1,
		    args->n - 1);
	if (rc == ERR_NONE) {
		line = approval_line(&x.a, &x.rules, &x.parcel, kind, now,
		    x.reason);
		rc = sign_bytes(&signature, key, x.parcel.bytes, line);
	}
	if (rc == ERR_NONE)
		rc = write_step(&x, args->rest[0], buf_view(&signature), now);
	if (rc == ERR_NONE)
		rc = lab_say("%.*s\n", STR_ARG(line));
	sign_close(key);
	buf_release(&signature);
	buf_release(&x.bytes);
	arena_release(&x.a);
	return rc;
}

static enum err
approve(const struct lab_args *args)
{
	return say(args, APPROVAL_AGREES);
}

static enum err
object(const struct lab_args *args)
{
	return say(args, APPROVAL_OBJECTS);
}

static enum err
confer(const struct lab_args *args)
{
	return say(args, APPROVAL_CONFERRED);
}

#define USAGE "-c session.conf -k KEY -a AUTHOR [-P passphrase-file] "

const struct lab_command lab_approve_approve = {
	.name = "approve",
	.letters = "c:k:a:P:m:",
	.least = 1,
	.most = 100,
	.usage = USAGE "[-m REASON] findings.json [journal.db ...]",
	.help = "agree that this text may leave: sign it for this session, "
		"author and\n\trecipients, as findings.json.KEYID.minisig; "
		"with the journals of all\n\tauditors not where it would be "
		"more than the rules allow",
	.run = approve,
};

const struct lab_command lab_approve_object = {
	.name = "object",
	.letters = "c:k:a:P:m:",
	.least = 1,
	.most = 1,
	.usage = USAGE "-m REASON findings.json",
	.help = "object to it: nothing leaves until the same person confers "
		"or approves",
	.run = object,
};

const struct lab_command lab_approve_confer = {
	.name = "confer",
	.letters = "c:k:a:P:m:",
	.least = 1,
	.most = 1,
	.usage = USAGE "-m REASON findings.json",
	.help = "say that it was talked over: takes back what this person "
		"said before",
	.run = confer,
};

/* Nothing of it reaches the terminal but what can be printed. */
static enum err
say_text(struct str text)
{
	struct buf b = { 0 };
	enum err rc;

	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];

		if (c != '\n' && (c < 0x20 || c >= 0x7f))
			buf_printf(&b, "<%02X>", c);
		else
			buf_char(&b, (char)c);
	}
	rc = lab_put(buf_view(&b));
	buf_release(&b);
	return rc;
}

/* Beside NAME.json: NAME.checks, what the gate said of it. */
static enum err
say_checks(struct arena *a, const char *path)
{
	struct str name = str_of(path);
	struct buf checks = { 0 };
	enum err rc;

	if (str_ends(name, STR(".json")))
		name.len -= 5;
	rc = io_read(&checks, arena_printf(a, "%.*s.checks", STR_ARG(name)).at,
	    LIMIT_NOTE);
	if (rc == ERR_ABSENT) {
		err_clear();
		rc = lab_say("what the gate said is not here (%.*s.checks)\n",
		    STR_ARG(name));
	} else if (rc == ERR_NONE) {
		rc = say_text(buf_view(&checks));
	}
	buf_release(&checks);
	return rc;
}

static enum err
say_step(const struct rules *r, const struct parcel *p, struct str file)
{
	struct arena a = { 0 };
	struct approval ap = { file };
	struct approval_step s;
	struct buf when = { 0 };
	enum err rc = ERR_NONE;

	if (approval_read(&s, &a, r, p, &ap) != ERR_NONE) {
		err_clear();
	} else {
		if (s.when != 0)
			approval_time(&when, s.when);
		rc = lab_say("%.*s %s %s%s%.*s\n", STR_ARG(s.who->name),
		    approval_kind_name(s.kind), when.len > 0 ? when.at : "",
		    s.reason.len > 0 ? ": " : "", STR_ARG(s.reason));
	}
	buf_release(&when);
	arena_release(&a);
	return rc;
}

static bool
is_journal(const char *path)
{
	return str_ends(str_of(path), STR(".db"));
}

/* The journals among the files given behind the text. */
static enum err
say_ledger(const struct signing *x, const struct lab_args *args)
{
	const char *journals[200];
	int n = 0;

	for (int i = 1; i < args->n && n < 200; i++)
		if (is_journal(args->rest[i]))
			journals[n++] = args->rest[i];
	return n == 0 ? ERR_NONE :
			lab_ledger_with(&x->rules, &x->parcel, journals, n);
}

/* Every step that fits, of the files given behind the text. */
static enum err
say_steps(const struct signing *x, const struct lab_args *args)
{
	struct buf file = { 0 };
	enum err rc = ERR_NONE;

	for (int i = 1; i < args->n && rc == ERR_NONE; i++) {
		if (is_journal(args->rest[i]))
			continue;
		rc = io_read(&file, args->rest[i], SIGN_FILE_MAX);
		if (rc == ERR_NONE)
			rc = say_step(&x->rules, &x->parcel, buf_view(&file));
	}
	buf_release(&file);
	return rc;
}

static enum err
request(const struct lab_args *args)
{
	struct signing x = { 0 };
	enum err rc, over = ERR_NONE;

	if (args->option['c'] == NULL || args->option['a'] == NULL)
		return fail(ERR_DENIED, "request needs -c and -a");
	rc = lab_rules_read(&x.rules, &x.a, args->option['c']);
	if (rc == ERR_NONE)
		rc = io_read(&x.bytes, args->rest[0], LIMIT_BUNDLE);
	x.parcel.author = str_of(args->option['a']);
	x.parcel.bytes = buf_view(&x.bytes);
	if (rc == ERR_NONE)
		rc = say_checks(&x.a, args->rest[0]);
	if (rc == ERR_NONE)
		rc = seal_start();
	if (rc == ERR_NONE)
		rc = say_steps(&x, args);
	/* Too much or not: the text is shown. */
	if (rc == ERR_NONE)
		over = say_ledger(&x, args);
	if (over == ERR_DENIED)
		rc = lab_say("TOO MUCH: %s\n", err_text());
	else if (rc == ERR_NONE)
		rc = over;
	if (rc == ERR_NONE)
		rc = lab_say("exactly this would leave, %zu bytes:\n",
		    x.bytes.len);
	if (rc == ERR_NONE)
		rc = say_text(buf_view(&x.bytes));
	buf_release(&x.bytes);
	arena_release(&x.a);
	return rc;
}

const struct lab_command lab_approve_request = {
	.name = "request",
	.letters = "c:a:",
	.least = 1,
	.most = 200,
	.usage = "-c session.conf -a AUTHOR findings.json [APPROVAL ...] "
		 "[journal.db ...]",
	.help = "show what asks to leave: the checks, the ledger, who said "
		"what, every byte",
	.run = request,
};
