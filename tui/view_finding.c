/*
 * view_finding.c - a finding, a question, an assumption ... as a form: one
 * row for each field, a box of its own for each paragraph.
 */
#include "tui/noting.h"

#include <stdlib.h>
#include <string.h>

#include "core/limits.h"
#include "notes/cvss.h"
#include "notes/cvss4.h"
#include "notes/due.h"
#include "notes/template.h"
#include "tui/drafting.h"
#include "tui/edit.h"
#include "tui/meter.h"
#include "tui/requirements.h"
#include "tui/writing.h"

enum kind { LINE, TEXT, LIST, WORD, DATE, NUMBER };

struct field {
	const char *label;
	enum kind kind;
	size_t offset; /* in struct entry */
	size_t max;    /* bytes; of a word: values */
	const char *hint;
};

#define AT(member) offsetof(struct entry, member)
#define TITLE                                                                  \
	{                                                                      \
		"Title", LINE, AT(title), LIMIT_TITLE, "one line that says it" \
	}

static const struct field finding_fields[] = {
	TITLE,
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
	    "Ctrl-T: next of the checklists, by the letters typed" },
};

static const struct field question_fields[] = {
	{ "Question", TEXT, AT(text), LIMIT_NOTE, "to the vendor" },
	TITLE,
	{ "Due", DATE, AT(due), 10, "the day of the answer, 2026-12-05" },
	{ "Answer", TEXT, AT(answer), LIMIT_NOTE, "what the vendor said" },
};

static const struct field assumption_fields[] = {
	{ "Assumes", TEXT, AT(text), LIMIT_NOTE,
	    "what this code relies on: caller holds the lock" },
	TITLE,
	{ "Worklist", NUMBER, AT(list), 18,
	    "number of the list of places that must keep to it" },
};

static const struct field negative_fields[] = {
	{ "Looked for", TEXT, AT(text), LIMIT_NOTE,
	    "what, where, how, and that it is not there" },
	TITLE,
	{ "Worklist", NUMBER, AT(list), 18,
	    "number of the list that shows it" },
};

static const struct field citation_fields[] = {
	{ "About", TEXT, AT(text), LIMIT_NOTE, "why this place is cited" },
	TITLE,
};

/* first: a paragraph that is opened at once; -1: none */
static const struct form {
	enum entry_type type;
	const struct field *fields;
	int n, first;
} forms[] = {
#define FORM(type, fields, first)                                             \
	{                                                                     \
		type, fields, (int)(sizeof(fields) / sizeof *(fields)), first \
	}
	FORM(ENTRY_FINDING, finding_fields, -1),
	FORM(ENTRY_QUESTION, question_fields, 0),
	FORM(ENTRY_ASSUMPTION, assumption_fields, 0),
	FORM(ENTRY_NEGATIVE, negative_fields, 0),
	FORM(ENTRY_CITATION, citation_fields, 0),
};
enum {
	FIELDS = sizeof finding_fields / sizeof *finding_fields,
	LABEL = 14,
};

struct finding {
	struct entry e; /* words, and what the form does not show */
	const struct form *form;
	struct edit boxes[FIELDS];       /* unused for words */
	int at;                          /* selected field */
	bool open;                       /* its box takes the whole screen */
	const struct template *template; /* shown last, or NULL */
	size_t template_number;
	bool told;          /* that a checklist cannot be read */
	struct str sought;  /* letters that Ctrl-T goes by; .at NULL: none */
	size_t requirement; /* where it is */
	bool warned;        /* that a requirement is in none of the lists */
};

static const struct field *
field_of(const struct finding *v, int i)
{
	return &v->form->fields[i];
}

static unsigned *
word_of(struct finding *v, int i)
{
	return (unsigned *)(void *)((char *)&v->e + field_of(v, i)->offset);
}

