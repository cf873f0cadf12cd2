#include "policy/lab.h"

#include <stdio.h>
#include <time.h>

#include "core/anchor.h"
#include "core/git_blob.h"
#include "core/git_tree.h"
#include "core/io.h"
#include "core/limits.h"
#include "policy/excerpt.h"
#include "policy/lab_image.h"
#include "policy/press_page.h"
#include "policy/session.h"

enum { PRINTS_MAX = 1 << 30 };

/*
 * Pages that somebody asks for, made here of the session itself: what an
 * approver holds against the request before signing it.  The same rows and
 * pages as the checker makes, by the same functions; only the numbers and
 * the time are those of a proof.
 */
struct proof {
	struct arena a;
	struct session session;
	struct git_repo *repo;
	struct buf request, text;
	struct pages pages;
	struct press_stamp stamp;
	uint32_t number;
};

static enum err
read_lines(struct buf *out, struct press_cost *cost, struct proof *x,
    const struct press_place *l)
{
	struct git_bytes bytes = { 0 };
	struct tree_entry e;
	struct oid tree;
	enum err rc = git_tree_of(&tree, x->repo, &l->commit);

	if (rc == ERR_NONE)
		rc = git_tree_find(&e, x->repo, &tree, l->path);
	if (rc == ERR_NONE && !oid_eq(&e.id, &l->blob))
		rc = fail(ERR_DENIED,
		    "the request names another content of that file");
	if (rc == ERR_NONE)
		rc = git_blob_read(&bytes, x->repo, &e.id);
	if (rc == ERR_NONE) {
		buf_str(out, anchor_region(bytes.bytes, l->first, l->last));
		for (size_t i = 0; i < bytes.bytes.len; i++)
			cost->of += bytes.bytes.at[i] == '\n' ||
			    i + 1 == bytes.bytes.len;
	}
	git_repo_drop(&bytes);
	return rc;
}

static enum err
prove(struct proof *x, uint32_t i)
{
	const struct pages_place *want = &x->pages.places[i];
	struct buf lines = { 0 }, rows = { 0 };
	struct press_cost have = { 0 };
	enum err rc = read_lines(&lines, &have, x, &want->at);

	if (rc == ERR_NONE) {
		press_page_rows(&rows, buf_view(&lines), want->at.first,
		    PRESS_PAGES_MAX);
		have.lines = hash_of(buf_view(&lines));
		have.rows = hash_of(buf_view(&rows));
		rc = press_page_put(&x->text, &have.pages, &x->stamp, &want->at,
		    &have, buf_view(&rows), x->number, PRESS_PAGES_MAX);
	}
	if (rc == ERR_NONE &&
	    (have.of != want->cost.of || have.pages != want->cost.pages ||
		!hash_eq(&have.lines, &want->cost.lines) ||
		!hash_eq(&have.rows, &want->cost.rows)))
		rc = fail(ERR_DENIED,
		    "place %u: the lines of the session are not those of the "
		    "request",
		    i + 1);
	x->number += have.pages;
	buf_release(&lines);
	buf_release(&rows);
	return rc;
}

static enum err
read_request(struct proof *x, const char *path)
{
	struct pages p;
	enum err rc = io_read(&x->request, path, LIMIT_NOTE);

	if (rc == ERR_NONE)
		rc = pages_read(&p, &x->a, buf_view(&x->request));
	if (rc == ERR_NONE &&
	    rules_auditor(&x->session.rules, p.author) == NULL)
		rc = fail(ERR_DENIED, "%.*s is no auditor of this session",
		    STR_ARG(p.author));
	if (rc == ERR_NONE)
		rc = excerpt_request(&x->pages, &x->a, &x->session.rules,
		    p.author, buf_view(&x->request));
	return rc;
}

static enum err
say_pages(struct proof *x)
{
	enum err rc = lab_put(buf_view(&x->text));

	if (rc == ERR_NONE)
		fprintf(stderr,
		    "%u page%s, %u lines: as the session %.*s has them, and "
		    "as the request says\n",
		    x->pages.pages, x->pages.pages == 1 ? "" : "s",
		    x->pages.lines, STR_ARG(x->session.rules.session));
	return rc;
}

/* What left, sealed again: the file has no byte that anybody chose when it is
 * the one on the exit sheet. */
static enum err
seal_again(struct proof *x, const char *path)
{
	struct buf tar = { 0 }, prints = { 0 }, sealed = { 0 };
	struct excerpt e;
	struct hash h;
	enum err rc = io_read(&tar, path, LIMIT_BUNDLE);

	if (rc == ERR_NONE)
		rc = excerpt_read(&e, &x->a, &x->session.rules, buf_view(&tar));
	if (rc == ERR_NONE)
		rc = io_read(&prints,
		    arena_printf(&x->a, "%.*s/prints", STR_ARG(x->session.text))
			.at,
		    PRINTS_MAX);
	if (rc == ERR_NONE)
		rc = excerpt_seal(&sealed, &x->session.rules, buf_view(&tar),
		    buf_view(&prints));
	if (rc == ERR_NONE) {
		h = hash_of(buf_view(&sealed));
		buf_clear(&tar);
		buf_hex(&tar, h.at, HASH_BYTES);
		rc = lab_say("%.*s  %zu bytes\n", STR_ARG(buf_view(&tar)),
		    sealed.len);
	}
	buf_release(&tar);
	buf_release(&prints);
	buf_release(&sealed);
	return rc;
}

static enum err
prove_all(struct proof *x, const char *path)
{
	enum err rc = read_request(x, path);

	if (rc == ERR_NONE)
		rc = git_repo_open(&x->repo, x->session.git, true);
	if (rc != ERR_NONE)
		return rc;
	x->stamp = press_page_stamp(&x->a, &x->session.rules, x->pages.author,
	    x->pages.finding, (int64_t)time(NULL));
	/* Nobody shall take it for a page that left. */
	x->stamp.prefix = STR("PROOF-");
	for (uint32_t i = 0; i < x->pages.n && rc == ERR_NONE; i++)
		rc = prove(x, i);
	return rc == ERR_NONE ? say_pages(x) : rc;
}

static enum err
show_pages(const struct lab_args *args)
{
	struct proof x = { .number = 1 };
	struct session_trust trust = { 0 };
	enum err rc = seal_start();

	if (rc == ERR_NONE)
		rc = lab_image_trust(&trust, args);
	if (rc == ERR_NONE)
		rc = session_verify(&x.session, &x.a, args->rest[0], &trust,
		    NULL, NULL);
	if (rc == ERR_NONE)
		rc = args->option['t'] != NULL ? seal_again(&x, args->rest[1]) :
						 prove_all(&x, args->rest[1]);
	git_repo_close(x.repo);
	buf_release(&x.request);
	buf_release(&x.text);
	arena_release(&x.a);
	return rc;
}

const struct lab_command lab_pages_pages = {
	.name = "pages",
	.letters = "p:t",
	.least = 2,
	.most = 2,
	.usage = "[-p lab.pub] [-t] SESSION request.json",
	.help = "make the pages that are asked for, from the session itself, "
		"numbered as a\n\tproof; exit status 4 when the request is for "
		"other lines; -t: the tar that a\n\trecipient opened, sealed "
		"again: its SHA-256",
	.run = show_pages,
};
