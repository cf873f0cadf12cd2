#include "policy/lab.h"

#include "core/io.h"
#include "core/json.h"
#include "policy/journal.h"
#include "policy/lab_image.h"

#include <time.h>

enum { WHO_WIDE = 6 };

/* What is shown of a journal, and what is remarkable in it. */
struct telling {
	struct buf lines, notes;
	struct json *rows; /* NULL: not wanted */
	int64_t last;      /* when the entry before was written */
	uint64_t opened;   /* entry that was not closed yet, 0: none */
	struct str paper;  /* the head on it, or "" */
	bool record;       /* it is one of the record, not of the journal */
	bool verified;
};

static void
say_time(struct buf *b, int64_t when)
{
	time_t t = (time_t)when;
	char text[32] = "?";
	struct tm tm;

	if (gmtime_r(&t, &tm) != NULL)
		strftime(text, sizeof text, "%Y-%m-%d %H:%M:%SZ", &tm);
	buf_str(b, str_of(text));
}

/* Clocks that jump and days that do not end, by number of the entry. */
static void
take_note(struct telling *t, const struct journal_entry *e)
{
	unsigned long long seq = (unsigned long long)e->seq;

	if (e->when < t->last)
		buf_printf(&t->notes,
		    "note: the clock went back by %lld s before entry %llu\n",
		    (long long)(t->last - e->when), seq);
	if (e->kind == JOURNAL_OPENED && t->opened > 0)
		buf_printf(&t->notes,
		    "note: what entry %llu opened was never closed: a crash, "
		    "or entries were cut off and the rest went on\n",
		    (unsigned long long)t->opened);
	if (e->kind == JOURNAL_OPENED)
		t->opened = e->seq;
	if (e->kind == JOURNAL_CLOSED)
		t->opened = 0;
	t->last = e->when;
}

static void
add_row(struct telling *t, const struct journal_entry *e)
{
	struct json *row = json_new_object();
	struct buf when = { 0 };

	say_time(&when, e->when);
	json_put_num(row, "seq", (int64_t)e->seq);
	json_put_str(row, "when", buf_view(&when));
	json_put_str(row, "kind", str_of(journal_kind_name(e->kind)));
	json_put_str(row, "who", e->who);
	json_put_str(row, "what", e->what);
	if (e->serial > 0)
		json_put_num(row, "serial", e->serial);
	if (e->bytes > 0) {
		bool paper =
		    e->kind == JOURNAL_PAGES || e->kind == JOURNAL_PRINTED;

		json_put_num(row, paper ? "pages" : "bytes", (int64_t)e->bytes);
		json_put_num(row, paper ? "lines" : "quoted", e->quoted);
		json_put_hex(row, "sha256", e->hash.at, HASH_BYTES);
	}
	if (e->signature.len > 0)
		json_put_str(row, "signature", e->signature);
	json_add(t->rows, row);
	buf_release(&when);
}

static void
put_hash(struct buf *out, const struct hash *h)
{
	buf_str(out, STR(", SHA-256 "));
	buf_hex(out, h->at, HASH_BYTES);
}

static enum err
tell(void *arg, const struct journal_entry *e)
{
	struct telling *t = arg;
	size_t at;

	take_note(t, e);
	t->record = t->record ||
	    (e->kind == JOURNAL_CLOSED && t->paper.len > 0 &&
		str_eq(e->what, t->paper));
	if (t->rows != NULL)
		add_row(t, e);
	buf_printf(&t->lines, "%4llu ", (unsigned long long)e->seq);
	say_time(&t->lines, e->when);
	buf_printf(&t->lines, " %-8s ", journal_kind_name(e->kind));
	at = t->lines.len;
	lab_image_name(&t->lines, e->who);
	buf_printf(&t->lines, "%*s ",
	    t->lines.len - at < WHO_WIDE ? (int)(WHO_WIDE + at - t->lines.len) :
					   0,
	    "");
	lab_image_name(&t->lines, e->what);
	if (e->kind == JOURNAL_PAGES)
		buf_printf(&t->lines, ", %llu pages, %u lines",
		    (unsigned long long)e->bytes, e->quoted);
	else if (e->kind == JOURNAL_PRINTED)
		put_hash(&t->lines, &e->hash);
	else if (e->bytes > 0)
		buf_printf(&t->lines, ", %llu bytes, %u tokens",
		    (unsigned long long)e->bytes, e->quoted);
	buf_char(&t->lines, '\n');
	return ERR_NONE;
}

/* The verification key, out of its sealed box in the journal. */
static enum err
verify(struct journal *j, const char *path)
{
	struct seal_age_identity *id = NULL;
	struct buf file = { 0 }, seed = { 0 };
	enum err rc = io_read(&file, path, SIGN_FILE_MAX);

	if (rc == ERR_NONE)
		rc = seal_age_identity_read(&id, buf_view(&file));
	if (rc == ERR_NONE)
		rc = seal_age_open(&seed, id, journal_sealed(j),
		    JOURNAL_SEED_BYTES);
	if (rc == ERR_DENIED) {
		err_clear();
		rc = fail(rc,
		    "%s does not open this journal's verification key: -i "
		    "takes the identity of a recipient of the session",
		    path);
	}
	if (rc == ERR_NONE && seed.len != JOURNAL_SEED_BYTES)
		rc = fail(ERR_FORMAT,
		    "the journal's verification key is "
		    "damaged");
	if (rc == ERR_NONE)
		rc = journal_verify(j, (const uint8_t *)seed.at);
	if (file.at != NULL)
		seal_wipe(file.at, file.room);
	if (seed.at != NULL)
		seal_wipe(seed.at, seed.room);
	buf_release(&file);
	buf_release(&seed);
	seal_age_identity_close(id);
	return rc;
}

