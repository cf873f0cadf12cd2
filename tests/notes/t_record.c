#include "notes/record.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/tool.h"

enum { N = 5 };

static const char *path;
static struct secret right, wrong;

static void
set(struct secret *s, const char *text)
{
	seal_secret_init(s, 64);
	assert_int_equal(seal_secret_add(s, text, strlen(text)), ERR_NONE);
}

static int
setup(void **state)
{
	(void)state;
	err_clear();
	tool_start();
	path = tool_path("record.db");
	set(&right, "seven wet horses");
	set(&wrong, "seven wet horse");
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	seal_secret_release(&right);
	seal_secret_release(&wrong);
	tool_end();
	return 0;
}

static void
fill(struct record *r, const char *word, int n)
{
	for (int i = 1; i <= n; i++) {
		char body[64];
		uint64_t seq = 0;

		snprintf(body, sizeof body, "%s %d", word, i);
		assert_int_equal(record_append(r, (uint16_t)(16 + i), 1000 + i,
				     str_of(body), &seq),
		    ERR_NONE);
		assert_int_equal(seq, i);
	}
}

static struct chain_head
make(const char *where, const char *word)
{
	struct record *r;
	struct chain_head head;

	assert_int_equal(record_create(&r, where, &right, SEAL_COST_TEST),
	    ERR_NONE);
	fill(r, word, N);
	head = record_head(r);
	record_close(r);
	return head;
}

static enum err
expect(void *arg, const struct record_entry *e)
{
	uint64_t *n = arg;
	char body[64];

	snprintf(body, sizeof body, "note %llu", (unsigned long long)e->seq);
	assert_int_equal(e->seq, ++*n);
	assert_int_equal(e->type, 16 + e->seq);
	assert_int_equal(e->time, 1000 + (int64_t)e->seq);
	assert_true(str_eq(e->body, str_of(body)));
	return ERR_NONE;
}

/* Opens and unlocks; *n is the number of entries that came out right. */
static enum err
unlock(const struct secret *with, uint64_t *n, struct chain_head *head)
{
	struct record *r;
	enum err rc;

	err_clear();
	*n = 0;
	rc = record_open(&r, path);
	if (rc != ERR_NONE)
		return rc;
	*head = record_head(r);
	rc = record_unlock(r, with, SEAL_COST_TEST, expect, n);
	assert_int_equal(record_unlocked(r), rc == ERR_NONE);
	record_close(r);
	return rc;
}

static void
what_was_recorded_is_there_after_unlocking(void **state)
{
	struct chain_head head = make(path, "note"), now;
	uint64_t n;

	(void)state;
	assert_int_equal(unlock(&right, &n, &now), ERR_NONE);
	assert_int_equal(n, N);
	assert_true(chain_head_eq(&head, &now));
}

static void
a_wrong_passphrase_is_called_that(void **state)
{
	struct chain_head head;
	uint64_t n;

	(void)state;
	make(path, "note");
	assert_int_equal(unlock(&wrong, &n, &head), ERR_DENIED);
	assert_non_null(strstr(err_text(), "not the passphrase"));
	assert_int_equal(n, 0);
	assert_int_equal(head.size, N);
	assert_int_equal(unlock(&right, &n, &head), ERR_NONE);
}

static void
a_cheap_slot_is_refused_where_a_dear_one_is_wanted(void **state)
{
	struct record *r;
	uint64_t n = 0;

	(void)state;
	make(path, "note");
	assert_int_equal(record_open(&r, path), ERR_NONE);
	assert_int_equal(record_unlock(r, &right, SEAL_COST_MODERATE, expect,
			     &n),
	    ERR_DENIED);
	assert_non_null(strstr(err_text(), "too weak"));
	err_clear();
	assert_int_equal(record_unlock(r, &right, SEAL_COST_TEST, expect, &n),
	    ERR_NONE);
	record_close(r);
}

/* All headers and bodies of a record, as they lie in the file. */
struct raw {
	struct buf header, link[N + 2], body[N + 2];
};

static struct buf
blob(sqlite3 *db, const char *sql)
{
	struct buf b = { 0 };
	sqlite3_stmt *st;

	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(st), SQLITE_ROW);
	buf_add(&b, sqlite3_column_blob(st, 0),
	    (size_t)sqlite3_column_bytes(st, 0));
	sqlite3_finalize(st);
	return b;
}

