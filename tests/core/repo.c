#include "tests/core/repo.h"

#include "tests/tool.h"

static const char preamble[] =
    "set -e\n"
    "n=0\n"
    "commit() {\n"
    "	n=$((n + 1))\n"
    "	GIT_AUTHOR_DATE=\"$((1600000000 + n * 100)) +0200\"\n"
    "	GIT_COMMITTER_DATE=$GIT_AUTHOR_DATE\n"
    "	export GIT_AUTHOR_DATE GIT_COMMITTER_DATE\n"
    "	git add -A\n"
    "	git commit -q --allow-empty -m \"$1\"\n"
    "}\n"
    "init() {\n"
    "	git init -q -b main \"$1\"\n"
    "	cd \"$1\"\n"
    "}\n";

void
repo_start(void)
{
	static const char *const set[][2] = {
		{ "GIT_CONFIG_NOSYSTEM", "1" },
		{ "GIT_AUTHOR_NAME", "Ada Example" },
		{ "GIT_AUTHOR_EMAIL", "ada@example.org" },
		{ "GIT_COMMITTER_NAME", "Ada Example" },
		{ "GIT_COMMITTER_EMAIL", "ada@example.org" },
		{ "GIT_AUTHOR_DATE", "1600000000 +0200" },
		{ "GIT_COMMITTER_DATE", "1600000000 +0200" },
		{ "LC_ALL", "C" },
		{ "TZ", "UTC" },
	};

	for (size_t i = 0; i < sizeof set / sizeof *set; i++)
		assert_int_equal(setenv(set[i][0], set[i][1], 1), 0);
	assert_int_equal(setenv("HOME", tool_start(), 1), 0);
	err_clear();
}

void
repo_end(void)
{
	tool_end();
}

void
repo_script(const char *lines)
{
	struct buf b = { 0 };
	int status;

	buf_str(&b, str_of(preamble));
	buf_str(&b, str_of(lines));
	tool_write("script", buf_view(&b));
	status = tool_run("sh ./script");
	if (status != 0) {
		tool_read(&b, "err");
		print_error("script: %s\n", b.at);
	}
	assert_int_equal(status, 0);
	buf_release(&b);
}

void
repo_open(struct repo *r, const char *dir)
{
	enum err rc;

	*r = (struct repo){ 0 };
	rc = git_repo_open(&r->git, str_of(tool_path(dir)), true);
	if (rc == ERR_NONE)
		rc = git_refs_read(&r->refs, &r->a, r->git);
	if (rc != ERR_NONE)
		print_error("%s: %s\n", dir, err_text());
	assert_int_equal(rc, ERR_NONE);
	git_graph_open(&r->graph, r->git);
}

void
repo_close(struct repo *r)
{
	git_graph_close(r->graph);
	git_repo_close(r->git);
	arena_release(&r->a);
	err_clear();
}

struct oid
repo_id(struct repo *r, const char *revision)
{
	struct oid id;
	enum err rc =
	    git_rev_object(&id, NULL, r->git, &r->refs, str_of(revision));

	if (rc != ERR_NONE)
		print_error("%s: %s\n", revision, err_text());
	assert_int_equal(rc, ERR_NONE);
	return id;
}

struct oid
repo_tree(struct repo *r, const char *revision)
{
	struct oid id = repo_id(r, revision), tree;

	assert_int_equal(git_tree_of(&tree, r->git, &id), ERR_NONE);
	return tree;
}

