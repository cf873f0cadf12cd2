#include "core/job_hazards.h"

#include <string.h>

#include "core/git_blob.h"
#include "core/git_tree.h"
#include "core/limits.h"

void
job_hazards_args(struct buf *b, const struct hazards_args *h)
{
	wire_put_oid(b, &h->of);
	wire_put_u32(b, h->slice);
	wire_put_u32(b, h->slices);
}

void
job_hazards_write_row(struct buf *b, const struct hazards_row *row)
{
	wire_put_u8(b, (uint8_t)row->row);
	if (row->row == HAZARDS_TOTAL) {
		wire_put_u64(b, row->files);
		wire_put_u64(b, row->binary);
		wire_put_u64(b, row->bytes);
		return;
	}
	wire_put_u8(b,
	    row->row == HAZARDS_FOUND ? (uint8_t)row->kind : (uint8_t)row->rc);
	wire_put_str(b, row->path);
	wire_put_oid(b, &row->blob);
	if (row->row != HAZARDS_FOUND)
		return;
	wire_put_u64(b, row->seen.count);
	wire_put_u32(b, row->seen.line);
	wire_put_u32(b, row->seen.column);
	wire_put_str(b, str_of(row->seen.what));
	wire_put_str(b, row->other);
}

/* What is shown is ASCII without a control byte, whoever sent it. */
static void
take_what(struct hazards_row *row, struct wire *w)
{
	struct str what = wire_str(w, HAZARD_WHAT - 1);

	for (size_t i = 0; i < what.len; i++)
		row->seen.what[i] =
		    what.at[i] >= 0x20 && what.at[i] < 0x7f ? what.at[i] : '?';
}

bool
job_hazards_read_row(struct hazards_row *row, struct wire *w)
{
	unsigned kind, code;

	*row = (struct hazards_row){ 0 };
	if (w->bad || w->rest.len == 0)
		return false;
	kind = wire_u8(w);
	if (kind < HAZARDS_FOUND || kind > HAZARDS_TOTAL)
		w->bad = true;
	row->row = (enum hazards_row_kind)kind;
	if (kind == HAZARDS_TOTAL) {
		row->files = wire_u64(w);
		row->binary = wire_u64(w);
		row->bytes = wire_u64(w);
		return !w->bad;
	}
	code = wire_u8(w);
	if (code > (kind == HAZARDS_FOUND ? HAZARDS - 1u : ERR_STOPPED))
		w->bad = true;
	row->kind = (enum hazard)code;
	row->rc = (enum err)code;
	row->path = wire_str(w, LIMIT_PATH);
	row->blob = wire_oid(w);
	if (kind != HAZARDS_FOUND)
		return !w->bad;
	row->seen.count = wire_u64(w);
	row->seen.line = wire_u32(w);
	row->seen.column = wire_u32(w);
	take_what(row, w);
	row->other = wire_str(w, LIMIT_PATH);
	return !w->bad;
}

struct sweep {
	struct job_run *run;
	struct hazards_args args;
	struct hazard_names names;
	struct hazards_row total;
	uint64_t n; /* files of all slices so far */
	enum err rc;
};

static enum err
send_seen(struct sweep *s, const struct hazards *h, struct str path,
    const struct oid *blob)
{
	enum err rc = ERR_NONE;

	for (int i = 0; i < HAZARDS && rc == ERR_NONE; i++) {
		struct hazards_row row = { .row = HAZARDS_FOUND,
			.kind = (enum hazard)i,
			.path = path,
			.blob = *blob,
			.seen = h->at[i] };

		if (h->at[i].count == 0)
			continue;
		job_hazards_write_row(job_rows(s->run), &row);
		rc = job_row(s->run);
	}
	return rc;
}

static enum err
look_at_content(struct sweep *s, struct str path, const struct tree_entry *e)
{
	struct git_bytes raw;
	struct hazards h;
	enum err rc = git_blob_read(&raw, job_repo(s->run), &e->id);

	if (rc != ERR_NONE) {
		struct hazards_row row = { .row = HAZARDS_SKIPPED,
			.rc = rc,
			.path = path,
			.blob = e->id };

		if (rc == ERR_STOPPED || rc == ERR_IO)
			return rc;
		err_clear();
		job_hazards_write_row(job_rows(s->run), &row);
		return job_row(s->run);
	}
	if (e->kind == TREE_LINK)
		hazard_link(&h, path, raw.bytes);
	else
		hazard_bytes(&h, raw.bytes, path);
	s->total.files++;
	s->total.bytes += raw.bytes.len;
	s->total.binary += h.binary;
	git_repo_drop(&raw);
	return send_seen(s, &h, path, &e->id);
}

static enum err
look_at_file(void *arg, struct str path, const struct tree_entry *e)
{
	struct sweep *s = arg;
	uint64_t n = s->n++;
	struct hazards h;
	enum err rc = ERR_NONE;

	if (job_cancelled(s->run))
		return ERR_STOPPED;
	if (s->args.slice == 0) {
		hazard_names_add(&s->names, path);
		hazard_path(&h, path);
		rc = send_seen(s, &h, path, &e->id);
	}
	if (rc == ERR_NONE && e->kind != TREE_MODULE &&
	    n % s->args.slices == s->args.slice)
		rc = look_at_content(s, path, e);
	job_progress(s->run, s->total.files, 0);
	return rc;
}

static enum err
say_trouble(void *arg, struct str path, const struct oid *tree, enum err rc)
{
	struct sweep *s = arg;
	struct hazards_row row = { .row = HAZARDS_SKIPPED,
		.rc = rc,
		.path = str_slice(path, 0, LIMIT_PATH),
		.blob = *tree };

	if (rc == ERR_STOPPED || rc == ERR_IO)
		return rc;
	err_clear();
	if (s->args.slice > 0)
		return ERR_NONE;
	job_hazards_write_row(job_rows(s->run), &row);
	return job_row(s->run);
}

static void
say_clash(void *arg, struct str path, struct str other)
{
	struct sweep *s = arg;
	struct hazards_row row = { .row = HAZARDS_FOUND,
		.kind = HAZARD_CLASH,
		.path = path,
		.seen.count = 1,
		.other = other };

	if (s->rc != ERR_NONE)
		return;
	job_hazards_write_row(job_rows(s->run), &row);
	s->rc = job_row(s->run);
}

static enum err
run_hazards(struct job_run *run, struct str args)
{
	struct wire w = wire_of(args);
	struct sweep s = { .run = run, .total.row = HAZARDS_TOTAL };
	struct oid tree;
	enum err rc;

	s.args.of = wire_oid(&w);
	s.args.slice = wire_u32(&w);
	s.args.slices = wire_u32(&w);
	rc = wire_done(&w);
	if (rc == ERR_NONE && s.args.slice >= s.args.slices)
		rc = fail(ERR_FORMAT, "slice %u of %u", s.args.slice,
		    s.args.slices);
	if (rc == ERR_NONE)
		rc = git_tree_of(&tree, job_repo(run), &s.args.of);
	if (rc == ERR_NONE)
		rc = git_tree_each(job_repo(run), &tree, look_at_file,
		    say_trouble, &s);
	hazard_names_end(&s.names, say_clash, &s);
	if (rc == ERR_NONE)
		rc = s.rc;
	if (rc == ERR_NONE) {
		job_hazards_write_row(job_rows(run), &s.total);
		rc = job_row(run);
	}
	return rc;
}

const struct job job_hazards = {
	.name = "hazards",
	.help = "look for what may deceive in every file of a revision",
	.run = run_hazards,
};
