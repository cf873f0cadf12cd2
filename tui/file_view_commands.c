#include <string.h>

#include "tui/file_view.h"
#include "tui/reading_patches.h"
#include "tui/reading_symbols.h"
#include "tui/file_view_move.h"
#include "tui/reading_callers.h"
#include "tui/reading_tray.h"

static void
left(struct pane *p, const struct call *c)
{
	file_view_column(p, -(int64_t)(c->count == 0 ? 1 : c->count));
}

static void
right(struct pane *p, const struct call *c)
{
	file_view_column(p, c->count == 0 ? 1 : c->count);
}

static void
line_start(struct pane *p, const struct call *c)
{
	struct file_view *v = p->state;

	(void)c;
	v->column = 0;
	v->list.skip = 0;
}

static void
line_end(struct pane *p, const struct call *c)
{
	struct file_view *v = p->state;
	struct str text;

	(void)c;
	if (v->hex ||
	    !code_line(&v->code, (uint32_t)v->list.selected + 1, &text))
		return;
	v->column = (uint32_t)text.len;
	file_view_column(p, -1);
}

static bool
is_word(char c)
{
	unsigned char u = (unsigned char)c;

	return (u >= 'a' && u <= 'z') || (u >= 'A' && u <= 'Z') ||
	    (u >= '0' && u <= '9') || u == '_' || u >= 0x80;
}

/* The last line may not be counted yet. */
static void
bottom(struct pane *p, const struct call *c)
{
	struct file_view *v = p->state;
	uint32_t line = c->count == 0 ? UINT32_MAX : c->count;

	shell_jumped(p);
	if (v->hex || v->code.lines.done)
		list_select(&v->list, c->count == 0 ? UINT64_MAX : line - 1);
	else if (line <= code_lines(&v->code))
		list_select(&v->list, line - 1);
	else
		v->wanted = line;
}

static void
word(struct pane *p, const struct call *c)
{
	struct file_view *v = p->state;
	struct str text;
	size_t at;

	(void)c;
	if (v->hex ||
	    !code_line(&v->code, (uint32_t)v->list.selected + 1, &text))
		return;
	at = v->column < text.len ? v->column : text.len;
	while (at < text.len && is_word(text.at[at]))
		at++;
	while (at < text.len && !is_word(text.at[at]))
		at++;
	if (at == text.len && v->list.selected + 1 < v->list.count) {
		list_move(&v->list, 1);
		at = 0;
		if (code_line(&v->code, (uint32_t)v->list.selected + 1, &text))
			while (at < text.len && !is_word(text.at[at]))
				at++;
	}
	v->column = (uint32_t)at;
	file_view_column(p, 0);
}

/* --- selection, notes --------------------------------------------------- */

static void
select_lines(struct pane *p, const struct call *c)
{
	struct file_view *v = p->state;

	(void)c;
	v->selecting = !v->selecting;
	v->mark = (uint32_t)v->list.selected + 1;
}

static struct anchor
anchor_here(struct pane *p, bool whole)
{
	struct file_view *v = p->state;
	uint32_t first = 0, last = 0;

	if (!whole && !v->hex && v->list.count > 0)
		file_view_lines(v, &first, &last);
	return code_anchor(&v->code, &v->commit, &v->blob, v->path, first,
	    last);
}

static void
compose(struct pane *p, enum hatch_what what, bool whole)
{
	struct file_view *v = p->state;
	struct anchor an = anchor_here(p, whole);

	reading_compose(p->room, what, &an);
	v->selecting = false;
}

static void
note(struct pane *p, const struct call *c)
{
	(void)c;
	compose(p, HATCH_NOTE, false);
}

static void
note_file(struct pane *p, const struct call *c)
{
	(void)c;
	compose(p, HATCH_NOTE, true);
}

static void
edit_note(struct pane *p, const struct call *c)
{
	(void)c;
	compose(p, HATCH_EDIT, false);
}

static void
finding(struct pane *p, const struct call *c)
{
	(void)c;
	compose(p, HATCH_FINDING, false);
}

static void
question(struct pane *p, const struct call *c)
{
	(void)c;
	compose(p, HATCH_QUESTION, false);
}

