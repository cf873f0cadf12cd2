/*
 * view_finding.c - a finding as a form: one row for each field, a box of its
 * own for each paragraph.
 */
#include "tui/noting.h"

#include <stdlib.h>
#include <string.h>

#include "core/limits.h"
#include "notes/cvss.h"
#include "tui/edit.h"
#include "tui/meter.h"
#include "tui/writing.h"

enum kind { LINE, TEXT, LIST, WORD };

struct field {
	const char *label;
	enum kind kind;
	size_t offset; /* in struct entry */
	size_t max;    /* bytes; of a word: values */
	const char *hint;
};

#define AT(member) offsetof(struct entry, member)
static const struct field fields[] = {
	{ "Title", LINE, AT(title), LIMIT_TITLE, "one line that says it" },
	{ "Severity", WORD, AT(severity), SEVERITIES, "Left Right change it" },
	{ "Confidence", WORD, AT(confidence), CONFIDENCES,
	    "Left Right change it" },
	{ "Status", WORD, AT(status), STATUSES, "Left Right change it" },
	{ "Class", LINE, AT(class), LIMIT_TITLE, "Ctrl-T: next usual class" },
	{ "CWE", LINE, AT(cwe), 16, "as in CWE-121" },
	{ "CVSS 4.0", LINE, AT(cvss4), 256, "a vector, CVSS:4.0/AV:N/..." },
	{ "CVSS 3.1", LINE, AT(cvss3), 128, "a vector, CVSS:3.1/AV:N/..." },
	{ "Claim", TEXT, AT(claim), LIMIT_NOTE, "what is wrong" },
	{ "Evidence", TEXT, AT(evidence), LIMIT_NOTE, "how that is known" },
	{ "Remediation", TEXT, AT(remediation), LIMIT_NOTE,
	    "what would mend it" },
	{ "Text", TEXT, AT(text), LIMIT_NOTE, "anything more" },
	{ "Red part", TEXT, AT(red), LIMIT_NOTE,
	    "for the named recipients only" },
	{ "Affected", LIST, AT(affected), 16 * 1024, "releases, with commas" },
	{ "Recipients", LIST, AT(recipients), 16 * 1024,
	    "who gets it, with commas" },
	{ "Requirements", LIST, AT(requirements), 16 * 1024,
	    "clauses it touches, with commas" },
};
enum { FIELDS = sizeof fields / sizeof *fields, LABEL = 14 };

/* Classes that reviews of telecom code keep finding, with their CWE. */
static const struct {
	const char *class, *cwe;
} classes[] = {
	{ "stack overflow", "CWE-121" },
	{ "heap overflow", "CWE-122" },
	{ "out-of-bounds read", "CWE-125" },
	{ "integer overflow", "CWE-190" },
	{ "use after free", "CWE-416" },
	{ "unchecked length from the network", "CWE-130" },
	{ "denial of service by a message", "CWE-400" },
	{ "unsafe call where a safe one exists", "CWE-676" },
	{ "safe function redefined as unsafe", "CWE-676" },
	{ "default or built-in credentials", "CWE-798" },
	{ "weak cryptography", "CWE-327" },
	{ "predictable random numbers", "CWE-338" },
	{ "missing authentication", "CWE-306" },
	{ "missing authorisation", "CWE-862" },
	{ "command injection", "CWE-78" },
	{ "format string", "CWE-134" },
	{ "path traversal", "CWE-22" },
	{ "race condition", "CWE-362" },
	{ "logic error", "CWE-670" },
	{ "text that is not what it looks like", "CWE-1007" },
	{ "outdated third-party component", "CWE-1104" },
	{ "undocumented function", "CWE-912" },
};
enum { CLASSES_KNOWN = sizeof classes / sizeof *classes };

struct finding {
	struct entry e;            /* words, and what the form does not show */
	struct edit boxes[FIELDS]; /* unused for words */
	int at;                    /* selected field */
	bool open;                 /* its box takes the whole screen */
	int class;                 /* template shown last + 1 */
};

static unsigned *
word_of(struct finding *v, int i)
{
	return (unsigned *)(void *)((char *)&v->e + fields[i].offset);
}

static const char *
word_name(const struct finding *v, int i)
{
	switch (fields[i].offset) {
	case AT(severity):
		return entry_severity_name(v->e.severity);
	case AT(confidence):
		return entry_confidence_name(v->e.confidence);
	default:
		return entry_status_name(v->e.status);
	}
}

static void
join(const struct entry_list *l, struct buf *b)
{
	for (uint32_t i = 0; i < l->len; i++) {
		buf_str(b, i == 0 ? STR("") : STR(", "));
		buf_str(b, l->at[i]);
	}
}

