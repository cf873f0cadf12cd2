#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/git_import.h"
#include "core/git_place.h"
#include "core/git_refs.h"
#include "core/io.h"
#include "core/io_place.h"
#include "core/limits.h"
#include "policy/provision_inside.h"

enum { CONFIG_MAX = 1024 * 1024 };

/* Where what is imported lies: beside the session, or the rules. */
static struct str
work_folder(const struct provision_work *w)
{
	const struct provision *p = w->p;
	struct str base;

	if (p->work != NULL)
		return str_of(p->work);
	base = str_of(p->out != NULL ? p->out : p->conf);
	while (base.len > 1 && str_ends(base, STR("/")))
		base.len--;
	return arena_printf(w->a, "%.*s.import", STR_ARG(base));
}

static void
note(struct provision_work *w, const struct provision_source *s,
    struct str before, struct str text, struct str behind)
{
	struct buf *b = &w->notice;

	if (b->len > 0)
		buf_char(b, '\n');
	if (s->product.len > 0)
		buf_printf(b, "%.*s: ", STR_ARG(s->product));
	buf_str(b, before);
	/* Names of the vendor's; the line is for a terminal. */
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.at[i];

		if (c < 0x20 || c >= 0x7f)
			buf_printf(b, "<%02X>", c);
		else
			buf_char(b, (char)c);
	}
	buf_str(b, behind);
}

/* Of git's configuration: the name of a section is in letters of any case. */
static bool
includes(struct str line)
{
	static const char word[] = "[include";
	struct str s = str_trim(line);

	if (s.len < sizeof word)
		return false;
	for (size_t i = 0; i < sizeof word - 1; i++)
		if ((s.at[i] | (i > 0 ? 0x20 : 0)) != word[i])
			return false;
	return true;
}

/* What git itself would have obeyed. */
static void
note_ignored(struct provision_work *w, const struct provision_source *s)
{
	struct buf config = { 0 };
	struct io_names hooks = { 0 };
	struct str rest, line;
	unsigned n = 0, scripts = 0;

	if (io_read(&config, arena_printf(w->a, "%s/config", s->git.at).at,
		CONFIG_MAX) != ERR_NONE)
		err_clear();
	rest = buf_view(&config);
	while (str_cut(&rest, '\n', &line))
		n += includes(line);
	buf_release(&config);
	if (io_list(&hooks, w->a,
		arena_printf(w->a, "%s/hooks", s->git.at).at) != ERR_NONE)
		err_clear();
	for (size_t i = 0; i < hooks.len; i++)
		scripts += !str_ends(hooks.at[i], STR(".sample"));
	if (n > 0)
		note(w, s, STR(""),
		    STR("config includes other files: nothing of it is read"),
		    STR(""));
	if (scripts > 0)
		note(w, s, STR(""), arena_printf(w->a, "%u", scripts),
		    STR(" hooks: none is run"));
}

static void
note_import(struct provision_work *w, const struct provision_source *s,
    const struct git_import_facts *f)
{
	if (f->files == 0)
		return; /* a bundle: what is in it speaks for itself */
	note(w, s, STR(""),
	    arena_printf(w->a, "%llu", (unsigned long long)f->files),
	    STR(" files without a history, taken in as one commit"));
	if (f->below.len > 0)
		note(w, s, STR("all stand below "), f->below,
		    STR("/, which is left out of paths"));
	if (f->left_out > 0)
		note(w, s,
		    arena_printf(w->a,
			"%llu entries are no files (devices, .git ...) and "
			"were left out, the first is ",
			(unsigned long long)f->left_out),
		    f->first_left, STR(""));
	if (f->twice > 0)
		note(w, s,
		    arena_printf(w->a,
			"%llu names came twice, and the last one counts; the "
			"first is ",
			(unsigned long long)f->twice),
		    f->first_twice, STR(""));
	if (f->absolute > 0)
		note(w, s,
		    arena_printf(w->a,
			"%llu names began at the root of a system, and are "
			"taken from the top of the archive; the first is ",
			(unsigned long long)f->absolute),
		    f->first_absolute, STR(""));
}