static void
assume(struct pane *p, const struct call *c)
{
	(void)c;
	compose(p, HATCH_ASSUMPTION, false);
}

/* Of the function around the line: its callers must keep to it. */
static void
assume_callers(struct pane *p, const struct call *c)
{
	struct file_view *v = p->state;
	struct anchor an = anchor_here(p, false);
	struct arena a = { 0 };
	struct str name;

	(void)c;
	if (v->hex || v->list.count == 0 ||
	    code_head(&v->code, (uint32_t)v->list.selected + 1, true, &name) ==
		0) {
		shell_message(p->shell,
		    "no function around this line: ga writes an assumption "
		    "without a worklist");
		return;
	}
	name = arena_copy(&a, name);
	v->selecting = false;
	reading_callers_assume(p->room, &v->commit, name, &an);
	arena_release(&a);
}

static void
keep_citation(struct pane *p, const struct call *c)
{
	(void)c;
	compose(p, HATCH_CITATION, false);
}

static void
print_lines(struct pane *p, const struct call *c)
{
	struct file_view *v = p->state;
	struct anchor an = anchor_here(p, false);

	(void)c;
	reading_open_notes(p->room, STR("pages"), 0, &an);
	v->selecting = false;
}

static void
cite(struct pane *p, const struct call *c)
{
	struct file_view *v = p->state;
	struct anchor an = anchor_here(p, false);

	(void)c;
	reading_tray_add(p->room, &an, &v->code, 0, 0);
	v->selecting = false;
}

/* Of bytes there is nothing to quote. */
static void
quote(struct pane *p, const struct call *c)
{
	struct file_view *v = p->state;
	struct anchor an = anchor_here(p, false);
	uint32_t first = 0, last = 0;

	(void)c;
	if (!v->hex && v->list.count > 0)
		file_view_lines(v, &first, &last);
	reading_tray_add(p->room, &an, &v->code, first, last);
	v->selecting = false;
}

/* The function around a line, or that line when there is none. */
static void
function_at(struct file_view *v, uint32_t n, uint32_t *first, uint32_t *last)
{
	struct str name;
	uint32_t next;

	*first = code_head(&v->code, n, true, &name);
	if (*first == 0) {
		*first = *last = n;
		return;
	}
	next = code_head(&v->code, n + 1, false, &name);
	if (next == 0)
		code_finish(&v->code);
	*last = next == 0 ? code_lines(&v->code) : next - 1;
}

static void
set_reviewed(struct pane *p, uint32_t first, uint32_t last)
{
	struct file_view *v = p->state;
	bool is = !gutter_reviewed(&v->gutter, first, last);
	struct anchor an =
	    code_anchor(&v->code, &v->commit, &v->blob, v->path, first, last);

	reading_reviewed(p->room, &an, is);
	shell_message(p->shell, "%s %u-%u (%u line%s)  u undoes",
	    is ? "reviewed" : "not reviewed", first, last, last - first + 1,
	    first == last ? "" : "s");
	v->selecting = false;
}

static void
reviewed(struct pane *p, const struct call *c)
{
	struct file_view *v = p->state;
	uint32_t first, last;

	(void)c;
	if (v->hex || v->list.count == 0)
		return;
	if (!file_view_selection(v, &first, &last))
		function_at(v, (uint32_t)v->list.selected + 1, &first, &last);
	set_reviewed(p, first, last);
}

static void
reviewed_file(struct pane *p, const struct call *c)
{
	struct file_view *v = p->state;

	(void)c;
	if (v->hex || v->list.count == 0)
		return;
	code_finish(&v->code);
	set_reviewed(p, 1, code_lines(&v->code));
}

static void
reviewed_next(struct pane *p, const struct call *c)
{
	reviewed(p, c);
	(void)file_view_move_unreviewed(p, false);
}

/* --- from a word to other files ----------------------------------------- */

static void
find_word(struct pane *p, const struct call *c)
{
	struct file_view *v = p->state;
	struct str w = file_view_word(v);
	struct buf copy = { 0 };

	(void)c;
	if (w.len == 0)
		return;
	buf_str(&copy, w);
	file_view_find(p, buf_view(&copy), false);
	buf_release(&copy);
}