static enum err
compare(struct journal *j, const struct telling *t, struct buf *said)
{
	enum err rc = journal_compare(j, t->paper);

	if (rc == ERR_NONE) {
		buf_str(said,
		    STR("the head on paper is one of this journal's\n"));
	} else if (t->record) {
		err_clear();
		rc = fail(ERR_DENIED,
		    "that is a code of the record: the journal's is the other "
		    "one that the auditor's screen shows at the end");
	}
	return rc;
}

/* What is known of it beyond that the chain is whole, a line each. */
static enum err
check(struct journal *j, const struct lab_args *args, struct telling *t,
    struct buf *said)
{
	struct sign_public author;
	struct buf file = { 0 };
	uint64_t n = 0;
	enum err rc = ERR_NONE;

	if (args->option['i'] != NULL)
		rc = verify(j, args->option['i']);
	else if (args->option['v'] != NULL)
		return fail(ERR_DENIED,
		    "it cannot be verified without the key: -i takes the "
		    "identity of a recipient of the session");
	if (rc == ERR_NONE)
		buf_str(said,
		    args->option['i'] != NULL ?
			STR("verified: every entry was written by the "
			    "session's own chain of keys\n") :
			STR("NOT VERIFIED: the chain is whole, but without -i "
			    "nobody can say who wrote it\n"));
	t->verified = rc == ERR_NONE && args->option['i'] != NULL;
	if (rc == ERR_NONE && args->option['H'] != NULL)
		rc = compare(j, t, said);
	if (rc == ERR_NONE && args->option['k'] != NULL) {
		rc = io_read(&file, args->option['k'], SIGN_FILE_MAX);
		if (rc == ERR_NONE)
			rc = sign_public_read(&author, buf_view(&file));
		if (rc == ERR_NONE)
			rc = journal_signed(j, &author, &n);
		if (rc == ERR_NONE)
			buf_printf(said, "%llu closings are signed by %s\n",
			    (unsigned long long)n, args->option['k']);
		buf_release(&file);
	}
	return rc;
}

/* Text or JSON, to a file or to be read. */
static enum err
put(struct journal *j, const struct lab_args *args, struct telling *t,
    struct str said, struct arena *a)
{
	struct buf text = { 0 };
	enum err rc;

	if (t->rows != NULL) {
		struct json *all = json_new_object();

		json_put_str(all, "format", STR("vitrine-journal 1"));
		json_put_str(all, "head", journal_head(j, a));
		json_put_bool(all, "verified", t->verified);
		json_put_str(all, "trouble", str_of(err_text()));
		json_put_str(all, "notes", buf_view(&t->notes));
		json_put(all, "entries", t->rows);
		t->rows = NULL;
		json_write_lines(all, &text);
		buf_char(&text, '\n');
		json_free(all);
	} else {
		buf_str(&text, buf_view(&t->lines));
		buf_str(&text, buf_view(&t->notes));
		buf_printf(&text, "head: %.*s\n", STR_ARG(journal_head(j, a)));
		buf_str(&text, said);
	}
	rc = args->option['o'] != NULL ?
	    lab_replace(args->option['o'], buf_view(&text)) :
	    lab_put(buf_view(&text));
	buf_release(&text);
	return rc;
}

static enum err
show(const struct lab_args *args)
{
	struct telling t = { 0 };
	struct arena a = { 0 };
	struct journal *j = NULL;
	struct buf said = { 0 };
	struct str path;
	enum err rc = io_real_path(&path, &a, args->rest[0]), checked;

	if (args->option['j'] != NULL)
		t.rows = json_new_array();
	if (args->option['H'] != NULL)
		t.paper = str_trim(str_of(args->option['H']));
	if (rc == ERR_NONE)
		rc = seal_start();
	if (rc == ERR_NONE)
		rc = journal_open(&j, path.at, NULL);
	if (rc == ERR_NONE)
		rc = journal_each(j, tell, &t);
	/* What is there is shown, also when something is wrong with it. */
	checked = rc == ERR_NONE ? check(j, args, &t, &said) : rc;
	if (rc == ERR_NONE)
		rc = put(j, args, &t, buf_view(&said), &a);
	journal_close(j);
	json_free(t.rows);
	buf_release(&t.lines);
	buf_release(&t.notes);
	buf_release(&said);
	arena_release(&a);
	return rc != ERR_NONE ? rc : checked;
}

const struct lab_command lab_journal_journal = {
	.name = "journal",
	.letters = "H:i:jk:o:v",
	.least = 1,
	.most = 1,
	.usage = "[-v] [-i age-identity] [-H HEAD] [-k author.pub] [-j] "
		 "[-o FILE]\n    journal.db",
	.help = "print what happened in a session and name what is odd; -i: "
		"verify it with\n\tthe identity of a recipient, -v: fail "
		"without; -H: a head on paper,\n\t-k: the author's signatures, "
		"-j: JSON, -o: into a file",
	.run = show,
};