static void
fill_boxes(struct finding *v)
{
	for (int i = 0; i < FIELDS; i++) {
		const char *at = (const char *)&v->e + fields[i].offset;
		struct buf b = { 0 };

		if (fields[i].kind == WORD)
			continue;
		edit_init(&v->boxes[i], fields[i].max, fields[i].kind != TEXT);
		if (fields[i].kind == LIST)
			join((const struct entry_list *)(const void *)at, &b);
		else
			buf_str(&b, *(const struct str *)(const void *)at);
		edit_set(&v->boxes[i], buf_view(&b));
		buf_release(&b);
	}
}

static enum err
finding_open(struct pane *p, const struct target *t)
{
	struct finding *v = p->state;
	enum err rc = writing_begin(p, &v->e);

	(void)t;
	if (rc != ERR_NONE)
		return rc;
	v->e.type = ENTRY_FINDING;
	if (v->e.of == 0 && noting_slot(p->room) == 0) {
		v->e.severity = SEVERITY_MEDIUM;
		v->e.confidence = CONFIDENCE_FIRM;
	}
	fill_boxes(v);
	return ERR_NONE;
}

static void
finding_close(struct pane *p)
{
	struct finding *v = p->state;

	meter_drop(noting_meter(p->room));
	for (int i = 0; i < FIELDS; i++)
		edit_release(&v->boxes[i]);
}

/* "a, b,c" in the pane's arena. */
static struct entry_list
split(struct arena *a, struct str text)
{
	struct entry_list l = { 0 };
	struct str piece;

	l.at = arena_array(a, ENTRY_LIST_MAX + 1, struct str);
	while (str_cut(&text, ',', &piece) && l.len <= ENTRY_LIST_MAX)
		if (str_trim(piece).len > 0)
			l.at[l.len++] = str_trim(piece);
	return l;
}

static void
collect(struct pane *p, struct entry *e)
{
	struct finding *v = p->state;

	*e = v->e;
	for (int i = 0; i < FIELDS; i++) {
		char *at = (char *)e + fields[i].offset;
		struct str text =
		    fields[i].kind == WORD ? STR("") : edit_text(&v->boxes[i]);

		if (fields[i].kind == LIST)
			*(struct entry_list *)(void *)at =
			    split(&p->arena, text);
		else if (fields[i].kind != WORD)
			*(struct str *)(void *)at =
			    fields[i].kind == LINE ? str_trim(text) : text;
	}
}

/* The first line of a paragraph, and that there are more. */
static void
draw_text(const struct finding *v, int i, const struct canvas *c, int row,
    uint16_t attr)
{
	struct str rest = edit_text(&v->boxes[i]), line = { 0 };
	size_t lines = rest.len > 0;
	int col;

	for (size_t k = 0; k < rest.len; k++)
		lines += rest.at[k] == '\n' && k + 1 < rest.len;
	if (!str_cut(&rest, '\n', &line)) {
		canvas_put(c, row, LABEL, attr, "(Enter writes it)");
		return;
	}
	col = canvas_str(c, row, LABEL, c->cols - LABEL - 12, attr, line);
	if (lines > 1)
		canvas_printf(c, row, col + 1, ROLE_FAINT, "(%zu lines)",
		    lines);
}

static void
draw_field(struct finding *v, int i, const struct canvas *c, int row)
{
	bool here = i == v->at;
	uint16_t attr = ROLE_TEXT |
	    (here && fields[i].kind != LINE && fields[i].kind != LIST ?
		    ATTR_CURSOR :
		    0);
	struct canvas box = canvas_part(c, row, LABEL, 1, c->cols - LABEL);

	canvas_put(c, row, 1, here ? ROLE_KEYWORD : ROLE_TEXT, fields[i].label);
	if (fields[i].kind == WORD) {
		canvas_put(c, row, LABEL, attr, word_name(v, i));
		if (here)
			canvas_cursor(c, row, LABEL);
	} else if (fields[i].kind == TEXT) {
		draw_text(v, i, c, row, attr);
		if (here)
			canvas_cursor(c, row, LABEL);
	} else {
		edit_draw(&v->boxes[i], &box, ROLE_TEXT, here);
	}
}

static void
finding_draw(struct pane *p, struct canvas *c)
{
	struct finding *v = p->state;
	struct canvas rest = canvas_part(c, 2, 0, c->rows - 2, c->cols);
	int room = rest.rows, first = 0;

	writing_place(&v->e, c, 0);
	if (v->open) {
		canvas_printf(c, 1, 1, ROLE_KEYWORD, "%s: %s",
		    fields[v->at].label, fields[v->at].hint);
		edit_draw(&v->boxes[v->at], &rest, ROLE_TEXT, true);
		return;
	}
	if (room < FIELDS && v->at >= room)
		first = v->at - room + 1;
	for (int i = first; i < FIELDS && i - first < room; i++)
		draw_field(v, i, &rest, i - first);
}

static void
finding_title(struct pane *p, struct canvas *line)
{
	const struct finding *v = p->state;

	writing_title(&v->e, line);
}