/* number: 0 all, 1 what defines it, 2 what uses it, 4 what calls it, 5 what
 * defines it, to peek at; see view_search.c. */
static void
search_word(struct pane *p, uint64_t number)
{
	struct file_view *v = p->state;
	struct str w = file_view_word(v);
	struct buf line = { 0 };
	struct target t = { .commit = v->commit, .number = number };

	if (w.len == 0) {
		shell_message(p->shell, "no word under the cursor");
		return;
	}
	buf_str(&line, STR("-F -w -- "));
	buf_str(&line, w);
	t.text = buf_view(&line);
	t.path = v->path;
	shell_open(p->shell, "search", &t);
	buf_release(&line);
}

static void
grep_word(struct pane *p, const struct call *c)
{
	(void)c;
	search_word(p, 0);
}

/* From the session's index where it has one.  One definition is what was
 * asked for, several are a list. */
static void
define_word(struct pane *p, bool peek)
{
	struct file_view *v = p->state;
	struct target t = { .commit = v->commit,
		.text = file_view_word(v),
		.number = peek };
	struct reading_symbol *at;
	struct arena a = { 0 };
	size_t n = 0, here = 0;

	if (t.text.len == 0 || !reading_symbols(p->room)) {
		search_word(p, peek ? 5 : 1);
		return;
	}
	if (reading_symbols_find(&at, &n, &a, p->room, &v->commit, t.text) !=
	    ERR_NONE)
		err_clear(); /* the list says it */
	while (here < n && at[here].here && !at[here].heading)
		here++;
	if (here == 1 || (here == 0 && n == 1)) {
		t = (struct target){ .commit = at[0].commit,
			.blob = at[0].blob,
			.path = at[0].path,
			.line = at[0].line,
			.column =
			    reading_symbols_column(p->room, &at[0], t.text),
			.last = peek ? at[0].last : 0 };
		shell_open(p->shell, peek ? "peek" : "file", &t);
	} else {
		shell_open(p->shell, "symbol", &t);
	}
	arena_release(&a);
}

static void
definition(struct pane *p, const struct call *c)
{
	(void)c;
	define_word(p, false);
}

static void
peek(struct pane *p, const struct call *c)
{
	(void)c;
	define_word(p, true);
}

static void
callers(struct pane *p, const struct call *c)
{
	(void)c;
	search_word(p, 4);
}

static void
references(struct pane *p, const struct call *c)
{
	(void)c;
	search_word(p, 2);
}

static void
open_at(struct pane *p, const char *view)
{
	struct file_view *v = p->state;
	struct target t = {
		.commit = v->commit,
		.blob = v->blob,
		.path = v->path,
		.line = v->hex ? 0 : (uint32_t)v->list.selected + 1,
	};

	shell_open(p->shell, view, &t);
}

static void
blame(struct pane *p, const struct call *c)
{
	(void)c;
	open_at(p, "blame");
}

/* Of the selection, or of as many lines as are counted; else of all. */
static void
history(struct pane *p, const struct call *c)
{
	struct file_view *v = p->state;
	struct target t = { .commit = v->commit };
	uint32_t first, last, lines = code_lines(&v->code);
	struct anchor an;
	bool some = !v->hex && file_view_selection(v, &first, &last);

	if (!some && !v->hex && c->count > 0 && v->list.count > 0) {
		first = (uint32_t)v->list.selected + 1;
		last = c->count > lines - first ? lines : first + c->count - 1;
		some = true;
	}
	if (some) {
		/* Lines of the bytes, whatever is shown. */
		an = code_anchor(&v->code, &v->commit, &v->blob, v->path, first,
		    last);
		t.path = v->path;
		t.line = an.first;
		t.last = an.last;
		v->selecting = false;
	}
	shell_open(p->shell, "log", &t);
}

static void
outline(struct pane *p, const struct call *c)
{
	(void)c;
	open_at(p, "outline");
}

/* This file is a patch: is it in the release that is read?  From any other
 * file to the patches of the session, where it has some. */
static void
applied(struct pane *p, const struct call *c)
{
	struct file_view *v = p->state;
	const struct reading_patch *all;
	struct target t = { .commit = reading_commit(p->room),
		.path = v->path,
		.blob = v->blob };

	(void)c;
	if (reading_patches(&all, p->room) > 0 &&
	    !str_ends(v->path, STR(".patch")) &&
	    !str_ends(v->path, STR(".diff")))
		shell_open(p->shell, "patches", &(struct target){ 0 });
	else
		shell_open(p->shell, "vendor", &t);
}

