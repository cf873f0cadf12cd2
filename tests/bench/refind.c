/*
 * refind - where regions of one revision stand in another.
 *
 * refind GITDIR OLD NEW    commits, 40 hex digits
 * stdin: "path first last" a line; stdout: "state first last path".
 */
#include "core/git_refind.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/git_blob.h"
#include "core/git_tree.h"

static struct git_repo *repo;
static struct oid tree;

static bool
anchor_of(struct anchor *an, char *line)
{
	char *path = strtok(line, " "), *first = strtok(NULL, " ");
	char *last = strtok(NULL, " \n");
	struct tree_entry e;

	if (last == NULL ||
	    git_tree_find(&e, repo, &tree, str_of(path)) != ERR_NONE)
		return false;
	an->path = str_of(path);
	an->blob = e.id;
	an->first = (uint32_t)strtoul(first, NULL, 10);
	an->last = (uint32_t)strtoul(last, NULL, 10);
	return true;
}

int
main(int argc, char **argv)
{
	struct git_refind *f;
	struct oid old, new;
	char line[4096];

	if (argc != 4 ||
	    str_unhex(str_of(argv[2]), old.id, OID_BYTES) != ERR_NONE ||
	    str_unhex(str_of(argv[3]), new.id, OID_BYTES) != ERR_NONE ||
	    git_repo_open(&repo, str_of(argv[1]), false) != ERR_NONE ||
	    git_tree_of(&tree, repo, &old) != ERR_NONE ||
	    git_refind_open(&f, repo, &old, &new) != ERR_NONE) {
		fprintf(stderr, "refind: %s\n", err_text());
		return 2;
	}
	while (fgets(line, sizeof line, stdin) != NULL) {
		struct anchor an = { .commit = old };
		struct arena a = { 0 };
		struct refind r;

		if (!anchor_of(&an, line) ||
		    git_refind_at(&r, &a, f, &an, NULL, NULL) != ERR_NONE) {
			fprintf(stderr, "refind: %s\n", err_text());
			return 2;
		}
		printf("%s %u %u %.*s\n", anchor_state_name(r.state),
		    r.at.first, r.at.last, STR_ARG(r.at.path));
		arena_release(&a);
	}
	git_refind_close(f);
	git_repo_close(repo);
	return 0;
}