void
repo_ask(struct buf *b, const char *fmt, ...)
{
	char line[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	assert_int_equal(tool_run("%s", line), 0);
	tool_read(b, "out");
}

int
repo_run(const char *fmt, ...)
{
	char line[4096];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	return tool_run("%s", line);
}

const char *
repo_path(const char *name)
{
	return tool_path(name);
}

void
repo_same(const struct buf *ours, const struct buf *theirs)
{
	if (!str_eq(buf_view(ours), buf_view(theirs)))
		print_error("ours:\n%.3000s\ntheirs:\n%.3000s\n", ours->at,
		    theirs->at);
	assert_true(str_eq(buf_view(ours), buf_view(theirs)));
}

enum { FILES = 12, LINES = 60, TIPS = 4 };

struct file {
	char name[32]; /* "": not there */
	unsigned line[2 * LINES], len;
};

struct state {
	struct file files[FILES];
	unsigned mark; /* of the commit that made it; 0: none */
};

struct making {
	struct buf out;
	unsigned seed, made;
	struct state tips[TIPS];
};

static unsigned
dice(struct making *m, unsigned sides)
{
	m->seed = m->seed * 1103515245u + 12345u;
	return (m->seed >> 16) % sides;
}

static void
name_file(struct making *m, struct file *f)
{
	static const char *const folders[] = { "", "lib/", "lib/deep/",
		"src/" };

	snprintf(f->name, sizeof f->name, "%sf%u.c", folders[dice(m, 4)],
	    dice(m, 40));
}

static bool
name_taken(const struct state *s, const struct file *f)
{
	for (size_t i = 0; i < FILES; i++)
		if (&s->files[i] != f && strcmp(s->files[i].name, f->name) == 0)
			return true;
	return false;
}

static void
edit_lines(struct making *m, struct file *f)
{
	unsigned at = dice(m, f->len + 1), n = 1 + dice(m, 4);

	if (f->len > LINES || (f->len > 8 && dice(m, 3) == 0)) {
		if (at + n > f->len)
			at = f->len - n;
		memmove(f->line + at, f->line + at + n,
		    (f->len - at - n) * sizeof *f->line);
		f->len -= n;
		return;
	}
	memmove(f->line + at + n, f->line + at,
	    (f->len - at) * sizeof *f->line);
	for (unsigned i = 0; i < n; i++)
		f->line[at + i] = dice(m, 400);
	f->len += n;
}

/* One change: a new file, one that goes, a new name, or new lines. */
static void
change(struct making *m, struct state *s)
{
	struct file *f = &s->files[dice(m, FILES)];

	if (f->name[0] == '\0') {
		do
			name_file(m, f);
		while (name_taken(s, f));
		f->len = 0;
		for (unsigned i = 0; i < 8; i++)
			edit_lines(m, f);
	} else if (dice(m, 12) == 0) {
		f->name[0] = '\0';
	} else if (dice(m, 8) == 0) {
		do
			name_file(m, f);
		while (name_taken(s, f));
		if (dice(m, 2) == 0)
			edit_lines(m, f);
	} else {
		edit_lines(m, f);
	}
}

static void
write_files(struct making *m, const struct state *s)
{
	buf_printf(&m->out, "deleteall\n");
	for (size_t i = 0; i < FILES; i++) {
		const struct file *f = &s->files[i];
		struct buf text = { 0 };

		if (f->name[0] == '\0')
			continue;
		for (unsigned k = 0; k < f->len; k++)
			buf_printf(&text, "\tline of text number %u;\n",
			    f->line[k]);
		buf_printf(&m->out, "M 100644 inline %s\ndata %zu\n", f->name,
		    text.len);
		buf_str(&m->out, buf_view(&text));
		buf_printf(&m->out, "\n");
		buf_release(&text);
	}
}

/* Some dates are equal, some go back. */
static void
write_commit(struct making *m, struct state *s, unsigned other)
{
	long when =
	    1500000000L + 60L * (m->made / 2) - (dice(m, 15) == 0 ? 900 : 0);

	m->made++;
	buf_printf(&m->out,
	    "commit refs/heads/tip\nmark :%u\n"
	    "author A <a@x> %ld +0000\ncommitter A <a@x> %ld +0000\n"
	    "data %d\nc%06u\n",
	    m->made, when, when, 8, m->made);
	if (s->mark != 0)
		buf_printf(&m->out, "from :%u\n", s->mark);
	if (other != 0)
		buf_printf(&m->out, "merge :%u\n", other);
	write_files(m, s);
	buf_printf(&m->out, "\n");
	s->mark = m->made;
}

/* Takes some files from the other side, perhaps with an edit of its own. */
static void
merge(struct making *m, struct state *s, const struct state *other)
{
	for (size_t i = 0; i < FILES; i++) {
		struct file kept = s->files[i];

		if (dice(m, 2) == 0)
			continue;
		s->files[i] = other->files[i];
		if (s->files[i].name[0] != '\0' && name_taken(s, &s->files[i]))
			s->files[i] = kept;
	}
	if (dice(m, 4) == 0)
		change(m, s);
	write_commit(m, s, other->mark);
}

static void
step(struct making *m)
{
	unsigned a = dice(m, TIPS), b = dice(m, TIPS);
	struct state *s = &m->tips[a], *other = &m->tips[b];

	if (s->mark == 0 && m->made > 0)
		*s = m->tips[0];
	if (a != b && other->mark != 0 && other->mark != s->mark &&
	    dice(m, 4) == 0) {
		merge(m, s, other);
		if (dice(m, 2) == 0)
			*other = *s;
		return;
	}
	for (unsigned n = 1 + dice(m, 3); n > 0; n--)
		change(m, s);
	write_commit(m, s, 0);
}

void
repo_history(const char *dir, unsigned seed, unsigned commits)
{
	struct making m = { .seed = seed };

	change(&m, &m.tips[0]);
	write_commit(&m, &m.tips[0], 0);
	while (m.made < commits)
		step(&m);
	for (unsigned i = 1; i < TIPS; i++)
		if (m.tips[i].mark != 0)
			merge(&m, &m.tips[0], &m.tips[i]);
	buf_printf(&m.out, "reset refs/heads/main\nfrom :%u\n", m.tips[0].mark);
	tool_write("stream", buf_view(&m.out));
	assert_int_equal(
	    tool_run("git init -q --bare -b main %s && "
		     "git -C %s fast-import --quiet --force <stream",
		dir, dir),
	    0);
	buf_release(&m.out);
}
