#include "core/store.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/io.h"
#include "core/limits.h"

/* What sqlite_schema holds of a store, to the letter. */
static const char *const STORE_SCHEMA[] = {
	"CREATE TABLE entry (seq INTEGER PRIMARY KEY, link BLOB NOT NULL, "
	"body BLOB NOT NULL) STRICT",
	"CREATE TABLE header (id INTEGER PRIMARY KEY CHECK (id = 1), "
	"bytes BLOB NOT NULL) STRICT",
};
enum { STORE_TABLES = 2, STORE_VERSION = 1 };

struct store {
	sqlite3 *db;
	char *path;
	enum store_kind kind;
	sqlite3_stmt *insert, *replace;
	uint64_t last; /* number of the last entry; valid once known */
	bool known;
	bool broken; /* unclear what is on disk: open it again first */
};

static enum err
failed(struct store *s, int code)
{
	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return fail(ERR_DENIED, "%s is open in another program",
		    s->path);
	case SQLITE_NOTADB:
	case SQLITE_CORRUPT:
		return fail(ERR_FORMAT, "%s is damaged: %s", s->path,
		    sqlite3_errstr(code));
	case SQLITE_FULL:
		return fail(ERR_IO, "%s: the disk is full", s->path);
	case SQLITE_CANTOPEN:
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return fail(ERR_DENIED, "%s: %s", s->path,
		    sqlite3_errstr(code));
	case SQLITE_NOMEM:
		bug("no memory for the store");
	default:
		return fail(ERR_IO, "%s: %s", s->path, sqlite3_errstr(code));
	}
}

static enum err
run(struct store *s, const char *sql)
{
	int code = sqlite3_exec(s->db, sql, NULL, NULL, NULL);

	return code == SQLITE_OK ? ERR_NONE : failed(s, code);
}

/* SQL of ours is a constant: what does not compile is our fault, or the
 * file is not what it should be. */
static enum err
prepare(struct store *s, sqlite3_stmt **out, const char *sql)
{
	int code = sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
	    out, NULL);

	if (code == SQLITE_ERROR)
		return fail(ERR_FORMAT, "%s is not a store", s->path);
	return code == SQLITE_OK ? ERR_NONE : failed(s, code);
}

static struct str
column(sqlite3_stmt *st, int i)
{
	const void *at = sqlite3_column_blob(st, i);
	int len = sqlite3_column_bytes(st, i);

	return (struct str){ at == NULL ? "" : at, (size_t)len };
}

/* All that SQLite may do once a store is open. */
static int
authorize(void *arg, int action, const char *one, const char *two,
    const char *db, const char *trigger)
{
	(void)arg;
	(void)db;
	if (trigger != NULL)
		return SQLITE_DENY;
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_READ:
	case SQLITE_TRANSACTION:
		return SQLITE_OK;
	case SQLITE_INSERT:
		return strcmp(one, "entry") == 0 ? SQLITE_OK : SQLITE_DENY;
	case SQLITE_UPDATE:
		return strcmp(one, "header") == 0 && strcmp(two, "bytes") == 0 ?
		    SQLITE_OK :
		    SQLITE_DENY;
	default:
		return SQLITE_DENY;
	}
}

static void
harden(sqlite3 *db)
{
	sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
	sqlite3_limit(db, SQLITE_LIMIT_LENGTH, LIMIT_ENTRY + 64 * 1024);
}

/* EXCLUSIVE is taken at once and kept: a second program is told at opening,
 * not at its first note.  ROLLBACK, so that opening writes nothing. */
static enum err
start(struct store *s)
{
	static const char *const pragmas = "PRAGMA temp_store=MEMORY;"
					   "PRAGMA trusted_schema=OFF;"
					   "PRAGMA cell_size_check=ON;"
					   "PRAGMA mmap_size=0;"
					   "PRAGMA secure_delete=ON;"
					   "PRAGMA locking_mode=EXCLUSIVE;"
					   "PRAGMA journal_mode=TRUNCATE;"
					   "PRAGMA synchronous=EXTRA;";
	int code = sqlite3_open_v2(s->path, &s->db,
	    SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
		SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE,
	    NULL);
	enum err rc;

	if (s->db == NULL)
		bug("no memory for the store");
	if (code != SQLITE_OK)
		return failed(s, code);
	harden(s->db);
	rc = run(s, pragmas);
	if (rc == ERR_NONE)
		rc = run(s, "BEGIN EXCLUSIVE; ROLLBACK");
	return rc;
}