static void
finding_status(struct pane *p, struct canvas *line)
{
	const struct finding *v = p->state;
	struct buf b = { 0 };

	if (v->open) {
		writing_status(p->room, line, &v->boxes[v->at],
		    "Esc: back to the form   Ctrl-D records");
		return;
	}
	buf_printf(&b,
	    "%s   Ctrl-D records   Esc: a draft   "
	    "Ctrl-X drops",
	    fields[v->at].hint);
	canvas_str(line, 0, 0, line->cols, ROLE_STATUS, buf_view(&b));
	buf_release(&b);
}

static void
touched(struct pane *p)
{
	noting_touched(p->room, p, collect);
}

static void
change_word(struct pane *p, int by)
{
	struct finding *v = p->state;
	unsigned *word = word_of(v, v->at);
	unsigned n = (unsigned)fields[v->at].max;

	*word = by > 0 ? (*word + 1) % n : (*word + n - 1) % n;
	touched(p);
}

static void
next_class(struct pane *p)
{
	struct finding *v = p->state;

	for (int i = 0; i < FIELDS; i++) {
		if (fields[i].offset == AT(class))
			edit_set(&v->boxes[i], str_of(classes[v->class].class));
		if (fields[i].offset == AT(cwe))
			edit_set(&v->boxes[i], str_of(classes[v->class].cwe));
	}
	v->class = (v->class + 1) % CLASSES_KNOWN;
	touched(p);
}

static void
move(struct finding *v, int by)
{
	v->at = (v->at + by + FIELDS) % FIELDS;
}

static void
dropped(struct pane *p, uint32_t key)
{
	if (key == 'y')
		writing_drop(p);
}

/* A vector that nobody can score is found out here, not at the report. */
static bool
vector_is_good(struct pane *p, struct str vector)
{
	struct cvss c;

	if (vector.len == 0 || cvss_read(&c, vector) == ERR_NONE)
		return true;
	shell_message(p->shell, "CVSS 3.1: %s", err_text());
	err_clear();
	return false;
}

static void
record(struct pane *p)
{
	struct entry e;

	collect(p, &e);
	if (vector_is_good(p, e.cvss3))
		writing_record(p, &e);
}

/* Keys that mean the same in the form and in a box. */
static bool
common_key(struct pane *p, uint32_t key)
{
	struct finding *v = p->state;

	if (key == KEYS_CTRL('d') || key == KEYS_F1 + 1)
		record(p);
	else if (key == KEYS_CTRL('x'))
		shell_choose(p, "drop this finding for good?", "yn", dropped);
	else if (key != KEYS_ESC && key != KEYS_CTRL('c'))
		return false;
	else if (v->open)
		v->open = false;
	else
		writing_leave(p);
	return true;
}

static void
box_key(struct pane *p, uint32_t key)
{
	struct finding *v = p->state;
	struct edit *box = &v->boxes[v->at];

	if ((key == KEYS_CTRL('r') && writing_cite(p, &v->e)) ||
	    edit_key(box, key) == EDIT_CHANGED) {
		touched(p);
		meter_touch(noting_meter(p->room), box);
	}
	if (box->full)
		shell_message(p->shell, "no more fits: %zu bytes are the most",
		    fields[v->at].max);
}

static void
form_key(struct pane *p, uint32_t key)
{
	struct finding *v = p->state;
	enum kind kind = fields[v->at].kind;

	if (key == KEYS_DOWN || key == KEYS_TAB)
		move(v, 1);
	else if (key == KEYS_UP || key == KEYS_BACKTAB)
		move(v, -1);
	else if (key == KEYS_CTRL('t'))
		next_class(p);
	else if (key == KEYS_ENTER && kind == TEXT) {
		v->open = true;
		meter_touch(noting_meter(p->room), &v->boxes[v->at]);
	} else if (key == KEYS_ENTER)
		move(v, 1);
	else if (kind == WORD &&
	    (key == KEYS_LEFT || key == KEYS_RIGHT || key == ' '))
		change_word(p, key == KEYS_LEFT ? -1 : 1);
	else if (kind == TEXT && keys_is_text(key)) {
		v->open = true; /* who types wants to write */
		box_key(p, key);
	} else if (kind == LINE || kind == LIST)
		box_key(p, key);
}

static bool
finding_key(struct pane *p, uint32_t key)
{
	struct finding *v = p->state;

	if (key == KEYS_F1 || key == KEYS_CTRL('l'))
		return false;
	if (common_key(p, key))
		return true;
	if (v->open)
		box_key(p, key);
	else
		form_key(p, key);
	return true;
}

static bool
finding_takes_text(struct pane *p)
{
	(void)p;
	return true;
}

const struct view view_finding = {
	.name = "finding",
	.about = "Write a finding",
	.state_size = sizeof(struct finding),
	.open = finding_open,
	.close = finding_close,
	.draw = finding_draw,
	.title = finding_title,
	.status = finding_status,
	.key = finding_key,
	.takes_text = finding_takes_text,
};
