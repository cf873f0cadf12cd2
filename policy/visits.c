#include "policy/visits.h"

#include "core/io.h"

#include <time.h>
#include <unistd.h>

#define MAGIC "vitrine-visits 1"

enum { DAYS_MAX = 1000, VISITS_MAX = 100000 };

static bool
take_number(struct str *line, uint64_t max, uint64_t *out)
{
	struct str word;

	return str_cut(line, ' ', &word) &&
	    str_number(word, max, out) == ERR_NONE;
}

static bool
take_visit(struct visit *v, struct str line)
{
	uint64_t begin, end;

	if (!take_number(&line, INT64_MAX, &begin) ||
	    !take_number(&line, INT64_MAX, &end) ||
	    str_number(line, UINT32_MAX, &v->seconds) != ERR_NONE)
		return false;
	v->begin = (int64_t)begin;
	v->end = (int64_t)end;
	return true;
}

enum err
visits_parse(struct visits *out, struct arena *a, struct str text)
{
	struct str line;
	struct visits v = { 0 };
	size_t lines = 0;
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < text.len; i++)
		lines += text.at[i] == '\n';
	if (lines > VISITS_MAX || !str_ends(text, STR("\n")) ||
	    !str_cut(&text, '\n', &line) || !str_eq(line, STR(MAGIC)))
		rc = ERR_FORMAT;
	v.at = arena_array(a, lines + 1, struct visit);
	while (rc == ERR_NONE && str_cut(&text, '\n', &line) &&
	    !(line.len == 0 && text.len == 0))
		rc = take_visit(&v.at[v.n++], line) ? ERR_NONE : ERR_FORMAT;
	err_clear();
	if (rc != ERR_NONE)
		return fail(rc,
		    "visits: line %zu is damaged, so nobody knows how many "
		    "hours are left",
		    v.n + 1);
	*out = v;
	return ERR_NONE;
}

enum err
visits_read(struct visits *out, struct arena *a, const char *data)
{
	struct buf b = { 0 };
	enum err rc =
	    io_read(&b, arena_printf(a, "%s/visits", data).at, VISITS_BYTES);

	if (rc == ERR_ABSENT) {
		err_clear();
		*out = (struct visits){ 0 };
		return ERR_NONE;
	}
	if (rc == ERR_NONE)
		rc = visits_parse(out, a, buf_view(&b));
	buf_release(&b);
	return rc;
}

static void
write_visit(const struct visit *v, struct buf *b)
{
	buf_printf(b, "%lld %lld %llu\n", (long long)v->begin,
	    (long long)v->end, (unsigned long long)v->seconds);
}

enum err
visits_write(const struct visits *v, const struct visit *now, const char *data)
{
	struct buf b = { 0 };
	int dir;
	enum err rc = io_open_folder(&dir, data);

	if (rc != ERR_NONE)
		return rc;
	buf_str(&b, STR(MAGIC "\n"));
	for (size_t i = 0; i < v->n; i++)
		write_visit(&v->at[i], &b);
	write_visit(now, &b);
	rc = io_replace_at(dir, "visits", buf_view(&b));
	close(dir);
	buf_release(&b);
	return rc;
}

uint64_t
visits_seconds(const struct visits *v)
{
	uint64_t n = 0;

	for (size_t i = 0; i < v->n; i++)
		n += v->at[i].seconds;
	return n;
}

void
visits_say(const struct visit *v, struct buf *out)
{
	time_t begin = (time_t)v->begin, end = (time_t)v->end;
	struct tm from, to;

	if (localtime_r(&begin, &from) == NULL ||
	    localtime_r(&end, &to) == NULL) {
		from = (struct tm){ .tm_mday = 1 };
		to = from;
	}
	buf_printf(out,
	    "%04d-%02d-%02d %02d:%02d to %02d:%02d, %llu h %llu min",
	    from.tm_year + 1900, from.tm_mon + 1, from.tm_mday, from.tm_hour,
	    from.tm_min, to.tm_hour, to.tm_min,
	    (unsigned long long)v->seconds / 3600,
	    (unsigned long long)v->seconds / 60 % 60);
}

/* The end of the hours of this day. */
static enum err
end_of_day(int64_t *out, const struct rules_hours *h, int64_t now)
{
	time_t t = (time_t)now;
	struct tm tm;

	if (localtime_r(&t, &tm) == NULL)
		return fail(ERR_DENIED, "the clock cannot be read");
	tm.tm_hour = h->to / 60;
	tm.tm_min = h->to % 60;
	tm.tm_sec = 0;
	tm.tm_isdst = -1;
	*out = mktime(&tm);
	return ERR_NONE;
}

enum err
visits_until(int64_t *out, const struct rules *r, const struct visits *before,
    int64_t now)
{
	uint64_t total = (uint64_t)r->hours.total * 3600,
		 used = visits_seconds(before);
	int64_t until = 0;
	enum err rc;

	if (r->personal || r->hours.to == 0) {
		*out = 0;
		return ERR_NONE;
	}
	rc = end_of_day(&until, &r->hours, now);
	/* Open round the clock: midnight is no end. */
	for (int day = 0; day < DAYS_MAX && rc == ERR_NONE &&
	     rules_open_at(r, until) == ERR_NONE;
	     day++)
		rc = end_of_day(&until, &r->hours, until);
	if (rc != ERR_NONE)
		return rc;
	err_clear();
	if (total > 0 && used >= total)
		return fail(ERR_DENIED, "the %u hours of session %.*s are used",
		    r->hours.total, STR_ARG(r->session));
	if (total > 0 && now + (int64_t)(total - used) < until)
		until = now + (int64_t)(total - used);
	*out = until;
	return ERR_NONE;
}
