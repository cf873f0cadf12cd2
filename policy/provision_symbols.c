#include "core/symbols.h"

#include "core/git_blob.h"
#include "core/io.h"
#include "policy/ctags.h"
#include "policy/provision_inside.h"

/* Without the program there is a session all the same; it says so. */
static enum err
start(struct ctags **out, struct provision_work *w)
{
	const struct ctags_options o = { .program = w->p->ctags,
		.processes = provision_parts_at_once(w),
		.old = w->old_symbols };
	enum err rc = ctags_open(out, &o);

	if (rc != ERR_ABSENT)
		return rc;
	w->p->symbols_why = arena_copy(w->a, str_of(err_text()));
	err_clear();
	return ERR_NONE;
}

static enum err
put_one(struct ctags *c, struct git_repo *image,
    const struct provision_content *content)
{
	struct git_bytes bytes = { 0 };
	enum err rc = ERR_NONE;

	if (!ctags_knows(c, &content->id))
		rc = git_blob_read(&bytes, image, &content->id);
	if (rc == ERR_NONE)
		rc = ctags_put(c, &content->id, content->path, bytes.bytes);
	git_repo_drop(&bytes);
	return rc;
}

/* In the order of the store. */
static enum err
put_all(struct ctags *c, const struct provision_work *w)
{
	enum { TELL = 64 };
	struct git_repo *image;
	enum err rc = provision_image_repo(&image, w);

	if (rc != ERR_NONE)
		return rc;
	for (size_t i = 0; i < w->n_order && rc == ERR_NONE; i++) {
		if (i % TELL == 0)
			provision_tell(w, "symbols", i, w->n_order);
		rc = put_one(c, image, w->order[i]);
	}
	git_repo_close(image);
	return rc;
}

static enum err
write_file(struct ctags *c, const struct provision_work *w)
{
	struct buf file = { 0 };
	enum err rc = ctags_finish(c, &file);

	if (rc == ERR_NONE)
		rc = io_create_at(w->dir, "text/symbols", buf_view(&file));
	buf_release(&file);
	return rc;
}

enum err
provision_symbols_write(struct provision_work *w)
{
	struct ctags *c = NULL;
	enum err rc;

	if (provision_has(w, "text/symbols"))
		return ERR_NONE;
	rc = start(&c, w);
	if (rc != ERR_NONE || c == NULL)
		return rc;
	rc = put_all(c, w);
	if (rc == ERR_NONE)
		rc = write_file(c, w);
	ctags_close(c);
	return rc;
}

enum err
provision_symbols_read(struct provision_work *w)
{
	struct provision *p = w->p;
	struct symbols *s;
	enum err rc = symbols_open(&s,
	    arena_printf(w->a, "%s/text/symbols", w->out.at).at);

	p->symbols_method = STR("");
	if (rc == ERR_ABSENT) {
		err_clear();
		return ERR_NONE;
	}
	if (rc != ERR_NONE)
		return rc;
	p->symbols = symbols_definitions(s);
	p->symbols_failed = symbols_count(s, SYMBOLS_FAILED);
	p->symbols_method = arena_copy(w->a, symbols_method(s));
	symbols_close(s);
	return ERR_NONE;
}
