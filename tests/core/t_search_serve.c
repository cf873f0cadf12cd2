#include "core/search_serve.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/feed.h"
#include "core/limits.h"
#include "core/messages.h"
#include "core/port.h"
#include "core/wire.h"

#include "tests/t.h"

/*
 * A searcher in a process of its own, started again on the same descriptors
 * when it ends, as the launcher does; the test is the reading room and the
 * worker.
 */
static int reading[2], feeding[2]; /* [0] the test's, [1] the searcher's */
static pid_t child;
static struct buf body, out;
static struct arena a;

static void
start_child(void)
{
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct search_fds fds = { reading[1], feeding[1],
			search_scan_blob };

		close(reading[0]);
		close(feeding[0]);
		if (encoding_open() != ERR_NONE ||
		    search_serve_prepare() != ERR_NONE)
			_exit(9);
		_exit(search_serve(&fds, NULL) == ERR_NONE ? 0 : 8);
	}
}

static int
await_child(void)
{
	int status;

	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static uint16_t
read_message(void)
{
	uint16_t type;

	assert_int_equal(port_read(reading[0], &type, &body), ERR_NONE);
	return type;
}

static int
setup(void **state)
{
	(void)state;
	err_clear();
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, reading), 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, feeding), 0);
	start_child();
	assert_int_equal(read_message(), MSG_SEARCH_HELLO);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	close(reading[0]);
	close(feeding[0]);
	close(reading[1]);
	close(feeding[1]);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	buf_release(&body);
	buf_release(&out);
	arena_release(&a);
	return 0;
}

static void
ask(uint32_t job, const char *pattern, uint32_t blobs, uint32_t seconds)
{
	struct search_start s = { .job = job,
		.parts = 1,
		.from = 100,
		.to = 100 + blobs,
		.query = { .pattern = str_of(pattern), .seconds = seconds } };

	buf_clear(&out);
	search_start_write(&s, &out);
	assert_int_equal(port_write(reading[0], MSG_SEARCH, buf_view(&out)),
	    ERR_NONE);
}

static void
cancel(uint32_t job)
{
	buf_clear(&out);
	wire_put_u32(&out, job);
	assert_int_equal(port_write(reading[0], MSG_SEARCH_CANCEL,
			     buf_view(&out)),
	    ERR_NONE);
}

static void
feed(uint32_t job, const struct str *blobs, uint32_t n)
{
	struct oid id = { { 0 } };
	struct feed_out f;

	feed_start(&f, feeding[0], job);
	for (uint32_t i = 0; i < n; i++)
		assert_int_equal(feed_blob(&f, i, &id, blobs[i]), ERR_NONE);
	assert_int_equal(feed_end(&f, ERR_NONE), ERR_NONE);
	feed_release(&f);
}

/* Everything up to the end of the search: "blob:line" of hits, "!blob" of
 * skips. */
static const char *
answers(uint32_t job, struct search_done *done)
{
	static struct buf said;
	uint16_t type;

	buf_clear(&said);
	buf_str(&said, STR(""));
	while ((type = read_message()) != MSG_SEARCH_DONE) {
		struct wire w = wire_of(buf_view(&body));

		if (type == MSG_SEARCH_HELLO)
			return said.at;
		assert_int_equal(wire_u32(&w), job);
		if (type == MSG_SEARCH_SKIP)
			buf_printf(&said, "!%u ", wire_u32(&w));
		while (type == MSG_HITS && w.rest.len > 0) {
			struct search_hit h = search_hit_read(&w, &a);

			assert_false(w.bad);
			buf_printf(&said, "%u:%u ", h.blob, h.line);
		}
	}
	assert_int_equal(search_done_read(done, &a, buf_view(&body)), ERR_NONE);
	assert_int_equal(done->job, job);
	return said.at;
}

static const struct str few[] = { STR("x\nfoo\n"), STR(""), STR("foo\nfoo") };

static void
fed_blobs_are_searched_and_counted(void **state)
{
	struct search_done d;

	(void)state;
	ask(7, "foo", 3, 0);
	feed(7, few, 3);
	assert_string_equal(answers(7, &d), "100:2 102:1 102:2 ");
	assert_int_equal(d.rc, ERR_NONE);
	assert_int_equal(d.blobs, 3);
	assert_int_equal(d.bytes, 13);
	/* And another one. */
	ask(8, "x", 3, 0);
	feed(8, few, 3);
	assert_string_equal(answers(8, &d), "100:1 ");
}

static void
blobs_of_another_job_are_dropped(void **state)
{
	struct search_done d;

	(void)state;
	feed(3, few, 3);
	ask(4, "foo", 3, 0);
	feed(4, few, 1);
	assert_string_equal(answers(4, &d), "100:2 ");
	assert_int_equal(d.blobs, 1);
}