/* What an #include or import line names, between quotes or brackets. */
static struct str
included(struct str text)
{
	static const char opens[] = "\"<'", closes[] = "\">'";

	for (size_t i = 0; i < text.len; i++) {
		const char *o = strchr(opens, text.at[i]), *end;

		if (text.at[i] == '\0' || o == NULL)
			continue;
		end = memchr(text.at + i + 1, closes[o - opens],
		    text.len - i - 1);
		if (end != NULL)
			return str_slice(text, i + 1,
			    (size_t)(end - text.at) - i - 1);
	}
	return STR("");
}

static void
follow_include(struct pane *p, const struct call *c)
{
	struct file_view *v = p->state;
	const struct reading_files *f = reading_files_of(p->room, &v->commit);
	struct target t = { .commit = v->commit };
	struct str text, name;
	size_t n = 0, at = 0;

	(void)c;
	if (v->hex ||
	    !code_line(&v->code, (uint32_t)v->list.selected + 1, &text))
		return;
	name = included(text);
	if (name.len == 0) {
		shell_message(p->shell, "this line includes nothing");
		return;
	}
	for (size_t i = 0; i < f->len; i++) {
		struct str path = f->at[i].path;

		if (!str_ends(path, name) ||
		    (path.len > name.len &&
			path.at[path.len - name.len - 1] != '/'))
			continue;
		at = i;
		n++;
	}
	if (n == 1) {
		t.path = arena_copy(&p->arena, f->at[at].path);
		t.blob = f->at[at].blob;
		shell_open(p->shell, "file", &t);
	} else {
		t.text = name;
		shell_open(p->shell, "find", &t);
	}
}

/* --- how it is shown ----------------------------------------------------- */

static void
toggle_hex(struct pane *p, const struct call *c)
{
	struct file_view *v = p->state;

	(void)c;
	file_view_hex(p, !v->hex);
}

static void
encoding(struct pane *p, const struct call *c)
{
	struct file_view *v = p->state;
	uint64_t row = v->list.selected;
	enum encoding e;
	enum err rc = encoding_parse(&e, c->args);

	if (rc != ERR_NONE) {
		err_clear();
		shell_message(p->shell,
		    "no such encoding: utf-8, latin-1, "
		    "gb18030, shift-jis, utf-16le ...");
		return;
	}
	code_encode(&v->code, e);
	file_view_forget(v);
	code_finish(&v->code);
	v->deceives = v->deceives_next = 0;
	reading_slice(p->room, file_view_hazards, p);
	list_count(&v->list, code_lines(&v->code), false);
	list_changed(&v->list);
	list_select(&v->list, row);
	shell_message(p->shell, "shown as %s; citations stay with the bytes",
	    encoding_name(e));
}

static void
tab(struct pane *p, const struct call *c)
{
	struct file_view *v = p->state;
	uint64_t n;
	enum err rc = str_number(c->args, 32, &n);

	if (rc == ERR_NONE && n == 0)
		rc = fail(ERR_FORMAT, "a tab has 1 to 32 columns");
	if (rc == ERR_NONE)
		v->tab = (uint8_t)n;
	shell_error(p->shell, rc);
}

