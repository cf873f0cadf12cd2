#include "tui/show.h"

#include <time.h>

void
show_size(uint64_t bytes, struct buf *b)
{
	static const char units[] = "kMGTPE";
	double n = (double)bytes / 1024;
	size_t unit = 0;

	if (bytes < 1024) {
		buf_printf(b, "%u", (unsigned)bytes);
		return;
	}
	while (n >= 1000 && unit + 1 < sizeof units - 1) {
		n /= 1024;
		unit++;
	}
	buf_printf(b, n < 100 ? "%.1f%c" : "%.0f%c", n, units[unit]);
}

void
show_count(uint64_t n, struct buf *b)
{
	if (n >= 1000) {
		show_count(n / 1000, b);
		buf_printf(b, ",%03u", (unsigned)(n % 1000));
	} else {
		buf_printf(b, "%u", (unsigned)n);
	}
}

static bool
civil(const struct person *p, struct tm *out)
{
	time_t t;

	return !p->bad && p->zone > -24 * 60 && p->zone < 24 * 60 &&
	    !__builtin_add_overflow(p->time, (int64_t)p->zone * 60, &t) &&
	    gmtime_r(&t, out) != NULL && out->tm_year < 8100 &&
	    out->tm_year > -1900;
}

void
show_date(const struct person *p, struct buf *b)
{
	struct tm tm;

	if (civil(p, &tm))
		buf_printf(b, "%04d-%02d-%02d", tm.tm_year + 1900,
		    tm.tm_mon + 1, tm.tm_mday);
	else
		buf_str(b, STR("---- no --"));
}

void
show_time(const struct person *p, struct buf *b)
{
	int zone = p->zone < 0 ? -p->zone : p->zone;
	struct tm tm;

	show_date(p, b);
	if (civil(p, &tm))
		buf_printf(b, " %02d:%02d %c%02d%02d", tm.tm_hour, tm.tm_min,
		    p->zone < 0 ? '-' : '+', zone / 60, zone % 60);
}

void
show_age(int64_t then, int64_t now, struct buf *b)
{
	static const struct {
		int64_t seconds;
		char unit;
	} units[] = {
		{ 365 * 24 * 3600, 'y' },
		{ 7 * 24 * 3600, 'w' },
		{ 24 * 3600, 'd' },
		{ 3600, 'h' },
		{ 60, 'm' },
		{ 1, 's' },
	};
	int64_t age;

	if (__builtin_sub_overflow(now, then, &age) || age < 0)
		return;
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
		if (age >= units[i].seconds || units[i].seconds == 1) {
			buf_printf(b, "%lld%c",
			    (long long)(age / units[i].seconds), units[i].unit);
			return;
		}
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

void
show_initials(struct str name, struct buf *b)
{
	char first = 0, last = 0;

	for (size_t i = 0; i < name.len; i++) {
		if (!is_letter(name.at[i]) || (i > 0 && name.at[i - 1] != ' '))
			continue;
		if (first == 0)
			first = name.at[i];
		else
			last = name.at[i];
	}
	if (first != 0)
		buf_char(b, first);
	if (last != 0)
		buf_char(b, last);
}

void
show_id(const struct oid *id, unsigned n, struct buf *b)
{
	struct oid_text t = oid_text(id);

	buf_add(b, t.hex, n > OID_HEX ? OID_HEX : n);
}