static void
raw_read(struct raw *r, const char *where)
{
	char sql[100];
	sqlite3 *db;

	assert_int_equal(sqlite3_open(where, &db), SQLITE_OK);
	r->header = blob(db, "SELECT bytes FROM header");
	for (int i = 1; i <= N; i++) {
		snprintf(sql, sizeof sql,
		    "SELECT link FROM entry WHERE seq = %d", i);
		r->link[i] = blob(db, sql);
		snprintf(sql, sizeof sql,
		    "SELECT body FROM entry WHERE seq = %d", i);
		r->body[i] = blob(db, sql);
	}
	sqlite3_close(db);
}

static void
raw_release(struct raw *r)
{
	buf_release(&r->header);
	for (int i = 0; i < N + 2; i++) {
		buf_release(&r->link[i]);
		buf_release(&r->body[i]);
	}
}

static void
put(const char *sql, struct str bytes, int seq)
{
	sqlite3 *db;
	sqlite3_stmt *st;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	sqlite3_exec(db, "PRAGMA synchronous=OFF", NULL, NULL, NULL);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
	sqlite3_bind_blob(st, 1, bytes.at, (int)bytes.len, SQLITE_STATIC);
	sqlite3_bind_int(st, 2, seq);
	assert_int_equal(sqlite3_step(st), SQLITE_DONE);
	assert_int_equal(sqlite3_changes(db), 1);
	sqlite3_finalize(st);
	sqlite3_close(db);
}

static const char BODY[] = "UPDATE entry SET body = ?1 WHERE seq = ?2";
static const char LINK[] = "UPDATE entry SET link = ?1 WHERE seq = ?2";
static const char HEADER[] = "UPDATE header SET bytes = ?1 WHERE ?2 = 0";

/* Every byte of every body: with the key, the entry itself is named. */
static void
every_flipped_byte_of_an_entry_is_named(void **state)
{
	struct chain_head head;
	struct raw r = { 0 };
	uint64_t n;

	(void)state;
	make(path, "note");
	raw_read(&r, path);
	for (int seq = 1; seq <= N; seq += 2) {
		for (size_t i = 0; i < r.body[seq].len; i += 1) {
			char name[64];

			r.body[seq].at[i] ^= 0x40;
			put(BODY, buf_view(&r.body[seq]), seq);
			assert_int_equal(unlock(&right, &n, &head), ERR_FORMAT);
			snprintf(name, sizeof name, "entry %d ", seq);
			assert_non_null(strstr(err_text(), name));
			assert_true(n < (uint64_t)seq);
			r.body[seq].at[i] ^= 0x40;
		}
		put(BODY, buf_view(&r.body[seq]), seq);
	}
	assert_int_equal(unlock(&right, &n, &head), ERR_NONE);
	raw_release(&r);
}

static void
every_flipped_byte_of_a_link_is_named(void **state)
{
	struct chain_head head;
	struct raw r = { 0 };
	uint64_t n;

	(void)state;
	make(path, "note");
	raw_read(&r, path);
	for (int seq = 1; seq <= N; seq++) {
		for (size_t i = 0; i < r.link[seq].len; i++) {
			char name[64];

			r.link[seq].at[i] ^= 1;
			put(LINK, buf_view(&r.link[seq]), seq);
			assert_int_equal(unlock(&right, &n, &head), ERR_FORMAT);
			snprintf(name, sizeof name, "entry %d does not", seq);
			assert_non_null(strstr(err_text(), name));
			r.link[seq].at[i] ^= 1;
		}
		put(LINK, buf_view(&r.link[seq]), seq);
	}
	assert_int_equal(unlock(&right, &n, &head), ERR_NONE);
	raw_release(&r);
}

static void
every_flipped_byte_and_every_length_of_the_header_is_damage(void **state)
{
	struct chain_head head;
	struct raw r = { 0 };
	uint64_t n;

	(void)state;
	make(path, "note");
	raw_read(&r, path);
	for (size_t i = 0; i < r.header.len; i++) {
		r.header.at[i] ^= 0x10;
		put(HEADER, buf_view(&r.header), 0);
		assert_int_equal(unlock(&right, &n, &head), ERR_FORMAT);
		assert_non_null(strstr(err_text(), "header of the record"));
		r.header.at[i] ^= 0x10;
	}
	for (size_t len = 0; len < r.header.len; len++) {
		put(HEADER, str_slice(buf_view(&r.header), 0, len), 0);
		assert_int_equal(unlock(&right, &n, &head), ERR_FORMAT);
	}
	put(HEADER, buf_view(&r.header), 0);
	assert_int_equal(unlock(&right, &n, &head), ERR_NONE);
	raw_release(&r);
}

