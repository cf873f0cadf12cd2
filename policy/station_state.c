#include "policy/station_inside.h"

#include <string.h>
#include <unistd.h>

#define MAGIC "vitrine-station 1"
#define BOOT_ID "/proc/sys/kernel/random/boot_id"

static const char *const words[] = { "unknown", "fails", "holds" };

void
station_state_write(const struct station_report *r, struct arena *a,
    const char *root, struct buf *out)
{
	struct station s = { .a = a, .root = root };
	struct str boot;

	(void)station_text(&s, &boot, BOOT_ID);
	buf_printf(out, MAGIC "\nboot %.*s\n", STR_ARG(boot));
	for (size_t i = 0; i < r->n; i++)
		buf_printf(out, "%s %s\n", words[r->rows[i].state],
		    r->rows[i].key);
}

/* The administrator's, and nobody else could have changed it. */
static bool
is_trusted(struct station *s, const char *path, uid_t administrator)
{
	struct io_place p;
	enum err rc =
	    io_place_look(&p, arena_printf(s->a, "%s%s", s->root, path).at);

	err_clear();
	return rc == ERR_NONE && p.uid == administrator &&
	    (p.mode & 022) == 0 && (p.kind == IO_FILE || p.kind == IO_FOLDER);
}

static void
take_line(struct station_report *r, struct str line)
{
	struct str word;

	if (!station_word(&line, &word) || !str_eq(word, STR("holds")))
		return;
	for (size_t i = 0; i < r->n; i++) {
		struct station_row *row = &r->rows[i];

		if (row->state != STATION_UNKNOWN ||
		    !str_eq(str_trim(line), str_of(row->key)))
			continue;
		row->state = STATION_HOLDS;
		row->found = STR("as the system's own check found it at this "
				 "start");
		row->remedy = STR("");
	}
}

void
station_state_add(struct station_report *r, struct arena *a, const char *root,
    uid_t administrator)
{
	struct station s = { .a = a, .root = root };
	struct str text, line, boot;

	if (!is_trusted(&s, "/run/vitrine", administrator) ||
	    !is_trusted(&s, STATION_STATE_PATH, administrator) ||
	    station_text(&s, &text, STATION_STATE_PATH) != STATION_READ ||
	    station_text(&s, &boot, BOOT_ID) != STATION_READ || boot.len == 0)
		return;
	if (!str_cut(&text, '\n', &line) || !str_eq(line, STR(MAGIC)) ||
	    !str_cut(&text, '\n', &line) || !str_starts(line, STR("boot ")) ||
	    !str_eq(str_slice(line, 5, line.len), boot))
		return;
	while (str_cut(&text, '\n', &line))
		take_line(r, line);
}
