#include "core/feed.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/limits.h"
#include "core/messages.h"
#include "core/port.h"
#include "tests/t.h"

enum { BLOBS = 40 };

static size_t
size_of(uint32_t k)
{
	static const size_t sizes[] = { 0, 1, 700, 64000, 65000, 70000, 300000,
		3, 0, 12345 };

	return sizes[k % 10] + (k > 20 ? k : 0);
}

static struct str
text_of(struct buf *b, uint32_t k)
{
	buf_clear(b);
	for (size_t i = 0; i < size_of(k); i++)
		buf_char(b, (char)(i * 31 + k));
	return buf_view(b);
}

static struct oid
id_of(uint32_t k)
{
	struct oid id = { .id = { 9, (uint8_t)k } };

	return id;
}

static void
send_all(int fd, uint32_t job)
{
	struct feed_out f;
	struct buf b = { 0 };
	struct oid id;
	enum err rc = ERR_NONE;

	feed_start(&f, fd, job);
	for (uint32_t k = 0; rc == ERR_NONE && k < BLOBS; k++) {
		id = id_of(k);
		rc = feed_blob(&f, k, &id, text_of(&b, k));
	}
	if (feed_end(&f, rc) != ERR_NONE)
		rc = ERR_IO;
	feed_release(&f);
	buf_release(&b);
	_exit(rc);
}

static void
take_message(struct feed_in *in, struct str body, uint32_t *next)
{
	struct feed_blob got;
	struct buf want = { 0 };
	bool more;

	assert_true(feed_take(in, body));
	for (;;) {
		struct oid id = id_of(*next);

		assert_int_equal(feed_next(in, &got, &more), ERR_NONE);
		if (!more)
			break;
		assert_int_equal(got.index, *next);
		assert_true(oid_eq(&got.id, &id));
		assert_true(str_eq(got.bytes, text_of(&want, *next)));
		++*next;
	}
	buf_release(&want);
}

static void
blobs_of_every_size_arrive_whole_and_in_order(void **state)
{
	struct feed_in in = { 0 };
	struct feed_total total;
	struct buf body = { 0 };
	uint32_t next = 0;
	uint64_t bytes = 0;
	uint16_t type;
	int fds[2], status;
	pid_t pid;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		send_all(fds[1], 7);
	close(fds[1]);
	feed_listen(&in, 7);
	while (port_read(fds[0], &type, &body) == ERR_NONE && type == MSG_BLOB)
		take_message(&in, buf_view(&body), &next);
	assert_int_equal(type, MSG_FEED_END);
	assert_int_equal(feed_end_read(&total, buf_view(&body)), ERR_NONE);
	assert_int_equal(next, BLOBS);
	for (uint32_t k = 0; k < BLOBS; k++)
		bytes += size_of(k);
	assert_true(total.job == 7 && total.blobs == BLOBS &&
	    total.bytes == bytes && total.rc == ERR_NONE);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	close(fds[0]);
	feed_forget(&in);
	buf_release(&body);
}

static void
piece(struct buf *b, unsigned flags, uint32_t index, uint64_t size,
    struct str bytes)
{
	struct oid id = id_of(index);

	wire_put_u8(b, (uint8_t)flags);
	wire_put_u32(b, index);
	wire_put_u32(b, (uint32_t)bytes.len);
	if (flags & FEED_FIRST) {
		wire_put_oid(b, &id);
		wire_put_u64(b, size);
	}
	buf_str(b, bytes);
}

static enum err
take(struct feed_in *in, struct buf *b, uint32_t job, unsigned *blobs)
{
	struct buf body = { 0 };
	struct feed_blob got;
	bool more = true;
	enum err rc = ERR_NONE;

	err_clear();
	wire_put_u32(&body, job);
	buf_str(&body, buf_view(b));
	buf_clear(b);
	if (!feed_take(in, buf_view(&body)))
		rc = ERR_ABSENT;
	while (rc == ERR_NONE && more) {
		rc = feed_next(in, &got, &more);
		*blobs += rc == ERR_NONE && more;
	}
	buf_release(&body);
	return rc;
}

