#include "core/job_moves.h"

#include <stdlib.h>
#include <string.h>

#include "core/array.h"
#include "core/git_blob.h"
#include "core/git_rename.h"
#include "core/limits.h"
#include "core/moved.h"

void
job_moves_args(struct buf *b, const struct moves_args *m)
{
	wire_put_oid(b, &m->old);
	wire_put_oid(b, &m->new);
}

static void
write_side(struct buf *b, const struct moves_side *s)
{
	wire_put_str(b, s->old_path);
	wire_put_str(b, s->new_path);
	wire_put_u32(b, s->line);
}

void
job_moves_write_row(struct buf *b, const struct moves_row *row)
{
	wire_put_u8(b, row->capped);
	if (row->capped)
		return;
	write_side(b, &row->from);
	write_side(b, &row->to);
	wire_put_u32(b, row->len);
}

static struct moves_side
read_side_of(struct wire *w)
{
	struct moves_side s = { .old_path = wire_str(w, LIMIT_PATH) };

	s.new_path = wire_str(w, LIMIT_PATH);
	s.line = wire_u32(w);
	return s;
}

bool
job_moves_read_row(struct moves_row *row, struct wire *w)
{
	unsigned capped;

	*row = (struct moves_row){ 0 };
	if (w->bad || w->rest.len == 0)
		return false;
	capped = wire_u8(w);
	row->capped = capped == 1;
	if (capped > 1)
		w->bad = true;
	if (w->bad || row->capped)
		return !w->bad;
	row->from = read_side_of(w);
	row->to = read_side_of(w);
	row->len = wire_u32(w);
	if (row->from.old_path.len == 0 || row->to.new_path.len == 0 ||
	    row->from.line == 0 || row->to.line == 0 || row->len == 0 ||
	    row->len > UINT32_MAX - row->from.line ||
	    row->len > UINT32_MAX - row->to.line)
		w->bad = true;
	return !w->bad;
}

/* Changed lines of all files; the number of a line holds that of its file. */
struct moves {
	struct job_run *run;
	struct arena a;
	struct changes list;
	size_t room;
	struct moved_line *lines;
	size_t n, n_room;
	size_t bytes;
};

static enum err
take(void *arg, const struct change *c)
{
	struct moves *m = arg;
	struct changes *list = &m->list;
	struct change *kept;

	if (job_cancelled(m->run))
		return ERR_STOPPED;
	list->at = array_more(list->at, list->len, &m->room, sizeof *list->at);
	kept = &list->at[list->len++];
	*kept = *c;
	kept->new_path = arena_copy(&m->a, c->new_path);
	kept->old_path = c->old_path.len > 0 ? kept->new_path : STR("");
	return ERR_NONE;
}

/* A file that has another name now is one file, and no block of it moved. */
static enum err
pair(struct moves *m)
{
	struct renames found;
	enum err rc = git_rename_pairs(&found, &m->a, &m->list,
	    job_repo(m->run), DIFF_RENAME_PAIRS, job_stop, m->run);

	for (size_t i = 0; rc == ERR_NONE && i < found.len; i++) {
		struct change *from = &m->list.at[found.at[i].from];
		struct change *to = &m->list.at[found.at[i].to];

		to->kind = CHANGE_RENAMED;
		to->old_id = from->old_id;
		to->old_mode = from->old_mode;
		to->old_path = from->old_path;
		from->old_mode = from->new_mode = 0;
	}
	return rc;
}

static bool
is_file(uint32_t mode)
{
	return (mode & 0170000) == 0100000;
}

/* An empty text for a side that is no file, or none to be compared. */
static enum err
read_side(struct git_bytes *out, struct moves *m, const struct oid *id,
    uint32_t mode)
{
	uint64_t size = 0;
	enum err rc = ERR_NONE;

	*out = (struct git_bytes){ 0 };
	if (is_file(mode))
		rc = git_blob_size(&size, job_repo(m->run), id);
	if (rc == ERR_NONE && size > 0 && size <= MOVES_FILE)
		rc = git_blob_read(out, job_repo(m->run), id);
	if (rc == ERR_ABSENT || rc == ERR_FORMAT || rc == ERR_LIMIT) {
		err_clear();
		rc = ERR_NONE;
	}
	if (memchr(out->bytes.len > 0 ? out->bytes.at : "", '\0',
		out->bytes.len < 8000 ? out->bytes.len : 8000) != NULL)
		git_repo_drop(out);
	return rc;
}

