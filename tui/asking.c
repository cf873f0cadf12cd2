#include "tui/asking.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/io.h"
#include "core/limits.h"
#include "policy/sheet.h"

enum { DAY = 24 * 60 * 60 };

static const char *
path_of(const struct asking *k, struct arena *a, const char *name)
{
	return arena_printf(a, "%.*s/%s", STR_ARG(k->data), name).at;
}

/* "requests/9478577524d3b6b1.json" */
static const char *
file_of(struct arena *a, const struct hash *of, const char *ending)
{
	struct buf name = { 0 };
	struct str copy;

	buf_str(&name, STR("requests/"));
	buf_hex(&name, of->at, 8);
	buf_printf(&name, ".%s", ending);
	copy = arena_copy(a, buf_view(&name));
	buf_release(&name);
	return copy.at;
}

/* The moment that a signature names, or "": in this order people read what
 * was said, and journal and sheet have it. */
static struct str
moment(const struct approval *ap)
{
	static const char mark[] = " when=";
	size_t at = str_find(ap->signature, str_of(mark), 0);

	return at == SIZE_MAX ? STR("") :
				str_slice(ap->signature, at + strlen(mark), 20);
}

static int
by_time(const void *a, const void *b)
{
	int c = str_cmp(moment(a), moment(b));
	const struct approval *x = a, *y = b;

	return c != 0 ? c : str_cmp(x->signature, y->signature);
}

size_t
asking_find(struct approval **out, struct arena *a, const struct asking *k,
    struct str bytes)
{
	const char *folder = path_of(k, a, "approvals");
	struct io_names names;
	size_t n = 0;

	if (k->rules->personal || !io_is_folder(folder) ||
	    io_list(&names, a, folder) != ERR_NONE) {
		err_clear();
		return 0;
	}
	*out = arena_array(a, names.len, struct approval);
	for (size_t i = 0; i < names.len; i++) {
		const struct rules_person *who;
		struct buf file = { 0 };
		uint8_t key[8];

		if (io_read(&file,
			arena_printf(a, "%s/%.*s", folder, STR_ARG(names.at[i]))
			    .at,
			SIGN_FILE_MAX) == ERR_NONE &&
		    sign_key_of(key, buf_view(&file)) == ERR_NONE &&
		    (who = rules_approver(k->rules, key)) != NULL &&
		    sign_verify(NULL, &who->key, bytes, buf_view(&file)) ==
			ERR_NONE)
			(*out)[n++].signature = arena_copy(a, buf_view(&file));
		err_clear();
		buf_release(&file);
	}
	if (n > 0)
		qsort(*out, n, sizeof **out, by_time);
	return n;
}

/* The line "checked at T" of the gate's sheet. */
static int64_t
asked_at(struct str checks)
{
	static const char mark[] = "checked at ";
	struct str line;

	while (str_cut(&checks, '\n', &line)) {
		int64_t when;

		if (str_starts(line, str_of(mark)) &&
		    approval_time_read(&when,
			str_slice(line, strlen(mark), line.len)))
			return when;
	}
	return 0;
}

static void
put_day(struct buf *b, int64_t when)
{
	time_t t = (time_t)when;
	struct tm tm;

	if (localtime_r(&t, &tm) != NULL)
		buf_printf(b, "%04d-%02d-%02d", tm.tm_year + 1900,
		    tm.tm_mon + 1, tm.tm_mday);
}

/* Steps, and in one line where it stands. */
static void
judge(struct asking_request *q, struct arena *a, const struct asking *k)
{
	struct parcel p = { .author = k->author, .bytes = q->bytes };
	struct approval *all;
	size_t n = asking_find(&all, a, k, q->bytes);
	struct buf b = { 0 };

	q->steps = arena_array(a, n, struct approval_step);
	for (size_t i = 0; i < n; i++)
		if (approval_read(&q->steps[q->n_steps], a, k->rules, &p,
			&all[i]) == ERR_NONE)
			q->n_steps++;
	err_clear();
	q->may_leave = approval_check(k->rules, &p, all, n, k->now) == ERR_NONE;
	buf_str(&b, q->may_leave ? STR("may leave") : str_of(err_text()));
	err_clear();
	if (!q->may_leave && q->asked > 0 && k->rules->answer_days > 0) {
		int64_t due = q->asked + (int64_t)k->rules->answer_days * DAY;

		q->overdue = k->now > due;
		buf_str(&b,
		    q->overdue ? STR(", OVERDUE since ") : STR(", due "));
		put_day(&b, due);
	}
	q->state = arena_copy(a, buf_view(&b));
	buf_release(&b);
}