static void
what_is_stale_is_dropped(void **state)
{
	struct feed_in in = { 0 };
	struct buf b = { 0 };
	unsigned n = 0;

	(void)state;
	feed_listen(&in, 2);
	piece(&b, FEED_FIRST | FEED_LAST, 0, 1, STR("x"));
	assert_int_equal(take(&in, &b, 1, &n), ERR_ABSENT);
	piece(&b, FEED_FIRST, 0, 4, STR("ab"));
	assert_int_equal(take(&in, &b, 2, &n), ERR_NONE);
	feed_listen(&in, 3); /* the other half never comes */
	piece(&b, FEED_FIRST | FEED_LAST, 5, 1, STR("x"));
	assert_int_equal(take(&in, &b, 3, &n), ERR_NONE);
	assert_int_equal(n, 1);
	feed_forget(&in);
	buf_release(&b);
}

static void
pieces_that_do_not_fit_are_refused(void **state)
{
	static const struct {
		unsigned flags;
		uint32_t index;
		uint64_t size;
		const char *bytes;
		enum err rc;
	} rows[] = {
		{ FEED_FIRST | FEED_LAST, 0, 2, "ab", ERR_NONE },
		{ FEED_FIRST | FEED_LAST, 0, 0, "", ERR_NONE },
		{ FEED_FIRST | FEED_LAST, 0, 3, "ab", ERR_FORMAT },
		{ FEED_FIRST | FEED_LAST, 0, 1, "ab", ERR_FORMAT },
		{ FEED_FIRST, 0, 1, "ab", ERR_FORMAT },
		{ FEED_FIRST, 0, 9, "", ERR_FORMAT },
		{ FEED_LAST, 0, 0, "ab", ERR_FORMAT },
		{ 0, 0, 0, "ab", ERR_FORMAT },
		{ FEED_FIRST, 0, (uint64_t)LIMIT_BLOB + 1, "ab", ERR_FORMAT },
		{ FEED_FIRST, 0, UINT64_MAX, "ab", ERR_FORMAT },
	};
	struct feed_in in = { 0 };
	struct buf b = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		unsigned n = 0;

		feed_listen(&in, 1);
		piece(&b, rows[i].flags, rows[i].index, rows[i].size,
		    str_of(rows[i].bytes));
		assert_int_equal(take(&in, &b, 1, &n), rows[i].rc);
		assert_int_equal(n, rows[i].rc == ERR_NONE);
	}
	/* A second half under another number, and one that is too long. */
	for (uint32_t index = 0; index < 2; index++) {
		unsigned n = 0;

		feed_listen(&in, 1);
		piece(&b, FEED_FIRST, 0, 4, STR("ab"));
		piece(&b, FEED_LAST, index, 0,
		    index == 0 ? STR("cde") : STR("cd"));
		assert_int_equal(take(&in, &b, 1, &n), ERR_FORMAT);
	}
	buf_str(&b, STR("\1\0\0"));
	feed_listen(&in, 1);
	assert_int_equal(take(&in, &b, 1, &(unsigned){ 0 }), ERR_FORMAT);
	feed_forget(&in);
	buf_release(&b);
}

static bool
say_stop(void *arg)
{
	++*(unsigned *)arg;
	return true;
}

static void
a_receiver_that_does_not_read_can_be_given_up(void **state)
{
	struct feed_out f;
	struct buf b = { 0 };
	struct oid id = id_of(0);
	unsigned asked = 0;
	enum err rc = ERR_NONE;
	int fds[2];

	(void)state;
	err_clear();
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds), 0);
	feed_start(&f, fds[1], 1);
	f.stop = say_stop;
	f.arg = &asked;
	for (uint32_t i = 0; rc == ERR_NONE && i < 1000; i++)
		rc = feed_blob(&f, i, &id, text_of(&b, 6));
	assert_int_equal(rc, ERR_STOPPED);
	assert_true(asked > 0);
	close(fds[0]);
	err_clear();
	do
		rc = feed_blob(&f, 0, &id, text_of(&b, 6));
	while (rc == ERR_NONE);
	assert_int_equal(rc, ERR_ABSENT);
	feed_release(&f);
	close(fds[1]);
	buf_release(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blobs_of_every_size_arrive_whole_and_in_order),
		cmocka_unit_test(what_is_stale_is_dropped),
		cmocka_unit_test(pieces_that_do_not_fit_are_refused),
		cmocka_unit_test(a_receiver_that_does_not_read_can_be_given_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