/* With a sum that fits: what somebody would do who knows the format. */
static void
a_forged_header_does_not_open(void **state)
{
	struct chain_head head;
	struct raw r = { 0 };
	uint64_t n;
	size_t body;

	(void)state;
	make(path, "note");
	raw_read(&r, path);
	body = r.header.len - SEAL_HASH;
	for (size_t i = 16; i < body; i++) {
		uint8_t *sum = (uint8_t *)r.header.at + body;
		enum err rc;

		r.header.at[i] ^= 1;
		seal_mac(sum, NULL, str_slice(buf_view(&r.header), 0, body));
		put(HEADER, buf_view(&r.header), 0);
		rc = unlock(&right, &n, &head);
		assert_true(
		    rc == ERR_FORMAT || rc == ERR_DENIED || rc == ERR_LIMIT);
		assert_int_equal(n, 0);
		r.header.at[i] ^= 1;
	}
	seal_mac((uint8_t *)r.header.at + body, NULL,
	    str_slice(buf_view(&r.header), 0, body));
	put(HEADER, buf_view(&r.header), 0);
	assert_int_equal(unlock(&right, &n, &head), ERR_NONE);
	raw_release(&r);
}

/* A hostile header must not take the machine. */
static void
a_slot_that_asks_for_too_much_is_refused_before_it_is_tried(void **state)
{
	enum { COST = 16 + 16 + 4 + 32 + 1 + 3 + 16 };
	struct chain_head head;
	struct raw r = { 0 };
	uint64_t n;
	size_t body;

	(void)state;
	make(path, "note");
	raw_read(&r, path);
	body = r.header.len - SEAL_HASH;
	assert_memory_equal(r.header.at + COST, "\1\0\0\0\10\0\0\0", 8);
	memset(r.header.at + COST, 0xff, 8);
	seal_mac((uint8_t *)r.header.at + body, NULL,
	    str_slice(buf_view(&r.header), 0, body));
	put(HEADER, buf_view(&r.header), 0);
	assert_int_equal(unlock(&right, &n, &head), ERR_LIMIT);
	raw_release(&r);
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

static void
swapping_duplicating_deleting_and_replaying_are_found(void **state)
{
	const char *const all[] = {
		"UPDATE entry SET seq = -seq WHERE seq IN (2, 3); "
		"UPDATE entry SET seq = 5 + seq WHERE seq < 0",
		"DELETE FROM entry WHERE seq = 3",
		"DELETE FROM entry WHERE seq = 3; "
		"UPDATE entry SET seq = seq - 1 WHERE seq > 3",
		"DELETE FROM entry WHERE seq = 1; "
		"UPDATE entry SET seq = seq - 1",
		"INSERT INTO entry SELECT 6, link, body FROM entry WHERE "
		"seq = 5",
		"INSERT INTO entry SELECT 6, link, body FROM entry WHERE "
		"seq = 2",
		"UPDATE entry SET body = (SELECT body FROM entry WHERE "
		"seq = 2) WHERE seq = 4",
		"UPDATE entry SET body = x'' WHERE seq = 2",
		"UPDATE entry SET body = zeroblob(1048577) WHERE seq = 5",
	};

	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct chain_head head;
		uint64_t n;

		make(path, "note");
		assert_int_equal(unlock(&right, &n, &head), ERR_NONE);
		meddle(all[i]);
		assert_int_not_equal(unlock(&right, &n, &head), ERR_NONE);
		unlink(path);
	}
}

/* Entries of another record of the same passphrase, with and without its
 * header, links mended by somebody who knows the format. */
