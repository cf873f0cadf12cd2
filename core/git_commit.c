#include "core/git_commit.h"

#include <string.h>

#include "core/limits.h"

/* Headers end at the first empty line; the rest is the message. */
static bool
next_header(struct str *rest, struct str *key, struct str *value)
{
	struct str line;

	if (!str_cut(rest, '\n', &line) || line.len == 0)
		return false;
	*value = line;
	if (line.at[0] == ' ') { /* more of the header before */
		*key = (struct str){ "", 0 };
		return true;
	}
	if (!str_cut(value, ' ', key))
		*key = line;
	if (value->at == NULL)
		*value = (struct str){ "", 0 };
	return true;
}

static bool
read_zone(struct str s, int32_t *minutes)
{
	int sign = 1;
	uint64_t n;

	if (s.len > 0 && (s.at[0] == '+' || s.at[0] == '-')) {
		sign = s.at[0] == '-' ? -1 : 1;
		s = str_slice(s, 1, s.len);
	}
	if (s.len == 0 || s.len > 4 || str_number(s, 9999, &n) != ERR_NONE)
		return false;
	*minutes = sign * (int32_t)(n / 100 * 60 + n % 100);
	return true;
}

static bool
read_time(struct str s, int64_t *seconds)
{
	bool minus = s.len > 1 && s.at[0] == '-';
	uint64_t n;

	if (str_number(minus ? str_slice(s, 1, s.len) : s, INT64_MAX, &n) !=
	    ERR_NONE)
		return false;
	*seconds = minus ? -(int64_t)n : (int64_t)n;
	return true;
}

/* "Name <mail> seconds +zone"; the last '>' counts, names may hold any. */
static struct person
read_person(struct str s)
{
	struct person p = { .name = s, .mail = { "", 0 } };
	const char *open = s.len == 0 ? NULL : memchr(s.at, '<', s.len);
	const char *close = s.len == 0 ? NULL : memrchr(s.at, '>', s.len);
	struct str rest, time, zone = { "", 0 };

	if (open == NULL || close == NULL || close < open) {
		p.bad = true;
		return p;
	}
	p.name = str_trim((struct str){ s.at, (size_t)(open - s.at) });
	p.mail = (struct str){ open + 1, (size_t)(close - open - 1) };
	rest = str_trim(
	    (struct str){ close + 1, (size_t)(s.at + s.len - close - 1) });
	p.bad = !str_cut(&rest, ' ', &time) || !read_time(time, &p.time) ||
	    !str_cut(&rest, ' ', &zone) || !read_zone(zone, &p.zone);
	err_clear();
	return p;
}

static struct str
first_line(struct str text)
{
	struct str line;

	while (str_cut(&text, '\n', &line)) {
		line = str_trim(line);
		if (line.len > 0)
			return line;
	}
	return (struct str){ "", 0 };
}

static uint32_t
count_parents(struct str rest)
{
	struct str key, value;
	uint32_t n = 0;

	while (next_header(&rest, &key, &value))
		n += str_eq(key, STR("parent"));
	return n;
}

static void
take_header(struct commit *c, struct str key, struct str value)
{
	if (str_eq(key, STR("parent"))) {
		if (oid_parse(&c->parents[c->n_parents], value) == ERR_NONE)
			c->n_parents++;
		else
			c->bad = true;
	} else if (str_eq(key, STR("author"))) {
		c->author = read_person(value);
	} else if (str_eq(key, STR("committer"))) {
		c->committer = read_person(value);
	} else if (str_eq(key, STR("encoding"))) {
		c->encoding = value;
	} else if (str_eq(key, STR("gpgsig"))) {
		c->is_signed = true;
	}
}

enum err
git_commit_parse(struct commit *out, struct arena *a, struct str raw)
{
	struct commit c = { .encoding = { "", 0 }, .message = { "", 0 } };
	struct str rest = raw, key, value;

	c.author = c.committer = read_person((struct str){ "", 0 });
	if (!next_header(&rest, &key, &value) || !str_eq(key, STR("tree")) ||
	    oid_parse(&c.tree, value) != ERR_NONE)
		return fail(ERR_FORMAT, "a commit that names no tree");
	c.parents = arena_array(a, count_parents(rest), struct oid);
	while (next_header(&rest, &key, &value))
		take_header(&c, key, value);
	c.bad |= c.author.bad || c.committer.bad;
	if (rest.at != NULL)
		c.message = rest;
	c.subject = first_line(c.message);
	err_clear();
	*out = c;
	return ERR_NONE;
}

/* A copy of the object in a. */
static enum err
read_object(struct str *raw, struct arena *a, struct git_repo *r,
    const struct oid *id, enum git_kind kind)
{
	struct git_bytes bytes = { 0 };
	enum err rc = git_repo_read(&bytes, r, id, kind, LIMIT_COMMIT);

	if (rc == ERR_NONE)
		*raw = arena_copy(a, bytes.bytes);
	git_repo_drop(&bytes);
	return rc;
}

enum err
git_commit_read(struct commit *out, struct arena *a, struct git_repo *r,
    const struct oid *id)
{
	struct commit c;
	struct str raw;
	enum err rc = read_object(&raw, a, r, id, GIT_COMMIT);

	if (rc != ERR_NONE)
		return rc;
	rc = git_commit_parse(&c, a, raw);
	if (rc != ERR_NONE) {
		err_clear();
		return fail(rc, "commit %s is damaged: it names no tree",
		    oid_text(id).hex);
	}
	c.id = *id;
	*out = c;
	return ERR_NONE;
}

static enum git_kind
kind_named(struct str name)
{
	for (enum git_kind k = GIT_COMMIT; k <= GIT_TAG; k++)
		if (str_eq(name,
			k == GIT_BLOB ? STR("blob") :
					str_of(git_repo_kind_name(k))))
			return k;
	return GIT_NOTHING;
}

enum err
git_commit_tag(struct tag *out, struct arena *a, struct git_repo *r,
    const struct oid *id)
{
	struct tag t = { .name = { "", 0 }, .message = { "", 0 } };
	struct str rest, key, value;
	enum err rc = read_object(&rest, a, r, id, GIT_TAG);

	if (rc != ERR_NONE)
		return rc;
	t.tagger = read_person((struct str){ "", 0 });
	while (next_header(&rest, &key, &value)) {
		if (str_eq(key, STR("object")) && oid_is_zero(&t.target))
			rc = oid_parse(&t.target, value);
		else if (str_eq(key, STR("type")))
			t.kind = kind_named(value);
		else if (str_eq(key, STR("tag")))
			t.name = value;
		else if (str_eq(key, STR("tagger")))
			t.tagger = read_person(value);
		if (rc != ERR_NONE)
			break;
	}
	if (rc != ERR_NONE || oid_is_zero(&t.target)) {
		err_clear();
		return fail(ERR_FORMAT, "tag %s is damaged", oid_text(id).hex);
	}
	if (rest.at != NULL)
		t.message = rest;
	*out = t;
	return ERR_NONE;
}
