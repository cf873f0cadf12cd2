#include "tests/tui/notes_rig.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/search.h"
#include "tests/tool.h"
#include "tui/screen.h"
#include "tui/worklists.h"

struct notes_rig notes_rig;
static const char *
counter_name(void)
{
	return "counter";
}

static uint32_t
counter_next(void)
{
	uint64_t x = notes_rig.random += UINT64_C(0x9e3779b97f4a7c15);

	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)(x >> 32);
}

static void
counter_fill(void *const at, const size_t len)
{
	for (size_t i = 0; i < len; i++)
		((uint8_t *)at)[i] = (uint8_t)counter_next();
}

static struct randombytes_implementation counter = {
	.implementation_name = counter_name,
	.random = counter_next,
	.buf = counter_fill,
};

static int64_t
now(void)
{
	return notes_rig.clock += 1000;
}

static void
out_focus(void *arg, enum room r)
{
	(void)arg;
	notes_rig.focus = r;
}

static void
out_go(void *arg, const struct anchor *an)
{
	(void)arg;
	notes_rig.went = *an;
}

static void
out_news(void *arg, struct str line)
{
	(void)arg;
	buf_clear(&notes_rig.news);
	buf_str(&notes_rig.news, line);
}

static void
out_marks(void *arg, const struct mark *marks, size_t n)
{
	(void)arg;
	assert_true(n <= 16);
	if (n > 0)
		memcpy(notes_rig.marks, marks, n * sizeof *marks);
	notes_rig.n_marks = n;
}

static void
out_candidate(void *arg, uint32_t id, struct str context, struct str bytes)
{
	(void)arg;
	notes_rig.candidate = id;
	notes_rig.candidates++;
	buf_clear(&notes_rig.context);
	buf_str(&notes_rig.context, context);
	buf_clear(&notes_rig.bytes);
	buf_str(&notes_rig.bytes, bytes);
}

static void
out_quit(void *arg)
{
	(void)arg;
	notes_rig.quit = true;
}

static void
out_list(void *arg, struct str bytes)
{
	(void)arg;
	buf_clear(&notes_rig.list);
	buf_str(&notes_rig.list, bytes);
}

static void
out_anchors(void *arg, struct str all)
{
	(void)arg;
	buf_clear(&notes_rig.anchors);
	buf_str(&notes_rig.anchors, all);
}

static void
out_survey(void *arg)
{
	(void)arg;
	notes_rig.surveys++;
}

static void
out_others(void *arg, struct str all)
{
	(void)arg;
	buf_clear(&notes_rig.others);
	buf_str(&notes_rig.others, all);
}

static void
out_place(void *arg, const struct hatch_place *p)
{
	struct anchor *at = &notes_rig.places[p->letter - 'a'];

	(void)arg;
	*at = p->at;
	at->path = arena_copy(&notes_rig.places_arena, p->at.path);
}

static void
out_pages(void *arg, struct str order)
{
	(void)arg;
	buf_clear(&notes_rig.pages);
	buf_str(&notes_rig.pages, order);
}

static void
out_press(void *arg, struct str files)
{
	(void)arg;
	buf_clear(&notes_rig.press);
	buf_str(&notes_rig.press, files);
}

static void
out_verdicts(void *arg, const struct hatch_verdicts *v)
{
	(void)arg;
	notes_rig.told++;
	for (uint32_t i = 0; i < v->n; i++)
		for (uint32_t k = v->spans[2 * i]; k <= v->spans[2 * i + 1];
		     k++)
			notes_rig.verdicts[k - 1] = v->verdict;
}

void
notes_rig_begin(void)
{
	const struct noting_setup setup = {
		.start = &notes_rig.start,
		.cost = SEAL_COST_TEST,
		.now = now,
		.out = { NULL, out_focus, out_go, out_news, out_marks,
		    out_candidate, out_quit, out_list, out_verdicts,
		    out_anchors, out_survey, out_others, out_place, out_pages,
		    out_press },
	};

	assert_int_equal(noting_open(&notes_rig.noting, &setup), ERR_NONE);
	notes_rig.play.shell = noting_shell(notes_rig.noting);
	notes_rig.focus = ROOM_READING;
	shell_size(notes_rig.play.shell, 24, 80, SCREEN_UTF8 | SCREEN_COLOUR);
}

