#include "core/chain.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/tool.h"

static const char *path;
static const uint8_t id[CHAIN_ID] = "sixteen bytes id";
enum { N = 6 };

static int
setup(void **state)
{
	(void)state;
	err_clear();
	tool_start();
	path = tool_path("journal.db");
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	tool_end();
	return 0;
}

static struct chain_head
make(uint64_t n)
{
	struct chain_head head;
	struct store *s;
	struct chain c;

	assert_int_equal(store_create(&s, path, STORE_JOURNAL, STR("h")),
	    ERR_NONE);
	chain_init(&c, s, id, STR("journal"));
	for (uint64_t i = 1; i <= n; i++) {
		char body[32];

		snprintf(body, sizeof body, "body %llu", (unsigned long long)i);
		assert_int_equal(chain_append(&c, str_of(body), NULL),
		    ERR_NONE);
	}
	head = c.head;
	store_close(s);
	return head;
}

static enum err
note(void *arg, const struct chain_entry *e)
{
	uint64_t *n = arg;
	char body[32];

	snprintf(body, sizeof body, "body %llu", (unsigned long long)e->seq);
	assert_int_equal(e->seq, ++*n);
	assert_true(str_eq(e->body, str_of(body)));
	return ERR_NONE;
}

static enum err
check(const uint8_t with[CHAIN_ID], struct str use, struct chain_head *head)
{
	struct store *s;
	struct chain c;
	enum err rc;

	err_clear();
	rc = store_open(&s, path, STORE_JOURNAL);
	if (rc != ERR_NONE)
		return rc;
	chain_init(&c, s, with, use);
	rc = chain_check(&c, NULL, NULL);
	*head = c.head;
	store_close(s);
	return rc;
}

static void
a_chain_is_read_back_in_order_with_the_same_head(void **state)
{
	struct chain_head head = make(N), again;
	struct store *s;
	struct chain c;
	uint64_t n = 0;

	(void)state;
	assert_int_equal(check(id, STR("journal"), &again), ERR_NONE);
	assert_true(chain_head_eq(&head, &again));
	assert_int_equal(store_open(&s, path, STORE_JOURNAL), ERR_NONE);
	chain_init(&c, s, id, STR("journal"));
	assert_int_equal(chain_check(&c, note, &n), ERR_NONE);
	assert_int_equal(n, N);
	assert_int_equal(chain_append(&c, STR("body 7"), NULL), ERR_NONE);
	store_close(s);
	assert_int_equal(check(id, STR("journal"), &again), ERR_NONE);
	assert_int_equal(again.size, N + 1);
	assert_false(chain_head_eq(&head, &again));
}

/* By hand, from the format alone: what another program would compute. */
static void
the_links_are_those_of_the_format(void **state)
{
	struct chain_head head = make(1);
	struct buf b = { 0 };
	uint8_t link[SEAL_HASH];

	(void)state;
	buf_add(&b, "vitrine/chain/1/first", 21);
	buf_add(&b, id, CHAIN_ID);
	buf_add(&b, "journal\0", 8);
	seal_mac(link, NULL, buf_view(&b));
	buf_clear(&b);
	buf_add(&b, "vitrine/chain/1", 15);
	buf_add(&b, id, CHAIN_ID);
	buf_add(&b, "journal\0", 8);
	buf_add(&b, "\1\0\0\0\0\0\0\0", 8);
	buf_add(&b, link, SEAL_HASH);
	buf_add(&b, "body 1", 6);
	seal_mac(link, NULL, buf_view(&b));
	assert_memory_equal(link, head.hash, SEAL_HASH);
	buf_release(&b);
}

static void
another_id_or_another_use_is_another_chain(void **state)
{
	struct chain_head head;

	(void)state;
	make(N);
	assert_int_equal(check((const uint8_t *)"sixteen bytes iD",
			     STR("journal"), &head),
	    ERR_FORMAT);
	assert_int_equal(check(id, STR("record"), &head), ERR_FORMAT);
	assert_int_equal(check(id, STR("journal"), &head), ERR_NONE);
}

static void
meddle(const char *sql)
{
	sqlite3 *db;
	int before;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	before = sqlite3_total_changes(db);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_not_equal(sqlite3_total_changes(db), before);
	sqlite3_close(db);
}

/* Every way to change a chain but cutting its tail is found without a key;
 * a change of the last body and a cut show in the head. */
