#include "policy/approval.h"

#include <string.h>
#include <time.h>

struct str
approval_comment(struct arena *a, const struct rules *r, const struct parcel *p)
{
	struct hash hash = hash_of(p->bytes);
	struct buf b = { 0 };
	struct str line;

	buf_printf(&b,
	    "vitrine approval session=%.*s author=%.*s "
	    "recipients=",
	    STR_ARG(r->session), STR_ARG(p->author));
	for (uint32_t i = 0; i < r->n_recipients; i++) {
		if (i > 0)
			buf_char(&b, ',');
		seal_age_recipient_write(&r->recipients[i].key, &b);
	}
	buf_str(&b, STR(" sha256="));
	buf_hex(&b, hash.at, HASH_BYTES);
	if (b.len > SIGN_COMMENT_MAX) {
		/* Many recipients: their hash names them as well. */
		hash = hash_of(buf_view(&b));
		buf_clear(&b);
		buf_printf(&b, "vitrine approval session=%.*s author=%.*s all=",
		    STR_ARG(r->session), STR_ARG(p->author));
		buf_hex(&b, hash.at, HASH_BYTES);
	}
	line = arena_copy(a, buf_view(&b));
	buf_release(&b);
	return line;
}

struct str
approval_file(struct arena *a, const struct approval *all, size_t i)
{
	struct sign_public mine = { 0 }, other = { 0 };
	unsigned n = 1;

	if (sign_key_of(mine.id, all[i].signature) != ERR_NONE)
		return STR("approvals/damaged.minisig");
	for (size_t k = 0; k < i; k++)
		n += sign_key_of(other.id, all[k].signature) == ERR_NONE &&
		    memcmp(mine.id, other.id, sizeof mine.id) == 0;
	if (n == 1)
		return arena_printf(a, "approvals/%.*s.minisig",
		    STR_ARG(sign_id_text(&mine, a)));
	return arena_printf(a, "approvals/%.*s-%u.minisig",
	    STR_ARG(sign_id_text(&mine, a)), n);
}

static const struct {
	const char *said, *name;
} kinds[APPROVAL_KINDS] = {
	[APPROVAL_AGREES] = { "approval", "agrees" },
	[APPROVAL_OBJECTS] = { "objection", "objects" },
	[APPROVAL_CONFERRED] = { "conferral", "conferred" },
};

const char *
approval_kind_name(enum approval_kind k)
{
	return kinds[k].name;
}