static enum err
pragma_number(struct store *s, const char *sql, int64_t *out)
{
	sqlite3_stmt *st = NULL;
	enum err rc = prepare(s, &st, sql);
	int code;

	if (rc != ERR_NONE)
		return rc;
	code = sqlite3_step(st);
	if (code == SQLITE_ROW)
		*out = sqlite3_column_int64(st, 0);
	else
		rc = failed(s, code);
	sqlite3_finalize(st);
	return rc;
}

static enum err
check_schema(struct store *s)
{
	sqlite3_stmt *st = NULL;
	int64_t id = 0, version = 0;
	int code, n = 0;
	bool same = true;
	enum err rc = pragma_number(s, "PRAGMA application_id", &id);

	if (rc == ERR_NONE)
		rc = pragma_number(s, "PRAGMA user_version", &version);
	if (rc == ERR_NONE && id != (int64_t)s->kind)
		rc = fail(ERR_FORMAT, "%s is another kind of file", s->path);
	if (rc == ERR_NONE && version != STORE_VERSION)
		rc = fail(ERR_FORMAT,
		    "%s has version %lld, this program "
		    "knows version %d",
		    s->path, (long long)version, STORE_VERSION);
	if (rc == ERR_NONE)
		rc = prepare(s, &st,
		    "SELECT sql FROM sqlite_schema ORDER BY name");
	if (rc != ERR_NONE)
		return rc;
	while ((code = sqlite3_step(st)) == SQLITE_ROW) {
		same = same && n < STORE_TABLES &&
		    str_eq(column(st, 0), str_of(STORE_SCHEMA[n]));
		n++;
	}
	sqlite3_finalize(st);
	if (code != SQLITE_DONE)
		return failed(s, code);
	if (!same || n != STORE_TABLES)
		return fail(ERR_FORMAT,
		    "%s holds tables that do not belong "
		    "there",
		    s->path);
	return ERR_NONE;
}

static enum err
ready(struct store *s)
{
	enum err rc;

	sqlite3_set_authorizer(s->db, authorize, NULL);
	rc = prepare(s, &s->insert,
	    "INSERT INTO entry (seq, link, body) VALUES (?1, ?2, ?3)");
	if (rc == ERR_NONE)
		rc = prepare(s, &s->replace,
		    "UPDATE header SET bytes = ?1 WHERE id = 1");
	return rc;
}

static struct store *
new_store(const char *path, enum store_kind kind)
{
	struct store *s = calloc(1, sizeof *s);

	if (s == NULL || (s->path = strdup(path)) == NULL)
		bug("no memory for a store");
	s->kind = kind;
	return s;
}

static void
stop(struct store *s)
{
	sqlite3_finalize(s->insert);
	sqlite3_finalize(s->replace);
	sqlite3_close(s->db);
	s->insert = s->replace = NULL;
	s->db = NULL;
}

void
store_close(struct store *s)
{
	if (s == NULL)
		return;
	stop(s);
	free(s->path);
	free(s);
}

enum err
store_open(struct store **out, const char *path, enum store_kind kind)
{
	struct store *s = new_store(path, kind);
	int64_t pages = 0;
	enum err rc;

	if (!io_is_file(path)) {
		rc = fail(ERR_ABSENT, "%s: no such file", path);
		goto out;
	}
	rc = start(s);
	if (rc == ERR_NONE)
		rc = pragma_number(s, "PRAGMA page_count", &pages);
	/* What a creation that was cut off leaves behind. */
	if (rc == ERR_NONE && pages == 0)
		rc = fail(ERR_ABSENT, "%s is empty", path);
	if (rc == ERR_NONE)
		rc = check_schema(s);
	if (rc == ERR_NONE)
		rc = ready(s);
out:
	if (rc == ERR_NONE)
		*out = s;
	else
		store_close(s);
	return rc;
}

/* An empty file that only its owner may read: SQLite gives its journal the
 * same mode. */
static enum err
make_file(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct arena a = { 0 };
	struct str folder;
	enum err rc;
	int dir;

	if (slash == NULL)
		bug("a store at a path that is not absolute");
	if (io_is_file(path))
		return ERR_NONE;
	folder = arena_copy(&a, (struct str){ path, (size_t)(slash - path) });
	rc = io_open_folder(&dir, folder.len == 0 ? "/" : folder.at);
	arena_release(&a);
	if (rc != ERR_NONE)
		return rc;
	rc = io_create_at(dir, slash + 1, STR(""));
	close(dir);
	return rc;
}

