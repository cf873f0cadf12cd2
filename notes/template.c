#include "notes/template.h"

#define V4(base) "CVSS:4.0/" base "/SC:N/SI:N/SA:N"
#define NET4 "AV:N/AC:L/AT:N/PR:N/UI:N"
#define NET3 "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U"

static const struct template templates[] = {
	{ "stack overflow", "CWE-121", V4(NET4 "/VC:H/VI:H/VA:H"),
	    NET3 "/C:H/I:H/A:H",
	    "[which field] of [which message] is copied to a buffer of [size] "
	    "on the stack without a check of its length.",
	    "[from where the length comes, every check on the way, who may "
	    "send it]",
	    "Check the length before the copy; refuse the message." },
	{ "heap overflow", "CWE-122", V4(NET4 "/VC:H/VI:H/VA:H"),
	    NET3 "/C:H/I:H/A:H",
	    "[which field] of [which message] is written beyond the [size] "
	    "bytes that were allocated.",
	    "[how the size is computed, how the length, who may send it]",
	    "Allocate by the length that is written, and check it." },
	{ "out-of-bounds read", "CWE-125", V4(NET4 "/VC:L/VI:N/VA:H"),
	    NET3 "/C:L/I:N/A:H",
	    "[which field] leads to a read beyond the end of the message.",
	    "[where the end is known, where it is not compared]",
	    "Compare with what is left of the message before each read." },
	{ "integer overflow", "CWE-190", V4(NET4 "/VC:H/VI:H/VA:H"),
	    NET3 "/C:H/I:H/A:H",
	    "[which sum or product] wraps for [which values] and is then used "
	    "as a size.",
	    "[types, the largest values that pass the checks before]",
	    "Check before the arithmetic, not after." },
	{ "use after free", "CWE-416", V4(NET4 "/VC:H/VI:H/VA:H"),
	    NET3 "/C:H/I:H/A:H",
	    "[which object] is used after [which path] has freed it.",
	    "[the order of events, who may bring it about]",
	    "One owner, who frees; others are told." },
	{ "unchecked length from the network", "CWE-130",
	    V4(NET4 "/VC:N/VI:N/VA:H"), NET3 "/C:N/I:N/A:H",
	    "The length in [which field] is believed.",
	    "[what it is used for, what happens at 0 and at the largest]",
	    "Compare with what has arrived." },
	{ "denial of service by a message", "CWE-400",
	    V4(NET4 "/VC:N/VI:N/VA:H"), NET3 "/C:N/I:N/A:H",
	    "[which message] ends [which service], or holds it for [how long].",
	    "[what is reached: assertion, endless loop, memory; how it "
	    "recovers]",
	    "Refuse the message, go on with the next." },
	{ "protocol robustness", "CWE-20", V4(NET4 "/VC:N/VI:N/VA:L"),
	    NET3 "/C:N/I:N/A:L",
	    "[which element], missing, twice or out of its order, is not "
	    "refused.",
	    "[what the standard says, what the code does instead]",
	    "Check what the standard demands before anything is used." },
	{ "unsafe call where a safe one exists", "CWE-676", "", "",
	    "[which call] is used where [which] takes a size.",
	    "[how many, how counted, in which component]",
	    "Replace it; let the build refuse it." },
	{ "safe function redefined as unsafe", "CWE-676", "", "",
	    "[which safe function] is a macro for [which unsafe one].",
	    "[the definition, the number of uses it makes unsafe]",
	    "Remove the definition; review every use." },
	{ "default or built-in credentials", "CWE-798",
	    V4(NET4 "/VC:H/VI:H/VA:H"), NET3 "/C:H/I:H/A:H",
	    "[which account or key] is the same in every device.",
	    "[where it is, what it opens, whether it can be changed]",
	    "Make one for each device; force a change at first use." },
	{ "weak cryptography", "CWE-327",
	    V4("AV:N/AC:H/AT:N/PR:N/UI:N/VC:H/VI:L/VA:N"),
	    "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:L/A:N",
	    "[what] is protected by [which algorithm, mode, key length].",
	    "[what follows from it, what the standard in force says]",
	    "[which algorithm], and a way to change it." },
	{ "predictable random numbers", "CWE-338",
	    V4("AV:N/AC:H/AT:N/PR:N/UI:N/VC:H/VI:L/VA:N"),
	    "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:L/A:N",
	    "[what] is made of [which source], which can be guessed.",
	    "[how it is seeded, what it is used for]",
	    "Take it from the system's generator." },
	{ "certificate not verified", "CWE-295",
	    V4("AV:N/AC:H/AT:N/PR:N/UI:N/VC:H/VI:H/VA:N"),
	    "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:N",
	    "[which connection] goes on when the peer's certificate is "
	    "[what].",
	    "[which call, which option, which result is not looked at]",
	    "Refuse the connection." },
	{ "missing authentication", "CWE-306", V4(NET4 "/VC:H/VI:H/VA:H"),
	    NET3 "/C:H/I:H/A:H",
	    "[which function] can be reached without [what].",
	    "[the way from the outside to it]",
	    "Ask for it before the function is reached." },
	{ "missing authorisation", "CWE-862",
	    V4("AV:N/AC:L/AT:N/PR:L/UI:N/VC:H/VI:H/VA:N"),
	    "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:N",
	    "[which function] does not ask whether [who] may use it.",
	    "[which others ask, and where]", "Ask in one place, for all." },
	{ "command injection", "CWE-78",
	    V4("AV:N/AC:L/AT:N/PR:L/UI:N/VC:H/VI:H/VA:H"),
	    "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H",
	    "[which input] becomes part of a command line.",
	    "[from where it comes, what is done to it on the way]",
	    "Start the program with a list of arguments, no shell." },
	{ "format string", "CWE-134", V4(NET4 "/VC:H/VI:H/VA:H"),
	    NET3 "/C:H/I:H/A:H", "[which input] is used as a format.",
	    "[from where it comes]",
	    "A constant format, the input as its argument." },
	{ "path traversal", "CWE-22", V4(NET4 "/VC:H/VI:L/VA:N"),
	    NET3 "/C:H/I:L/A:N", "[which name] may lead out of [which folder].",
	    "[what is refused, what is not]",
	    "Open below a folder that is held open, without links." },
	{ "race condition", "CWE-362",
	    V4("AV:L/AC:H/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H"),
	    "CVSS:3.1/AV:L/AC:H/PR:L/UI:N/S:U/C:H/I:H/A:H",
	    "Between [what] and [what], [who] may change [what].",
	    "[the two places, what holds them apart and what does not]",
	    "One lock, or one operation." },
	{ "logic error", "CWE-670", V4(NET4 "/VC:N/VI:L/VA:L"),
	    NET3 "/C:N/I:L/A:L",
	    "For [which case] the code does [what] where it should do [what].",
	    "[the conditions, one by one]", "[the condition as it should be]" },
	{ "text that is not what it looks like", "CWE-1007", "", "",
	    "The line is drawn as [what] and compiled as [what].",
	    "[which characters, where]",
	    "Remove them; let the build refuse them." },
	{ "outdated third-party component", "CWE-1104", "", "",
	    "A copy of [which library, version] with [which known flaws].",
	    "[how it was recognised, how many copies, which differ]",
	    "One copy, the present version, a way to replace it." },
	{ "undocumented function", "CWE-912", V4(NET4 "/VC:H/VI:H/VA:H"),
	    NET3 "/C:H/I:H/A:H",
	    "[which function] is reached by [what] and stands in no manual.",
	    "[the way to it, what it can do]",
	    "Remove it from what is shipped." },
};
enum { TEMPLATES = sizeof templates / sizeof *templates };