const struct command file_view_commands[] = {
	{ "left", "h Left", "a character to the left", left, NULL, NULL },
	{ "right", "l Right", "a character to the right", right, NULL, NULL },
	{ "line-start", "0", "start of the line", line_start, NULL, NULL },
	{ "line-end", "$", "end of the line", line_end, NULL, NULL },
	{ "bottom", "G End", "last line, or line COUNT", bottom, NULL, NULL },
	{ "word", "w", "next word", word, NULL, NULL },
	{ "definition", "gd C-]", "definition of the word", definition, "def",
	    NULL },
	{ "references", "gr", "where the word is used, not in comments",
	    references, "refs", NULL },
	{ "callers", "gc", "where it is called, by function", callers, NULL,
	    NULL },
	{ "peek", "gp", "look at the definition without leaving", peek, NULL,
	    NULL },
	{ "blame", "b", "which commit each line comes from", blame, "blame",
	    NULL },
	{ "note", "c", "a note on the line or the selection", note, "note",
	    NULL },
	{ "note-file", "C", "a note on the file", note_file, NULL, NULL },
	{ "edit-note", "e", "edit the note or finding on the line", edit_note,
	    NULL, NULL },
	{ "finding", "F", "a finding on the line or the selection", finding,
	    "finding", NULL },
	{ "question", "gq", "a question to the vendor on the line", question,
	    NULL, NULL },
	{ "assume", "ga", "what this code relies on: an assumption", assume,
	    NULL, NULL },
	{ "assume-callers", "gA",
	    "an assumption; its worklist: the callers of this function",
	    assume_callers, NULL, NULL },
	{ "keep-citation", "gk", "cite these lines in the record",
	    keep_citation, NULL, NULL },
	{ "cite", "y", "citation of the line or the selection", cite, NULL,
	    NULL },
	{ "quote", "Y", "citation with the text of the lines; gy shows all",
	    quote, NULL, NULL },
	{ "reviewed", "r", "selection or function reviewed, or not", reviewed,
	    "reviewed", NULL },
	{ "reviewed-file", "R", "the whole file reviewed, or not",
	    reviewed_file, NULL, NULL },
	{ "reviewed-next", "M", "reviewed, and on to the next unreviewed",
	    reviewed_next, NULL, NULL },
	{ "select", "v V", "select lines", select_lines, NULL, NULL },
	{ "find-word", "*", "search this file for the word", find_word, NULL,
	    NULL },
	{ "print", "gE", "these lines on paper: shows first what it costs",
	    print_lines, NULL, NULL },
	{ "grep-word", "g*", "search all files for the word", grep_word, NULL,
	    NULL },
	{ "include", "gi", "open what this line includes", follow_include, NULL,
	    NULL },
	{ "history", "gL", "history of the selected or counted lines, of all",
	    history, NULL, NULL },
	{ "applied", "gP",
	    "is this patch, or one of the session, in the release", applied,
	    NULL, NULL },
	{ "outline", "gO", "functions and types of the file", outline, NULL,
	    NULL },
	{ "next-function", "]m }", "next function",
	    file_view_move_next_function, NULL, NULL },
	{ "last-function", "[m {", "function before",
	    file_view_move_last_function, NULL, NULL },
	{ "next-hazard", "]z", "next byte that deceives",
	    file_view_move_next_hazard, NULL, NULL },
	{ "last-hazard", "[z", "byte that deceives before",
	    file_view_move_last_hazard, NULL, NULL },
	{ "next-change", "]c", "next change since the other revision",
	    file_view_move_next_change, NULL, NULL },
	{ "last-change", "[c", "change before", file_view_move_last_change,
	    NULL, NULL },
	{ "next-file", "]f", "next file of the list it came from",
	    file_view_move_next_file, NULL, NULL },
	{ "last-file", "[f", "file before", file_view_move_last_file, NULL,
	    NULL },
	{ "same", "g=", "the same content under its next path",
	    file_view_move_same, NULL, NULL },
	{ "next-note", "]n", "next note or finding", file_view_move_next_note,
	    NULL, NULL },
	{ "last-note", "[n", "note or finding before", file_view_move_last_note,
	    NULL, NULL },
	{ "next-unreviewed", "]u", "next unreviewed lines",
	    file_view_move_next_unreviewed, NULL, NULL },
	{ "last-unreviewed", "[u", "unreviewed lines before",
	    file_view_move_last_unreviewed, NULL, NULL },
	{ "next-one-pair", "]e", "next lines that one person alone reviewed",
	    file_view_move_next_one_pair, NULL, NULL },
	{ "last-one-pair", "[e", "lines before that one person reviewed",
	    file_view_move_last_one_pair, NULL, NULL },
	{ "hex", "oh", "bytes, or text", toggle_hex, NULL, NULL },
	{ "encoding", NULL, "read the file in this encoding", encoding, NULL,
	    "NAME" },
	{ "tab", NULL, "columns of a tab", tab, NULL, "N" },
	{ 0 },
};
