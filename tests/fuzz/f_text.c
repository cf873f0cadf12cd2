/*
 * Any bytes become glyphs: each byte in exactly one, no glyph a terminal
 * would obey, and seeking agrees with walking.
 */
#include "core/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_glyph(const struct text_glyph *g)
{
	if (g->width == 0 || g->len == 0)
		bug("an empty glyph");
	if (g->ch != 0 && text_columns(g->ch) != g->width)
		bug("U+%04X with width %d", g->ch, g->width);
	if (g->mark != 0 && text_columns(g->mark) != 0)
		bug("U+%04X as a mark", g->mark);
	for (const char *c = g->token; *c != '\0'; c++)
		if (*c < 0x20 || *c > 0x7e)
			bug("token byte %d", *c);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text_style style = { 0 };
	struct text_glyph g;
	struct text_counts n;
	struct str line;
	struct text t, seek;
	size_t at = 0;

	if (text_start() != ERR_NONE || size < 2)
		return 0;
	style.encoding = data[0] % 3;
	style.ascii = data[0] & 4;
	style.tab = data[1];
	line = (struct str){ (const char *)data + 2, size - 2 };
	t = text_of(line, style);
	while (text_next(&t, &g)) {
		if (g.at != at)
			bug("a byte lost at %zu", at);
		at += g.len;
		check_glyph(&g);
		if (at % 16 == 0 && at < 4096) {
			seek = text_of(line, style);
			text_seek(&seek, t.spot.column);
			if (seek.spot.at != t.spot.at)
				bug("seek to %u", t.spot.column);
		}
	}
	if (at != line.len)
		bug("the end was not reached");
	text_count(line, style, &n);
	if (n.first != text_next_hazard(line, style, 0))
		bug("the first hazard is at two places");
	text_prev_hazard(line, style, size / 2);
	return 0;
}