static bool
read_one(struct asking_request *q, struct arena *a, const struct asking *k,
    struct str name)
{
	struct buf file = { 0 };
	struct str base = str_slice(name, 0, name.len - 5);
	bool good = io_read(&file,
			arena_printf(a, "%.*s/requests/%.*s", STR_ARG(k->data),
			    STR_ARG(name))
			    .at,
			LIMIT_NOTE) == ERR_NONE;

	q->name = base;
	q->bytes = arena_copy(a, buf_view(&file));
	buf_clear(&file);
	if (good &&
	    io_read(&file,
		arena_printf(a, "%.*s/requests/%.*s.checks", STR_ARG(k->data),
		    STR_ARG(base))
		    .at,
		LIMIT_NOTE) == ERR_NONE)
		q->checks = arena_copy(a, buf_view(&file));
	err_clear();
	q->asked = asked_at(q->checks);
	buf_release(&file);
	if (good)
		judge(q, a, k);
	return good;
}

enum err
asking_list(struct asking_request **out, size_t *n, struct arena *a,
    const struct asking *k)
{
	const char *folder = path_of(k, a, "requests");
	struct asking_request *list;
	struct io_names all;
	enum err rc;

	*n = 0;
	if (!io_is_folder(folder))
		return ERR_NONE;
	rc = io_list(&all, a, folder);
	if (rc != ERR_NONE)
		return rc;
	list = arena_array(a, all.len, struct asking_request);
	for (size_t i = 0; i < all.len; i++)
		if (str_ends(all.at[i], STR(".json")) &&
		    read_one(&list[*n], a, k, all.at[i]))
			++*n;
	*out = list;
	return ERR_NONE;
}

enum err
asking_write(int folder, const struct asking *k, const struct parcel *p,
    const struct gate *g, const struct verdict_source *v,
    const struct ledger *l)
{
	struct arena a = { 0 };
	struct buf checks = { 0 };
	enum err rc = io_make_folder_at(folder, "requests");

	/* Where the lab looks for a place to put the answers. */
	if (rc == ERR_NONE)
		rc = io_make_folder_at(folder, "approvals");
	sheet_checks(&checks, k->rules, p, g, v, l, k->now);
	if (rc == ERR_NONE)
		rc = io_replace_at(folder, file_of(&a, &g->of, "comment"),
		    approval_comment(&a, k->rules, p));
	/* The clock of a request runs from the first time. */
	if (rc == ERR_NONE &&
	    !io_is_file(path_of(k, &a, file_of(&a, &g->of, "checks"))))
		rc = io_replace_at(folder, file_of(&a, &g->of, "checks"),
		    buf_view(&checks));
	if (rc == ERR_NONE)
		rc = io_replace_at(folder, file_of(&a, &g->of, "json"),
		    p->bytes);
	buf_release(&checks);
	arena_release(&a);
	return rc;
}

enum err
asking_drop(int folder, const struct asking *k, const struct hash *of)
{
	static const char *const endings[] = { "json", "comment", "checks" };
	struct arena a = { 0 };
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < 3 && rc == ERR_NONE; i++) {
		const char *file = file_of(&a, of, endings[i]);

		if (io_is_file(path_of(k, &a, file)))
			rc = io_remove_at(folder, file);
	}
	arena_release(&a);
	return rc;
}

static enum err
keep(int folder, const struct approval_step *s, struct str signature)
{
	struct arena a = { 0 };
	enum err rc = io_make_folder_at(folder, "approvals");

	if (rc == ERR_NONE)
		rc = io_create_at(folder,
		    arena_printf(&a, "approvals/%.*s-%s-%lld.minisig",
			STR_ARG(s->who->name), approval_kind_name(s->kind),
			(long long)s->when)
			.at,
		    signature);
	arena_release(&a);
	return rc;
}

