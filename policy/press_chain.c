#include "policy/press_chain.h"

#include <string.h>

enum step { STEP_COMMIT, STEP_TREE, STEP_FILE, STEP_DONE };

struct press_chain
press_chain_of(const struct oid *commit, struct str path)
{
	return (struct press_chain){ *commit, path, STEP_COMMIT };
}

/* "tree " and 40 digits are the first line of every commit. */
static enum err
read_commit(struct press_chain *c, struct str bytes)
{
	const size_t begin = strlen("tree ");

	if (!str_starts(bytes, STR("tree ")) || bytes.len <= begin + OID_HEX ||
	    bytes.at[begin + OID_HEX] != '\n')
		return fail(ERR_FORMAT, "a commit without a tree");
	return oid_parse(&c->next, str_slice(bytes, begin, OID_HEX));
}

/* Mode, blank, name, NUL, 20 bytes; false at the end or when it is none. */
static bool
next_entry(struct str *raw, struct str *mode, struct str *name, struct oid *id)
{
	const char *nul;

	if (!str_cut(raw, ' ', mode) || raw->len == 0)
		return false;
	nul = memchr(raw->at, '\0', raw->len);
	if (nul == NULL)
		return false;
	*name = str_slice(*raw, 0, (size_t)(nul - raw->at));
	*raw = str_slice(*raw, name->len + 1, raw->len);
	if (raw->len < OID_BYTES)
		return false;
	memcpy(id->id, raw->at, OID_BYTES);
	*raw = str_slice(*raw, OID_BYTES, raw->len);
	return true;
}

/* The first entry of that name: another one is a tree that deceives. */
static enum err
read_tree(struct press_chain *c, struct str raw)
{
	struct str part, mode, name, found = { 0 };
	struct oid id, at = { { 0 } };
	size_t n = 0;

	if (!str_cut(&c->rest, '/', &part))
		part = STR("");
	while (next_entry(&raw, &mode, &name, &id))
		if (str_eq(name, part)) {
			found = mode;
			at = id;
			n++;
		}
	if (raw.len != 0)
		return fail(ERR_FORMAT, "a folder that is damaged");
	if (n != 1)
		return fail(ERR_ABSENT, "the release has no such file");
	c->next = at;
	c->step = c->rest.len > 0 ? STEP_TREE : STEP_FILE;
	if (c->step == STEP_TREE ? !str_eq(found, STR("40000")) :
				   !str_starts(found, STR("100")))
		return fail(ERR_ABSENT, "the release has no such file");
	return ERR_NONE;
}

enum err
press_chain_add(struct press_chain *c, bool *whole, struct str bytes)
{
	static const char *const kinds[] = { "commit", "tree", "blob" };
	struct oid is;
	enum err rc = ERR_NONE;

	*whole = false;
	if (c->step >= STEP_DONE)
		return fail(ERR_DENIED, "more objects than the path has parts");
	is = oid_of(kinds[c->step], bytes);
	if (!oid_eq(&is, &c->next))
		return fail(ERR_DENIED,
		    "what was sent is not what the release has there");
	if (c->step == STEP_COMMIT) {
		rc = read_commit(c, bytes);
		c->step = STEP_TREE;
	} else if (c->step == STEP_TREE) {
		rc = read_tree(c, bytes);
	} else {
		c->step = STEP_DONE;
		*whole = true;
	}
	return rc;
}