static enum err
make_tables(struct store *s, struct str header)
{
	struct arena a = { 0 };
	struct str sql = arena_printf(&a,
	    "BEGIN EXCLUSIVE; PRAGMA application_id=%d; "
	    "PRAGMA user_version=%d; %s; %s;",
	    (int)s->kind, (int)STORE_VERSION, STORE_SCHEMA[0], STORE_SCHEMA[1]);
	sqlite3_stmt *st = NULL;
	enum err rc = run(s, sql.at);
	int code;

	arena_release(&a);
	if (rc == ERR_NONE)
		rc = prepare(s, &st,
		    "INSERT INTO header (id, bytes) VALUES (1, ?1)");
	if (rc != ERR_NONE)
		return rc;
	sqlite3_bind_blob64(st, 1, header.at, header.len, SQLITE_STATIC);
	code = sqlite3_step(st);
	sqlite3_finalize(st);
	return code == SQLITE_DONE ? run(s, "COMMIT") : failed(s, code);
}

enum err
store_create(struct store **out, const char *path, enum store_kind kind,
    struct str header)
{
	struct store *s = new_store(path, kind);
	int64_t pages = 0;
	enum err rc = make_file(path);

	if (rc == ERR_NONE)
		rc = start(s);
	if (rc == ERR_NONE)
		rc = pragma_number(s, "PRAGMA page_count", &pages);
	if (rc == ERR_NONE && pages != 0)
		rc = fail(ERR_DENIED, "%s exists already", path);
	if (rc == ERR_NONE)
		rc = make_tables(s, header);
	if (rc == ERR_NONE)
		rc = ready(s);
	if (rc == ERR_NONE) {
		s->known = true;
		*out = s;
	} else {
		store_close(s);
	}
	return rc;
}

/* From the file as it is now, which also ends what was begun in it. */
static enum err
recover(struct store *s)
{
	enum err rc;

	stop(s);
	s->known = false;
	rc = start(s);
	if (rc == ERR_NONE)
		rc = check_schema(s);
	if (rc == ERR_NONE)
		rc = ready(s);
	s->broken = rc != ERR_NONE;
	return rc;
}

enum err
store_header(struct store *s, struct buf *out)
{
	sqlite3_stmt *st = NULL;
	enum err rc = s->broken ? recover(s) : ERR_NONE;
	int code;

	if (rc == ERR_NONE)
		rc = prepare(s, &st, "SELECT bytes FROM header WHERE id = 1");
	if (rc != ERR_NONE)
		return rc;
	code = sqlite3_step(st);
	buf_clear(out);
	if (code == SQLITE_ROW)
		buf_str(out, column(st, 0));
	else if (code == SQLITE_DONE)
		rc = fail(ERR_FORMAT, "%s has no header", s->path);
	else
		rc = failed(s, code);
	sqlite3_finalize(st);
	return rc;
}

static enum err
find_last(struct store *s, uint64_t *out)
{
	sqlite3_stmt *st = NULL;
	enum err rc =
	    prepare(s, &st, "SELECT seq FROM entry ORDER BY seq DESC LIMIT 1");
	int code;

	if (rc != ERR_NONE)
		return rc;
	code = sqlite3_step(st);
	if (code == SQLITE_ROW)
		*out = (uint64_t)sqlite3_column_int64(st, 0);
	else if (code == SQLITE_DONE)
		*out = 0;
	else
		rc = failed(s, code);
	sqlite3_finalize(st);
	return rc;
}

enum err
store_last(struct store *s, uint64_t *out)
{
	enum err rc = s->broken ? recover(s) : ERR_NONE;

	if (rc == ERR_NONE)
		rc = find_last(s, out);
	if (rc == ERR_NONE && *out > INT64_MAX)
		rc = fail(ERR_FORMAT, "%s: no entry has a number below 0",
		    s->path);
	return rc;
}

static int
step_once(sqlite3_stmt *st)
{
	int code = sqlite3_step(st);

	sqlite3_reset(st);
	sqlite3_clear_bindings(st);
	return code == SQLITE_DONE ? SQLITE_OK : code;
}

static int
add_row(struct store *s, uint64_t seq, struct str link, struct str body,
    const struct str *header)
{
	int code = sqlite3_exec(s->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);

	if (code != SQLITE_OK)
		return code;
	sqlite3_bind_int64(s->insert, 1, (sqlite3_int64)seq);
	sqlite3_bind_blob64(s->insert, 2, link.at, link.len, SQLITE_STATIC);
	sqlite3_bind_blob64(s->insert, 3, body.at, body.len, SQLITE_STATIC);
	code = step_once(s->insert);
	if (code == SQLITE_OK && header != NULL) {
		sqlite3_bind_blob64(s->replace, 1, header->at, header->len,
		    SQLITE_STATIC);
		code = step_once(s->replace);
	}
	if (code == SQLITE_OK)
		code = sqlite3_exec(s->db, "COMMIT", NULL, NULL, NULL);
	return code;
}

