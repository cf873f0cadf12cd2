#include "policy/manifest.h"

#include "core/limits.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_LINE "vitrine-manifest 1\n"

/* Any bytes as the rest of a line: '%' and what is not printable ASCII as
 * two upper-case hex digits behind a '%'. */
static void
put_path(struct buf *b, struct str path)
{
	for (size_t i = 0; i < path.len; i++) {
		unsigned char c = (unsigned char)path.at[i];

		if (c < 0x20 || c >= 0x7f || c == '%')
			buf_printf(b, "%%%02X", c);
		else
			buf_char(b, (char)c);
	}
}

/* Exactly what put_path() makes, so that a path has one spelling. */
static enum err
take_path(struct str *out, struct arena *a, struct str line)
{
	struct buf path = { 0 }, again = { 0 };
	bool same;

	for (size_t i = 0; i < line.len; i++) {
		uint8_t byte = (uint8_t)line.at[i];

		if (byte == '%' &&
		    str_unhex(str_slice(line, i + 1, 2), &byte, 1) == ERR_NONE)
			i += 2;
		buf_char(&path, (char)byte);
	}
	err_clear();
	put_path(&again, buf_view(&path));
	same = str_eq(buf_view(&again), line) && path.len <= LIMIT_PATH;
	if (same)
		*out = arena_copy(a, buf_view(&path));
	buf_release(&path);
	buf_release(&again);
	return same ? ERR_NONE : ERR_FORMAT;
}

static void
put_hashes(struct buf *b, const struct hash *h,
    const uint8_t md5[HASH_MD5_BYTES], uint64_t bytes)
{
	buf_char(b, ' ');
	buf_hex(b, h->at, HASH_BYTES);
	buf_char(b, ' ');
	buf_hex(b, md5, HASH_MD5_BYTES);
	buf_printf(b, " %llu", (unsigned long long)bytes);
}

static void
put_entry(const struct manifest *m, const struct manifest_entry *e,
    struct buf *b)
{
	buf_printf(b, "%s %s", e->shown ? "shown" : "withheld",
	    oid_text(&e->blob).hex);
	if (e->shown)
		put_hashes(b, &e->hash, e->md5, e->bytes);
	else
		buf_printf(b, " %llu", (unsigned long long)e->bytes);
	buf_printf(b, " %.*s ", STR_ARG(m->releases[e->release].name));
	put_path(b, e->path);
	buf_char(b, '\n');
}

void
manifest_write(const struct manifest *m, struct buf *b)
{
	buf_str(b, STR(FIRST_LINE));
	buf_printf(b, "session %.*s\n", STR_ARG(m->session));
	for (uint32_t i = 0; i < m->n_releases; i++)
		buf_printf(b, "release %.*s %s %.*s %.*s\n",
		    STR_ARG(m->releases[i].name),
		    oid_text(&m->releases[i].commit).hex,
		    STR_ARG(m->releases[i].status),
		    STR_ARG(
			m->binaries[i].len == 0 ? STR("-") : m->binaries[i]));
	for (uint32_t i = 0; m->vendors != NULL && i < m->n_releases; i++)
		buf_printf(b, "vendor %s\n", oid_text(&m->vendors[i]).hex);
	for (uint32_t i = 0; i < m->n_files; i++) {
		buf_str(b, STR("file"));
		put_hashes(b, &m->files[i].hash, m->files[i].md5,
		    m->files[i].bytes);
		buf_char(b, ' ');
		put_path(b, m->files[i].path);
		buf_char(b, '\n');
	}
	for (uint32_t i = 0; i < m->n_entries; i++)
		put_entry(m, &m->entries[i], b);
}

struct read {
	struct manifest m;
	struct arena *a;
	unsigned line;
	uint32_t vendors;
};

static enum err
wrong(const struct read *r)
{
	err_clear();
	return fail(ERR_FORMAT, "manifest:%u: not as a manifest is written",
	    r->line);
}

/* One field off the front of a line. */
static struct str
field(struct str *line)
{
	struct str f;

	return str_cut(line, ' ', &f) ? f : STR("");
}

static enum err
take_release(struct read *r, struct str line)
{
	struct release *l = &r->m.releases[r->m.n_releases];
	struct str name = field(&line), commit = field(&line);
	struct str status = field(&line);

	if (name.len == 0 || status.len == 0 || line.len == 0 ||
	    oid_parse(&l->commit, commit) != ERR_NONE)
		return wrong(r);
	l->name = arena_copy(r->a, name);
	l->status = arena_copy(r->a, status);
	r->m.binaries[r->m.n_releases++] =
	    str_eq(line, STR("-")) ? STR("") : arena_copy(r->a, line);
	return ERR_NONE;
}