static void
a_bad_pattern_gets_its_line(void **state)
{
	struct search_done d;

	(void)state;
	ask(5, "fo(o", 1, 0);
	assert_string_equal(answers(5, &d), "");
	assert_int_equal(d.rc, ERR_FORMAT);
	assert_true(str_starts(d.text, STR("no pattern: ")));
	ask(6, "foo", 3, 0);
	feed(6, few, 3);
	assert_string_equal(answers(6, &d), "100:2 102:1 102:2 ");
}

static void
a_search_that_waits_is_cancelled_without_ending_the_process(void **state)
{
	struct search_done d;

	(void)state;
	ask(9, "foo", 3, 0);
	cancel(9);
	answers(9, &d);
	assert_int_equal(d.rc, ERR_STOPPED);
	/* A cancel that comes too late means nothing. */
	cancel(9);
	ask(10, "foo", 3, 0);
	feed(10, few, 3);
	assert_string_equal(answers(10, &d), "100:2 102:1 102:2 ");
}

/* 5 MB in one line, with the letter that every match needs at its end:
 * quadratic in JIT code, where PCRE2's own limits count for each start alone. */
static struct str
endless(void)
{
	size_t len = 5 * 1000 * 1000;
	char *text = malloc(len);

	assert_non_null(text);
	memset(text, 'a', len);
	memcpy(text + len - 2, "xc", 2);
	return (struct str){ text, len };
}
static const char endless_pattern[] = "(a*)\\1[cd]";

static void
a_pattern_without_end_is_cancelled_at_once(void **state)
{
	struct str blobs[] = { STR("aac\n"), endless() };
	struct search_done d;

	(void)state;
	ask(11, endless_pattern, 2, 1000);
	feed(11, blobs, 2);
	/* The first hit has been sent when the second blob holds it up. */
	assert_int_equal(read_message(), MSG_HITS);
	cancel(11);
	assert_int_equal(await_child(), 0);
	start_child();
	assert_int_equal(read_message(), MSG_SEARCH_HELLO);
	/* The cancel is still there, and stale blobs may be. */
	ask(12, "foo", 3, 0);
	feed(12, few, 3);
	assert_string_equal(answers(12, &d), "100:2 102:1 102:2 ");
	free((void *)(uintptr_t)blobs[1].at);
}

static void
a_blob_that_takes_too_long_is_named(void **state)
{
	struct str blobs[] = { STR("aac\n"), endless(), STR("ac\n") };
	struct search_done d;

	(void)state;
	ask(13, endless_pattern, 3, 1);
	feed(13, blobs, 3);
	assert_int_equal(await_child(), 0);
	start_child();
	assert_string_equal(answers(13, &d), "100:1 !101 ");
	free((void *)(uintptr_t)blobs[1].at);
}

static void
hits_that_fill_many_messages_all_arrive(void **state)
{
	struct buf text = { 0 };
	struct str blob;
	struct search_done d;
	const char *said;
	unsigned n = 0;

	(void)state;
	for (int i = 0; i < 20000; i++)
		buf_str(&text, STR("foo bar baz\n"));
	blob = buf_view(&text);
	ask(14, "bar", 1, 0);
	feed(14, &blob, 1);
	said = answers(14, &d);
	for (const char *at = said; *at != '\0'; at++)
		n += *at == ':';
	assert_int_equal(n, 20000);
	buf_release(&text);
}

static void
a_message_that_is_none_ends_the_room(void **state)
{
	(void)state;
	assert_int_equal(port_write(reading[0], MSG_HITS, STR("x")), ERR_NONE);
	assert_int_equal(await_child(), 8);
	start_child();
	assert_int_equal(read_message(), MSG_SEARCH_HELLO);
	assert_int_equal(port_write(reading[0], MSG_SEARCH, STR("x")),
	    ERR_NONE);
	assert_int_equal(await_child(), 8);
	start_child();
}

static void
it_ends_when_the_reading_room_hangs_up(void **state)
{
	(void)state;
	close(reading[1]);
	shutdown(reading[0], SHUT_RDWR);
	assert_int_equal(await_child(), 0);
	reading[1] = dup(reading[0]);
	start_child();
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(fed_blobs_are_searched_and_counted),
		TEST(blobs_of_another_job_are_dropped),
		TEST(a_bad_pattern_gets_its_line),
		TEST(
		    a_search_that_waits_is_cancelled_without_ending_the_process),
		TEST(a_pattern_without_end_is_cancelled_at_once),
		TEST(a_blob_that_takes_too_long_is_named),
		TEST(hits_that_fill_many_messages_all_arrive),
		TEST(a_message_that_is_none_ends_the_room),
		TEST(it_ends_when_the_reading_room_hangs_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
