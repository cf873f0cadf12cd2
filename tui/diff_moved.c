#include "tui/diff_moved.h"

bool
diff_moved_away(const struct diff_moved *m, const struct diff_line *l,
    struct moves_side *other)
{
	bool added = l->kind == '+';

	return l->kind != ' ' &&
	    moves_find(m->room, m->old, m->new,
		added ? m->new_path : m->old_path,
		added ? l->new_line : l->old_line, added, other);
}

bool
diff_moved_is(const struct diff_moved *m, const struct diff_line *l)
{
	struct moves_side other;

	return m->mate[l - m->diff->lines] != MOVED_NONE ||
	    diff_moved_away(m, l, &other);
}

void
diff_moved_say(const struct diff_moved *m, const struct diff_line *l,
    struct buf *b)
{
	struct moves_side other;
	const struct diff_line *mate;
	uint32_t n = 0;

	for (size_t i = 0; i < m->diff->n_lines; i++)
		n += m->diff->lines[i].kind == '+' && m->mate[i] != MOVED_NONE;
	if (n > 0)
		buf_printf(b, "  %u moved", n);
	if (l != NULL && m->mate[l - m->diff->lines] != MOVED_NONE) {
		mate = &m->diff->lines[m->mate[l - m->diff->lines]];
		buf_printf(b, ", this %s line %u",
		    l->kind == '-' ? "to" : "from",
		    l->kind == '-' ? mate->new_line : mate->old_line);
	} else if (l != NULL && diff_moved_away(m, l, &other)) {
		buf_str(b, l->kind == '-' ? STR("  to ") : STR("  from "));
		buf_str(b, l->kind == '-' ? other.new_path : other.old_path);
		buf_printf(b, ":%u", other.line);
	}
}

struct target
diff_moved_target(const struct diff_moved *m, const struct diff_line *l,
    const struct moves_side *other)
{
	bool gone = l->kind == '-';

	return (struct target){
		.commit = *m->new,
		.commit2 = *m->old,
		.path =
		    other->new_path.len > 0 ? other->new_path : other->old_path,
		.path2 = other->old_path,
		.line = gone ? other->line : 0,
		.number = gone ? 0 : other->line,
	};
}