/* ERR_DENIED: not the key of an approver. */
static enum err
sign(struct buf *out, struct approval_step *step, struct arena *a,
    const struct asking *k, const struct asking_request *q,
    const struct sign_secret *key)
{
	struct parcel p = { .author = k->author, .bytes = q->bytes };
	struct sign_public pub = sign_public_of(key);

	step->who = rules_approver(k->rules, pub.id);
	if (step->who == NULL)
		return fail(ERR_DENIED,
		    "that is the key of no approver of this session");
	return sign_bytes(out, key, q->bytes,
	    approval_line(a, k->rules, &p, step->kind, step->when,
		step->reason));
}

enum err
asking_sign(const struct asking *k, const struct asking_request *q,
    const struct asking_word *w, const struct secret *phrase)
{
	struct approval_step step = { .kind = w->kind,
		.when = k->now,
		.reason = w->reason };
	struct arena a = { 0 };
	struct buf file = { 0 }, signature = { 0 };
	struct sign_secret *key = NULL;
	int folder = -1;
	enum err rc = io_open_folder(&folder, path_of(k, &a, ""));

	if (rc == ERR_NONE)
		rc = io_read_at(&file, folder,
		    arena_printf(&a, "keys/%.*s.key", STR_ARG(w->who)).at,
		    SIGN_FILE_MAX);
	if (rc == ERR_NONE)
		rc = sign_secret_read(&key, buf_view(&file),
		    (struct str){ (const char *)phrase->at, phrase->len });
	if (rc == ERR_NONE)
		rc = sign(&signature, &step, &a, k, q, key);
	if (rc == ERR_NONE)
		rc = keep(folder, &step, buf_view(&signature));
	if (folder >= 0)
		close(folder);
	if (file.at != NULL)
		seal_wipe(file.at, file.room);
	buf_release(&file);
	buf_release(&signature);
	sign_close(key);
	arena_release(&a);
	return rc;
}

struct known {
	const struct journal_entry *e;
	bool found;
};

static enum err
compare(void *arg, const struct journal_entry *e)
{
	struct known *k = arg;

	k->found = k->found ||
	    (e->kind == k->e->kind && str_eq(e->who, k->e->who) &&
		str_eq(e->what, k->e->what) && hash_eq(&e->hash, &k->e->hash));
	return ERR_NONE;
}

static struct journal_entry
entry_of(struct arena *a, const struct approval_step *s, struct str bytes)
{
	static const enum journal_kind kinds[APPROVAL_KINDS] = {
		[APPROVAL_AGREES] = JOURNAL_APPROVED,
		[APPROVAL_OBJECTS] = JOURNAL_OBJECTED,
		[APPROVAL_CONFERRED] = JOURNAL_CONFERRED,
	};
	struct journal_entry e = { .kind = kinds[s->kind],
		.who = s->who->name,
		.bytes = bytes.len,
		.hash = hash_of(bytes) };
	struct buf b = { 0 };

	if (s->when != 0)
		approval_time(&b, s->when);
	if (s->reason.len > 0)
		buf_printf(&b, " %.*s", STR_ARG(s->reason));
	e.what = arena_copy(a, buf_view(&b));
	buf_release(&b);
	return e;
}

enum err
asking_tell(struct journal *j, const struct asking *k, const struct parcel *p,
    const struct approval *all, size_t n,
    enum err (*add)(void *arg, struct journal_entry *e), void *arg)
{
	struct arena a = { 0 };
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < n && rc == ERR_NONE; i++) {
		struct approval_step s;
		struct journal_entry e;
		struct known known = { &e, false };

		if (approval_read(&s, &a, k->rules, p, &all[i]) != ERR_NONE) {
			err_clear();
			continue;
		}
		e = entry_of(&a, &s, p->bytes);
		rc = journal_each(j, compare, &known);
		if (rc == ERR_NONE && !known.found)
			rc = add(arg, &e);
	}
	arena_release(&a);
	return rc;
}
