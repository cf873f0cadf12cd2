#include "notes/shipped.h"

static const struct {
	const char *name, *text;
} texts[] = {
#include "checklists.inc"
};
enum { TEXTS = sizeof texts / sizeof *texts };

void
shipped_read(struct shipped *out, struct arena *a)
{
	out->lists = arena_array(a, TEXTS, struct checklist);
	out->n = TEXTS;
	for (uint32_t i = 0; i < TEXTS; i++)
		if (checklist_read(&out->lists[i], a, texts[i].name,
			str_of(texts[i].text)) != ERR_NONE)
			bug("a checklist that was built in: %s", err_text());
}

const struct checklist_item *
shipped_at(const struct shipped *s, size_t i, const struct checklist **list)
{
	for (uint32_t k = 0; k < s->n; k++) {
		*list = &s->lists[k];
		if (i < s->lists[k].n_items)
			return &s->lists[k].items[i];
		i -= s->lists[k].n_items;
	}
	return NULL;
}

const struct checklist_item *
shipped_find(const struct shipped *s, struct str id,
    const struct checklist **list)
{
	const struct checklist_item *it = NULL;

	for (uint32_t k = 0; k < s->n && it == NULL; k++) {
		*list = &s->lists[k];
		it = checklist_find(*list, id);
	}
	return it;
}

static char
small(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool
starts(struct str s, struct str with)
{
	if (s.len < with.len)
		return false;
	for (size_t i = 0; i < with.len; i++)
		if (small(s.at[i]) != small(with.at[i]))
			return false;
	return true;
}

static bool
holds(struct str s, struct str what)
{
	for (size_t i = 0; i + what.len <= s.len; i++)
		if (starts(str_slice(s, i, s.len), what))
			return true;
	return false;
}

const struct checklist_item *
shipped_next(const struct shipped *s, struct str typed, size_t *i,
    const struct checklist **list)
{
	const struct checklist_item *it;
	size_t all = 0, n;

	for (uint32_t k = 0; k < s->n; k++)
		all += s->lists[k].n_items;
	for (size_t k = 1; k <= all; k++) {
		n = *i == SIZE_MAX ? k - 1 : (*i + k) % all;
		it = shipped_at(s, n, list);
		if (!starts(it->id, typed) && !holds(it->title, typed) &&
		    !holds((*list)->id, typed))
			continue;
		*i = n;
		return it;
	}
	return NULL;
}
