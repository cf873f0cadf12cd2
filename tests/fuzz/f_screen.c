/*
 * Any messages from two hostile rooms: what the desk draws is within the
 * terminal and nothing that a terminal would obey; and any messages from a
 * hostile desk to a room.
 */
#include "tui/desk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct screen_size size_now;

static void
check(int row, int col, const struct cell *c)
{
	int width;

	if (row < 0 || row >= size_now.rows || col < 0 || col >= size_now.cols)
		bug("a cell at %d,%d", row, col);
	if (c->ch == 0)
		return;
	width = text_columns(c->ch);
	if (width < 1 || col + width > size_now.cols)
		bug("U+%04X at column %d", c->ch, col);
	if (c->mark != 0 && text_columns(c->mark) != 0)
		bug("U+%04X as a mark", c->mark);
	if ((c->attr & ~ATTR_ALL) != 0 || (c->attr & ATTR_ROLE) >= ROLES)
		bug("attribute %x", c->attr);
}

static enum err
room_reads(struct str body)
{
	struct screen_size s;
	uint32_t key;
	enum err rc = screen_read_size(&s, body);

	if (rc == ERR_NONE)
		return rc;
	return screen_read_key(&key, body);
}

static enum err
take(struct desk *d, uint8_t kind, struct str body)
{
	enum room r = kind & 8 ? ROOM_NOTES : ROOM_READING;

	switch (kind & 7) {
	case 0:
	case 1:
		return desk_take_cells(d, r, body);
	case 2:
		return desk_take_cursor(d, r, body);
	case 3:
		return desk_take_show(d, r, body);
	case 4:
		return desk_take_trusted(d, body);
	case 5:
		return desk_take_focus(d, body);
	case 6:
		return room_reads(body);
	default:
		size_now.rows = (uint16_t)(body.len % 7);
		size_now.cols = (uint16_t)(body.len % 11);
		desk_resize(d, &size_now);
		return ERR_NONE;
	}
}

/* Each message: a byte that says which, a byte of length, its body. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = { (const char *)data, size };
	struct desk *d;
	int row, col;

	if (text_start() != ERR_NONE)
		return 0;
	size_now = (struct screen_size){ 6, 20, 0 };
	d = desk_open();
	desk_resize(d, &size_now);
	while (rest.len >= 2) {
		uint8_t kind = (uint8_t)rest.at[0];
		size_t len = (uint8_t)rest.at[1];

		if (take(d, kind, str_slice(rest, 2, len)) != ERR_NONE)
			err_clear();
		rest = str_slice(rest, 2 + len, SIZE_MAX);
		if (desk_draw(d, check, &row, &col) && row >= 0 &&
		    (row >= size_now.rows || col >= size_now.cols))
			bug("the cursor at %d,%d", row, col);
	}
	desk_repaint(d);
	desk_draw(d, check, &row, &col);
	desk_close(d);
	return 0;
}
