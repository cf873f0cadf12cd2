#include "tests/tui/clash.h"

#include <string.h>

#include "tests/t.h"
#include "tui/list.h"
#include "tui/shell_state.h"

static void
blame(struct buf *why, const struct view *v, const struct command *c,
    struct keys_binding k, const char *what)
{
	if (why->len > 0)
		return;
	buf_printf(why, "view %s, %s: ", v->name, c->name);
	if (k.first != 0)
		keys_name(k.first, why);
	if (k.second != 0 && k.second < KEYS_RANGE_LETTER)
		keys_name(k.second, why);
	buf_printf(why, "%s%s", k.first != 0 ? " " : "", what);
}

static bool
overlap(uint32_t a, uint32_t b)
{
	if (a == b || a == KEYS_RANGE_ANY || b == KEYS_RANGE_ANY)
		return true;
	if (a == KEYS_RANGE_LETTER)
		return b >= 'a' && b <= 'z';
	if (b == KEYS_RANGE_LETTER)
		return a >= 'a' && a <= 'z';
	return false;
}

/* An exact second key goes before a range: '' beside '{a-z}. */
static bool
clashes(struct keys_binding a, struct keys_binding b)
{
	if (a.first != b.first)
		return false;
	if ((a.second == 0) != (b.second == 0))
		return true;
	return overlap(a.second, b.second);
}

static void
check_binding(const struct shell *s, const struct view *v,
    const struct command *c, size_t at, struct keys_binding k, struct buf *why)
{
	const char *bad = keys_unusable(k.first);
	const struct command *other;

	if (bad == NULL && k.second < KEYS_RANGE_LETTER && k.second != 0)
		bad = keys_unusable(k.second);
	if (bad != NULL)
		blame(why, v, c, k, bad);
	for (size_t i = 0; (other = shell_command(s, v, i)) != NULL; i++) {
		struct str rest = str_of(other->keys);
		struct keys_binding b;

		if (i == at)
			continue;
		while (keys_cut(&rest, &b))
			if (clashes(k, b))
				blame(why, v, c, k, other->name);
	}
}

static void
check_name(const struct view *v, const struct command *c, struct buf *why)
{
	struct keys_binding none = { 0 };

	if (c->help == NULL || c->help[0] == '\0' || c->run == NULL)
		blame(why, v, c, none, "has no help or does nothing");
	for (const char *at = c->name; *at != '\0'; at++)
		if ((*at < 'a' || *at > 'z') && *at != '-')
			blame(why, v, c, none, "is no name for \":\"");
}

/* A view that has a command of the shell's or the room's name does the same
 * in its own way, by the same key. */
static bool
share_a_key(const struct command *a, const struct command *b)
{
	struct str rest = str_of(a->keys), others;
	struct keys_binding k, l;

	if (a->keys == NULL || b->keys == NULL)
		return true;
	while (keys_cut(&rest, &k)) {
		others = str_of(b->keys);
		while (keys_cut(&others, &l))
			if (k.first == l.first && k.second == l.second)
				return true;
	}
	return false;
}

static void
check_overrides(const struct view *v, const struct command *inner,
    const struct command *outer, struct buf *why)
{
	struct keys_binding none = { 0 };

	if (inner == NULL || outer == NULL)
		return;
	for (; inner->name != NULL; inner++)
		for (const struct command *c = outer; c->name != NULL; c++)
			if (strcmp(c->name, inner->name) == 0 &&
			    !share_a_key(c, inner))
				blame(why, v, c, none,
				    "has this name with other keys elsewhere");
}

static void
check_view(const struct shell *s, const struct view *v, struct buf *why)
{
	const struct command *c, *other;

	for (size_t i = 0; (c = shell_command(s, v, i)) != NULL; i++) {
		struct str rest = str_of(c->keys);
		struct keys_binding k;

		check_name(v, c, why);
		while (keys_cut(&rest, &k))
			check_binding(s, v, c, i, k, why);
		for (size_t j = 0; (other = shell_command(s, v, j)) != NULL;
		     j++)
			if (i != j && strcmp(c->name, other->name) == 0)
				blame(why, v, c, (struct keys_binding){ 0 },
				    "twice");
	}
}

void
clash_find(const struct shell_room *room, struct buf *why)
{
	struct shell *s = shell_make(room);

	for (size_t i = 0; i < room->n_views; i++)
		check_view(s, room->views[i], why);
	for (size_t i = 0; i < room->n_views; i++) {
		const struct view *v = room->views[i];

		check_overrides(v, v->commands, room->commands, why);
		check_overrides(v, v->commands, shell_commands, why);
		check_overrides(v, v->commands,
		    v->list == NULL ? NULL : list_commands, why);
		check_overrides(v, room->commands, shell_commands, why);
	}
	shell_free(s);
}

void
clash_check(const struct shell_room *room)
{
	struct buf why = { 0 };

	clash_find(room, &why);
	buf_char(&why, '\0');
	assert_string_equal(why.at, "");
	buf_release(&why);
}