void
approval_time(struct buf *b, int64_t when)
{
	time_t t = (time_t)when;
	struct tm tm;

	if (gmtime_r(&t, &tm) == NULL)
		tm = (struct tm){ .tm_mday = 1 };
	buf_printf(b, "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900,
	    tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

bool
approval_time_read(int64_t *out, struct str s)
{
	static const char form[] = "dddd-dd-ddTdd:dd:ddZ";
	unsigned n[6] = { 0 };
	struct tm tm = { 0 };
	struct buf again = { 0 };
	bool same;

	if (s.len != strlen(form))
		return false;
	for (size_t i = 0, k = 0; i < s.len; i++) {
		if (form[i] == 'd' ? s.at[i] < '0' || s.at[i] > '9' :
				     s.at[i] != form[i])
			return false;
		if (form[i] == 'd')
			n[k] = n[k] * 10 + (unsigned)(s.at[i] - '0');
		else if (k < 5)
			k++;
	}
	tm.tm_year = (int)n[0] - 1900;
	tm.tm_mon = (int)n[1] - 1;
	tm.tm_mday = (int)n[2];
	tm.tm_hour = (int)n[3];
	tm.tm_min = (int)n[4];
	tm.tm_sec = (int)n[5];
	*out = timegm(&tm);
	approval_time(&again, *out);
	same = str_eq(buf_view(&again), s);
	buf_release(&again);
	return same;
}

/* The comment of an approval with another word in front. */
static void
put_head(struct buf *b, enum approval_kind kind, struct str comment)
{
	static const char front[] = "vitrine approval ";

	buf_printf(b, "vitrine %s ", kinds[kind].said);
	buf_str(b, str_slice(comment, strlen(front), comment.len));
}

struct str
approval_line(struct arena *a, const struct rules *r, const struct parcel *p,
    enum approval_kind kind, int64_t when, struct str reason)
{
	struct buf b = { 0 };
	struct str line;

	put_head(&b, kind, approval_comment(a, r, p));
	buf_str(&b, STR(" when="));
	approval_time(&b, when);
	if (reason.len > 0) {
		buf_str(&b, STR(" reason="));
		buf_str(&b, str_slice(reason, 0, APPROVAL_REASON_MAX));
	}
	line = arena_copy(a, buf_view(&b));
	buf_release(&b);
	return line;
}

/* " when=T" and " reason=TEXT", behind what names the text. */
static bool
read_tail(struct approval_step *s, struct str tail)
{
	static const char when[] = " when=", reason[] = " reason=";
	enum { TIME = 20 };

	if (tail.len == 0)
		return s->kind == APPROVAL_AGREES;
	if (!str_starts(tail, str_of(when)) ||
	    !approval_time_read(&s->when, str_slice(tail, strlen(when), TIME)))
		return false;
	tail = str_slice(tail, strlen(when) + TIME, tail.len);
	if (tail.len == 0)
		return true;
	s->reason = str_slice(tail, strlen(reason), tail.len);
	return str_starts(tail, str_of(reason)) && s->reason.len > 0 &&
	    s->reason.len <= APPROVAL_REASON_MAX;
}

/* Which kind a comment is of, and whether it is for this parcel. */
static bool
read_comment(struct approval_step *s, struct arena *a, const struct rules *r,
    const struct parcel *p, struct str comment)
{
	struct str want = approval_comment(a, r, p);

	for (enum approval_kind k = 0; k < APPROVAL_KINDS; k++) {
		struct buf head = { 0 };
		bool fits;

		put_head(&head, k, want);
		s->kind = k;
		fits = str_starts(comment, buf_view(&head)) &&
		    read_tail(s, str_slice(comment, head.len, comment.len));
		buf_release(&head);
		if (fits)
			return true;
	}
	return false;
}

enum err
approval_read(struct approval_step *out, struct arena *a, const struct rules *r,
    const struct parcel *p, const struct approval *ap)
{
	struct approval_step s = { 0 };
	struct str comment;
	uint8_t id[8];
	enum err rc = sign_key_of(id, ap->signature);

	if (rc != ERR_NONE)
		return rc;
	s.who = rules_approver(r, id);
	if (s.who == NULL)
		return fail(ERR_DENIED,
		    "an approval by a key that no approver has");
	rc = sign_verify(&comment, &s.who->key, p->bytes, ap->signature);
	if (rc != ERR_NONE)
		return fail(rc, "the approval of %.*s does not fit this text",
		    STR_ARG(s.who->name));
	comment = arena_copy(a, comment);
	if (!read_comment(&s, a, r, p, comment))
		return fail(ERR_DENIED,
		    "the approval of %.*s is for another "
		    "session, author or recipients",
		    STR_ARG(s.who->name));
	if (str_eq(s.who->name, p->author))
		return fail(ERR_DENIED,
		    "%.*s cannot approve what is their "
		    "own",
		    STR_ARG(s.who->name));
	*out = s;
	return ERR_NONE;
}

/* A clock that is a day ahead is wrong; an approval that is too old was for
 * what people knew then. */
static enum err
check_clock(const struct rules *r, const struct approval_step *s, int64_t now)
{
	enum { DAY = 24 * 60 * 60 };
	struct buf b = { 0 };
	enum err rc = ERR_NONE;

	if (now == 0 || s->kind != APPROVAL_AGREES)
		return ERR_NONE;
	approval_time(&b, s->when);
	if (s->when > now + DAY)
		rc = fail(ERR_DENIED,
		    "the approval of %.*s is of %s, which is still to come",
		    STR_ARG(s->who->name), b.at);
	else if (r->valid_days > 0 && s->when == 0)
		rc = fail(ERR_DENIED,
		    "the approval of %.*s does not say when, and the rules "
		    "let it hold for %u days",
		    STR_ARG(s->who->name), r->valid_days);
	else if (r->valid_days > 0 &&
	    now - s->when > (int64_t)r->valid_days * DAY)
		rc = fail(ERR_DENIED,
		    "the approval of %.*s is of %s and held for %u days",
		    STR_ARG(s->who->name), b.at, r->valid_days);
	buf_release(&b);
	return rc;
}

/*
 * Only the last word of a person counts; at the same moment, that it is no.
 * The same word twice is no second person.
 */
static enum err
last_words(struct approval_step *steps, size_t *n)
{
	size_t kept = 0;

	for (size_t i = 0; i < *n; i++) {
		size_t k = 0;

		while (k < kept && steps[k].who != steps[i].who)
			k++;
		if (k == kept) {
			steps[kept++] = steps[i];
		} else if (steps[i].when == steps[k].when &&
		    steps[i].kind == steps[k].kind) {
			return fail(ERR_DENIED, "%.*s approved twice",
			    STR_ARG(steps[i].who->name));
		} else if (steps[i].when > steps[k].when ||
		    (steps[i].when == steps[k].when &&
			steps[i].kind == APPROVAL_OBJECTS)) {
			steps[k] = steps[i];
		}
	}
	*n = kept;
	for (size_t i = 0; i < kept; i++)
		if (steps[i].kind == APPROVAL_OBJECTS)
			return fail(ERR_DENIED, "%.*s objects: %.*s",
			    STR_ARG(steps[i].who->name),
			    STR_ARG(steps[i].reason));
	return ERR_NONE;
}

/* Who agrees, and still does now; *late: why one of them does not count. */
static size_t
who_agrees(const struct rules_person **by, const struct approval_step *steps,
    size_t n, const struct rules *r, int64_t now, struct buf *late)
{
	size_t agree = 0;

	for (size_t i = 0; i < n; i++) {
		if (steps[i].kind != APPROVAL_AGREES)
			continue;
		if (check_clock(r, &steps[i], now) == ERR_NONE) {
			by[agree++] = steps[i].who;
			continue;
		}
		buf_printf(late, "; %s", err_text());
		err_clear();
	}
	return agree;
}

static enum err
check_roles(const struct rules *r, const struct rules_person *const *by,
    size_t n)
{
	for (uint32_t i = 0; i < r->n_approvals_roles; i++) {
		size_t k = 0;

		while (k < n && !str_eq(by[k]->role, r->approvals_roles[i]))
			k++;
		if (k == n)
			return fail(ERR_DENIED,
			    "an approval of role %.*s is "
			    "missing",
			    STR_ARG(r->approvals_roles[i]));
	}
	return ERR_NONE;
}

enum err
approval_check(const struct rules *r, const struct parcel *p,
    const struct approval *approvals, size_t n, int64_t now)
{
	const struct rules_person **by;
	struct approval_step *steps;
	struct arena a = { 0 };
	struct buf late = { 0 };
	size_t agree = 0;
	enum err rc = ERR_NONE;

	by = arena_array(&a, n, const struct rules_person *);
	steps = arena_array(&a, n, struct approval_step);
	for (size_t i = 0; i < n && rc == ERR_NONE; i++)
		rc = approval_read(&steps[i], &a, r, p, &approvals[i]);
	if (rc == ERR_NONE)
		rc = last_words(steps, &n);
	if (rc == ERR_NONE)
		agree = who_agrees(by, steps, n, r, now, &late);
	if (rc == ERR_NONE && r->approvals_need == 0)
		rc = fail(ERR_DENIED,
		    "the rules do not say how many "
		    "approvals are needed (approval.need)");
	if (rc == ERR_NONE && agree < r->approvals_need)
		rc = fail(ERR_DENIED, "%zu of %u approvals%s", agree,
		    r->approvals_need, late.len == 0 ? "" : late.at);
	if (rc == ERR_NONE)
		rc = check_roles(r, by, agree);
	buf_release(&late);
	arena_release(&a);
	return rc;
}