static void
add_line(struct moves *m, const struct diff_line *l, size_t file)
{
	m->lines = array_more(m->lines, m->n, &m->n_room, sizeof *m->lines);
	m->lines[m->n++] = (struct moved_line){ arena_copy(&m->a, l->text),
		(uint64_t)file << 32 |
		    (l->kind == '+' ? l->new_line : l->old_line),
		l->kind == '+' };
}

static enum err
look_at(struct moves *m, size_t file)
{
	const struct change *c = &m->list.at[file];
	const struct diff_options o = { .context = 0 };
	struct git_bytes old, new = { 0 };
	struct arena a = { 0 };
	struct file_diff d = { 0 };
	enum err rc = read_side(&old, m, &c->old_id, c->old_mode);

	if (rc == ERR_NONE)
		rc = read_side(&new, m, &c->new_id, c->new_mode);
	m->bytes += old.bytes.len + new.bytes.len;
	if (rc == ERR_NONE && old.bytes.len + new.bytes.len > 0)
		rc = git_diff_bytes(&d, &a, old.bytes, new.bytes, &o);
	for (size_t i = 0; rc == ERR_NONE && i < d.n_lines; i++)
		if (d.lines[i].kind != ' ')
			add_line(m, &d.lines[i], file);
	git_repo_drop(&old);
	git_repo_drop(&new);
	arena_release(&a);
	return rc;
}

static enum err
row(struct moves *m, const struct moves_row *r)
{
	job_moves_write_row(job_rows(m->run), r);
	return job_row(m->run);
}

static enum err
look_at_all(struct moves *m)
{
	enum err rc = ERR_NONE;

	for (size_t i = 0; rc == ERR_NONE && i < m->list.len; i++) {
		if (i == MOVES_FILES || m->bytes > MOVES_BYTES ||
		    m->n > MOVES_LINES)
			return row(m, &(struct moves_row){ .capped = true });
		if (job_cancelled(m->run))
			return ERR_STOPPED;
		job_progress(m->run, i, m->list.len);
		rc = look_at(m, i);
	}
	return rc;
}

static struct moves_side
side_of(const struct moves *m, size_t line)
{
	const struct change *c = &m->list.at[m->lines[line].number >> 32];

	return (struct moves_side){
		.old_path = c->old_mode == 0 ? STR("") : c->old_path,
		.new_path = c->new_mode == 0 ? STR("") : c->new_path,
		.line = (uint32_t)m->lines[line].number,
	};
}

/* How far the lines from i on stand under each other on the other side. */
static uint32_t
block(const struct moves *m, const uint32_t *mate, size_t i)
{
	uint32_t len = 1;

	while (i + len < m->n && !m->lines[i + len].added &&
	    m->lines[i + len].number == m->lines[i].number + len &&
	    mate[i + len] == mate[i] + len)
		len++;
	return len;
}

static enum err
send_blocks(struct moves *m)
{
	uint32_t *mate = arena_array(&m->a, m->n + 1, uint32_t);
	uint32_t len = 1;
	enum err rc = ERR_NONE;

	moved_find(mate, m->lines, m->n);
	for (size_t i = 0; rc == ERR_NONE && i < m->n; i += len) {
		len = 1;
		if (m->lines[i].added || mate[i] == MOVED_NONE)
			continue;
		len = block(m, mate, i);
		if (m->lines[i].number >> 32 == m->lines[mate[i]].number >> 32)
			continue;
		rc = row(m,
		    &(struct moves_row){ .from = side_of(m, i),
			.to = side_of(m, mate[i]),
			.len = len });
	}
	return rc;
}

static enum err
run_moves(struct job_run *run, struct str args)
{
	struct wire w = wire_of(args);
	struct moves m = { .run = run };
	struct oid old, new, from = { 0 }, to = { 0 };
	uint32_t cut = 0;
	enum err rc;

	old = wire_oid(&w);
	new = wire_oid(&w);
	rc = wire_done(&w);
	if (rc == ERR_NONE)
		rc = git_tree_of(&from, job_repo(run), &old);
	if (rc == ERR_NONE)
		rc = git_tree_of(&to, job_repo(run), &new);
	if (rc == ERR_NONE)
		rc = git_diff_known(job_repo(run), &from, &to, take, &m, &cut);
	if (rc == ERR_NONE)
		rc = pair(&m);
	if (rc == ERR_NONE)
		rc = look_at_all(&m);
	if (rc == ERR_NONE)
		rc = send_blocks(&m);
	free(m.lines);
	free(m.list.at);
	arena_release(&m.a);
	return rc;
}

const struct job job_moves = {
	.name = "moves",
	.help = "blocks that went from one file into another",
	.run = run_moves,
};