static void
entries_of_another_record_do_not_fit(void **state)
{
	const char *other = tool_path("other.db");
	struct chain_head head;
	struct raw mine = { 0 }, theirs = { 0 };
	struct chain c = { 0 };
	struct buf frame = { 0 };
	uint64_t n;

	(void)state;
	make(path, "note");
	make(other, "note");
	raw_read(&mine, path);
	raw_read(&theirs, other);
	put(HEADER, buf_view(&theirs.header), 0);
	assert_int_equal(unlock(&right, &n, &head), ERR_FORMAT);
	put(HEADER, buf_view(&mine.header), 0);
	put(BODY, buf_view(&theirs.body[N]), N);
	assert_int_equal(unlock(&right, &n, &head), ERR_FORMAT);
	assert_int_equal(n, N - 1);
	assert_non_null(strstr(err_text(), "entry 5 of the record"));
	/* Theirs in place of entry 2, and every later link computed anew. */
	memcpy(c.id, mine.header.at + 16, CHAIN_ID);
	memcpy(c.use, "record", 6);
	c.head.size = 1;
	memcpy(c.head.hash, mine.link[2].at, SEAL_HASH);
	for (int i = 2; i <= N; i++) {
		struct buf *body = i == 2 ? &theirs.body[2] : &mine.body[i];
		uint8_t link[SEAL_HASH];

		memcpy(link, c.head.hash, SEAL_HASH);
		put(LINK, (struct str){ (char *)link, SEAL_HASH }, i);
		put(BODY, buf_view(body), i);
		chain_frame(&c, &frame);
		buf_str(&frame, buf_view(body));
		seal_mac(c.head.hash, NULL, buf_view(&frame));
		c.head.size++;
	}
	assert_int_equal(unlock(&right, &n, &head), ERR_FORMAT);
	assert_int_equal(n, 1);
	assert_non_null(strstr(err_text(), "entry 2 of the record"));
	raw_release(&mine);
	raw_release(&theirs);
	buf_release(&frame);
}

static void
a_cut_tail_shows_in_the_head_only(void **state)
{
	char before[CHAIN_CODE], after[CHAIN_CODE];

	(void)state;
	for (int keep = 0; keep < N; keep++) {
		struct chain_head head = make(path, "note"), now;
		char sql[64];
		uint64_t n;

		snprintf(sql, sizeof sql, "DELETE FROM entry WHERE seq > %d",
		    keep);
		meddle(sql);
		assert_int_equal(unlock(&right, &n, &now), ERR_NONE);
		assert_int_equal(n, keep);
		assert_false(chain_head_eq(&head, &now));
		chain_code(&head, before);
		chain_code(&now, after);
		assert_string_not_equal(before, after);
		assert_false(chain_code_is(&now, str_of(before)));
		unlink(path);
	}
}

static void
a_new_passphrase_replaces_the_old_one(void **state)
{
	struct record *r;
	struct chain_head head;
	uint64_t n = 0;

	(void)state;
	make(path, "note");
	assert_int_equal(record_open(&r, path), ERR_NONE);
	assert_int_equal(record_change(r, &wrong, SEAL_COST_TEST, 3, 1),
	    ERR_DENIED);
	err_clear();
	assert_int_equal(record_unlock(r, &right, SEAL_COST_TEST, expect, &n),
	    ERR_NONE);
	assert_int_equal(record_change(r, &wrong, SEAL_COST_TEST, 16 + N + 1,
			     1000 + N + 1),
	    ERR_NONE);
	record_close(r);
	assert_int_equal(unlock(&right, &n, &head), ERR_DENIED);
	assert_int_equal(head.size, N + 1);
	assert_int_equal(record_open(&r, path), ERR_NONE);
	record_close(r);
}

static enum err
count(void *arg, const struct record_entry *e)
{
	(void)e;
	++*(uint64_t *)arg;
	return ERR_NONE;
}

/* The evaluator's key opens it without the passphrase; nobody else's does,
 * nor the evaluator's any more when it was taken back. */
