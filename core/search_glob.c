#include "core/search.h"

#include <string.h>

/*
 * Matches a set "[a-z]" at p, whose end is in *end; a '[' that never closes
 * is a plain character.
 */
static bool
match_set(struct str p, unsigned char c, size_t *end)
{
	size_t i = 1;
	bool no = i < p.len && (p.at[i] == '!' || p.at[i] == '^');
	bool in = false;

	if (no)
		i++;
	for (size_t first = i; i < p.len; i++) {
		unsigned char lo = (unsigned char)p.at[i], hi = lo;

		if (lo == ']' && i > first)
			break;
		if (i + 2 < p.len && p.at[i + 1] == '-' && p.at[i + 2] != ']') {
			hi = (unsigned char)p.at[i + 2];
			i += 2;
		}
		in = in || (c >= lo && c <= hi);
	}
	if (i >= p.len) {
		*end = 1;
		return c == '[';
	}
	*end = i + 1;
	return in != no;
}

/* One element of the glob that is no star; *used bytes of it. */
static bool
match_one(struct str p, char c, size_t *used)
{
	*used = 1;
	if (p.at[0] == '?')
		return c != '/';
	if (p.at[0] == '[')
		return match_set(p, (unsigned char)c, used) && c != '/';
	if (p.at[0] == '\\' && p.len > 1) {
		*used = 2;
		return p.at[1] == c;
	}
	return p.at[0] == c;
}

/*
 * Iterative, with one place to go back to for "*" and one for "**": linear
 * times linear at worst, whatever the glob.
 */
static bool
match(struct str p, struct str s)
{
	size_t pi = 0, si = 0, used;
	size_t star_p = SIZE_MAX, star_s = 0, deep_p = SIZE_MAX, deep_s = 0;

	for (;;) {
		if (pi < p.len && p.at[pi] == '*') {
			bool deep = pi + 1 < p.len && p.at[pi + 1] == '*';

			while (pi < p.len && p.at[pi] == '*')
				pi++;
			if (deep) {
				/* "a**" and "**" + "/": also no folder. */
				if (pi < p.len && p.at[pi] == '/' &&
				    (si == 0 || s.at[si - 1] == '/'))
					pi++;
				deep_p = pi;
				deep_s = si;
				star_p = SIZE_MAX;
			} else {
				star_p = pi;
				star_s = si;
			}
			continue;
		}
		if (pi == p.len && si == s.len)
			return true;
		if (pi < p.len && si < s.len &&
		    match_one(str_slice(p, pi, p.len), s.at[si], &used)) {
			pi += used;
			si++;
			continue;
		}
		if (star_p != SIZE_MAX && star_s < s.len &&
		    s.at[star_s] != '/') {
			si = ++star_s;
			pi = star_p;
			continue;
		}
		if (deep_p == SIZE_MAX || deep_s >= s.len)
			return false;
		/* After a slash in the glob only a folder may begin. */
		si = ++deep_s;
		if (deep_p > 0 && p.at[deep_p - 1] == '/')
			while (si < s.len && s.at[si - 1] != '/')
				si = ++deep_s;
		pi = deep_p;
		star_p = SIZE_MAX;
	}
}

static struct str
last_part(struct str path)
{
	size_t i = path.len;

	while (i > 0 && path.at[i - 1] != '/')
		i--;
	return str_slice(path, i, path.len - i);
}

/* "src/" and "src" let in all below a folder of that name at the top. */
static bool
is_below(struct str folder, struct str path)
{
	if (str_ends(folder, STR("/")))
		folder.len--;
	return folder.len > 0 && path.len > folder.len &&
	    path.at[folder.len] == '/' && str_starts(path, folder);
}

bool
search_glob(struct str glob, struct str path)
{
	if (str_starts(glob, STR("./")))
		glob = str_slice(glob, 2, glob.len);
	if (is_below(glob, path))
		return true;
	if (glob.len == 0 || memchr(glob.at, '/', glob.len) == NULL)
		return match(glob, last_part(path));
	if (glob.at[0] == '/')
		glob = str_slice(glob, 1, glob.len);
	return match(glob, path);
}

bool
search_wants_path(const struct query *q, struct str path)
{
	bool any = false, in = false;

	for (uint32_t i = 0; i < q->n_globs; i++) {
		struct str glob = q->globs[i];
		bool out = str_starts(glob, STR("!"));

		if (out && search_glob(str_slice(glob, 1, glob.len), path))
			return false;
		any = any || !out;
		in = in || (!out && search_glob(glob, path));
	}
	return in || !any;
}
