#include "core/git_rev.h"

#include <string.h>

#include "core/git_commit.h"
#include "core/git_inside.h"
#include "core/git_tree.h"
#include "core/io.h"
#include "core/limits.h"

enum {
	REV_SHORTEST = 4,      /* digits of an abbreviated id */
	REV_NAMED = 4,         /* candidates a message names */
	REV_FAR = 1000 * 1000, /* of ~n */
	REV_LOOSE = 1000 * 1000,
};

/* Objects whose names begin with some digits. */
struct hits {
	struct oid at[REV_NAMED];
	size_t n; /* distinct ones; may be more than are kept */
};

static bool
begins(const struct oid *id, struct str hex)
{
	struct oid_text text = oid_text(id);

	return memcmp(text.hex, hex.at, hex.len) == 0;
}

static void
hit(struct hits *h, const struct oid *id)
{
	for (size_t i = 0; i < h->n && i < REV_NAMED; i++)
		if (oid_eq(&h->at[i], id))
			return;
	if (h->n < REV_NAMED)
		h->at[h->n] = *id;
	h->n++;
}

static void
look_in_pack(struct hits *h, const struct git_pack *p, struct str hex)
{
	char whole[OID_HEX];
	struct oid first;

	memset(whole, '0', sizeof whole);
	memcpy(whole, hex.at, hex.len);
	if (oid_parse(&first, (struct str){ whole, OID_HEX }) != ERR_NONE)
		return;
	for (uint32_t i = git_pack_lower(p, &first);
	     i < p->count && h->n <= REV_NAMED; i++) {
		struct oid id = git_pack_name(p, i);

		if (!begins(&id, hex))
			break;
		hit(h, &id);
	}
}

static void
look_in_loose(struct hits *h, struct git_repo *r, struct str hex)
{
	struct arena a = { 0 };
	struct io_entries list;
	struct str folder = arena_printf(&a, "objects/%.2s", hex.at);

	if (io_list_at(&list, &a, r->fd, folder.at, REV_LOOSE) != ERR_NONE)
		list.len = 0;
	for (size_t i = 0; i < list.len; i++) {
		struct oid id;

		if (oid_parse(&id,
			arena_printf(&a, "%.2s%s", hex.at,
			    list.at[i].name.at)) == ERR_NONE &&
		    begins(&id, hex))
			hit(h, &id);
	}
	err_clear();
	arena_release(&a);
}

static void
look_for(struct hits *h, struct git_repo *r, struct str hex)
{
	*h = (struct hits){ 0 };
	for (uint32_t i = 0; i < r->n_packs; i++)
		look_in_pack(h, &r->packs[i], hex);
	look_in_loose(h, r, hex);
}

static bool
is_hex(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] == '\0' ||
		    strchr("0123456789abcdefABCDEF", s.at[i]) == NULL)
			return false;
	return s.len >= REV_SHORTEST && s.len <= OID_HEX;
}

static enum err
several(const struct hits *h, struct git_repo *r, struct str text)
{
	struct buf b = { 0 };
	enum err rc;

	for (size_t i = 0; i < h->n && i < REV_NAMED; i++) {
		enum git_kind kind = GIT_NOTHING;
		uint64_t size;

		if (git_repo_header(&kind, &size, r, &h->at[i]) != ERR_NONE)
			err_clear();
		buf_printf(&b, "%s%.12s (%s)", i > 0 ? ", " : "",
		    oid_text(&h->at[i]).hex, git_repo_kind_name(kind));
	}
	rc = fail(ERR_ABSENT, "%.*s is the beginning of %s%zu ids: %s%s",
	    STR_ARG(text), h->n > REV_NAMED ? "over " : "",
	    h->n > REV_NAMED ? (size_t)REV_NAMED : h->n, b.at,
	    h->n > REV_NAMED ? " ..." : "");
	buf_release(&b);
	return rc;
}

/* Of several ids the one commit, as git prefers it. */
static enum err
from_hex(struct oid *out, struct git_repo *r, struct str text)
{
	char lower[OID_HEX];
	struct hits h;
	size_t commits = 0, which = 0;

	for (size_t i = 0; i < text.len; i++)
		lower[i] = (char)(text.at[i] >= 'A' && text.at[i] <= 'F' ?
			text.at[i] + 32 :
			text.at[i]);
	look_for(&h, r, (struct str){ lower, text.len });
	for (size_t i = 0; i < h.n && h.n <= REV_NAMED; i++) {
		enum git_kind kind = GIT_NOTHING;
		uint64_t size;

		if (git_repo_header(&kind, &size, r, &h.at[i]) != ERR_NONE)
			err_clear();
		if (kind == GIT_COMMIT || kind == GIT_TAG) {
			commits++;
			which = i;
		}
	}
	if (h.n == 0)
		return ERR_ABSENT;
	if (h.n > 1 && commits != 1)
		return several(&h, r, text);
	*out = h.at[h.n == 1 ? 0 : which];
	return ERR_NONE;
}

