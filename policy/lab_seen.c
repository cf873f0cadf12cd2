#include "policy/lab_seen.h"

#include <unistd.h>

#include "core/io.h"
#include "core/limits.h"
#include "policy/lab_image.h"

/* A manifest, and a line for each who signed it. */
enum { KEPT_MAX = LIMIT_MANIFEST + 64 * 1024 };

static struct str
without_slash(const char *path)
{
	struct str s = str_of(path);

	while (s.len > 1 && str_ends(s, STR("/")))
		s.len--;
	return s;
}

static enum err
say_change(const char *what, struct str path, uint64_t *n)
{
	struct buf b = { 0 };
	enum err rc;

	++*n;
	buf_printf(&b, "since last time %s: ", what);
	lab_image_name(&b, path);
	buf_char(&b, '\n');
	rc = lab_put(buf_view(&b));
	buf_release(&b);
	return rc;
}

static enum err
compare_files(const struct manifest *old, const struct manifest *new,
    uint64_t *n)
{
	enum err rc = ERR_NONE;
	uint32_t i = 0, k = 0;

	while (rc == ERR_NONE && (i < old->n_files || k < new->n_files)) {
		int order = i == old->n_files ?
		    1 :
		    k == new->n_files ?
		    -1 :
		    str_cmp(old->files[i].path, new->files[k].path);

		if (order < 0)
			rc = say_change("gone", old->files[i].path, n);
		else if (order > 0)
			rc = say_change("new", new->files[k].path, n);
		else if (!hash_eq(&old->files[i].hash, &new->files[k].hash))
			rc = say_change("changed", new->files[k].path, n);
		i += order <= 0;
		k += order >= 0;
	}
	return rc;
}

/* Behind the manifest: who had signed it, a line each. */
#define SIGNED STR("vitrine-signed 1\n")

static void
write_signed(const struct session *s, const struct hash *file, struct arena *a,
    struct buf *b)
{
	buf_str(b, SIGNED);
	buf_printf(b, "signed with %.*s\n",
	    STR_ARG(sign_id_text(&s->signer, a)));
	for (uint32_t i = 0; i < s->n_signed_by; i++)
		buf_printf(b, "signed by %.*s\n",
		    STR_ARG(s->signed_by[i]->name));
	for (uint32_t i = 0; i < s->n_counters; i++)
		buf_printf(b, "counter-signed by %.*s\n",
		    STR_ARG(s->counters[i]->name));
	if (file == NULL)
		return;
	buf_str(b, STR("the file with SHA-256 "));
	buf_hex(b, file->at, HASH_BYTES);
	buf_char(b, '\n');
}

/* Where that begins, at the beginning of a line; SIZE_MAX: nowhere. */
static size_t
find_signed(struct str kept)
{
	size_t at = str_find(kept, STR("\nvitrine-signed 1\n"), 0);

	return at == SIZE_MAX ? at : at + 1;
}

static bool
has_line(struct str text, struct str line)
{
	struct str one;

	while (str_cut(&text, '\n', &one))
		if (str_eq(one, line))
			return true;
	return false;
}

/* The lines of one that the other has not. */
static enum err
say_lines(const char *what, struct str in, struct str not_in, uint64_t *n)
{
	struct str line;
	enum err rc = ERR_NONE;

	while (rc == ERR_NONE && str_cut(&in, '\n', &line))
		if (!has_line(not_in, line))
			rc = say_change(what, line, n);
	return rc;
}

/* What was kept the last time, of the text that is kept now. */
static enum err
compare_kept(const struct manifest *old, const struct manifest *m,
    struct str was, struct str is)
{
	struct str was_signed = STR(""), is_signed = STR("");
	size_t at = find_signed(was), now = find_signed(is);
	bool other;
	uint64_t n = 0;
	enum err rc;

	if (str_eq(was, is))
		return lab_say("nothing changed since last time\n");
	if (at != SIZE_MAX) {
		was_signed = str_slice(was, at, was.len);
		is_signed = str_slice(is, now, is.len);
		was = str_slice(was, 0, at);
	}
	is = str_slice(is, 0, now);
	other = !str_eq(was, is);
	rc = compare_files(old, m, &n);
	if (rc == ERR_NONE && n == 0 && other)
		rc = lab_say("since last time: made again, other releases or "
			     "names\n");
	if (rc == ERR_NONE)
		rc = say_lines("gone", was_signed, is_signed, &n);
	if (rc == ERR_NONE)
		rc = say_lines("new", is_signed, was_signed, &n);
	/* Kept by an earlier version, which did not know of signatures. */
	if (rc == ERR_NONE && n == 0 && !other)
		rc = lab_say("nothing changed since last time\n");
	return rc;
}

/* What cannot be read says nothing of the session, which was verified. */
static enum err
read_kept(struct buf *out, struct manifest *old, struct arena *a, int dir,
    const char *name)
{
	enum err rc = io_read_at(out, dir, name, KEPT_MAX);
	struct str was = buf_view(out);

	if (rc == ERR_NONE)
		rc = manifest_read(old, a, str_slice(was, 0, find_signed(was)));
	return rc;
}

enum err
lab_seen_since(const struct session *s, const struct hash *file,
    struct arena *a, const char *path)
{
	struct str base = without_slash(path);
	struct buf before = { 0 }, now = { 0 };
	struct manifest old;
	const char *name;
	int dir;
	enum err rc = lab_split(&dir, &name, a,
	    arena_printf(a, "%.*s.verified", STR_ARG(base)).at);

	if (rc != ERR_NONE)
		return rc;
	manifest_write(&s->manifest, &now);
	write_signed(s, file, a, &now);
	rc = read_kept(&before, &old, a, dir, name);
	if (rc == ERR_NONE)
		rc = compare_kept(&old, &s->manifest, buf_view(&before),
		    buf_view(&now));
	else if (rc == ERR_ABSENT)
		rc = lab_say("verified for the first time here\n");
	else
		rc = lab_say("note: what changed since last time cannot be "
			     "told, and %s is written anew: %s\n",
		    name, err_text());
	err_clear();
	if (rc == ERR_NONE &&
	    io_replace_at(dir, name, buf_view(&now)) != ERR_NONE) {
		rc = lab_say("note: %s; the next time cannot tell what "
			     "changed\n",
		    err_text());
		err_clear();
	}
	close(dir);
	buf_release(&before);
	buf_release(&now);
	return rc;
}