/*
 * After a failure: back to what was there, and look.  An entry that did get
 * to the disk although its COMMIT failed counts as recorded; when nobody can
 * say, the file is opened again before anything more is taken.
 */
static enum err
settle(struct store *s, uint64_t seq, int code)
{
	uint64_t last = 0;
	enum err rc = failed(s, code);

	if (!sqlite3_get_autocommit(s->db))
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	if (!sqlite3_get_autocommit(s->db) || find_last(s, &last) != ERR_NONE ||
	    last > seq) {
		s->broken = true;
		return rc;
	}
	if (last < seq)
		return rc;
	err_clear();
	return ERR_NONE;
}

enum err
store_append(struct store *s, uint64_t seq, struct str link, struct str body,
    const struct str *header)
{
	enum err rc = ERR_NONE;
	int code;

	if (body.len > LIMIT_ENTRY)
		return fail(ERR_LIMIT, "an entry of %zu bytes", body.len);
	if (s->broken)
		rc = recover(s);
	if (rc == ERR_NONE && !s->known) {
		rc = find_last(s, &s->last);
		s->known = rc == ERR_NONE;
	}
	if (rc == ERR_NONE && seq != s->last + 1)
		rc = fail(ERR_FORMAT, "%s: entry %llu is not next", s->path,
		    (unsigned long long)seq);
	if (rc != ERR_NONE)
		return rc;
	code = add_row(s, seq, link, body, header);
	if (code != SQLITE_OK)
		rc = settle(s, seq, code);
	if (rc == ERR_NONE)
		s->last = seq;
	return rc;
}

/* One row of store_each(): its number is the one that is due. */
static enum err
take_row(struct store *s, sqlite3_stmt *st, uint64_t due,
    enum err (*fn)(void *, uint64_t, struct str, struct str), void *arg)
{
	int64_t number = sqlite3_column_int64(st, 0);
	uint64_t seq = (uint64_t)number;
	struct str link = column(st, 1), body = column(st, 2);

	if (number < (int64_t)due)
		return fail(ERR_FORMAT,
		    "%s: entry %lld stands before its "
		    "place",
		    s->path, (long long)number);
	if (seq != due)
		return fail(ERR_FORMAT, "%s: entry %llu is missing", s->path,
		    (unsigned long long)due);
	if (body.len > LIMIT_ENTRY)
		return fail(ERR_LIMIT, "%s: entry %llu has %zu bytes", s->path,
		    (unsigned long long)seq, body.len);
	return fn(arg, seq, link, body);
}

enum err
store_each(struct store *s, uint64_t first,
    enum err (*fn)(void *arg, uint64_t seq, struct str link, struct str body),
    void *arg)
{
	sqlite3_stmt *st = NULL;
	uint64_t due = first;
	int code = SQLITE_ROW;
	enum err rc = s->broken ? recover(s) : ERR_NONE;

	if (rc != ERR_NONE)
		return rc;
	rc = prepare(s, &st,
	    first <= 1 ? "SELECT seq, link, body FROM entry ORDER BY seq" :
			 "SELECT seq, link, body FROM entry WHERE seq >= ?1 "
			 "ORDER BY seq");
	if (rc != ERR_NONE)
		return rc;
	if (first > 1)
		sqlite3_bind_int64(st, 1, (sqlite3_int64)first);
	while (rc == ERR_NONE && (code = sqlite3_step(st)) == SQLITE_ROW)
		rc = take_row(s, st, due++, fn, arg);
	if (rc == ERR_NONE && code != SQLITE_DONE)
		rc = failed(s, code);
	if (rc == ERR_NONE) {
		s->last = due - 1;
		s->known = true;
	}
	sqlite3_finalize(st);
	return rc;
}

/* The index. */

struct store_index {
	sqlite3 *db;
	sqlite3_stmt *remove, *insert, *find;
};

static sqlite3_stmt *
index_prepare(struct store_index *x, const char *sql)
{
	sqlite3_stmt *st = NULL;

	if (sqlite3_prepare_v3(x->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &st,
		NULL) != SQLITE_OK)
		bug("the index: %s", sqlite3_errmsg(x->db));
	return st;
}

