/*
 * vitrine-lab - what the lab's people do: prepare, check, approve, read the
 * journal.  man vitrine-lab(1).
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "policy/lab.h"
#include "policy/lab_image.h"

static const struct lab_command *const commands[] = {
	&lab_make_provision,
	&lab_make_scope,
	&lab_image_verify,
	&lab_image_countersign,
	&lab_image_squash,
	&lab_diff,
	&lab_people_sign,
	&lab_people_people,
	&lab_key_keygen,
	&lab_approve_request,
	&lab_pages_pages,
	&lab_approve_approve,
	&lab_approve_object,
	&lab_approve_confer,
	&lab_example_example,
	&lab_show_rules,
	&lab_journal_journal,
	&lab_ledger_ledger,
	&lab_pack_pack,
	&lab_station_command,
	&lab_close_command,
};

enum { COMMANDS = sizeof commands / sizeof *commands };

static int
usage(FILE *to, int status)
{
	fputs("usage: vitrine-lab COMMAND ...\n", to);
	for (int i = 0; i < COMMANDS; i++)
		fprintf(to, "\nvitrine-lab %s %s\n\t%s\n", commands[i]->name,
		    commands[i]->usage, commands[i]->help);
	return status;
}

static const struct lab_command *
find_command(const char *name)
{
	for (int i = 0; i < COMMANDS; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

static bool
read_args(struct lab_args *args, const struct lab_command *c, int argc,
    char **argv)
{
	/* What the commands do anyway, for who says it. */
	static const struct option words[] = {
		{ "explain", no_argument, NULL, 'e' },
		{ "simulate", no_argument, NULL, 's' },
		{ "dry-run", no_argument, NULL, 'n' },
		{ "all", no_argument, NULL, 'a' },
		{ "json", no_argument, NULL, 'j' },
		{ "verify", no_argument, NULL, 'v' },
		{ "root", required_argument, NULL, 'r' },
		{ NULL, 0, NULL, 0 },
	};
	int letter;

	opterr = 0;
	while (
	    (letter = getopt_long(argc, argv, c->letters, words, NULL)) != -1) {
		if (letter >= 128 || strchr(c->letters, letter) == NULL)
			return false;
		args->option[letter] = optarg == NULL ? "" : optarg;
	}
	args->rest = (const char *const *)argv + optind;
	args->n = argc - optind;
	return args->n >= c->least && args->n <= c->most;
}

int
main(int argc, char **argv)
{
	const struct lab_command *c;
	struct lab_args args = { 0 };
	bool no = false, misused = false;
	enum err rc;

	if (argc < 2)
		return usage(stderr, 2);
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)
		return usage(stdout, 0);
	c = find_command(argv[1]);
	if (c == NULL) {
		fprintf(stderr,
		    "vitrine-lab: no such command; vitrine-lab "
		    "--help lists them\n");
		return 2;
	}
	if (!read_args(&args, c, argc - 1, argv + 1)) {
		fprintf(stderr, "usage: vitrine-lab %s %s\n", c->name,
		    c->usage);
		return 2;
	}
	args.no = &no;
	args.misused = &misused;
	rc = c->run(&args);
	if (rc == ERR_NONE)
		return no ? 1 : 0;
	fprintf(stderr, "vitrine-lab: %s\n",
	    *err_text() == '\0' ? err_name(rc) : err_text());
	return misused ? 2 : err_status(rc);
}
