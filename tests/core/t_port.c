#include "core/limits.h"
#include "core/port.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/t.h"

/* One end is a port, the other a plain descriptor in the test's hand. */
struct pair {
	struct loop *loop;
	struct port *port;
	int peer;
	struct buf got;
	int count, gone;
	enum err why;
	bool close_in_message;
};

static enum err
take(void *arg, struct str body)
{
	struct pair *p = arg;

	p->count++;
	buf_str(&p->got, body);
	if (p->close_in_message) {
		port_close(p->port);
		p->port = NULL;
		loop_stop(p->loop, ERR_NONE);
	}
	return ERR_NONE;
}

static const struct port_row rows[] = {
	{ 7, 1, 5, take },
	{ 8, 0, LIMIT_MESSAGE, take },
	{ 0, 0, 0, NULL },
};

static void
on_gone(void *arg, enum err rc)
{
	struct pair *p = arg;

	p->gone++;
	p->why = rc;
	loop_stop(p->loop, ERR_NONE);
}

static void
stop_loop(void *arg)
{
	loop_stop(arg, ERR_NONE);
}

static void
run_for(struct pair *p, unsigned ms)
{
	loop_after(p->loop, ms, stop_loop, p->loop);
	assert_int_equal(loop_run(p->loop), ERR_NONE);
}

static int
setup(void **state)
{
	struct pair *p = calloc(1, sizeof *p);
	int fds[2];

	err_clear();
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds), 0);
	assert_int_equal(loop_open(&p->loop), ERR_NONE);
	p->port = port_open(p->loop, fds[0], rows, on_gone, p);
	p->peer = fds[1];
	*state = p;
	return 0;
}

static int
teardown(void **state)
{
	struct pair *p = *state;

	port_close(p->port);
	loop_close(p->loop);
	close(p->peer);
	buf_release(&p->got);
	free(p);
	return 0;
}

static void
messages_arrive_whole_and_in_order(void **state)
{
	struct pair *p = *state;

	assert_int_equal(port_write(p->peer, 7, STR("one")), ERR_NONE);
	assert_int_equal(port_write(p->peer, 8, STR("")), ERR_NONE);
	assert_int_equal(port_write(p->peer, 7, STR("two")), ERR_NONE);
	run_for(p, 20);
	assert_int_equal(p->count, 3);
	assert_true(str_eq(buf_view(&p->got), STR("onetwo")));
	assert_int_equal(p->gone, 0);
}

static void
refused(struct pair *p, const void *bytes, size_t len)
{
	assert_int_equal(send(p->peer, bytes, len, 0), len);
	run_for(p, 20);
	assert_int_equal(p->count, 0);
	assert_int_equal(p->gone, 1);
	assert_int_equal(p->why, ERR_FORMAT);
}

static void
an_unknown_type_ends_the_port(void **state)
{
	refused(*state, "\x09\0\0\0\0\0\0\0", 8);
}

static void
a_body_too_short_ends_the_port(void **state)
{
	refused(*state, "\x07\0\0\0\0\0\0\0", 8);
}

static void
a_body_too_long_ends_the_port(void **state)
{
	refused(*state, "\x07\0\0\0\x06\0\0\0abcdef", 14);
}

static void
a_length_that_lies_ends_the_port(void **state)
{
	refused(*state, "\x07\0\0\0\x04\0\0\0abc", 11);
}

static void
a_cut_header_ends_the_port(void **state)
{
	refused(*state, "\x07\0\0", 3);
}

static void
a_descriptor_in_a_message_ends_the_port(void **state)
{
	struct pair *p = *state;
	char control[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec iov = { (char[]){ 7, 0, 0, 0, 1, 0, 0, 0, 'x' }, 9 };
	struct msghdr msg = { .msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof control };
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &p->peer, sizeof(int));
	assert_int_equal(sendmsg(p->peer, &msg, 0), 9);
	run_for(p, 20);
	assert_int_equal(p->count, 0);
	assert_int_equal(p->why, ERR_FORMAT);
}

static void
a_peer_that_hangs_up_is_no_error(void **state)
{
	struct pair *p = *state;

	shutdown(p->peer, SHUT_RDWR);
	run_for(p, 20);
	assert_int_equal(p->gone, 1);
	assert_int_equal(p->why, ERR_NONE);
}

static void
closing_from_inside_a_message_is_fine(void **state)
{
	struct pair *p = *state;

	p->close_in_message = true;
	assert_int_equal(port_write(p->peer, 7, STR("one")), ERR_NONE);
	assert_int_equal(port_write(p->peer, 7, STR("two")), ERR_NONE);
	assert_int_equal(loop_run(p->loop), ERR_NONE);
	assert_int_equal(p->count, 1);
	assert_int_equal(p->gone, 0);
}

/* The peer reads nothing until everything is sent: what the kernel does not
 * hold waits, and then all of it arrives. */
static void
a_slow_reader_gets_everything(void **state)
{
	enum { MESSAGES = 200, BYTES = 10000 };
	struct pair *p = *state;
	struct buf big = { 0 }, got = { 0 };
	uint16_t type;

	memset(buf_grow(&big, BYTES), 'x', BYTES);
	big.len = BYTES;
	for (int i = 0; i < MESSAGES; i++)
		port_send(p->port, 8, buf_view(&big));
	assert_true(port_queued(p->port) > 0);
	for (int i = 0; i < MESSAGES; i++) {
		assert_int_equal(port_read(p->peer, &type, &got), ERR_NONE);
		assert_int_equal(type, 8);
		assert_int_equal(got.len, BYTES);
		run_for(p, 0);
	}
	assert_int_equal(port_queued(p->port), 0);
	buf_release(&big);
	buf_release(&got);
}

static void
a_reader_that_never_reads_is_given_up(void **state)
{
	struct pair *p = *state;
	struct buf big = { 0 };

	memset(buf_grow(&big, LIMIT_MESSAGE), 'x', LIMIT_MESSAGE);
	big.len = LIMIT_MESSAGE;
	for (size_t i = 0; i < LIMIT_QUEUE / LIMIT_MESSAGE + 20; i++)
		port_send(p->port, 8, buf_view(&big));
	assert_int_equal(port_write(p->peer, 7, STR("one")), ERR_NONE);
	run_for(p, 20);
	assert_int_equal(p->gone, 1);
	assert_int_equal(p->why, ERR_LIMIT);
	buf_release(&big);
}

/* The kernel puts a reset in front of what the peer said before it ended. */
static void
last_words_are_heard_from_who_did_not_listen(void **state)
{
	struct pair *p = *state;

	port_send(p->port, 8, STR("never read"));
	assert_int_equal(port_write(p->peer, 7, STR("last")), ERR_NONE);
	assert_int_equal(close(p->peer), 0);
	p->peer = -1;
	run_for(p, 20);
	assert_true(str_eq(buf_view(&p->got), STR("last")));
	assert_int_equal(p->gone, 1);
	assert_int_equal(p->why, ERR_NONE);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(messages_arrive_whole_and_in_order),
		T(an_unknown_type_ends_the_port),
		T(a_body_too_short_ends_the_port),
		T(a_body_too_long_ends_the_port),
		T(a_length_that_lies_ends_the_port),
		T(a_cut_header_ends_the_port),
		T(a_descriptor_in_a_message_ends_the_port),
		T(a_peer_that_hangs_up_is_no_error),
		T(last_words_are_heard_from_who_did_not_listen),
		T(closing_from_inside_a_message_is_fine),
		T(a_slow_reader_gets_everything),
		T(a_reader_that_never_reads_is_given_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
