/*
 * Any bytes as a patch, and any as the file it is for: read or refused, and
 * what is said of a change lies inside the file.  The same bytes as lines
 * that moved, and as rows of a comparison.
 */
#include "core/job_filediff.h"
#include "core/moved.h"
#include "core/patchfile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Signs of a diff: whatever moved has its mate on the other side. */
static void
check_moved(struct str text, struct arena *a)
{
	struct str rest = text, line;
	struct moved_line *lines;
	uint32_t *mate;
	size_t n = 0, most = 0;

	while (str_cut(&rest, '\n', &line))
		most++;
	lines = arena_array(a, most + 1, struct moved_line);
	mate = arena_array(a, most + 1, uint32_t);
	rest = text;
	while (str_cut(&rest, '\n', &line)) {
		lines[n] = (struct moved_line){ line, n,
			line.len > 0 && line.at[0] == '+' };
		if (line.len > 0)
			lines[n].text = str_slice(line, 1, line.len);
		n++;
	}
	moved_find(mate, lines, n);
	for (size_t i = 0; i < n; i++)
		if (mate[i] != MOVED_NONE &&
		    (mate[i] >= n || mate[mate[i]] != i ||
			lines[i].added == lines[mate[i]].added))
			bug("line %zu moved to nowhere", i);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };
	size_t half = size < 2 ? 0 : data[0] * (size - 1) / 256;
	struct str text, patch;
	struct filediff_row row;
	struct patchfile p;
	struct wire w;

	if (size < 2)
		return 0;
	patch = (struct str){ (const char *)data + 1, half };
	text = (struct str){ (const char *)data + 1 + half, size - 1 - half };
	check_moved(text, &a);
	w = wire_of(text);
	while (job_filediff_read_row(&row, &w))
		if (row.head.len > FILEDIFF_HEAD)
			bug("a head of %zu bytes", row.head.len);
	if (patchfile_read(&p, &a, patch) == ERR_NONE) {
		struct patchfile_text t = patchfile_cut(&a, text);

		for (uint32_t i = 0; i < p.n_hunks; i++) {
			const struct patchfile_hunk *h = &p.hunks[i];
			struct patchfile_verdict v;

			if (h->first + h->len > p.n_lines)
				bug("a change beyond the lines");
			v = patchfile_judge(&p, h, &t);
			if (v.line > t.len + 1 || v.there > h->added ||
			    v.gone > h->removed)
				bug("line %u of %u", v.line, t.len);
		}
	}
	err_clear();
	arena_release(&a);
	return 0;
}
