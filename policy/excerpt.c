#include "policy/excerpt.h"

#include <string.h>

#include "core/limits.h"
#include "core/tar.h"
#include "policy/press_page.h"

#define FIRST_LINE "vitrine-pages 1\n"

/* Pages are source, name paths, and say in words what for. */
static bool
must_agree(const struct rules *r)
{
	static const enum class all[] = { CLASS_EXCERPT, CLASS_PATH,
		CLASS_PROSE };

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (r->export.permit[all[i]] == PERMIT_APPROVAL)
			return true;
	return r->approve_all;
}

enum err
excerpt_may(const struct rules *r, const struct pages *p, struct str request,
    const struct approval *all, size_t n, int64_t now)
{
	const struct parcel parcel = { .author = p->author, .bytes = request };

	if (r->export.permit[CLASS_EXCERPT] == PERMIT_DENY)
		return fail(ERR_DENIED, "the rules let no page of source out");
	if (p->paper != r->excerpt.paper)
		return fail(ERR_DENIED, "the rules want pages %s",
		    r->excerpt.paper ? "on paper only" : "as a file");
	if (p->pages > r->excerpt.pages_one)
		return fail(ERR_DENIED,
		    "%u pages in one request; the rules allow %llu", p->pages,
		    (unsigned long long)r->excerpt.pages_one);
	for (uint32_t i = 0; i < p->n; i++)
		if (rules_bars(r, p->author, p->places[i].at.path) != NULL)
			return fail(ERR_DENIED,
			    "place %u is not for this person", i + 1);
	if (n == 0 && !must_agree(r))
		return ERR_NONE;
	return approval_check(r, &parcel, all, n, now);
}

enum err
excerpt_request(struct pages *out, struct arena *a, const struct rules *r,
    struct str who, struct str json)
{
	struct buf again = { 0 };
	struct pages p = { 0 };
	enum err rc = pages_read(&p, a, json);

	if (rc == ERR_ABSENT)
		rc = fail(ERR_FORMAT, "%s", err_text());
	if (rc == ERR_NONE) {
		pages_write(&p, &again);
		if (!str_eq(buf_view(&again), json))
			rc = fail(ERR_FORMAT,
			    "a request that is not as it is "
			    "always written");
	}
	if (rc == ERR_NONE &&
	    (!str_eq(p.session, r->session) || !str_eq(p.author, who)))
		rc = fail(ERR_DENIED,
		    "a request of another session or "
		    "person");
	if (rc == ERR_NONE)
		*out = p;
	buf_release(&again);
	return rc;
}

static void
put_file(struct buf *b, const struct tar_file *f)
{
	struct hash h = hash_of(f->bytes);

	buf_str(b, STR("file "));
	buf_hex(b, h.at, HASH_BYTES);
	buf_printf(b, " %zu %.*s\n", f->bytes.len, STR_ARG(f->name));
}

/* All but the manifest, in the order of the tar; in a. */
static uint32_t
list_files(struct tar_file **out, struct arena *a, const struct excerpt *x)
{
	struct tar_file *f =
	    arena_array(a, x->n_approvals + 3, struct tar_file);
	uint32_t n = 0;

	f[n++] = (struct tar_file){ STR("pages.json"), x->request };
	f[n++] = (struct tar_file){ STR("pages.json.minisig"), x->signature };
	for (uint32_t i = 0; i < x->n_approvals; i++)
		f[n++] = (struct tar_file){
			approval_file(a, x->approvals, i),
			x->approvals[i].signature,
		};
	f[n++] = (struct tar_file){ STR("pages.txt"), x->text };
	*out = f;
	return n;
}

static void
put_manifest(struct buf *b, struct arena *a, const struct rules *r,
    const struct excerpt *x, const struct tar_file *files, uint32_t n)
{
	struct str prefix = press_page_prefix(a, r, x->pages.author);

	buf_printf(b, FIRST_LINE "session %.*s\nperson %.*s\npages %u ",
	    STR_ARG(r->session), STR_ARG(x->pages.author), x->pages.pages);
	press_page_numbers(b, prefix, x->number, x->pages.pages);
	buf_str(b, STR("\nmade "));
	approval_time(b, x->when);
	buf_char(b, '\n');
	for (uint32_t i = 0; i < n; i++)
		put_file(b, &files[i]);
}

enum err
excerpt_pack(struct buf *tar, const struct rules *r, const struct excerpt *x)
{
	struct arena a = { 0 };
	struct buf manifest = { 0 };
	struct tar_file *files;
	uint32_t n = list_files(&files, &a, x);
	enum err rc;

	put_manifest(&manifest, &a, r, x, files, n);
	rc = tar_add(tar, STR("manifest"), buf_view(&manifest));
	for (uint32_t i = 0; i < n && rc == ERR_NONE; i++)
		rc = tar_add(tar, files[i].name, files[i].bytes);
	if (rc == ERR_NONE)
		tar_end(tar);
	buf_release(&manifest);
	arena_release(&a);
	return rc;
}

enum err
excerpt_seal(struct buf *out, const struct rules *r, struct str tar,
    struct str prints)
{
	struct seal_age_recipient to[SEAL_AGE_RECIPIENTS_MAX];
	struct hash_run run;
	struct hash seed;
	enum err rc;

