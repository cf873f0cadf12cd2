/* What the notes room says to people: times, titles, the trusted line. */
#include "tui/noting.h"

#include <limits.h>
#include <time.h>

#include "tui/logbook.h"
#include "tui/refound.h"

void
noting_time(struct buf *b, int64_t ms)
{
	time_t t = (time_t)(ms / 1000);
	struct tm tm;

	if (localtime_r(&t, &tm) == NULL)
		tm = (struct tm){ .tm_mday = 1 };
	buf_printf(b, "%04d-%02d-%02d %02d:%02d", tm.tm_year + 1900,
	    tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min);
}

struct str
noting_title(const struct entry *e)
{
	struct str rest = e->title.len > 0 ? e->title : e->text, line;

	while (str_cut(&rest, '\n', &line))
		if (str_trim(line).len > 0)
			return str_trim(line);
	return STR("(no text)");
}

static const char *
vault_word(const struct vault *v)
{
	static const char *const words[] = {
		[VAULT_NEW] = "no vault yet",
		[VAULT_LOCKED] = "vault locked",
		[VAULT_OPEN] = "vault open",
	};

	return v == NULL ? "vault closed" : words[vault_state(v)];
}

int
noting_minutes_left(const struct noting *n)
{
	int64_t until = noting_start(n)->until;
	int64_t set = logbook_clock_set(noting_logbook(n));
	int64_t left = until - noting_now(n) / 1000;

	/* A clock that was set back gives nobody more time. */
	if (set < 0)
		left += set;

	if (until == 0 || left > INT_MAX)
		return -1;
	return left <= 0 ? 0 : (int)((left + 59) / 60);
}

/* When the hours of the session end: in clock time, or in minutes when they
 * are few. */
static void
add_end(const struct noting *n, struct buf *b)
{
	enum { FEW = 30, DAY = 24 * 60 };
	int left = noting_minutes_left(n);
	struct buf time = { 0 };

	if (left < 0)
		return;
	if (left == 0)
		buf_str(b, STR(" | the hours are over"));
	else if (left <= FEW)
		buf_printf(b, " | %d min left", left);
	if (left <= FEW)
		return;
	noting_time(&time, noting_start(n)->until * 1000);
	buf_str(b, STR(" | until "));
	buf_str(b,
	    left > DAY ? str_slice(buf_view(&time), 5, 5) :
			 str_slice(buf_view(&time), 11, 5));
	buf_release(&time);
}

void
noting_trusted(struct noting *n, struct buf *b)
{
	const struct start *s = noting_start(n);
	struct buf time = { 0 };

	/* What may not be cut off a narrow screen comes first. */
	if (s->auditor.len > 0) {
		buf_str(b, s->auditor);
		buf_str(b, STR(" | "));
	}
	buf_printf(b, "%s | ", vault_word(noting_vault(n)));
	noting_time(&time, noting_now(n));
	buf_str(b, str_slice(buf_view(&time), 11, 5)); /* the day is known */
	buf_release(&time);
	add_end(n, b);
	buf_str(b, STR(" | "));
	buf_str(b, s->title);
}

/* What the revision is called, if this room knows. */
static struct str
revision_name(struct noting *n, const struct oid *commit)
{
	const struct start *s = noting_start(n);

	for (uint32_t i = 0; i < s->n_releases; i++)
		if (oid_eq(&s->releases[i].commit, commit))
			return s->releases[i].name;
	return refound_name_of(noting_refound(n), commit);
}

void
noting_place(struct noting *n, const struct anchor *an, struct buf *b)
{
	struct str name = revision_name(n, &an->commit);

	if (an->path.len == 0)
		buf_str(b, STR("the whole revision"));
	buf_str(b, an->path);
	if (an->first > 0 && an->last > an->first)
		buf_printf(b, ":%u-%u", an->first, an->last);
	else if (an->first > 0)
		buf_printf(b, ":%u", an->first);
	buf_str(b, STR(" in "));
	if (name.len > 0) {
		buf_str(b, name);
		buf_str(b, STR(" ("));
	}
	buf_hex(b, an->commit.id, 5);
	if (name.len > 0)
		buf_char(b, ')');
}