static const char *
word_name(const struct finding *v, int i)
{
	switch (field_of(v, i)->offset) {
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
	for (int i = 0; i < v->form->n; i++) {
		const char *at = (const char *)&v->e + field_of(v, i)->offset;
		struct buf b = { 0 };

		if (field_of(v, i)->kind == WORD)
			continue;
		edit_init(&v->boxes[i], field_of(v, i)->max,
		    field_of(v, i)->kind != TEXT);
		if (field_of(v, i)->kind == LIST)
			join((const struct entry_list *)(const void *)at, &b);
		else if (field_of(v, i)->kind == DATE && v->e.due != 0)
			due_write(v->e.due, &b);
		else if (field_of(v, i)->kind == NUMBER && v->e.list != 0)
			buf_printf(&b, "%llu", (unsigned long long)v->e.list);
		else if (field_of(v, i)->kind < DATE)
			buf_str(&b, *(const struct str *)(const void *)at);
		edit_set(&v->boxes[i], buf_view(&b));
		buf_release(&b);
	}
}

static void
begin_with(struct noting *n, struct entry *e)
{
	if (e->type == ENTRY_FINDING) {
		e->severity = SEVERITY_MEDIUM;
		e->confidence = CONFIDENCE_FIRM;
	} else if (e->type == ENTRY_QUESTION) {
		e->due = due_after(noting_now(n), DUE_WORKDAYS);
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
	v->form = &forms[0];
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (forms[i].type == v->e.type)
			v->form = &forms[i];
	v->e.type = v->form->type;
	if (v->e.of == 0 && drafting_slot(noting_drafting(p->room)) == 0)
		begin_with(p->room, &v->e);
	fill_boxes(v);
	v->at = v->form->first < 0 ? 0 : v->form->first;
	v->open = v->form->first >= 0;
	return ERR_NONE;
}

static void
finding_close(struct pane *p)
{
	struct finding *v = p->state;

	meter_drop(noting_meter(p->room));
	for (int i = 0; i < v->form->n; i++)
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

/* What cannot be read is 0 here; is_readable() says so before anything is
 * recorded. */
static int64_t
date_of(struct str text)
{
	int64_t ms = 0;

	if (due_read(&ms, text) != ERR_NONE)
		err_clear();
	return ms;
}

static uint64_t
number_of(struct str text)
{
	uint64_t n = 0;

	if (str_number(text, INT64_MAX, &n) != ERR_NONE)
		err_clear();
	return n;
}

static void
collect(struct pane *p, struct entry *e)
{
	struct finding *v = p->state;

	*e = v->e;
	for (int i = 0; i < v->form->n; i++) {
		char *at = (char *)e + field_of(v, i)->offset;
		struct str text = field_of(v, i)->kind == WORD ?
		    STR("") :
		    edit_text(&v->boxes[i]);

		if (field_of(v, i)->kind == LIST)
			*(struct entry_list *)(void *)at =
			    split(&p->arena, text);
		else if (field_of(v, i)->kind == DATE)
			e->due = date_of(str_trim(text));
		else if (field_of(v, i)->kind == NUMBER)
			e->list = number_of(str_trim(text));
		else if (field_of(v, i)->kind != WORD)
			*(struct str *)(void *)at =
			    field_of(v, i)->kind == LINE ? str_trim(text) :
							   text;
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

/* Behind what was typed: what it comes to. */
static void
draw_meaning(struct finding *v, int i, const struct canvas *c, int row)
{
	size_t offset = field_of(v, i)->offset;
	struct str text = edit_text(&v->boxes[i]);
	struct cvss c3;
	struct cvss4 c4;
	uint8_t score;

	if (text.len == 0 || (offset != AT(cvss3) && offset != AT(cvss4)))
		return;
	if (offset == AT(cvss3) ? cvss_read(&c3, text) != ERR_NONE :
				  cvss4_read(&c4, text) != ERR_NONE) {
		err_clear();
		canvas_put(c, row, c->cols - 14, ROLE_WARNING, " not complete");
		return;
	}
	score = offset == AT(cvss3) ? c3.overall : c4.score;
	canvas_printf(c, row, c->cols - 14, ROLE_NUMBER, " %u.%u %s",
	    score / 10, score % 10, cvss_word(score));
}

static void
draw_field(struct finding *v, int i, const struct canvas *c, int row)
{
	bool here = i == v->at;
	uint16_t attr = ROLE_TEXT |
	    (here && field_of(v, i)->kind != LINE &&
			field_of(v, i)->kind != LIST &&
			field_of(v, i)->kind < DATE ?
		    ATTR_CURSOR :
		    0);
	bool scored = field_of(v, i)->offset == AT(cvss3) ||
	    field_of(v, i)->offset == AT(cvss4);
	struct canvas box =
	    canvas_part(c, row, LABEL, 1, c->cols - LABEL - (scored ? 15 : 0));

	canvas_put(c, row, 1, here ? ROLE_KEYWORD : ROLE_TEXT,
	    field_of(v, i)->label);
	if (field_of(v, i)->kind == WORD) {
		canvas_put(c, row, LABEL, attr, word_name(v, i));
		if (here)
			canvas_cursor(c, row, LABEL);
	} else if (field_of(v, i)->kind == TEXT) {
		draw_text(v, i, c, row, attr);
		if (here)
			canvas_cursor(c, row, LABEL);
	} else {
		edit_draw(&v->boxes[i], &box, ROLE_TEXT, here);
		draw_meaning(v, i, c, row);
	}
}

static void
finding_draw(struct pane *p, struct canvas *c)
{
	struct finding *v = p->state;
	struct canvas rest = canvas_part(c, 2, 0, c->rows - 2, c->cols);
	int room = rest.rows, first = 0;

	writing_place(p->room, &v->e, c, 0);
	if (v->open) {
		canvas_printf(c, 1, 1, ROLE_KEYWORD, "%s: %s",
		    field_of(v, v->at)->label, field_of(v, v->at)->hint);
		edit_draw(&v->boxes[v->at], &rest, ROLE_TEXT, true);
		return;
	}
	if (room < v->form->n && v->at >= room)
		first = v->at - room + 1;
	for (int i = first; i < v->form->n && i - first < room; i++)
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
	    field_of(v, v->at)->hint);
	canvas_str(line, 0, 0, line->cols, ROLE_STATUS, buf_view(&b));
	buf_release(&b);
}

static void
touched(struct pane *p)
{
	struct finding *v = p->state;

	v->warned = false;
	drafting_touched(noting_drafting(p->room), p, collect);
}

static void
change_word(struct pane *p, int by)
{
	struct finding *v = p->state;
	unsigned *word = word_of(v, v->at);
	unsigned n = (unsigned)field_of(v, v->at)->max;

	*word = by > 0 ? (*word + 1) % n : (*word + n - 1) % n;
	touched(p);
}

static struct edit *
box_of(struct finding *v, size_t offset)
{
	for (int i = 0; i < v->form->n; i++)
		if (field_of(v, i)->offset == offset)
			return &v->boxes[i];
	bug("the form has no such field");
}

/* What was typed stays; what a template put there gives way. */
static void
fill(struct finding *v, size_t offset, const char *text, const char *before)
{
	struct edit *box = box_of(v, offset);
	struct str now = edit_text(box);

	if (now.len == 0 || (before != NULL && str_eq(now, str_of(before))))
		edit_set(box, str_of(text));
}

/* The next class that holds what stands there; after a template: of all. */
static void
next_class(struct pane *p)
{
	struct finding *v = p->state;
	const struct template *was = v->template, *t;
	struct str text;

	if (v->form->type != ENTRY_FINDING)
		return;
	text = str_trim(edit_text(box_of(v, AT(class))));
	if (was != NULL && str_eq(text, str_of(was->class)))
		text = STR("");
	if (was == NULL)
		v->template_number = SIZE_MAX;
	t = template_next(text, &v->template_number);
	if (t == NULL) {
		shell_message(p->shell, "no usual class has these letters");
		return;
	}
	v->template = t;
	edit_set(box_of(v, AT(class)), str_of(t->class));
	edit_set(box_of(v, AT(cwe)), str_of(t->cwe));
	fill(v, AT(cvss4), t->cvss4, was == NULL ? NULL : was->cvss4);
	fill(v, AT(cvss3), t->cvss3, was == NULL ? NULL : was->cvss3);
	fill(v, AT(claim), t->claim, was == NULL ? NULL : was->claim);
	fill(v, AT(evidence), t->evidence, was == NULL ? NULL : was->evidence);
	fill(v, AT(remediation), t->remediation,
	    was == NULL ? NULL : was->remediation);
	touched(p);
}

/* What a list of the session cannot be read for is said once. */
static const struct shipped *
lists_of(struct pane *p)
{
	struct finding *v = p->state;
	struct str wrong;
	const struct shipped *all =
	    requirements_all(noting_requirements(p->room), &wrong);

	if (wrong.len > 0 && !v->told)
		shell_message(p->shell, "%.*s: not offered", STR_ARG(wrong));
	v->told = true;
	return all;
}

/* What is typed behind the last comma becomes the next requirement that it
 * may mean. */
static void
next_requirement(struct pane *p)
{
	struct finding *v = p->state;
	struct edit *box = box_of(v, AT(requirements));
	struct str text = edit_text(box);
	const struct checklist *list;
	const struct checklist_item *it;
	struct buf b = { 0 };
	size_t from = text.len;

	while (from > 0 && text.at[from - 1] != ',')
		from--;
	if (v->sought.at == NULL) {
		v->sought = arena_copy(&p->arena,
		    str_trim(str_slice(text, from, text.len)));
		v->requirement = SIZE_MAX;
	}
	it = shipped_next(lists_of(p), v->sought, &v->requirement, &list);
	if (it == NULL) {
		shell_message(p->shell,
		    "no requirement of the checklists has these letters");
		v->sought = (struct str){ 0 };
		return;
	}
	buf_str(&b, str_slice(text, 0, from));
	buf_str(&b, from > 0 ? STR(" ") : STR(""));
	buf_str(&b, it->id);
	edit_set(box, buf_view(&b));
	buf_release(&b);
	touched(p);
	shell_message(p->shell, "%.*s: %.*s (%.*s)", STR_ARG(it->id),
	    STR_ARG(it->title), STR_ARG(list->id));
}

/* One that no list has may be of a list that the evaluator has: said once,
 * recorded when it is asked for again. */
static bool
is_known(struct pane *p, const struct entry *e)
{
	struct finding *v = p->state;
	const struct checklist *list;

	for (uint32_t i = 0; !v->warned && i < e->requirements.len; i++) {
		if (shipped_find(lists_of(p), e->requirements.at[i], &list) !=
		    NULL)
			continue;
		v->warned = true;
		shell_message(p->shell,
		    "%.*s is in no checklist here: Ctrl-D again records it",
		    STR_ARG(str_slice(e->requirements.at[i], 0, 24)));
		return false;
	}
	return true;
}

static void
move(struct finding *v, int by)
{
	v->sought = (struct str){ 0 };
	v->at = (v->at + by + v->form->n) % v->form->n;
}

static void
dropped(struct pane *p, uint32_t key)
{
	if (key == 'y')
		writing_drop(p);
}

/* A vector that nobody can score, a day that is none: found out here, not at
 * the report. */
static enum err
check_box(const struct finding *v, int i)
{
	struct str text = str_trim(edit_text(&v->boxes[i]));
	struct cvss c3;
	struct cvss4 c4;
	int64_t ms;
	uint64_t n;

	if (text.len == 0)
		return ERR_NONE;
	if (field_of(v, i)->offset == AT(cvss3))
		return cvss_read(&c3, text);
	if (field_of(v, i)->offset == AT(cvss4))
		return cvss4_read(&c4, text);
	if (field_of(v, i)->kind == DATE)
		return due_read(&ms, text);
	if (field_of(v, i)->kind == NUMBER)
		return str_number(text, INT64_MAX, &n);
	return ERR_NONE;
}

static bool
is_readable(struct pane *p, const struct finding *v)
{
	for (int i = 0; i < v->form->n; i++) {
		if (field_of(v, i)->kind == WORD || check_box(v, i) == ERR_NONE)
			continue;
		shell_message(p->shell, "%s: %s", field_of(v, i)->label,
		    err_text());
		err_clear();
		return false;
	}
	return true;
}

/* The worklist that an assumption rests on is one of this record. */
static bool
list_is_there(struct pane *p, const struct entry *e)
{
	if (e->list == 0 || book_list(noting_book(p->room), e->list) != NULL)
		return true;
	shell_message(p->shell, "there is no worklist %llu: gw lists them",
	    (unsigned long long)e->list);
	return false;
}

static void
record(struct pane *p)
{
	struct entry e;

	collect(p, &e);
	if (is_readable(p, p->state) && list_is_there(p, &e) && is_known(p, &e))
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
		shell_choose(p, "drop this for good?", "yn", dropped);
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

	v->sought = (struct str){ 0 };
	if ((key == KEYS_CTRL('r') && writing_cite(p, &v->e)) ||
	    edit_key(box, key) == EDIT_CHANGED) {
		touched(p);
		meter_touch(noting_meter(p->room), box);
	}
	if (box->full)
		shell_message(p->shell, "no more fits: %zu bytes are the most",
		    field_of(v, v->at)->max);
}

static void
form_key(struct pane *p, uint32_t key)
{
	struct finding *v = p->state;
	enum kind kind = field_of(v, v->at)->kind;

	if (key == KEYS_DOWN || key == KEYS_TAB)
		move(v, 1);
	else if (key == KEYS_UP || key == KEYS_BACKTAB)
		move(v, -1);
	else if (key == KEYS_CTRL('t') &&
	    field_of(v, v->at)->offset == AT(requirements))
		next_requirement(p);
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
	} else if (kind != WORD && kind != TEXT)
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
	.about = "Write a finding, a question, an assumption ...",
	.state_size = sizeof(struct finding),
	.open = finding_open,
	.close = finding_close,
	.draw = finding_draw,
	.title = finding_title,
	.status = finding_status,
	.key = finding_key,
	.takes_text = finding_takes_text,
};
