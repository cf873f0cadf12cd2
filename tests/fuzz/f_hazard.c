/*
 * Any bytes, any name: what is found lies inside the text, what is shown is
 * ASCII; and any row of a worker is read or refused.
 */
#include <string.h>

#include "core/hazard.h"
#include "core/job_hazards.h"
#include "core/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(const struct hazards *h)
{
	for (int i = 0; i < HAZARDS; i++) {
		const struct hazard_seen *s = &h->at[i];

		if (memchr(s->what, '\0', sizeof s->what) == NULL)
			bug("a text without an end");
		for (const char *c = s->what; *c != '\0'; c++)
			if (*c < 0x20 || *c > 0x7e)
				bug("byte %d in %s", *c,
				    hazard_name((enum hazard)i));
	}
}

static void
clash(void *arg, struct str path, struct str other)
{
	(void)arg;
	if (path.len > 0 && other.len > 0 && path.at == other.at)
		bug("a name that clashes with itself");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const paths[] = { "a.c", "a.py", "a.txt", "Makefile",
		"a.html", "a.sh", "a.js", "x" };
	struct hazard_names names = { 0 };
	struct str text, rest, line;
	struct hazards_row row;
	struct hazards h;
	struct wire w;

	if (text_start() != ERR_NONE || encoding_open() != ERR_NONE || size < 1)
		return 0;
	text = (struct str){ (const char *)data + 1, size - 1 };
	hazard_bytes(&h, text, str_of(paths[data[0] % 8]));
	check(&h);
	hazard_path(&h, text);
	check(&h);
	hazard_link(&h, STR("a/b"), text);
	check(&h);
	rest = text;
	while (str_cut(&rest, '\n', &line))
		if (line.len > 0)
			hazard_names_add(&names, line);
	hazard_names_end(&names, clash, NULL);
	w = wire_of(text);
	while (job_hazards_read_row(&row, &w))
		if (row.row == HAZARDS_FOUND && row.kind >= HAZARDS)
			bug("kind %d", row.kind);
	return 0;
}
