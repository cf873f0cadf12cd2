#include "core/room.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/messages.h"
#include "core/port.h"
#include "core/spawn.h"
#include "core/wire.h"

#include "tests/t.h"

/* A room in a child, with the launcher's end here. */
static pid_t
start(int *port, enum err (*work)(const struct start *))
{
	int pair[2];
	pid_t pid;

	assert_int_equal(spawn_pair(pair), ERR_NONE);
	pid = fork();
	if (pid == 0) {
		struct arena a = { 0 };
		struct start s;
		enum err rc;

		if (dup2(pair[1], ROOM_FD_LAUNCHER) < 0)
			_exit(99);
		for (int fd = ROOM_FD_LAUNCHER + 1; fd < 20; fd++)
			close(fd);
		err_clear();
		rc = room_begin(&s, &a, ROOM_CHECK);
		if (rc == ERR_NONE)
			rc = work(&s);
		_exit(room_end(rc));
	}
	close(pair[1]);
	*port = pair[0];
	return pid;
}

static int
status_of(pid_t pid)
{
	struct spawn_end e;

	spawn_wait(&e, pid);
	return e.signal == 0 ? e.status : -e.signal;
}

static enum err
work_title(const struct start *s)
{
	if (!str_eq(s->title, STR("wanted")))
		return fail(ERR_FORMAT, "another title");
	return room_ready();
}

static enum err
work_fail(const struct start *s)
{
	(void)s;
	return fail(ERR_LIMIT, "too \x1b much");
}

static void
send_start(int port)
{
	const struct start s = { .title = STR("wanted") };
	struct buf b = { 0 };

	start_write(&s, &b);
	assert_int_equal(port_write(port, MSG_START, buf_view(&b)), ERR_NONE);
	buf_release(&b);
}

static void
a_room_begins_with_what_it_is_told(void **state)
{
	struct buf body = { 0 };
	uint16_t type;
	int port;
	pid_t pid = start(&port, work_title);

	(void)state;
	send_start(port);
	assert_int_equal(port_read(port, &type, &body), ERR_NONE);
	assert_int_equal(type, MSG_READY);
	assert_int_equal(status_of(pid), 0);
	close(port);
	buf_release(&body);
}

static void
a_room_says_why_it_ends(void **state)
{
	struct arena a = { 0 };
	struct buf body = { 0 };
	struct str text;
	enum err kind;
	uint16_t type;
	int port;
	pid_t pid = start(&port, work_fail);

	(void)state;
	send_start(port);
	assert_int_equal(port_read(port, &type, &body), ERR_NONE);
	assert_int_equal(type, MSG_TROUBLE);
	assert_int_equal(room_trouble_read(&kind, &text, &a, buf_view(&body)),
	    ERR_NONE);
	assert_int_equal(kind, ERR_LIMIT);
	assert_true(str_eq(text, STR("too <1b> much")));
	assert_int_equal(status_of(pid), err_status(ERR_LIMIT));
	close(port);
	arena_release(&a);
	buf_release(&body);
}

static void
another_first_message_is_refused(void **state)
{
	int port;
	pid_t pid = start(&port, work_title);

	(void)state;
	assert_int_equal(port_write(port, MSG_PROOF, STR("")), ERR_NONE);
	assert_int_equal(status_of(pid), err_status(ERR_FORMAT));
	close(port);
}

static void
trouble_from_a_bad_room_is_checked(void **state)
{
	struct arena a = { 0 };
	struct buf b = { 0 };
	struct str text;
	enum err kind;

	(void)state;
	for (unsigned n = 0; n < 256; n++) {
		buf_clear(&b);
		wire_put_u8(&b, (uint8_t)n);
		wire_put_str(&b, STR("why"));
		assert_int_equal(room_trouble_read(&kind, &text, &a,
				     buf_view(&b)) == ERR_NONE,
		    n > ERR_NONE && n <= ERR_STOPPED);
		err_clear();
	}
	buf_clear(&b);
	wire_put_u8(&b, ERR_IO);
	wire_put_u32(&b, 5000);
	assert_int_not_equal(room_trouble_read(&kind, &text, &a, buf_view(&b)),
	    ERR_NONE);
	err_clear();
	buf_release(&b);
	arena_release(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_room_begins_with_what_it_is_told),
		cmocka_unit_test(a_room_says_why_it_ends),
		cmocka_unit_test(another_first_message_is_refused),
		cmocka_unit_test(trouble_from_a_bad_room_is_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
