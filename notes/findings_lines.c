#include "notes/findings_lines.h"

#include "core/json.h"
#include "core/limits.h"

/* From run i on, at most SPANS_MAX of them. */
static void
put_layer(struct json *j, const char *key, const struct spans *s, uint32_t i)
{
	struct spans part = { s->at + 2 * (size_t)i, s->len - i };
	struct buf b = { 0 };

	if (i >= s->len)
		return;
	if (part.len > SPANS_MAX)
		part.len = SPANS_MAX;
	spans_words(&part, &b);
	json_put_str(j, key, buf_view(&b));
	buf_release(&b);
}

static void
add_file(struct json *files, const struct findings_lines *l)
{
	uint32_t i = 0;

	do {
		struct json *j = json_new_object();

		json_put_path(j, "path", l->path);
		json_put_num(j, "lines", l->lines);
		put_layer(j, "seen", &l->seen, i);
		put_layer(j, "reviewed", &l->reviewed, i);
		json_add(files, j);
		i += SPANS_MAX;
	} while (i < l->seen.len || i < l->reviewed.len);
}

struct json *
findings_lines_json(const struct findings_lines *all, size_t n)
{
	struct json *out = n == 0 ? NULL : json_new_array(), *files = NULL;

	for (size_t i = 0; i < n; i++) {
		struct json *release;

		if (i == 0 || !str_eq(all[i].release, all[i - 1].release)) {
			release = json_new_object();
			files = json_new_array();
			json_put_str(release, "release", all[i].release);
			json_put_hex(release, "commit", all[i].commit.id,
			    OID_BYTES);
			json_put(release, "files", files);
			json_add(out, release);
		}
		add_file(files, &all[i]);
	}
	return out;
}

static bool
read_layer(struct spans *out, struct arena *a, const struct json *j,
    const char *key, uint32_t lines)
{
	struct str text;

	if (json_at(j, key) == NULL)
		return true;
	return json_str(j, key, &text) && spans_from_words(out, a, text) &&
	    out->at[2 * out->len - 1] <= lines;
}

static bool
read_file(struct findings_lines *l, struct arena *a, const struct json *j)
{
	int64_t lines = 0;

	if (!json_path(j, "path", a, &l->path) || l->path.len == 0 ||
	    l->path.len > LIMIT_PATH || !json_num(j, "lines", &lines) ||
	    lines <= 0 || lines > INT32_MAX)
		return false;
	l->lines = (uint32_t)lines;
	return read_layer(&l->seen, a, j, "seen", l->lines) &&
	    read_layer(&l->reviewed, a, j, "reviewed", l->lines) &&
	    l->seen.len + l->reviewed.len > 0;
}

static bool
read_release(struct findings_lines *l, struct arena *a, const struct json *j)
{
	struct str name;

	if (!json_str(j, "release", &name) || name.len == 0 ||
	    name.len > LIMIT_REF_NAME ||
	    !json_hex(j, "commit", l->commit.id, OID_BYTES))
		return false;
	l->release = arena_copy(a, name);
	return true;
}

enum err
findings_lines_read(const struct findings_lines **out, uint32_t *n,
    struct arena *a, const struct json *j)
{
	struct findings_lines *all;
	size_t total = 0, made = 0;

	for (size_t i = 0; i < json_len(j); i++)
		total += json_len(json_at(json_item(j, i), "files"));
	if (total > FINDINGS_LINES_MAX)
		return fail(ERR_LIMIT, "findings: lines of %zu files", total);
	all = arena_array(a, total, struct findings_lines);
	for (size_t i = 0; i < json_len(j); i++) {
		const struct json *files = json_at(json_item(j, i), "files");
		struct findings_lines release = { 0 };
		bool sound = read_release(&release, a, json_item(j, i));

		for (size_t k = 0; sound && k < json_len(files); k++) {
			all[made] = release;
			sound = read_file(&all[made++], a, json_item(files, k));
		}
		if (!sound)
			return fail(ERR_FORMAT,
			    "findings: lines of release %zu, file %zu, are "
			    "not as they should be",
			    i + 1, made);
	}
	*out = all;
	*n = (uint32_t)made;
	return ERR_NONE;
}