struct anchor
notes_rig_place(void)
{
	struct anchor an = { .path = STR("src/gtp/decode_ie.c"),
		.first = 118,
		.last = 121 };

	memset(an.commit.id, 0x1a, OID_BYTES);
	memset(an.blob.id, 0x2b, OID_BYTES);
	memset(an.region.at, 0x3c, HASH_BYTES);
	return an;
}

void
notes_rig_compose(enum hatch_what what)
{
	const struct hatch_compose c = { what, notes_rig_place(), 0 };

	noting_compose(notes_rig.noting, &c);
}

/* What the checker says of the last candidate. */
void
notes_rig_answer(const char *copied, bool ready)
{
	struct verdict_source v = { .id = notes_rig.candidate,
		.ready = ready,
		.done = 12,
		.of = 40 };
	struct span span = { .tokens = 400 };
	struct buf all = { 0 };
	size_t at = copied == NULL ?
	    SIZE_MAX :
	    str_find(buf_view(&notes_rig.bytes), str_of(copied), 0);

	buf_str(&all, buf_view(&notes_rig.context));
	buf_str(&all, buf_view(&notes_rig.bytes));
	v.hash = hash_of(buf_view(&all));
	buf_release(&all);
	if (at != SIZE_MAX) {
		span.at = (uint32_t)at;
		span.len = (uint32_t)strlen(copied);
		v.spans = &span;
		v.n_spans = 1;
		v.tokens = v.run = 400;
	}
	assert_true((copied == NULL) == (at == SIZE_MAX));
	noting_verdict(notes_rig.noting, &v);
}

/*
 * A second room over what the first left on disk.  crash: the first does
 * nothing more; its files are copied aside first, so that what it does when
 * it is freed cannot help.
 */
void
notes_rig_again(bool crash)
{
	if (crash)
		assert_int_equal(tool_run("cp -a . ../$(basename $PWD).kept"),
		    0);
	noting_close(notes_rig.noting);
	if (crash)
		assert_int_equal(tool_run(
				     "rm -rf ./* && k=../$(basename "
				     "$PWD).kept && cp -a $k/. . && rm -rf $k"),
		    0);
	notes_rig_begin();
}

static void
fail_step(struct str word)
{
	print_error("no step \"%.*s\"\n", STR_ARG(word));
	assert_true(false);
}

static void
elsewhere(void)
{
	struct hatch_compose c = { HATCH_EDIT, notes_rig_place(), 0 };

	c.at.first = c.at.last = 3;
	noting_compose(notes_rig.noting, &c);
}

/* A worklist of two lines, and a verdict that wants a reason. */
static void
new_list(void)
{
	struct search_certificate c = { .complete = true,
		.engine = STR("PCRE2"),
		.query = { .pattern = STR("strcpy") } };
	struct hitlist_hit hits[2] = { { .hash = 1, .line = 4 },
		{ .hash = 2, .line = 9 } };
	struct hitlist_file file = { .path = STR("src/gtp/decode_ie.c") };
	struct hitlist l = { .title = STR("strcpy"),
		.files = &file,
		.n_files = 1,
		.hits = hits,
		.n_hits = 2 };
	struct buf cert = { 0 }, b = { 0 };

	search_certificate_write(&c, &cert);
	l.certificate = buf_view(&cert);
	hitlist_write(&l, &b);
	assert_int_equal(worklists_new(noting_worklists(notes_rig.noting),
			     buf_view(&b)),
	    ERR_NONE);
	buf_release(&cert);
	buf_release(&b);
}

static void
ask_reason(void)
{
	const struct worklist *w =
	    book_list_at(noting_book(notes_rig.noting), 0);
	uint32_t pair[2] = { 1, 1 };
	const struct hatch_verdicts v = { .list = w->l.number,
		.verdict = VERDICT_SAFE,
		.ask = true,
		.spans = pair,
		.n = 1 };

	worklists_verdicts(noting_worklists(notes_rig.noting), &v);
}

