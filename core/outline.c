#include "core/outline.h"

#include <string.h>

enum { OUTLINE_LINE = 512 };

static bool
is_word(char c)
{
	unsigned char u = (unsigned char)c;

	return (u >= 'a' && u <= 'z') || (u >= 'A' && u <= 'Z') ||
	    (u >= '0' && u <= '9') || u == '_' || u == '$' || u >= 0x80;
}

static bool
is_one_of(const char *list, struct str word)
{
	struct str rest = str_of(list), one;

	while (str_cut(&rest, ' ', &one))
		if (str_eq(one, word))
			return true;
	return false;
}

static struct str
first_word(struct str *rest)
{
	struct str word;
	size_t n = 0;

	*rest = str_trim(*rest);
	while (n < rest->len && is_word(rest->at[n]))
		n++;
	word = str_slice(*rest, 0, n);
	*rest = str_slice(*rest, n, rest->len);
	return word;
}

/* The word that ends right before at, blanks between allowed. */
static struct str
word_before(struct str line, size_t at)
{
	size_t end = at, from;

	while (end > 0 && (line.at[end - 1] == ' ' || line.at[end - 1] == '\t'))
		end--;
	from = end;
	while (from > 0 &&
	    (is_word(line.at[from - 1]) || line.at[from - 1] == '~' ||
		(line.at[from - 1] == ':' && from > 1)))
		from--;
	return str_slice(line, from, end - from);
}

/* "def name", "func (x T) name", "class name", "module name". */
static bool
by_keyword(struct str line, const char *heads, const char *before,
    struct str *name)
{
	struct str rest = line, word = first_word(&rest);

	while (word.len > 0 && is_one_of(before, word))
		word = first_word(&rest);
	if (word.len == 0 || !is_one_of(heads, word))
		return false;
	rest = str_trim(rest);
	if (rest.len > 0 && rest.at[0] == '(') {
		size_t end = str_find(rest, STR(")"), 0);

		if (end == SIZE_MAX)
			return false;
		rest = str_slice(rest, end + 1, rest.len);
	}
	*name = first_word(&rest);
	return name->len > 0;
}

/* C and its family: starts in the first column with a word, has a "(", does
 * not end in ";" (that is a declaration), is no statement or label. */
static bool
by_column(struct str line, struct str *name)
{
	static const char types[] = "struct union enum class namespace "
				    "interface typedef";
	static const char never[] = "if for while switch return else do case "
				    "goto sizeof default extern using";
	struct str rest = line, word, tail = str_trim(line);
	size_t open = str_find(line, STR("("), 0);

	if (line.len == 0 || !is_word(line.at[0]) ||
	    (line.at[0] >= '0' && line.at[0] <= '9'))
		return false;
	word = first_word(&rest);
	if (is_one_of(never, word) || str_ends(tail, STR(";")) ||
	    str_ends(tail, STR(":")))
		return false;
	if (open == SIZE_MAX || str_find(line, STR("="), 0) < open) {
		if (!is_one_of(types, word) || str_ends(tail, STR(",")))
			return false;
		*name = word;
		while (name->len > 0 && is_one_of(types, *name))
			*name = first_word(&rest);
		return name->len > 0;
	}
	*name = word_before(line, open);
	if (str_eq(*name, STR("__attribute__")) || name->len == 0)
		return false;
	return true;
}

/* Methods stand indented: a head ends in "{" and has a "(" but no "=". */
static bool
by_brace(struct str line, struct str *name)
{
	static const char never[] = "if for while switch return else do catch "
				    "new throw synchronized try function";
	struct str tail = str_trim(line), rest = tail, word;
	size_t open = str_find(tail, STR("("), 0);

	if (!str_ends(tail, STR("{")) || open == SIZE_MAX ||
	    str_find(tail, STR("="), 0) < open)
		return false;
	word = first_word(&rest);
	if (word.len == 0 || is_one_of(never, word))
		return false;
	*name = word_before(tail, open);
	return name->len > 0 && !is_one_of(never, *name);
}

static bool
by_mark(struct str line, struct str *name)
{
	if (line.len == 0 || (line.at[0] != '#' && line.at[0] != '['))
		return false;
	*name = str_trim(line);
	return name->len > 1;
}

static bool
by_label(struct str line, struct str *name)
{
	size_t n = 0;

	while (n < line.len && (is_word(line.at[n]) || line.at[n] == '.'))
		n++;
	*name = str_slice(line, 0, n);
	return n > 0 && n < line.len && line.at[n] == ':' && line.at[0] != '.';
}

static bool
by_shell(struct str line, struct str *name)
{
	struct str rest = line;

	if (by_keyword(line, "function", "", name))
		return true;
	*name = first_word(&rest);
	return name->len > 0 && line.at[0] == name->at[0] &&
	    str_starts(str_trim(rest), STR("()"));
}

static bool
is_named(const struct language *l, const char *list)
{
	return is_one_of(list, str_of(lexer_name(l)));
}

bool
outline_line(const struct language *l, struct str line, struct str *name)
{
	struct str s = str_slice(line, 0, OUTLINE_LINE);
	struct str got = STR("");
	bool is;

	if (is_named(l, "Python Ruby"))
		is = by_keyword(s, "def class module", "async", &got);
	else if (is_named(l, "Go"))
		is = by_keyword(s, "func type", "", &got) && is_word(s.at[0]);
	else if (is_named(l, "Rust Swift Kotlin"))
		is = by_keyword(s,
		    "fn func fun struct enum trait impl mod union class "
		    "protocol extension object interface macro_rules",
		    "pub async unsafe const extern public private internal "
		    "static override open abstract data sealed final",
		    &got);
	else if (is_named(l, "shell"))
		is = by_shell(s, &got);
	else if (is_named(l, "JavaScript TypeScript PHP Java C# Lua"))
		is = by_keyword(s, "function class interface enum namespace",
			 "export default async public private protected "
			 "static final abstract declare local sealed",
			 &got) ||
		    by_brace(s, &got);
	else if (is_named(l, "Verilog VHDL Ada"))
		is = by_keyword(s,
		    "module function task entity architecture package class "
		    "interface procedure process program property sequence",
		    "virtual automatic static", &got);
	else if (is_named(l, "Markdown configuration"))
		is = by_mark(s, &got);
	else if (is_named(l, "make assembler YAML"))
		is = by_label(s, &got);
	else
		is = by_column(s, &got);
	if (is)
		*name = got;
	return is;
}