static enum err
take_hashes(struct hash *h, uint8_t md5[HASH_MD5_BYTES], struct str *line)
{
	enum err rc = str_unhex(field(line), h->at, HASH_BYTES);

	return rc != ERR_NONE ? rc :
				str_unhex(field(line), md5, HASH_MD5_BYTES);
}

static enum err
take_vendor(struct read *r, struct str line)
{
	if (r->m.vendors == NULL)
		r->m.vendors =
		    arena_array(r->a, r->m.n_releases + 1, struct oid);
	if (r->vendors == r->m.n_releases ||
	    oid_parse(&r->m.vendors[r->vendors++], line) != ERR_NONE)
		return wrong(r);
	return ERR_NONE;
}

static enum err
take_file(struct read *r, struct str line)
{
	struct manifest_file *f = &r->m.files[r->m.n_files];

	if (take_hashes(&f->hash, f->md5, &line) != ERR_NONE ||
	    str_number(field(&line), UINT64_MAX, &f->bytes) != ERR_NONE ||
	    line.len == 0 || take_path(&f->path, r->a, line) != ERR_NONE)
		return wrong(r);
	r->m.n_files++;
	return ERR_NONE;
}

static enum err
take_entry(struct read *r, bool shown, struct str line)
{
	struct manifest_entry *e = &r->m.entries[r->m.n_entries];
	struct str release;

	e->shown = shown;
	if (oid_parse(&e->blob, field(&line)) != ERR_NONE ||
	    (shown && take_hashes(&e->hash, e->md5, &line) != ERR_NONE) ||
	    str_number(field(&line), UINT64_MAX, &e->bytes) != ERR_NONE)
		return wrong(r);
	release = field(&line);
	for (e->release = 0; e->release < r->m.n_releases; e->release++)
		if (str_eq(r->m.releases[e->release].name, release))
			break;
	if (e->release == r->m.n_releases || (shown && line.len == 0) ||
	    take_path(&e->path, r->a, line) != ERR_NONE)
		return wrong(r);
	r->m.n_entries++;
	return ERR_NONE;
}

static enum err
take_line(struct read *r, struct str line)
{
	struct str word = field(&line);

	if (str_eq(word, STR("session")) && r->m.session.len == 0 &&
	    line.len > 0 && r->line == 2) {
		r->m.session = arena_copy(r->a, line);
		return ERR_NONE;
	}
	if (str_eq(word, STR("release")))
		return take_release(r, line);
	if (str_eq(word, STR("vendor")))
		return take_vendor(r, line);
	if (str_eq(word, STR("file")))
		return take_file(r, line);
	if (str_eq(word, STR("shown")) || str_eq(word, STR("withheld")))
		return take_entry(r, word.len == 5, line);
	return wrong(r);
}

/* Room for as many of each as there are lines that begin so. */
static void
make_room(struct read *r, struct str text)
{
	size_t releases = 0, files = 0, entries = 0;
	struct str line;

	while (str_cut(&text, '\n', &line)) {
		releases += str_starts(line, STR("release "));
		files += str_starts(line, STR("file "));
		entries += str_starts(line, STR("shown ")) ||
		    str_starts(line, STR("withheld "));
	}
	r->m.releases = arena_array(r->a, releases, struct release);
	r->m.binaries = arena_array(r->a, releases, struct str);
	r->m.files = arena_array(r->a, files, struct manifest_file);
	r->m.entries = arena_array(r->a, entries, struct manifest_entry);
}

enum err
manifest_read(struct manifest *out, struct arena *a, struct str text)
{
	struct read r = { .a = a, .line = 1 };
	struct buf again = { 0 };
	struct str rest, line;
	enum err rc = ERR_NONE;

	if (text.len > LIMIT_MANIFEST)
		return fail(ERR_LIMIT, "a manifest of %zu bytes", text.len);
	if (!str_starts(text, STR(FIRST_LINE)) || !str_ends(text, STR("\n")))
		return wrong(&r);
	make_room(&r, text);
	rest = str_slice(text, strlen(FIRST_LINE), text.len);
	while (rc == ERR_NONE && str_cut(&rest, '\n', &line) &&
	    (line.len > 0 || rest.len > 0)) {
		r.line++;
		rc = take_line(&r, line);
	}
	if (rc == ERR_NONE && r.m.session.len == 0)
		rc = wrong(&r);
	/* One spelling of everything, in one order of kinds. */
	if (rc == ERR_NONE) {
		manifest_write(&r.m, &again);
		if (!str_eq(buf_view(&again), text))
			rc = wrong(&r);
	}
	buf_release(&again);
	if (rc == ERR_NONE)
		*out = r.m;
	return rc;
}
