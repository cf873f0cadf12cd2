/*
 * Any bytes from a terminal: only valid keys come out, pastes are marked in
 * pairs, cutting the bytes elsewhere changes nothing, and after a wait
 * nothing is pending.
 */
#include "core/text.h"
#include "tui/input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen {
	uint64_t hash, n;
	bool pasting;
};

static void
take(void *arg, uint32_t key)
{
	struct seen *s = arg;

	if (!keys_valid(key) || key == 0)
		bug("key %u", key);
	if (key < KEYS_SPECIAL && key >= 0x7f && text_columns(key) < 0)
		bug("U+%04X as a key", key);
	if (key == KEYS_PASTE && s->pasting)
		bug("a paste inside a paste");
	if (key == KEYS_PASTE_END && !s->pasting)
		bug("the end of no paste");
	if (key == KEYS_PASTE || key == KEYS_PASTE_END)
		s->pasting = key == KEYS_PASTE;
	s->hash = (s->hash ^ key) * 0x100000001b3u;
	s->n++;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str all = { (const char *)data, size };
	struct input whole = { 0 }, pieces = { 0 };
	struct seen a = { 0 }, b = { 0 };

	if (text_start() != ERR_NONE)
		return 0;
	input_bytes(&whole, all, take, &a);
	for (size_t i = 0; i < size; i += 1 + i % 3)
		input_bytes(&pieces, str_slice(all, i, 1 + i % 3), take, &b);
	if (a.hash != b.hash || a.n != b.n)
		bug("keys depend on how bytes arrive");
	input_wait_over(&whole, take, &a);
	if (input_waits(&whole))
		bug("still waiting");
	return 0;
}
