#include "tui/options.h"

#include <getopt.h>
#include <string.h>

#include "core/limits.h"
#include "core/search.h"

static const char options_text[] =
    "usage: vitrine [options] REPOSITORY|SESSION\n"
    "       vitrine --proof [REPOSITORY|SESSION]\n"
    "       vitrine --search PATTERN [-Fimw] [--count] [GLOB...] "
    "REPOSITORY|SESSION\n"
    "       vitrine --verify REPORT REPOSITORY|SESSION\n"
    "\n"
    "Reads a git repository, or a review session made by vitrine-lab.\n"
    "\n"
    "  -r, --rev REVISION   what to open first\n"
    "  -d, --data FOLDER    where notes are kept\n"
    "  -a, --auditor NAME   who reads; in a session a name of its rules\n"
    "  -t, --term NAME      kind of terminal, instead of $TERM\n"
    "  -l, --log FILE       what the rooms say, for finding faults\n"
    "      --session        refuse what is no review session\n"
    "      --wipe           clear screen and scrollback at the end\n"
    "      --proof          try to break out of every room, say what held\n"
    "      --search PATTERN print the lines that match, for scripts\n"
    "  -F -i -m -w          literal text, either case, over lines, whole "
    "words\n"
    "      --in KINDS --joined   in comments,strings,code; over a backslash "
    "at an end\n"
    "      --count          only how many lines\n"
    "      --verify REPORT  say of each citation in it whether it holds\n"
    "  -h, --help           this text\n"
    "      --version        version\n"
    "\n"
    "Inside, ? lists the keys and Q leaves.  man vitrine says the rest.\n";

static const struct option options_long[] = {
	{ "rev", required_argument, NULL, 'r' },
	{ "data", required_argument, NULL, 'd' },
	{ "auditor", required_argument, NULL, 'a' },
	{ "term", required_argument, NULL, 't' },
	{ "log", required_argument, NULL, 'l' },
	{ "session", no_argument, NULL, 'S' },
	{ "wipe", no_argument, NULL, 'W' },
	{ "proof", no_argument, NULL, 'P' },
	{ "search", required_argument, NULL, 's' },
	{ "count", no_argument, NULL, 'c' },
	{ "verify", required_argument, NULL, 'v' },
	{ "in", required_argument, NULL, 'I' },
	{ "joined", no_argument, NULL, 'J' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

struct str
options_help(void)
{
	return (struct str){ options_text, sizeof options_text - 1 };
}

static enum err
take_kinds(struct options *o, struct str list)
{
	struct str word;

	while (str_cut(&list, ',', &word)) {
		uint32_t flag = str_eq(word, STR("comments")) ?
		    SEARCH_COMMENTS :
		    str_eq(word, STR("strings")) ? SEARCH_STRINGS :
		    str_eq(word, STR("code"))    ? SEARCH_CODE :
						   0;

		if (flag == 0)
			return fail(ERR_DENIED,
			    "--in takes comments, strings, code");
		o->flags |= flag;
	}
	return ERR_NONE;
}

static enum err
take(struct options *o, int letter, const char *value)
{
	switch (letter) {
	case 'r':
		o->revision = value;
		break;
	case 'd':
		o->data = value;
		break;
	case 'a':
		o->auditor = value;
		break;
	case 't':
		o->term = value;
		break;
	case 'l':
		o->log = value;
		break;
	case 'S':
		o->session = true;
		break;
	case 'W':
		o->wipe = true;
		break;
	case 'P':
		o->what = OPTIONS_PROOF;
		break;
	case 's':
		o->what = OPTIONS_SEARCH;
		o->pattern = value;
		break;
	case 'c':
		o->count = true;
		break;
	case 'v':
		o->what = OPTIONS_VERIFY;
		o->report = value;
		break;
	case 'i':
		o->flags |= SEARCH_IGNORE_CASE;
		break;
	case 'w':
		o->flags |= SEARCH_WORD;
		break;
	case 'F':
		o->flags |= SEARCH_LITERAL;
		break;
	case 'm':
		o->flags |= SEARCH_MULTI_LINE;
		break;
	case 'I':
		return take_kinds(o, str_of(value));
	case 'J':
		o->flags |= SEARCH_JOINED;
		break;
	case 'h':
		o->what = OPTIONS_HELP;
		break;
	case 'V':
		o->what = OPTIONS_VERSION;
		break;
	default:
		return ERR_DENIED;
	}
	return ERR_NONE;
}

/* Options of a search with a search only, and none of a locked session. */
static enum err
check_search(const struct options *o)
{
	bool is = o->what == OPTIONS_SEARCH;

	if (!is && (o->pattern != NULL || o->flags != 0 || o->count))
		return fail(ERR_DENIED,
		    "-i, -w, -F, -m, --in, --joined and --count go with "
		    "--search PATTERN only");
	if ((is || o->what == OPTIONS_VERIFY) && (o->session || o->wipe))
		return fail(ERR_DENIED,
		    "--search and --verify are for scripts, not for a locked "
		    "session (--session, --wipe)");
	if (is && strlen(o->pattern) > LIMIT_PATTERN)
		return fail(ERR_DENIED, "a pattern of more than %d bytes",
		    LIMIT_PATTERN);
	if (o->n_globs > SEARCH_GLOBS)
		return fail(ERR_DENIED, "more than %d globs", SEARCH_GLOBS);
	for (uint32_t i = 0; i < o->n_globs; i++)
		if (o->globs[i][0] == '\0' || strlen(o->globs[i]) > LIMIT_PATH)
			return fail(ERR_DENIED,
			    "a glob that is empty, or longer than a path");
	return ERR_NONE;
}

enum err
options_read(struct options *out, int argc, char **argv)
{
	struct options o = { 0 };
	int letter;

	opterr = 0;
	optind = 0; /* from the start, also when called again */
	while ((letter = getopt_long(argc, argv, ":r:d:a:t:l:iwFmh",
		    options_long, NULL)) != -1) {
		const char *last = argv[optind > 1 ? optind - 1 : 1];

		if (letter == ':')
			return fail(ERR_DENIED,
			    "%s needs a value; "
			    "vitrine --help lists the options",
			    last);
		if (letter == 'I' && take(&o, letter, optarg) != ERR_NONE)
			return ERR_DENIED;
		if (letter != 'I' && take(&o, letter, optarg) != ERR_NONE)
			return fail(ERR_DENIED,
			    "%s is no option; "
			    "vitrine --help lists them",
			    last);
		if (optarg != NULL && optarg[0] == '\0')
			return fail(ERR_DENIED,
			    "an option with an empty "
			    "value; vitrine --help lists them");
	}
	if (o.what == OPTIONS_SEARCH && argc - optind > 1) {
		o.globs = argv + optind;
		o.n_globs = (uint32_t)(argc - optind - 1);
		optind = argc - 1;
	}
	if (argc - optind > 1)
		return fail(ERR_DENIED,
		    "one repository or session, not %d: "
		    "vitrine --help",
		    argc - optind);
	if (argc - optind == 1)
		o.path = argv[optind];
	if (check_search(&o) != ERR_NONE)
		return ERR_DENIED;
	if ((o.what == OPTIONS_OPEN || o.what == OPTIONS_SEARCH ||
		o.what == OPTIONS_VERIFY) &&
	    o.path == NULL)
		return fail(ERR_DENIED,
		    "which repository or session?  "
		    "vitrine PATH, or vitrine --help");
	if (o.path != NULL && o.path[0] == '\0')
		return fail(ERR_DENIED, "the path is empty");
	*out = o;
	return ERR_NONE;
}
