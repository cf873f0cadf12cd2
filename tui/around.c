#include "tui/around.h"

#include "core/git_blob.h"

enum { AROUND = 3, ROWS = 2 * AROUND + 2, NUMBER = 9 };

void
around_release(struct around *a)
{
	git_repo_drop(&a->bytes);
	encoding_text_release(&a->converted);
	*a = (struct around){ 0 };
}

int
around_rows(int rows)
{
	return rows > 2 * ROWS ? ROWS : 0;
}

static void
read_file(struct around *a, struct git_repo *repo,
    const struct around_place *at)
{
	if (a->open && oid_eq(&a->blob, &at->blob))
		return;
	around_release(a);
	a->open = true;
	a->blob = at->blob;
	a->rc = git_blob_read(&a->bytes, repo, &at->blob);
	if (a->rc != ERR_NONE) {
		err_clear();
		return;
	}
	a->text = a->bytes.bytes;
	if (encoding_converts(at->encoding)) {
		encoding_convert(&a->converted, at->encoding, a->text);
		a->text = buf_view(&a->converted.utf8);
	}
}

static void
draw_line(const struct canvas *c, int row, uint32_t number, bool at,
    struct str line, struct text_style style)
{
	struct canvas_draw d = { .style = style, .text = line };

	canvas_printf(c, row, 0, at ? ROLE_TITLE : ROLE_NUMBER, "%7u%c", number,
	    at ? '>' : ' ');
	(void)canvas_text(c, row, NUMBER, c->cols - NUMBER, &d);
}

void
around_draw(struct around *a, struct git_repo *repo,
    const struct around_place *at, const struct canvas *c,
    struct text_style style)
{
	uint32_t first = at->line > AROUND ? at->line - AROUND : 1;
	struct str rest, line;
	int row = 1;

	read_file(a, repo, at);
	canvas_path(c, 0, 0, c->cols, ROLE_TITLE, at->path);
	if (a->rc != ERR_NONE) {
		canvas_put(c, 1, 0, ROLE_ERROR, "this file cannot be read");
		return;
	}
	rest = a->text;
	for (uint32_t n = 1; row < c->rows && str_cut(&rest, '\n', &line); n++)
		if (n >= first)
			draw_line(c, row++, n, n == at->line, line, style);
}
