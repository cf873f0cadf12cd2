#include "tui/typed.h"

#include <string.h>

static struct typed_to *
to(struct typed *t, enum room r)
{
	return r == ROOM_NOTES ? &t->notes : &t->reading;
}

static void
hold(struct typed *t, uint32_t key)
{
	if (t->n_held < TYPED_HELD)
		t->held[t->n_held++] = key;
}

bool
typed_key(struct typed *t, enum room focus, uint32_t key)
{
	struct typed_to *room = to(t, focus);

	if (t->holding) {
		hold(t, key);
		return false;
	}
	room->kept[room->sent++ % TYPED_KEPT] = key;
	return true;
}

enum err
typed_handover(struct typed *t, enum room from, uint32_t taken)
{
	struct typed_to *room = to(t, from);
	uint32_t ahead = room->sent - taken;

	if (ahead > room->sent)
		return fail(ERR_FORMAT, "a room has taken %u of %u keys", taken,
		    room->sent);
	if (ahead > room->sent - room->over)
		ahead = room->sent - room->over;
	if (ahead > TYPED_KEPT)
		ahead = TYPED_KEPT;
	for (uint32_t i = room->sent - ahead; i != room->sent; i++)
		hold(t, room->kept[i % TYPED_KEPT]);
	room->over = room->sent;
	explicit_bzero(room->kept, sizeof room->kept);
	t->holding = true;
	return ERR_NONE;
}

void
typed_settle(struct typed *t, void (*fn)(void *arg, uint32_t key), void *arg)
{
	size_t n = t->n_held;

	t->holding = false;
	t->n_held = 0;
	for (size_t i = 0; i < n; i++)
		fn(arg, t->held[i]);
	explicit_bzero(t->held, n * sizeof *t->held);
}