/* The hash of an archive, so that one that was taken in before is known. */
static enum err
source_mark(struct buf *b, const char *path)
{
	struct io_map map;
	struct hash h;
	enum err rc = ERR_NONE;

	buf_str(b, STR("vitrine-import 1\n"));
	if (io_is_folder(path))
		return ERR_NONE; /* read again each time */
	rc = io_map(&map, path, SIZE_MAX / 2);
	if (rc != ERR_NONE)
		return rc;
	h = hash_of(map.bytes);
	buf_hex(b, h.at, HASH_BYTES);
	io_unmap(&map);
	return ERR_NONE;
}

/* Behind the mark stands what there was to say of it. */
static bool
is_taken_in(struct provision_work *w, int dir, const struct buf *mark)
{
	struct buf there = { 0 };
	bool same = io_read_at(&there, dir, "source", LIMIT_CONF) == ERR_NONE &&
	    mark->len > 60 && str_starts(buf_view(&there), buf_view(mark));

	err_clear();
	if (same && there.len > mark->len && w->notice.len > 0)
		buf_char(&w->notice, '\n');
	if (same)
		buf_str(&w->notice,
		    str_slice(buf_view(&there), mark->len, there.len));
	buf_release(&there);
	return same;
}

/* What an import makes, and no more: anything else stays and is said. */
static enum err
clean_import(int dir, const char *name)
{
	/* The first says that all the rest is there. */
	static const char *const files[] = { "source", "HEAD", "packed-refs",
		".source.new", ".HEAD.new", ".packed-refs.new" };
	static const char *const folders[] = { "objects/pack", "objects",
		"refs" };
	struct arena a = { 0 };
	struct io_entries packs = { 0 };
	struct str base = str_of(name);
	enum err rc = io_list_at(&packs, &a, dir,
	    arena_printf(&a, "%s/objects/pack", base.at).at, 1000);

	if (rc == ERR_ABSENT) {
		err_clear();
		rc = ERR_NONE;
	}
	for (size_t i = 0; i < sizeof files / sizeof *files && rc == ERR_NONE;
	     i++)
		rc = io_remove_at(dir,
		    arena_printf(&a, "%s/%s", base.at, files[i]).at);
	for (size_t i = 0; i < packs.len && rc == ERR_NONE; i++)
		rc = io_remove_at(dir,
		    arena_printf(&a, "%s/objects/pack/%s", base.at,
			packs.at[i].name.at)
			.at);
	for (size_t i = 0; i < 3 && rc == ERR_NONE; i++)
		rc = io_place_remove_folder(dir,
		    arena_printf(&a, "%s/%s", base.at, folders[i]).at);
	if (rc == ERR_NONE)
		rc = io_place_remove_folder(dir, name);
	if (rc == ERR_ABSENT) {
		err_clear();
		rc = ERR_NONE;
	}
	arena_release(&a);
	return rc;
}

static const char *
import_name(const struct provision_source *s)
{
	return s->product.len == 0 ? "delivery" : s->product.at;
}

static enum err
run_import(struct provision_work *w, struct provision_source *s,
    const char *from, int dir, struct str path, struct buf *mark)
{
	const char *slash = strrchr(from, '/');
	size_t before = w->notice.len;
	struct git_import_facts facts;
	const struct git_import_wish wish = { .from = from,
		.name = slash == NULL || slash[1] == '\0' ? from : slash + 1,
		.progress = w->p->progress,
		.arg = w->p->arg };
	enum err rc = git_import(&facts, w->a, &wish, dir, path);

	if (rc == ERR_NONE) {
		note_import(w, s, &facts);
		if (before > 0 && w->notice.len > before)
			before++;
		buf_str(mark,
		    str_slice(buf_view(&w->notice), before, w->notice.len));
		rc = io_create_at(dir, "source", buf_view(mark));
	}
	return rc;
}

static enum err
import(struct provision_work *w, struct provision_source *s, const char *from)
{
	struct str folder = work_folder(w);
	struct str path =
	    arena_printf(w->a, "%.*s/%s", STR_ARG(folder), import_name(s));
	struct buf mark = { 0 };
	int dir = -1, top = -1;
	enum err rc = source_mark(&mark, from);

	if (rc == ERR_NONE)
		rc = io_make_folder(&top, folder.at);
	if (rc == ERR_NONE)
		rc = io_make_folder(&dir, path.at);
	if (rc == ERR_NONE)
		rc = io_real_path(&s->git, w->a, path.at);
	if (rc == ERR_NONE && !is_taken_in(w, dir, &mark)) {
		close(dir);
		dir = -1;
		rc = clean_import(top, import_name(s));
		if (rc == ERR_NONE)
			rc = io_make_folder(&dir, path.at);
		if (rc == ERR_NONE)
			rc = run_import(w, s, from, dir, s->git, &mark);
	}
	if (dir >= 0)
		close(dir);
	if (top >= 0)
		close(top);
	buf_release(&mark);
	return rc;
}