static bool
from_name(struct oid *out, const struct refs *refs, struct str text)
{
	static const struct {
		const char *before, *after;
	} rules[] = {
		{ "", "" },
		{ "refs/", "" },
		{ "refs/tags/", "" },
		{ "refs/heads/", "" },
		{ "refs/remotes/", "" },
		{ "refs/remotes/", "/HEAD" },
	};
	struct buf b = { 0 };
	const struct ref *ref = NULL;

	for (size_t i = 0; ref == NULL && i < sizeof rules / sizeof *rules;
	     i++) {
		buf_clear(&b);
		buf_str(&b, str_of(rules[i].before));
		buf_str(&b, text);
		buf_str(&b, str_of(rules[i].after));
		ref = git_refs_find(refs, buf_view(&b));
	}
	if (ref != NULL)
		*out = ref->target;
	buf_release(&b);
	return ref != NULL;
}

/* "v1.2-14-gabc1234", as git-describe(1) prints it. */
static bool
described(struct str *hex, struct str text)
{
	size_t at = text.len;

	while (at > 0 && text.at[at - 1] != '-')
		at--;
	if (at < 4 || at >= text.len || text.at[at] != 'g')
		return false;
	*hex = str_slice(text, at + 1, text.len);
	return is_hex(*hex);
}

static enum err
unknown(struct str text)
{
	return fail(ERR_ABSENT, "%.*s: no such branch, tag or commit here",
	    text.len > 200 ? 200 : (int)text.len, text.at);
}

/* What stands before the first of ~ ^. */
static enum err
start_of(struct oid *out, struct git_repo *r, struct refs *refs,
    struct str text)
{
	struct str hex;
	enum err rc = ERR_ABSENT;

	if (text.len == 0 || str_eq(text, STR("HEAD")) ||
	    str_eq(text, STR("@"))) {
		*out = refs->head_id;
		if (!oid_is_zero(out))
			return ERR_NONE;
		return fail(ERR_ABSENT,
		    "HEAD names %.*s, which has no commit "
		    "yet: name a branch or a commit",
		    STR_ARG(refs->head));
	}
	if (text.len == OID_HEX && is_hex(text))
		return oid_parse(out, text);
	if (from_name(out, refs, text))
		return ERR_NONE;
	if (is_hex(text))
		rc = from_hex(out, r, text);
	else if (described(&hex, text))
		rc = from_hex(out, r, hex);
	return rc == ERR_ABSENT ? unknown(text) : rc;
}

static enum err
peel(struct oid *id, enum git_kind *kind, struct git_repo *r,
    enum git_kind want, struct str text)
{
	for (int i = 0; i < 32; i++) {
		struct arena a = { 0 };
		struct commit c;
		struct tag t;
		uint64_t size;
		enum err rc = git_repo_header(kind, &size, r, id);

		if (rc != ERR_NONE || *kind == want ||
		    (want == GIT_NOTHING && *kind != GIT_TAG))
			return rc;
		if (*kind == GIT_TAG)
			rc = git_commit_tag(&t, &a, r, id);
		else if (*kind == GIT_COMMIT && want == GIT_TREE)
			rc = git_commit_read(&c, &a, r, id);
		else
			rc = fail(ERR_ABSENT, "%.*s is a %s, not a %s",
			    STR_ARG(text), git_repo_kind_name(*kind),
			    git_repo_kind_name(want));
		if (rc == ERR_NONE)
			*id = *kind == GIT_TAG ? t.target : c.tree;
		arena_release(&a);
		if (rc != ERR_NONE)
			return rc;
	}
	return fail(ERR_LIMIT, "%.*s: a tag of a tag of a tag ...",
	    STR_ARG(text));
}