static void
the_key_of_the_escrow_opens_it_and_no_other(void **state)
{
	struct seal_age_identity *evaluator, *host;
	struct seal_age_recipient to, now;
	struct record *r;
	uint64_t n = 0;

	(void)state;
	assert_int_equal(seal_age_identity_make(&evaluator), ERR_NONE);
	assert_int_equal(seal_age_identity_make(&host), ERR_NONE);
	to = seal_age_recipient_of(evaluator);
	assert_int_equal(record_create(&r, path, &right, SEAL_COST_TEST),
	    ERR_NONE);
	fill(r, "note", N);
	assert_false(record_escrowed(r, &now));
	assert_int_equal(record_unlock_escrow(r, evaluator, count, &n),
	    ERR_ABSENT);
	err_clear();
	assert_int_equal(record_escrow(r, &to, 3, 1), ERR_NONE);
	assert_true(record_escrowed(r, &now));
	/* A new passphrase leaves the escrow as it is. */
	assert_int_equal(record_change(r, &wrong, SEAL_COST_TEST, 3, 1),
	    ERR_NONE);
	record_close(r);

	assert_int_equal(record_open(&r, path), ERR_NONE);
	assert_true(record_escrowed(r, &now));
	assert_memory_equal(&now, &to, sizeof to);
	assert_int_equal(record_unlock_escrow(r, host, count, &n), ERR_DENIED);
	assert_int_equal(n, 0);
	err_clear();
	assert_int_equal(record_unlock_escrow(r, evaluator, count, &n),
	    ERR_NONE);
	assert_int_equal(n, N + 2);
	assert_int_equal(record_escrow(r, NULL, 3, 1), ERR_NONE);
	record_close(r);
	assert_int_equal(record_open(&r, path), ERR_NONE);
	assert_int_equal(record_unlock_escrow(r, evaluator, count, &n),
	    ERR_ABSENT);
	err_clear();
	n = 0;
	assert_int_equal(record_unlock(r, &wrong, SEAL_COST_TEST, count, &n),
	    ERR_NONE);
	assert_int_equal(n, N + 3);
	record_close(r);
	seal_age_identity_close(evaluator);
	seal_age_identity_close(host);
}

static void
after_a_new_passphrase_everything_is_still_there(void **state)
{
	struct record *r;
	uint64_t n = 0, seq;

	(void)state;
	assert_int_equal(record_create(&r, path, &right, SEAL_COST_TEST),
	    ERR_NONE);
	fill(r, "note", N);
	assert_int_equal(record_change(r, &wrong, SEAL_COST_TEST, 3, 1),
	    ERR_NONE);
	assert_int_equal(record_append(r, 16, 1, STR("after"), &seq), ERR_NONE);
	record_close(r);
	assert_int_equal(record_open(&r, path), ERR_NONE);
	assert_int_equal(record_unlock(r, &wrong, SEAL_COST_TEST, count, &n),
	    ERR_NONE);
	assert_int_equal(n, N + 2);
	record_close(r);
}

static void
the_file_tells_neither_text_nor_type_nor_time(void **state)
{
	struct buf file = { 0 };
	struct str all;

	(void)state;
	make(path, "note");
	tool_read(&file, "record.db");
	all = buf_view(&file);
	assert_true(all.len > 1000);
	assert_int_equal(str_find(all, STR("note"), 0), SIZE_MAX);
	assert_int_equal(str_find(all, STR("seven"), 0), SIZE_MAX);
	assert_true(str_find(all, STR("vitrine record 1"), 0) != SIZE_MAX);
	buf_release(&file);
}

static void
a_locked_record_takes_nothing(void **state)
{
	struct record *r;
	uint64_t seq = 0;

	(void)state;
	make(path, "note");
	assert_int_equal(record_open(&r, path), ERR_NONE);
	assert_int_equal(record_append(r, 16, 1, STR("x"), &seq), ERR_DENIED);
	record_close(r);
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(what_was_recorded_is_there_after_unlocking),
		T(a_wrong_passphrase_is_called_that),
		T(the_key_of_the_escrow_opens_it_and_no_other),
		T(a_cheap_slot_is_refused_where_a_dear_one_is_wanted),
		T(every_flipped_byte_of_an_entry_is_named),
		T(every_flipped_byte_of_a_link_is_named),
		T(every_flipped_byte_and_every_length_of_the_header_is_damage),
		T(a_forged_header_does_not_open),
		T(a_slot_that_asks_for_too_much_is_refused_before_it_is_tried),
		T(swapping_duplicating_deleting_and_replaying_are_found),
		T(entries_of_another_record_do_not_fit),
		T(a_cut_tail_shows_in_the_head_only),
		T(a_new_passphrase_replaces_the_old_one),
		T(after_a_new_passphrase_everything_is_still_there),
		T(the_file_tells_neither_text_nor_type_nor_time),
		T(a_locked_record_takes_nothing),
	};

	if (seal_start() != ERR_NONE)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