static void
every_change_is_found(void **state)
{
	const struct {
		const char *sql, *says; /* NULL: in the head only */
	} all[] = {
		{ "UPDATE entry SET body = x'626f6459' WHERE seq = 3",
		    "entry 4 does not follow entry 3" },
		{ "UPDATE entry SET link = zeroblob(32) WHERE seq = 3",
		    "entry 3 does not follow entry 2" },
		{ "UPDATE entry SET link = zeroblob(31) WHERE seq = 3",
		    "entry 3 does not follow entry 2" },
		{ "UPDATE entry SET seq = -seq WHERE seq IN (3, 4); "
		  "UPDATE entry SET seq = 7 + seq WHERE seq < 0",
		    "entry 3 does not follow entry 2" },
		{ "DELETE FROM entry WHERE seq = 3", "entry 3 is missing" },
		{ "DELETE FROM entry WHERE seq = 3; "
		  "UPDATE entry SET seq = seq - 1 WHERE seq > 3",
		    "entry 3 does not follow entry 2" },
		{ "DELETE FROM entry WHERE seq = 1; "
		  "UPDATE entry SET seq = seq - 1",
		    "entry 1 does not follow entry 0" },
		{ "INSERT INTO entry SELECT 7, link, body FROM entry "
		  "WHERE seq = 6",
		    "entry 7 does not follow entry 6" },
		{ "INSERT INTO entry SELECT 7, link, body FROM entry "
		  "WHERE seq = 1",
		    "entry 7 does not follow entry 6" },
		{ "UPDATE entry SET body = x'626f6459' WHERE seq = 6", NULL },
		{ "DELETE FROM entry WHERE seq = 6", NULL },
		{ "DELETE FROM entry WHERE seq > 2", NULL },
		{ "DELETE FROM entry", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct chain_head head = make(N), now;

		assert_int_equal(check(id, STR("journal"), &now), ERR_NONE);
		assert_true(chain_head_eq(&head, &now));
		meddle(all[i].sql);
		if (all[i].says == NULL) {
			assert_int_equal(check(id, STR("journal"), &now),
			    ERR_NONE);
			assert_false(chain_head_eq(&head, &now));
		} else {
			assert_int_equal(check(id, STR("journal"), &now),
			    ERR_FORMAT);
			assert_non_null(strstr(err_text(), all[i].says));
		}
		unlink(path);
	}
}

static void
a_chain_knows_every_head_it_had(void **state)
{
	char codes[N + 1][CHAIN_CODE];
	struct store *s;
	struct chain c;

	(void)state;
	assert_int_equal(store_create(&s, path, STORE_JOURNAL, STR("h")),
	    ERR_NONE);
	chain_init(&c, s, id, STR("journal"));
	for (int i = 0; i <= N; i++) {
		chain_code(&c.head, codes[i]);
		assert_int_equal(chain_append(&c, STR("body"), NULL), ERR_NONE);
	}
	for (int i = 0; i <= N; i++) {
		assert_int_equal(chain_passed(&c, str_of(codes[i])), ERR_NONE);
		codes[i][strlen(codes[i]) - 1] ^= 1;
		assert_int_equal(chain_passed(&c, str_of(codes[i])),
		    ERR_ABSENT);
	}
	assert_int_equal(chain_passed(&c, STR("")), ERR_ABSENT);
	store_close(s);
}

static void
a_failed_append_leaves_the_head_as_it_was(void **state)
{
	static char big[2 * 1024 * 1024];
	struct chain_head before;
	struct store *s;
	struct chain c;

	(void)state;
	make(N);
	assert_int_equal(store_open(&s, path, STORE_JOURNAL), ERR_NONE);
	chain_init(&c, s, id, STR("journal"));
	assert_int_equal(chain_check(&c, NULL, NULL), ERR_NONE);
	before = c.head;
	assert_int_equal(chain_append(&c, (struct str){ big, sizeof big },
			     NULL),
	    ERR_LIMIT);
	assert_true(chain_head_eq(&before, &c.head));
	store_close(s);
}

static void
a_code_is_the_size_and_six_words(void **state)
{
	struct chain_head h = { .size = 12 };
	char code[CHAIN_CODE];

	(void)state;
	/* 127.0.0.1 and 63.84.220.193 in the proquint proposal */
	memcpy(h.hash, "\x7f\x00\x00\x01\x3f\x54\xdc\xc1\xff\xff\x00\x00", 12);
	chain_code(&h, code);
	assert_string_equal(code, "12 lusab-babad-gutih-tugad-zuzuz-babab");
	assert_true(
	    chain_code_is(&h, STR("12 lusab-babad-gutih-tugad-zuzuz-babab")));
	assert_true(
	    chain_code_is(&h, STR(" 12 LUSAB babad gutih tugad zuzuz babab ")));
	assert_false(
	    chain_code_is(&h, STR("12 lusab-babad-gutih-tugad-zuzuz-babad")));
	assert_false(
	    chain_code_is(&h, STR("13 lusab-babad-gutih-tugad-zuzuz-babab")));
	assert_false(
	    chain_code_is(&h, STR("12 lusab-babad-gutih-tugad-zuzuz")));
	assert_false(chain_code_is(&h, STR("")));
	h.size = UINT64_MAX;
	chain_code(&h, code);
	assert_int_equal(strlen(code), CHAIN_CODE - 1);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(a_chain_is_read_back_in_order_with_the_same_head),
		T(the_links_are_those_of_the_format),
		T(another_id_or_another_use_is_another_chain),
		T(every_change_is_found),
		T(a_chain_knows_every_head_it_had),
		T(a_failed_append_leaves_the_head_as_it_was),
		T(a_code_is_the_size_and_six_words),
	};

	if (seal_start() != ERR_NONE)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
