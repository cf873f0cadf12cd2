#include "core/symbols.h"

#include "core/io.h"
#include "core/textstore.h"
#include "policy/ctags.h"
#include "policy/provision_inside.h"

/* Without the program there is a session all the same; it says so. */
static enum err
start(struct ctags **out, struct provision_work *w)
{
	const struct ctags_options o = { .program = w->p->ctags,
		.old = w->old_symbols };
	enum err rc = ctags_open(out, &o);

	if (rc != ERR_ABSENT)
		return rc;
	w->p->symbols_why = arena_copy(w->a, str_of(err_text()));
	err_clear();
	return ERR_NONE;
}

/* From the store, where it is not packed and each lies there once. */
static enum err
put_all(struct ctags *c, const struct provision_work *w,
    const struct textstore *t)
{
	enum { TELL = 64 };
	uint32_t n = textstore_blobs(t);
	enum err rc = ERR_NONE;

	for (uint32_t i = 0; i < n && rc == ERR_NONE; i++) {
		struct textstore_blob blob = textstore_blob(t, i);
		const struct provision_content *content;

		if (i % TELL == 0)
			provision_tell(w, "symbols", i, n);
		if (blob.withheld)
			continue;
		content = provision_content(w, &blob.oid);
		if (content == NULL)
			return fail(ERR_ABSENT, "file %s: not in the image",
			    oid_text(&blob.oid).hex);
		rc = ctags_put(c, &blob.oid, content->path, blob.bytes);
	}
	return rc == ERR_NONE ? textstore_damage(t) : rc;
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
	struct textstore *t = NULL;
	struct ctags *c = NULL;
	enum err rc;

	if (provision_has(w, "text/symbols"))
		return ERR_NONE;
	rc = start(&c, w);
	if (rc != ERR_NONE || c == NULL)
		return rc;
	rc = textstore_open(&t,
	    arena_printf(w->a, "%s/text/store", w->out.at).at);
	if (rc == ERR_NONE)
		rc = put_all(c, w, t);
	if (rc == ERR_NONE)
		rc = write_file(c, w);
	ctags_close(c);
	textstore_close(t);
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