static enum err
open_source(struct provision_work *w, struct provision_source *s,
    const struct provision_input *input)
{
	struct git_repo_facts facts;
	struct git_place place;
	struct refs refs;
	struct str notice, line;
	bool wanted;
	enum err rc = git_import_wanted(&wanted, input->path);

	s->product = arena_copy(w->a, str_of(input->product));
	if (rc == ERR_NONE && wanted) {
		rc = import(w, s, input->path);
	} else if (rc == ERR_NONE) {
		rc = git_place_find(&place, w->a, input->path);
		s->git = place.git;
	}
	if (rc == ERR_NONE)
		rc = git_repo_open(&s->repo, s->git, true);
	/* Among them is what stands for another object. */
	if (rc == ERR_NONE)
		rc = git_refs_read(&refs, w->a, s->repo);
	if (rc != ERR_NONE)
		return rc;
	notice = git_repo_notice(s->repo, w->a);
	while (str_cut(&notice, '\n', &line))
		note(w, s, STR(""), line, STR(""));
	note_ignored(w, s);
	git_repo_facts(&facts, s->repo);
	w->p->delivered += facts.packed + facts.loose;
	return ERR_NONE;
}

enum err
provision_open(struct provision_work *w)
{
	const struct provision_input one = { "", w->p->repository };
	const struct provision_input *inputs =
	    w->p->repository != NULL ? &one : w->p->inputs;
	size_t n = w->p->repository != NULL ? 1 : w->p->n_inputs;
	enum err rc = ERR_NONE;

	w->sources = arena_array(w->a, n, struct provision_source);
	for (size_t i = 0; i < n && rc == ERR_NONE; i++) {
		if (provision_open_source(w, str_of(inputs[i].product)) != NULL)
			return fail(ERR_DENIED,
			    "product \"%s\" is delivered twice",
			    inputs[i].product);
		w->n_sources++;
		rc = open_source(w, &w->sources[i], &inputs[i]);
	}
	if (rc == ERR_NONE)
		rc = git_repo_open(&w->repo, w->sources[0].git, true);
	for (size_t i = 1; i < n && rc == ERR_NONE; i++)
		rc = git_repo_also(w->repo, w->sources[i].git);
	w->p->notice = arena_copy(w->a, buf_view(&w->notice));
	return rc;
}

const struct provision_source *
provision_open_source(const struct provision_work *w, struct str product)
{
	for (size_t i = 0; i < w->n_sources; i++)
		if (str_eq(w->sources[i].product, product))
			return &w->sources[i];
	return NULL;
}

void
provision_open_close(struct provision_work *w)
{
	for (size_t i = 0; i < w->n_sources; i++)
		git_repo_close(w->sources[i].repo);
	git_repo_close(w->repo);
	buf_release(&w->notice);
}

enum err
provision_open_clean(struct provision_work *w)
{
	struct str folder = work_folder(w);
	const char *slash = memrchr(folder.at, '/', folder.len);
	struct str parent = slash == NULL ?
	    STR(".") :
	    str_slice(folder, 0, (size_t)(slash - folder.at));
	int top;
	enum err rc;

	if (!io_is_folder(folder.at))
		return ERR_NONE;
	rc = io_open_folder(&top, folder.at);
	if (rc != ERR_NONE)
		return rc;
	for (size_t i = 0; i < w->n_sources && rc == ERR_NONE; i++)
		rc = clean_import(top, import_name(&w->sources[i]));
	close(top);
	if (rc == ERR_NONE)
		rc = io_open_folder(&top,
		    parent.len == 0 ? "/" : arena_copy(w->a, parent).at);
	if (rc != ERR_NONE)
		return rc;
	rc = io_place_remove_folder(top, slash == NULL ? folder.at : slash + 1);
	close(top);
	return rc;
}