/* The nth parent, from 1; 0 is the commit itself. */
static enum err
parent(struct oid *id, struct git_repo *r, uint64_t n, struct str text)
{
	struct arena a = { 0 };
	struct commit c;
	enum git_kind kind;
	enum err rc = peel(id, &kind, r, GIT_COMMIT, text);

	if (rc == ERR_NONE && n > 0) {
		rc = git_commit_read(&c, &a, r, id);
		if (rc == ERR_NONE && n > c.n_parents)
			rc = fail(ERR_ABSENT, "%.*s: %.12s has no parent %ju",
			    STR_ARG(text), oid_text(id).hex, (uintmax_t)n);
		if (rc == ERR_NONE)
			*id = c.parents[n - 1];
		arena_release(&a);
	}
	return rc;
}

static uint64_t
number(struct str *rest)
{
	uint64_t n = 0;

	if (rest->len == 0 || rest->at[0] < '0' || rest->at[0] > '9')
		return 1;
	while (rest->len > 0 && rest->at[0] >= '0' && rest->at[0] <= '9') {
		n = n * 10 + (uint64_t)(rest->at[0] - '0');
		if (n > REV_FAR)
			n = REV_FAR;
		*rest = str_slice(*rest, 1, rest->len);
	}
	return n;
}

/* "{commit}" and its like, after ^. */
static enum err
braces(struct oid *id, struct git_repo *r, struct str *rest, struct str text)
{
	static const struct {
		const char *word;
		enum git_kind kind;
	} rows[] = {
		{ "{commit}", GIT_COMMIT },
		{ "{tree}", GIT_TREE },
		{ "{tag}", GIT_TAG },
		{ "{}", GIT_NOTHING },
		{ "{object}", GIT_NOTHING },
	};
	enum git_kind kind;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (!str_starts(*rest, str_of(rows[i].word)))
			continue;
		*rest = str_slice(*rest, strlen(rows[i].word), rest->len);
		if (strcmp(rows[i].word, "{object}") == 0)
			return ERR_NONE;
		return peel(id, &kind, r, rows[i].kind, text);
	}
	return fail(ERR_ABSENT,
	    "%.*s: after ^ only {commit}, {tree}, {tag} "
	    "and {} are known",
	    STR_ARG(text));
}

static enum err
suffix(struct oid *id, struct git_repo *r, struct str *rest, struct str text)
{
	char c = rest->at[0];
	uint64_t n;
	enum err rc = ERR_NONE;

	*rest = str_slice(*rest, 1, rest->len);
	if (c == '^' && rest->len > 0 && rest->at[0] == '{')
		return braces(id, r, rest, text);
	n = number(rest);
	if (c == '^')
		return parent(id, r, n, text);
	rc = parent(id, r, 0, text);
	for (uint64_t i = 0; rc == ERR_NONE && i < n; i++)
		rc = parent(id, r, 1, text);
	return rc;
}

enum err
git_rev_object(struct oid *out, enum git_kind *kind, struct git_repo *r,
    struct refs *refs, struct str text)
{
	struct oid id;
	struct str rest;
	enum git_kind found;
	uint64_t size;
	size_t n = 0;
	enum err rc;

	if (text.len > LIMIT_REF_NAME)
		return fail(ERR_LIMIT, "a revision of %zu bytes", text.len);
	while (n < text.len && text.at[n] != '~' && text.at[n] != '^')
		n++;
	rest = str_slice(text, n, text.len);
	rc = start_of(&id, r, refs, str_slice(text, 0, n));
	while (rc == ERR_NONE && rest.len > 0) {
		if (rest.at[0] != '~' && rest.at[0] != '^')
			return unknown(text);
		rc = suffix(&id, r, &rest, text);
	}
	if (rc == ERR_NONE)
		rc = git_repo_header(&found, &size, r, &id);
	if (rc != ERR_NONE)
		return rc;
	if (kind != NULL)
		*kind = found;
	*out = id;
	return ERR_NONE;
}

enum err
git_rev_commit(struct oid *out, struct git_repo *r, struct refs *refs,
    struct str text)
{
	struct oid id;
	enum git_kind kind;
	enum err rc = git_rev_object(&id, &kind, r, refs, text);

	if (rc == ERR_NONE)
		rc = peel(&id, &kind, r, GIT_COMMIT, text);
	if (rc == ERR_NONE)
		*out = id;
	return rc;
}

struct str
git_rev_short(struct git_repo *r, struct arena *a, const struct oid *id,
    unsigned min)
{
	struct oid_text text = oid_text(id);
	size_t n = min < REV_SHORTEST ? REV_SHORTEST : min;

	for (; n < OID_HEX; n++) {
		struct hits h;

		look_for(&h, r, (struct str){ text.hex, n });
		if (h.n <= 1)
			break;
	}
	return arena_copy(a,
	    (struct str){ text.hex, n < OID_HEX ? n : OID_HEX });
}
