#include "tui/looks.h"

#include "core/lexer.h"
#include "core/outline.h"

bool
looks_definition(struct str path, struct str line, bool cut, struct str word)
{
	const struct language *l = lexer_find(path, STR(""));
	struct str name, text = str_trim(line);

	if (str_starts(text, STR("#"))) {
		text = str_trim(str_slice(text, 1, text.len));
		if (!str_starts(text, STR("define")))
			return false;
		text = str_trim(str_slice(text, 6, text.len));
		return str_starts(text, word);
	}
	if (!cut && outline_line(l, line, &name))
		return str_ends(name, word);
	/* "} word;" ends a typedef; "struct word {" stands indented, too. */
	return str_starts(text, STR("}")) && str_ends(text, STR(";")) &&
	    str_find(text, word, 0) != SIZE_MAX;
}

bool
looks_binary(struct str line)
{
	size_t odd = 0;

	for (size_t i = 0; i < line.len; i++) {
		unsigned char c = (unsigned char)line.at[i];

		odd += c < 9 || (c > 13 && c < 32 && c != 27);
	}
	return odd > 2 && odd * 20 > line.len;
}
