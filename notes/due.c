#include "notes/due.h"

#include <string.h>
#include <time.h>

static const int64_t DAY = INT64_C(24) * 3600 * 1000;

static int64_t
day_of(int64_t ms)
{
	return ms >= 0 ? ms / DAY : -1;
}

/* Day 0 was a Thursday. */
static bool
is_workday(int64_t day)
{
	int of_week = (int)((day + 4) % 7); /* 0: Sunday */

	return of_week != 0 && of_week != 6;
}

int64_t
due_after(int64_t ms, unsigned n)
{
	int64_t day = day_of(ms);

	while (n > 0)
		n -= is_workday(++day);
	return day * DAY;
}

static bool
take_number(struct str s, size_t at, size_t len, int *out)
{
	uint64_t n;

	if (str_number(str_slice(s, at, len), 9999, &n) != ERR_NONE) {
		err_clear();
		return false;
	}
	*out = (int)n;
	return true;
}

enum err
due_read(int64_t *out, struct str text)
{
	struct tm tm = { 0 }, back;
	int year, month, day;
	time_t t;

	if (text.len != 10 || text.at[4] != '-' || text.at[7] != '-' ||
	    !take_number(text, 0, 4, &year) ||
	    !take_number(text, 5, 2, &month) ||
	    !take_number(text, 8, 2, &day) || year < 1970)
		return fail(ERR_FORMAT, "a day is written as 2026-12-05");
	tm.tm_year = year - 1900;
	tm.tm_mon = month - 1;
	tm.tm_mday = day;
	t = timegm(&tm);
	if (gmtime_r(&t, &back) == NULL || back.tm_mon != month - 1 ||
	    back.tm_mday != day)
		return fail(ERR_FORMAT, "there is no such day");
	*out = (int64_t)t * 1000;
	return ERR_NONE;
}

void
due_write(int64_t ms, struct buf *b)
{
	time_t t = (time_t)(ms / 1000);
	struct tm tm;

	if (gmtime_r(&t, &tm) != NULL)
		buf_printf(b, "%04d-%02d-%02d", tm.tm_year + 1900,
		    tm.tm_mon + 1, tm.tm_mday);
}

int
due_left(int64_t due, int64_t now)
{
	int64_t from = day_of(now), to = day_of(due);
	int64_t most = 4000; /* years away is far enough */
	int n = 0;

	for (; from < to && most-- > 0;)
		n += is_workday(++from);
	for (; from > to && most-- > 0; from--)
		n -= is_workday(from);
	return n;
}

void
due_say(int64_t due, int64_t now, struct buf *b)
{
	int n = due_left(due, now);

	if (day_of(due) == day_of(now))
		buf_str(b, STR("due today"));
	else if (day_of(due) > day_of(now))
		buf_printf(b, "due in %d working day%s", n, n == 1 ? "" : "s");
	else
		buf_printf(b, "overdue by %d working day%s", -n,
		    n == -1 ? "" : "s");
}
