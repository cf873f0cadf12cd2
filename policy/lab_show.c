#include "policy/lab.h"

#include "core/io.h"
#include "policy/lab_simulate.h"
#include "policy/rules.h"

/* Of each person named, or of everybody. */
static enum err
explain(const struct rules *r, const struct lab_args *args)
{
	struct buf text = { 0 };
	enum err rc = ERR_NONE;

	if (args->n == 1)
		rules_explain(r, &text);
	for (int i = 1; i < args->n && rc == ERR_NONE; i++)
		rc = rules_explain_person(r, str_of(args->rest[i]), &text);
	if (rc == ERR_NONE)
		rc = lab_put(buf_view(&text));
	buf_release(&text);
	return rc;
}

static enum err
show_rules(const struct lab_args *args)
{
	struct arena a = { 0 };
	struct rules rules;
	enum err rc = lab_rules_read(&rules, &a, args->rest[0]);

	if (rc == ERR_NONE && args->option['s'] == NULL)
		rc = explain(&rules, args);
	else if (rc == ERR_NONE && args->n < 2)
		rc = fail(ERR_DENIED, "--simulate wants reports to judge");
	else if (rc == ERR_NONE)
		rc = lab_simulate(&rules, args);
	arena_release(&a);
	return rc;
}

const struct lab_command lab_show_rules = {
	.name = "rules",
	.letters = "esf:",
	.least = 1,
	.most = 10000,
	.usage = "[--explain] session.conf [PERSON ...] |\n"
		 "vitrine-lab rules --simulate [-f prints] session.conf FILE "
		 "...",
	.help = "say in plain sentences what the rules mean, for everybody "
		"or for one\n\tperson, or where they are wrong",
	.run = show_rules,
};
