/*
 * The official vectors of the age format, C2SP's CCTV, as the npm package
 * cctv-age has them: fetched by npm when the test runs, and skipped, with
 * the reason, where that cannot be.  Each is lines "key: value", an empty
 * line, and an age file, which may be compressed.  All of them are tried but
 * those for hybrid (post-quantum) recipients, which must be refused.
 */
#include "core/seal_age.h"

#include "core/hash.h"
#include "core/io.h"
#include "core/limits.h"
#include "tests/tool.h"

/* Writes every vector into a file of its name. */
#define FETCH                                                     \
	"timeout 90 npm pack --silent cctv-age@0.2.0 && tar xzf " \
	"cctv-age-*.tgz && "                                      \
	"mkdir v && node -e 'const a = require(\"./package\"); "  \
	"for (const k of Object.keys(a)) "                        \
	"require(\"fs\").writeFileSync(\"v/\" + k, a[k])'"

struct vector {
	struct str expect, payload, body;
	struct str identities[4], passphrases[4];
	int n, n_passphrases;
	bool compressed, known;
};

static struct vector
parse(struct str file)
{
	size_t end = str_find(file, STR("\n\n"), 0);
	struct str head = str_slice(file, 0, end), line;
	struct vector v = { .known = true,
		.body = str_slice(file, end + 2, file.len) };

	while (str_cut(&head, '\n', &line)) {
		size_t colon = str_find(line, STR(": "), 0);
		struct str key = str_slice(line, 0, colon);
		struct str value = str_slice(line, colon + 2, line.len);

		if (str_eq(key, STR("expect")))
			v.expect = value;
		else if (str_eq(key, STR("payload")))
			v.payload = value;
		else if (str_eq(key, STR("identity")) && v.n < 4)
			v.identities[v.n++] = value;
		else if (str_eq(key, STR("passphrase")) && v.n_passphrases < 4)
			v.passphrases[v.n_passphrases++] = value;
		else if (str_eq(key, STR("compressed")))
			v.compressed = str_eq(value, STR("zlib"));
		else if (!str_eq(key, STR("file key")) &&
		    !str_eq(key, STR("comment")) &&
		    !str_eq(key, STR("armored")))
			v.known = false;
	}
	return v;
}

/* zlib's stream behind a header of gzip: gzip complains about the sum and
 * gives all of it. */
static void
inflate(struct buf *out, struct str body)
{
	tool_write("z", str_slice(body, 2, body.len));
	tool_run("(printf '\\037\\213\\010\\0\\0\\0\\0\\0\\0\\0'; cat z) | "
		 "gzip -dc >plain");
	tool_read(out, "plain");
}

static enum err
open_it(struct buf *out, const struct vector *v, struct str file)
{
	enum err rc = ERR_DENIED;

	for (int i = 0; i < v->n && rc == ERR_DENIED; i++) {
		struct seal_age_identity *id = NULL;

		err_clear();
		rc = seal_age_identity_read(&id, v->identities[i]);
		if (rc == ERR_NONE)
			rc = seal_age_open(out, id, file, LIMIT_BUNDLE);
		seal_age_identity_close(id);
	}
	for (int i = 0; i < v->n_passphrases && rc == ERR_DENIED; i++) {
		struct secret phrase = { 0 };

		err_clear();
		seal_secret_init(&phrase, 64);
		rc = seal_secret_add(&phrase, v->passphrases[i].at,
		    v->passphrases[i].len);
		if (rc == ERR_NONE)
			rc = seal_age_open_locked(out, &phrase, file,
			    LIMIT_BUNDLE);
		seal_secret_release(&phrase);
	}
	return rc;
}

static bool
is_as_expected(const struct vector *v, enum err rc, const struct buf *out)
{
	struct hash want, got = hash_of(buf_view(out));

	if (str_eq(v->expect, STR("success")))
		return rc == ERR_NONE &&
		    str_unhex(v->payload, want.at, HASH_BYTES) == ERR_NONE &&
		    hash_eq(&want, &got);
	if (out->len != 0)
		return false;
	if (str_eq(v->expect, STR("no match")) ||
	    str_eq(v->expect, STR("HMAC failure")))
		return rc == ERR_DENIED;
	return rc == ERR_FORMAT || rc == ERR_DENIED || rc == ERR_LIMIT;
}

static void
every_vector_gives_what_it_expects(void **state)
{
	struct arena a = { 0 };
	struct buf file = { 0 }, plain = { 0 }, out = { 0 };
	struct io_names names;
	int tried = 0, opened = 0, wrong = 0;

	(void)state;
	tool_start();
	assert_int_equal(seal_start(), ERR_NONE);
	if (!tool_has("npm") || !tool_has("node") || tool_run(FETCH) != 0) {
		tool_end();
		skip_because("npm cannot fetch cctv-age here");
	}
	assert_int_equal(io_list(&names, &a, tool_path("v")), ERR_NONE);
	for (size_t i = 0; i < names.len; i++) {
		struct vector v;
		enum err rc;

		assert_int_equal(io_read(&file,
				     arena_printf(&a, "%s/%s", tool_path("v"),
					 names.at[i].at)
					 .at,
				     1 << 20),
		    ERR_NONE);
		v = parse(buf_view(&file));
		assert_true(v.known);
		if (str_find(names.at[i], STR("hybrid"), 0) != SIZE_MAX)
			v.expect = STR("refused");
		if (v.compressed)
			inflate(&plain, v.body);
		rc =
		    open_it(&out, &v, v.compressed ? buf_view(&plain) : v.body);
		tried++;
		opened += rc == ERR_NONE;
		if (!is_as_expected(&v, rc, &out)) {
			print_message("%s: %.*s expected, was %s: %s\n",
			    names.at[i].at, STR_ARG(v.expect), err_name(rc),
			    err_text());
			wrong++;
		}
		buf_clear(&out);
	}
	print_message("# %d vectors, %d of them open\n", tried, opened);
	assert_int_equal(wrong, 0);
	assert_true(tried > 130 && opened > 12);
	buf_release(&file);
	buf_release(&plain);
	buf_release(&out);
	arena_release(&a);
	tool_end();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_vector_gives_what_it_expects),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