static void
step(void *arg, struct str word)
{
	(void)arg;
	if (str_eq(word, STR("note")))
		notes_rig_compose(HATCH_NOTE);
	else if (str_eq(word, STR("finding")))
		notes_rig_compose(HATCH_FINDING);
	else if (str_eq(word, STR("question")))
		notes_rig_compose(HATCH_QUESTION);
	else if (str_eq(word, STR("elsewhere")))
		elsewhere();
	else if (str_eq(word, STR("edit")))
		notes_rig_compose(HATCH_EDIT);
	else if (str_eq(word, STR("notes")))
		noting_view(notes_rig.noting,
		    &(struct hatch_open){ .view = STR("notes") });
	else if (str_eq(word, STR("list")))
		new_list();
	else if (str_eq(word, STR("reason")))
		ask_reason();
	else if (str_eq(word, STR("undo")))
		noting_undo(notes_rig.noting, false);
	else if (str_eq(word, STR("leave")))
		noting_leave(notes_rig.noting);
	else if (str_eq(word, STR("clean")))
		notes_rig_answer(NULL, true);
	else if (str_eq(word, STR("copied")))
		notes_rig_answer(
		    "memcpy(out->teid, in + 4, len); /* 4: header */", true);
	else if (str_eq(word, STR("back")))
		assert_true(notes_rig.focus == ROOM_READING);
	else if (str_eq(word, STR("here")))
		assert_true(notes_rig.focus == ROOM_NOTES);
	else if (str_eq(word, STR("end")))
		notes_rig_again(false);
	else if (str_eq(word, STR("crash")))
		notes_rig_again(true);
	else
		fail_step(word);
}

int
notes_rig_setup(void **state)
{
	(void)state;
	err_clear();
	memset(&notes_rig, 0, sizeof notes_rig);
	notes_rig.clock = INT64_C(1763733600000); /* 2025-11-21 14:00:00 UTC */
	notes_rig.releases[0] = (struct release){ .name = STR("v1.0"),
		.status = STR("production") };
	notes_rig.start = (struct start){ .title = STR("enodeb"),
		.auditor = STR("anna"),
		.releases = notes_rig.releases,
		.n_releases = 1 };
	notes_rig.start.data = str_of(tool_start());
	notes_rig.play.step = step;
	notes_rig_begin();
	return 0;
}

int
notes_rig_teardown(void **state)
{
	(void)state;
	noting_close(notes_rig.noting);
	buf_release(&notes_rig.news);
	buf_release(&notes_rig.context);
	buf_release(&notes_rig.bytes);
	buf_release(&notes_rig.list);
	buf_release(&notes_rig.anchors);
	buf_release(&notes_rig.others);
	arena_release(&notes_rig.places_arena);
	tool_end();
	return 0;
}

void
notes_rig_open_vault(void)
{
	noting_view(notes_rig.noting,
	    &(struct hatch_open){ .view = STR("notes") });
	play_type(notes_rig.play.shell, "seven wet horses");
	play_keys(notes_rig.play.shell, "Enter");
	if (noting_book(notes_rig.noting) == NULL) {
		play_type(notes_rig.play.shell, "seven wet horses");
		play_keys(notes_rig.play.shell, "Enter");
	}
	assert_non_null(noting_book(notes_rig.noting));
}

const char *
notes_rig_message(void)
{
	size_t n = shell_messages(notes_rig.play.shell);

	return n == 0 ? "" : shell_message_at(notes_rig.play.shell, n - 1).at;
}

int
notes_rig_start(void)
{
	setenv("TZ", "UTC", 1);
	tzset();
	return randombytes_set_implementation(&counter) == 0 &&
		text_start() == ERR_NONE && seal_start() == ERR_NONE ?
	    0 :
	    1;
}

bool
notes_rig_shows(const char *text)
{
	struct buf b = { 0 };
	bool found;

	play_show(notes_rig.play.shell, &b, false);
	found = str_find(buf_view(&b), str_of(text), 0) != SIZE_MAX;
	if (!found)
		print_message("%s is not in\n%s\n", text, b.at);
	buf_release(&b);
	return found;
}