const struct template *
template_at(size_t i)
{
	return i < TEMPLATES ? &templates[i] : NULL;
}

const struct template *
template_next(struct str text, size_t *i)
{
	for (size_t k = 1; k <= TEMPLATES; k++) {
		size_t n = (*i + k) % TEMPLATES;

		if (str_find(str_of(templates[n].class), text, 0) == SIZE_MAX)
			continue;
		*i = n;
		return &templates[n];
	}
	return NULL;
}

/* Is this "[...]" one of the template's? */
static bool
has_blank(const struct template *t, struct str blank)
{
	return str_find(str_of(t->claim), blank, 0) != SIZE_MAX ||
	    str_find(str_of(t->evidence), blank, 0) != SIZE_MAX ||
	    str_find(str_of(t->remediation), blank, 0) != SIZE_MAX;
}

size_t
template_blanks(struct str text)
{
	size_t n = 0, at = 0, end;

	while ((at = str_find(text, STR("["), at)) != SIZE_MAX &&
	    (end = str_find(text, STR("]"), at)) != SIZE_MAX) {
		struct str blank = str_slice(text, at, end + 1 - at);
		/* "name[size]" is code. */
		bool word = at == 0 || text.at[at - 1] == ' ' ||
		    text.at[at - 1] == '\n';

		for (size_t i = 0; word && i < TEMPLATES; i++)
			if (has_blank(&templates[i], blank)) {
				n++;
				break;
			}
		at++;
	}
	return n;
}
