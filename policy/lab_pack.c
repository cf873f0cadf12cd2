#include "policy/lab.h"

#include "core/io.h"
#include "core/limits.h"
#include "policy/prints.h"

#include <unistd.h>

enum { DEPTH_MAX = 64, ENTRIES_MAX = 1000 * 1000, FILE_BYTES = 16 << 20 };

struct pack {
	struct prints_builder *builder;
	uint64_t files, left;
};

static enum err
add_file(struct pack *p, int dir, struct str path)
{
	struct buf bytes = { 0 };
	enum err rc = io_read_at(&bytes, dir, path.at, FILE_BYTES);

	if (rc == ERR_LIMIT) {
		err_clear();
		p->left++;
		rc = ERR_NONE;
	} else if (rc == ERR_NONE) {
		prints_builder_add(p->builder, path, buf_view(&bytes));
		p->files++;
	}
	buf_release(&bytes);
	if (p->files % 256 == 0)
		lab_progress(NULL, "files", p->files, 0);
	return rc;
}

/* Everything below a folder; links are not followed. */
static enum err
add_folder(struct pack *p, int dir, const char *path, unsigned depth)
{
	struct arena a = { 0 };
	struct io_entries all;
	enum err rc = depth > DEPTH_MAX ?
	    fail(ERR_LIMIT, "folders over %d deep", DEPTH_MAX) :
	    io_list_at(&all, &a, dir, path, ENTRIES_MAX);

	for (size_t i = 0; rc == ERR_NONE && i < all.len; i++) {
		const struct io_entry *e = &all.at[i];
		struct str below = depth == 0 ?
		    arena_copy(&a, e->name) :
		    arena_printf(&a, "%s/%.*s", path, STR_ARG(e->name));

		if (e->folder)
			rc = add_folder(p, dir, below.at, depth + 1);
		else if (e->file)
			rc = add_file(p, dir, below);
	}
	arena_release(&a);
	return rc;
}

static enum err
write_pack(const struct pack *p, const char *path)
{
	struct arena a = { 0 };
	struct buf file = { 0 };
	const char *name;
	int dir = -1;
	enum err rc = lab_split(&dir, &name, &a, path);

	prints_builder_write(p->builder, &file);
	if (rc == ERR_NONE)
		rc = io_create_at(dir, name, buf_view(&file));
	if (rc == ERR_NONE)
		rc = lab_say("%s: fingerprints of %llu files, %llu too large "
			     "left out\n",
		    path, (unsigned long long)p->files,
		    (unsigned long long)p->left);
	if (dir >= 0)
		close(dir);
	buf_release(&file);
	arena_release(&a);
	return rc;
}

static enum err
make_pack(const struct lab_args *args)
{
	struct pack p = { 0 };
	enum err rc = ERR_NONE;

	if (args->option['o'] == NULL)
		return fail(ERR_DENIED, "pack needs -o FILE");
	p.builder = prints_builder_open(prints_public_key);
	for (int i = 0; i < args->n && rc == ERR_NONE; i++) {
		int dir;

		rc = io_open_folder(&dir, args->rest[i]);
		if (rc != ERR_NONE)
			break;
		rc = add_folder(&p, dir, ".", 0);
		close(dir);
	}
	lab_progress(NULL, NULL, 0, 0);
	if (rc == ERR_NONE && p.files == 0)
		rc = fail(ERR_ABSENT, "there is no file to be read");
	if (rc == ERR_NONE)
		rc = write_pack(&p, args->option['o']);
	prints_builder_close(p.builder);
	return rc;
}

const struct lab_command lab_pack_pack = {
	.name = "pack",
	.letters = "o:",
	.least = 1,
	.most = 1000,
	.usage = "-o PACK FOLDER ...",
	.help = "make fingerprints of source that is public: what a session "
		"with them\n\t(provision -u PACK) holds of it is no secret of "
		"the vendor",
	.run = make_pack,
};