struct store_index *
store_index_open(void)
{
	struct store_index *x = calloc(1, sizeof *x);

	if (x == NULL ||
	    sqlite3_open_v2(":memory:", &x->db,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
		    SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX |
		    SQLITE_OPEN_PRIVATECACHE,
		NULL) != SQLITE_OK)
		bug("no memory for the index");
	sqlite3_limit(x->db, SQLITE_LIMIT_ATTACHED, 0);
	if (sqlite3_exec(x->db,
		"PRAGMA temp_store=MEMORY;"
		"PRAGMA trusted_schema=OFF;"
		"CREATE VIRTUAL TABLE doc USING fts5(title, body, "
		"tokenize=\"unicode61 remove_diacritics 2\")",
		NULL, NULL, NULL) != SQLITE_OK)
		bug("the index: %s", sqlite3_errmsg(x->db));
	x->remove = index_prepare(x, "DELETE FROM doc WHERE rowid = ?1");
	x->insert = index_prepare(x,
	    "INSERT INTO doc (rowid, title, body) VALUES (?1, ?2, ?3)");
	x->find = index_prepare(x,
	    "SELECT rowid FROM doc WHERE doc MATCH ?1 ORDER BY rowid");
	return x;
}

void
store_index_close(struct store_index *x)
{
	if (x == NULL)
		return;
	sqlite3_finalize(x->remove);
	sqlite3_finalize(x->insert);
	sqlite3_finalize(x->find);
	sqlite3_close(x->db);
	free(x);
}

void
store_index_put(struct store_index *x, uint64_t id, struct str title,
    struct str text)
{
	sqlite3_bind_int64(x->remove, 1, (sqlite3_int64)id);
	if (step_once(x->remove) != SQLITE_OK)
		bug("the index: %s", sqlite3_errmsg(x->db));
	if (title.len == 0 && text.len == 0)
		return;
	sqlite3_bind_int64(x->insert, 1, (sqlite3_int64)id);
	sqlite3_bind_text64(x->insert, 2, title.at, title.len, SQLITE_STATIC,
	    SQLITE_UTF8);
	sqlite3_bind_text64(x->insert, 3, text.at, text.len, SQLITE_STATIC,
	    SQLITE_UTF8);
	if (step_once(x->insert) != SQLITE_OK)
		bug("the index: %s", sqlite3_errmsg(x->db));
}

static void
index_run(struct store_index *x, const char *sql)
{
	if (sqlite3_exec(x->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		bug("the index: %s", sqlite3_errmsg(x->db));
}

void
store_index_begin(struct store_index *x)
{
	index_run(x, "BEGIN");
}

void
store_index_end(struct store_index *x)
{
	index_run(x, "COMMIT");
}

static bool
has_letter(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];

		if (c >= 0x80 || (c >= '0' && c <= '9') ||
		    (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))
			return true;
	}
	return false;
}

/* Each word as a quoted prefix, so that no character of it means anything. */
static void
quote_words(struct buf *out, struct str query)
{
	struct str word;

	while (str_cut(&query, ' ', &word)) {
		if (!has_letter(word))
			continue;
		buf_str(out, out->len == 0 ? STR("\"") : STR(" \""));
		for (size_t i = 0; i < word.len; i++) {
			if (word.at[i] == '"')
				buf_char(out, '"');
			if (word.at[i] != '\0')
				buf_char(out, word.at[i]);
		}
		buf_str(out, STR("\"*"));
	}
}

struct store_ids
store_index_find(struct store_index *x, struct arena *a, struct str query)
{
	struct store_ids ids = { 0 };
	struct buf words = { 0 }, found = { 0 };
	int code = SQLITE_DONE;

	quote_words(&words, query);
	if (words.len > 0) {
		sqlite3_bind_text64(x->find, 1, words.at, words.len,
		    SQLITE_STATIC, SQLITE_UTF8);
		while ((code = sqlite3_step(x->find)) == SQLITE_ROW) {
			uint64_t id =
			    (uint64_t)sqlite3_column_int64(x->find, 0);

			buf_add(&found, &id, sizeof id);
		}
		sqlite3_reset(x->find);
		sqlite3_clear_bindings(x->find);
	}
	ids.len = found.len / sizeof *ids.at;
	ids.at = arena_array(a, ids.len, uint64_t);
	if (ids.len > 0)
		memcpy(ids.at, found.at, found.len);
	buf_release(&words);
	buf_release(&found);
	return ids;
}
