#include "policy/station.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "policy/station_inside.h"

enum { TEXT_MAX = 1 << 20, LINE = 1024, LISTED = 6 };

static const struct station_test *const tables[] = {
	station_ways_tests,
	station_doors_tests,
	station_kernel_tests,
	station_mounts_tests,
	station_people_tests,
};

enum { TABLES = sizeof tables / sizeof *tables };

static const struct station_test *
test_at(size_t i)
{
	for (size_t t = 0; t < TABLES; t++)
		for (const struct station_test *at = tables[t]; at->key != NULL;
		     at++)
			if (i-- == 0)
				return at;
	return NULL;
}

const char *
station_key(size_t i)
{
	const struct station_test *t = test_at(i);

	return t == NULL ? NULL : t->key;
}

bool
station_known(struct str key)
{
	for (size_t i = 0; station_key(i) != NULL; i++)
		if (str_eq(key, str_of(station_key(i))))
			return true;
	return false;
}

const char *
station_state_name(enum station_state s)
{
	static const char *const names[] = { "cannot tell", "does not",
		"holds" };

	return names[s];
}

void
station_check(struct station_report *out, struct arena *a, const char *root,
    int64_t now)
{
	struct station s = { .a = a, .root = root, .now = now };
	size_t n = 0;

	while (test_at(n) != NULL)
		n++;
	*out =
	    (struct station_report){ arena_array(a, n, struct station_row), n };
	for (size_t i = 0; i < n; i++) {
		const struct station_test *t = test_at(i);
		struct station_row *row = &out->rows[i];

		*row = (struct station_row){ .key = t->key,
			.what = t->what,
			.found = STR(""),
			.remedy = STR("") };
		t->look(&s, row);
		if (row->state != STATION_HOLDS && row->remedy.len == 0)
			row->remedy = str_of(t->remedy);
		err_clear();
	}
}

const struct station_row *
station_find(const struct station_report *r, struct str key)
{
	for (size_t i = 0; i < r->n; i++)
		if (str_eq(key, str_of(r->rows[i].key)))
			return &r->rows[i];
	return NULL;
}

size_t
station_count(const struct station_report *r, enum station_state s)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++)
		n += r->rows[i].state == s;
	return n;
}

/* Words from a column on, the next lines below it. */
static void
wrap(struct buf *out, size_t from, struct str text)
{
	enum { WIDTH = 80 };
	struct str word;
	size_t column = from;

	while (station_word(&text, &word)) {
		if (column > from && column + 1 + word.len > WIDTH) {
			buf_printf(out, "\n%*s", (int)from, "");
			column = from;
		}
		if (column > from) {
			buf_char(out, ' ');
			column++;
		}
		buf_str(out, word);
		column += word.len;
	}
	buf_char(out, '\n');
}

enum { INDENT = 13, LABEL = 7 };

void
station_table(const struct station_report *r, bool all, struct buf *out)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct station_row *row = &r->rows[i];

		if (row->state == STATION_HOLDS && !all)
			continue;
		buf_printf(out, "%-11s  %-19s", station_state_name(row->state),
		    row->key);
		wrap(out, INDENT + 19, str_of(row->what));
		buf_printf(out, "%*sfound: ", INDENT, "");
		wrap(out, INDENT + LABEL, row->found);
		if (row->remedy.len == 0)
			continue;
		buf_printf(out, "%*sdo:    ", INDENT, "");
		wrap(out, INDENT + LABEL, row->remedy);
	}
}

/* What the rows use. */

const char *
station_path(struct station *s, const char *fmt, ...)
{
	char path[LINE];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(path, sizeof path, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= sizeof path)
		return "/nowhere"; /* a name no tree has */
	return arena_copy(s->a, (struct str){ path, (size_t)n }).at;
}

static const char *
below(struct station *s, const char *path)
{
	return arena_printf(s->a, "%s%s", s->root, path).at;
}

static enum station_got
got_of(enum err rc)
{
	err_clear();
	if (rc == ERR_NONE)
		return STATION_READ;
	return rc == ERR_ABSENT ? STATION_NONE : STATION_CLOSED;
}

enum station_got
station_text(struct station *s, struct str *out, const char *path)
{
	struct buf b = { 0 };
	enum err rc = io_read(&b, below(s, path), TEXT_MAX);

	*out = STR("");
	if (rc == ERR_NONE)
		*out = arena_copy(s->a, str_trim(buf_view(&b)));
	buf_release(&b);
	return got_of(rc);
}

enum station_got
station_names(struct station *s, struct io_names *out, const char *path)
{
	enum err rc = io_list(out, s->a, below(s, path));

	if (rc != ERR_NONE)
		*out = (struct io_names){ 0 };
	return got_of(rc);
}

bool
station_there(struct station *s, const char *path)
{
	struct io_place p;
	enum err rc = io_place_look(&p, below(s, path));

	err_clear();
	return rc != ERR_NONE || p.kind != IO_NOTHING;
}

enum station_got
station_link(struct station *s, struct str *out, const char *path)
{
	return got_of(io_place_target(out, s->a, below(s, path)));
}

/* One line of printable text, whatever the arguments held. */
static struct str
line_of(struct station *s, const char *fmt, va_list ap)
{
	char line[LINE];
	int n = vsnprintf(line, sizeof line, fmt, ap);

	if (n < 0)
		return STR("?");
	if ((size_t)n >= sizeof line)
		n = sizeof line - 1;
	for (int i = 0; i < n; i++)
		if (line[i] < 0x20 || line[i] > 0x7e)
			line[i] = '?';
	return arena_copy(s->a, (struct str){ line, (size_t)n });
}