	if (r->n_recipients > SEAL_AGE_RECIPIENTS_MAX)
		return fail(ERR_LIMIT, "%u recipients", r->n_recipients);
	for (uint32_t i = 0; i < r->n_recipients; i++)
		to[i] = r->recipients[i].key;
	hash_start(&run);
	hash_add(&run, STR("vitrine/pages/1"));
	hash_add(&run, prints);
	seed = hash_finish(&run);
	rc = seal_age_seal(out, tar, to, r->n_recipients, seed.at);
	seal_wipe(seed.at, sizeof seed.at);
	return rc;
}

bool
excerpt_is(struct str tar)
{
	/* The name of the first file is how a tar begins. */
	return str_starts(tar, (struct str){ "manifest\0", 9 });
}

static enum err
take_files(struct excerpt *x, struct arena *a, const struct tar *t)
{
	x->approvals = arena_array(a, t->n, struct approval);
	for (uint32_t i = 1; i < t->n; i++) {
		struct str name = t->files[i].name, bytes = t->files[i].bytes;

		if (str_eq(name, STR("pages.json")))
			x->request = bytes;
		else if (str_eq(name, STR("pages.json.minisig")))
			x->signature = bytes;
		else if (str_eq(name, STR("pages.txt")))
			x->text = bytes;
		else if (str_starts(name, STR("approvals/")))
			x->approvals[x->n_approvals++].signature = bytes;
		else
			return fail(ERR_FORMAT,
			    "it holds %.*s, which does not belong to pages",
			    STR_ARG(name));
	}
	return ERR_NONE;
}

/* "COUNT VEN-ann-000012 to ...": the number; 0: there is none. */
static uint32_t
number_in(struct str line, struct str prefix)
{
	struct str count;
	uint32_t n = 0;

	if (!str_cut(&line, ' ', &count) || !str_starts(line, prefix))
		return 0;
	for (size_t i = prefix.len; i < line.len && line.at[i] >= '0' &&
	     line.at[i] <= '9' && n < 1000 * 1000 * 100;
	     i++)
		n = n * 10 + (uint32_t)(line.at[i] - '0');
	return n;
}

/* Number and time, the two that only the manifest says; the rest is made
 * again and compared. */
static bool
take_numbers(struct excerpt *x, struct arena *a, const struct rules *r,
    struct str manifest)
{
	struct str prefix = press_page_prefix(a, r, x->pages.author), line;
	bool timed = false;

	while (str_cut(&manifest, '\n', &line)) {
		if (str_starts(line, STR("made ")))
			timed = approval_time_read(&x->when,
			    str_slice(line, 5, line.len));
		if (str_starts(line, STR("pages ")))
			x->number =
			    number_in(str_slice(line, 6, line.len), prefix);
	}
	return x->number > 0 && timed;
}

static enum err
check_manifest(struct excerpt *x, struct arena *a, const struct rules *r,
    struct str manifest)
{
	struct tar_file *files;
	struct buf again = { 0 };
	uint32_t n;
	bool same = take_numbers(x, a, r, manifest);

	n = list_files(&files, a, x);
	put_manifest(&again, a, r, x, files, n);
	same = same && str_eq(buf_view(&again), manifest);
	buf_release(&again);
	return same ?
	    ERR_NONE :
	    fail(ERR_DENIED, "its manifest does not fit what it holds");
}

static enum err
check(struct excerpt *x, struct arena *a, const struct rules *r,
    const struct tar *t)
{
	struct press_stamp stamp;
	struct pages p;
	enum err rc = pages_read(&p, a, x->request);

	if (rc == ERR_NONE)
		rc = excerpt_request(&x->pages, a, r, p.author, x->request);
	if (rc == ERR_NONE && rules_auditor(r, x->pages.author) == NULL)
		rc = fail(ERR_DENIED, "%.*s is no auditor of this session",
		    STR_ARG(x->pages.author));
	if (rc == ERR_NONE)
		rc = excerpt_may(r, &x->pages, x->request, x->approvals,
		    x->n_approvals, 0);
	if (rc == ERR_NONE)
		rc = check_manifest(x, a, r, t->files[0].bytes);
	if (rc != ERR_NONE)
		return rc;
	stamp =
	    press_page_stamp(a, r, x->pages.author, x->pages.finding, x->when);
	return press_page_check(x->text, &stamp, &x->pages, x->number);
}

enum err
excerpt_read(struct excerpt *out, struct arena *a, const struct rules *r,
    struct str bytes)
{
	struct excerpt x = { 0 };
	struct tar t;
	enum err rc = tar_read(&t, a, bytes, LIMIT_BUNDLE);

	if (rc == ERR_NONE &&
	    (t.n == 0 || !str_eq(t.files[0].name, STR("manifest"))))
		rc = fail(ERR_FORMAT, "it holds no pages");
	if (rc == ERR_NONE)
		rc = take_files(&x, a, &t);
	if (rc == ERR_NONE && (x.signature.len == 0 || x.text.len == 0))
		rc = fail(ERR_FORMAT, "it lacks pages.txt or a signature");
	if (rc == ERR_NONE)
		rc = check(&x, a, r, &t);
	if (rc == ERR_NONE)
		*out = x;
	return rc;
}
