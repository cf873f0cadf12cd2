#include "policy/checker.h"

#include "core/io.h"
#include "core/messages.h"
#include "core/port.h"
#include "tests/t.h"

#include <sys/socket.h>
#include <unistd.h>

#define CODE                                               \
	"int\nring_put(struct ring *r, uint8_t byte)\n{\n" \
	"	if (r->used == r->size)\n		return -1;\n"         \
	"	r->at[(r->first + r->used) % r->size] = byte;\n" \
	"	r->used++;\n	return r->size - r->used;\n}\n"

static struct checker *checker;
static struct arena arena;

static int
set_up(void **state)
{
	(void)state;
	err_clear();
	return checker_open(&checker, NULL) == ERR_NONE ? 0 : 1;
}

static int
tear_down(void **state)
{
	(void)state;
	checker_close(checker);
	arena_release(&arena);
	return 0;
}

/* What the worker would send of n files, through a real port. */
static void
feed(uint32_t job, const char *const *files, size_t n, enum err end)
{
	struct feed_out out;
	struct buf body = { 0 };
	uint16_t type = 0;
	int fd[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fd), 0);
	feed_start(&out, fd[0], job);
	for (size_t i = 0; i < n; i++) {
		struct oid id = { { (uint8_t)i } };

		assert_int_equal(feed_blob(&out, (uint32_t)i, &id,
				     str_of(files[i])),
		    ERR_NONE);
	}
	assert_int_equal(feed_end(&out, end), ERR_NONE);
	while (type != MSG_FEED_END) {
		assert_int_equal(port_read(fd[1], &type, &body), ERR_NONE);
		assert_int_equal(type == MSG_BLOB ?
			checker_blob(checker, buf_view(&body)) :
			checker_feed_end(checker, buf_view(&body)),
		    ERR_NONE);
	}
	feed_release(&out);
	buf_release(&body);
	close(fd[0]);
	close(fd[1]);
}

static struct verdict_source answer;

static void
put(void *arg, struct str body)
{
	struct buf reply = { 0 };
	bool answered;

	(void)arg;
	assert_int_equal(checker_candidate(checker, &reply, &answered, body),
	    ERR_NONE);
	if (answered)
		assert_int_equal(parcel_verdict_read(&answer, &arena,
				     buf_view(&reply)),
		    ERR_NONE);
	buf_release(&reply);
}

static void
ask(uint32_t id, struct str text)
{
	answer = (struct verdict_source){ 0 };
	parcel_send(id, STR(""), text, put, NULL);
	assert_int_equal(answer.id, id);
}

static void
it_judges_nothing_before_it_has_seen_all(void **state)
{
	static const char *const files[] = { CODE };

	(void)state;
	ask(1, STR(CODE));
	assert_false(answer.ready);
	feed(4, files, 1, ERR_STOPPED);
	ask(2, STR(CODE));
	assert_false(answer.ready);
	assert_int_equal(answer.done, 1);
	feed(5, files, 1, ERR_NONE);
	ask(3, STR(CODE));
	assert_true(answer.ready);
	assert_true(answer.tokens > 30);
	ask(4, STR("nothing of that"));
	assert_true(answer.ready);
	assert_int_equal(answer.tokens, 0);
}

static void
a_second_revision_adds_to_the_first(void **state)
{
	static const char *const first[] = { CODE };
	static const char *const second[] = {
		"int main(void) {\n	return 0;\n"
		"}\n"
	};

	(void)state;
	feed(1, first, 1, ERR_NONE);
	feed(2, second, 1, ERR_NONE);
	ask(1, STR(CODE));
	assert_true(answer.ready);
	assert_true(answer.tokens > 30);
}

static void
the_answer_is_about_the_bytes_that_were_sent(void **state)
{
	struct hash hash = hash_of(STR("some text"));

	(void)state;
	feed(1, NULL, 0, ERR_NONE);
	ask(9, STR("some text"));
	assert_true(answer.ready);
	assert_true(hash_eq(&answer.hash, &hash));
}

static void
in_a_session_it_takes_no_files(void **state)
{
	static const uint8_t key[PRINTS_KEY_BYTES] = { 0 };
	struct prints_builder *b = prints_builder_open(key);
	struct buf file = { 0 }, body = { 0 };
	struct checker *c = NULL;
	struct str bytes;

	(void)state;
	prints_builder_write(b, &file);
	prints_builder_close(b);
	bytes = buf_view(&file);
	assert_int_equal(checker_open(&c, &bytes), ERR_NONE);
	wire_put_u32(&body, 1);
	assert_int_equal(checker_blob(c, buf_view(&body)), ERR_FORMAT);
	checker_close(c);
	bytes.len--;
	assert_int_equal(checker_open(&c, &bytes), ERR_FORMAT);
	buf_release(&file);
	buf_release(&body);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(it_judges_nothing_before_it_has_seen_all),
		T(a_second_revision_adds_to_the_first),
		T(the_answer_is_about_the_bytes_that_were_sent),
		T(in_a_session_it_takes_no_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