void
station_says(struct station *s, struct station_row *row, bool holds,
    const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	row->state = holds ? STATION_HOLDS : STATION_FAILS;
	row->found = line_of(s, fmt, ap);
	va_end(ap);
}

void
station_cannot(struct station *s, struct station_row *row, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	row->state = STATION_UNKNOWN;
	row->found = line_of(s, fmt, ap);
	va_end(ap);
}

bool
station_word(struct str *line, struct str *word)
{
	*line = str_trim(*line);
	*word = (struct str){ line->at, 0 };
	while (word->len < line->len && line->at[word->len] != ' ' &&
	    line->at[word->len] != '\t')
		word->len++;
	*line = str_slice(*line, word->len, line->len);
	return word->len > 0;
}

void
station_list_add(struct station_list *l, struct str name)
{
	if (l->n < LISTED) {
		if (l->n > 0)
			buf_str(&l->text, STR(", "));
		buf_str(&l->text, str_slice(name, 0, 80));
	}
	l->n++;
}

struct str
station_list_text(struct station_list *l, struct arena *a)
{
	struct str text;

	if (l->n > LISTED)
		buf_printf(&l->text, " and %zu more", l->n - LISTED);
	text = arena_copy(a, buf_view(&l->text));
	buf_release(&l->text);
	return text;
}

void
station_says_list(struct station *s, struct station_row *row, bool holds,
    const char *before, struct station_list *l)
{
	struct str text = station_list_text(l, s->a);

	station_says(s, row, holds, "%s%.*s", before, STR_ARG(text));
}

enum station_got
station_running(struct station *s, const char *const *names,
    struct station_list *found)
{
	struct io_names all;
	enum station_got got = station_names(s, &all, "/proc");
	bool any = false;

	for (size_t i = 0; got == STATION_READ && i < all.len; i++) {
		struct str comm;

		if (all.at[i].at[0] < '0' || all.at[i].at[0] > '9' ||
		    station_text(s, &comm,
			station_path(s, "/proc/%s/comm", all.at[i].at)) !=
			STATION_READ)
			continue;
		any = true;
		for (size_t k = 0; names[k] != NULL; k++)
			if (str_eq(comm, str_of(names[k])))
				station_list_add(found,
				    arena_printf(s->a, "%s (process %s)",
					names[k], all.at[i].at));
	}
	return any ? STATION_READ : STATION_NONE;
}

bool
station_masked(struct station *s, const char *unit)
{
	const char *path = station_path(s, "/etc/systemd/system/%s", unit);
	struct io_place p;
	struct str to;

	if (station_link(s, &to, path) == STATION_READ)
		return str_eq(to, STR("/dev/null"));
	return io_place_look(&p, below(s, path)) == ERR_NONE &&
	    p.kind == IO_FILE && p.bytes == 0;
}

bool
station_is_kiosk(struct str shell)
{
	return str_ends(shell, STR("/vitrine-kiosk"));
}

static bool
take_account(struct station_account *out, struct str line)
{
	struct str field[7];
	uint64_t uid, gid;

	for (int i = 0; i < 7; i++)
		if (!str_cut(&line, ':', &field[i]))
			field[i] = STR("");
	if (field[0].len == 0 ||
	    str_number(field[2], UINT32_MAX, &uid) != ERR_NONE ||
	    str_number(field[3], UINT32_MAX, &gid) != ERR_NONE) {
		err_clear();
		return false;
	}
	*out = (struct station_account){ .name = field[0],
		.word = field[1],
		.home = field[5],
		.shell = field[6],
		.uid = (uint32_t)uid,
		.gid = (uint32_t)gid };
	return true;
}

enum station_got
station_accounts(struct station *s, struct station_account **out, size_t *n)
{
	struct str text, line;
	size_t room = 1;
	enum station_got got = station_text(s, &text, "/etc/passwd");

	*n = 0;
	for (size_t i = 0; i < text.len; i++)
		room += text.at[i] == '\n';
	*out = arena_array(s->a, room, struct station_account);
	while (str_cut(&text, '\n', &line))
		*n += take_account(&(*out)[*n], line);
	return got;
}

enum err
station_require(const struct str *keys, size_t n, struct buf *text)
{
	struct station_report report;
	struct arena a = { 0 };
	enum err rc = ERR_NONE;

	if (n == 0)
		return ERR_NONE;
	station_check(&report, &a, "", time(NULL));
	station_state_add(&report, &a, "", 0);
	for (size_t i = 0; i < n && rc == ERR_NONE; i++) {
		const struct station_row *row = station_find(&report, keys[i]);

		if (row == NULL)
			rc = fail(ERR_DENIED,
			    "the rules want \"%.*s\" of the station, which "
			    "this program does not know",
			    STR_ARG(keys[i]));
		else if (row->state != STATION_HOLDS)
			rc = fail(ERR_DENIED,
			    "the rules want \"%s\" of the station, which %s: "
			    "%.*s; vitrine-lab station check says what to do",
			    row->key,
			    row->state == STATION_FAILS ? "does not hold" :
							  "nobody can tell",
			    STR_ARG(row->found));
		else
			buf_printf(text, "station %s holds\n", row->key);
	}
	arena_release(&a);
	return rc;
}
