#include "core/checklist.h"

#include "core/encoding.h"

struct reader {
	struct arena *a;
	const char *name;
	uint32_t line;
	struct checklist *c;
};

static enum err
bad(const struct reader *r, const char *what)
{
	return fail(ERR_FORMAT, "%s:%u: %s", r->name, r->line, what);
}

static enum err
components(struct checklist_item *it, struct reader *r, struct str list)
{
	struct str one;

	if (list.len == 0)
		return ERR_NONE;
	it->components =
	    arena_array(r->a, CHECKLIST_COMPONENTS_MAX, struct str);
	while (str_cut(&list, ',', &one)) {
		if (it->n_components == CHECKLIST_COMPONENTS_MAX)
			return bad(r, "over 64 components");
		one = str_trim(one);
		if (one.len == 0)
			return bad(r, "a component without a name");
		it->components[it->n_components++] = one;
	}
	return ERR_NONE;
}

static enum err
item(struct reader *r, struct str rest)
{
	struct checklist_item *it = &r->c->items[r->c->n_items];
	struct str part[4] = { { 0 } };
	int n = 0;

	for (; n < 4 && str_cut(&rest, '|', &part[n]); n++)
		part[n] = str_trim(part[n]);
	if (n < 2 || rest.len > 0 || part[0].len == 0 || part[1].len == 0)
		return bad(r,
		    "an item is: ID | TITLE | REFERENCE | COMPONENTS");
	if (str_find(part[0], STR(" "), 0) != SIZE_MAX)
		return bad(r, "a blank in the id of an item");
	if (checklist_find(r->c, part[0]) != NULL)
		return bad(r, "an id that is there already");
	it->id = part[0];
	it->title = part[1];
	it->reference = part[2];
	r->c->n_items++;
	return components(it, r, part[3]);
}

static enum err
one(struct str *to, struct reader *r, struct str value)
{
	if (to->len > 0)
		return bad(r, "said twice");
	if (value.len == 0)
		return bad(r, "nothing is said");
	*to = value;
	return ERR_NONE;
}

static enum err
take(struct reader *r, struct str line)
{
	struct str key, rest = line;

	if (line.len == 0 || line.at[0] == '#')
		return ERR_NONE;
	str_cut(&rest, ' ', &key);
	rest = str_trim(rest);
	if (str_eq(key, STR("id")))
		return one(&r->c->id, r, rest);
	if (str_eq(key, STR("title")))
		return one(&r->c->title, r, rest);
	if (str_eq(key, STR("source")))
		return one(&r->c->source, r, rest);
	if (str_eq(key, STR("item")))
		return item(r, rest);
	return bad(r, "id, title, source and item are known");
}

enum err
checklist_read(struct checklist *out, struct arena *a, const char *name,
    struct str text)
{
	struct checklist c = { 0 };
	struct reader r = { a, name, 1, &c };
	struct str rest = text, line;
	size_t room = 1;
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < text.len; i++)
		room += text.at[i] == '\n';
	if (room > CHECKLIST_ITEMS_MAX)
		return fail(ERR_LIMIT, "%s: over %d lines", name,
		    CHECKLIST_ITEMS_MAX);
	c.items = arena_array(a, room, struct checklist_item);
	if (!encoding_is_utf8(text))
		return fail(ERR_FORMAT, "%s: not UTF-8", name);
	if (!str_cut(&rest, '\n', &line) ||
	    !str_eq(str_trim(line), STR("vitrine-checklist 1")))
		return bad(&r,
		    "not a checklist: vitrine-checklist 1 is its "
		    "first line");
	while (rc == ERR_NONE && str_cut(&rest, '\n', &line)) {
		r.line++;
		rc = take(&r, str_trim(line));
	}
	if (rc == ERR_NONE && (c.id.len == 0 || c.title.len == 0))
		rc = fail(ERR_FORMAT, "%s: no id, or no title", name);
	if (rc == ERR_NONE && c.n_items == 0)
		rc = fail(ERR_FORMAT, "%s: no item", name);
	if (rc == ERR_NONE)
		*out = c;
	return rc;
}

const struct checklist_item *
checklist_find(const struct checklist *c, struct str id)
{
	for (uint32_t i = 0; i < c->n_items; i++)
		if (str_eq(c->items[i].id, id))
			return &c->items[i];
	return NULL;
}
