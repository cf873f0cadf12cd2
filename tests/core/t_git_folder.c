#include "core/git_folder.h"

#include "tests/t.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ENTRIES = 60, ROUNDS = 4000 };

static uint64_t state = 88172645463325252u;

static unsigned
dice(unsigned n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned)(state % n);
}

/* A folder as it is written: from nothing, or a few edits of another. */
struct row {
	char name[8];
	const char *mode;
	uint8_t id; /* all twenty bytes */
};

struct rows {
	struct row at[ENTRIES];
	unsigned n;
};

static const char *const modes[] = { "100644", "40000", "100755", "120000",
	"160000", "0100644" };

static void
random_row(struct row *r)
{
	unsigned len = 1 + dice(3);

	for (unsigned i = 0; i < len; i++)
		r->name[i] = "ab-./1"[dice(6)];
	r->name[len] = '\0';
	r->mode = modes[dice(6)];
	/* Bytes that look like the beginning of an entry are among them. */
	r->id = (uint8_t) "14 07a\0\377"[dice(8)];
}

static int
by_entry(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	struct tree_entry e = { .name = str_of(x->name),
		.kind = *x->mode == '4' ? TREE_FOLDER : TREE_FILE };
	struct tree_entry f = { .name = str_of(y->name),
		.kind = *y->mode == '4' ? TREE_FOLDER : TREE_FILE };
	char one[10], two[10];

	snprintf(one, sizeof one, "%s%s", x->name,
	    e.kind == TREE_FOLDER ? "/" : "");
	snprintf(two, sizeof two, "%s%s", y->name,
	    f.kind == TREE_FOLDER ? "/" : "");
	return strcmp(one, two);
}

/* As git has it: in order, no name twice. */
static void
put_right(struct rows *r)
{
	unsigned n = 0;

	qsort(r->at, r->n, sizeof *r->at, by_entry);
	for (unsigned i = 0; i < r->n; i++)
		if (n == 0 || by_entry(&r->at[n - 1], &r->at[i]) != 0)
			r->at[n++] = r->at[i];
	r->n = n;
}

static void
edit(struct rows *r, bool honest)
{
	for (unsigned k = dice(4); k > 0; k--) {
		unsigned i = r->n == 0 ? 0 : dice(r->n);

		if (r->n == 0 || (r->n < ENTRIES && dice(3) == 0)) {
			memmove(&r->at[i + 1], &r->at[i],
			    (r->n - i) * sizeof *r->at);
			random_row(&r->at[i]);
			r->n++;
		} else if (dice(2) == 0) {
			memmove(&r->at[i], &r->at[i + 1],
			    (r->n - i - 1) * sizeof *r->at);
			r->n--;
		} else {
			r->at[i].id = (uint8_t)dice(256);
		}
	}
	if (honest)
		put_right(r);
}

static struct str
written(struct buf *b, const struct rows *r)
{
	buf_clear(b);
	for (unsigned i = 0; i < r->n; i++) {
		buf_printf(b, "%s %s", r->at[i].mode, r->at[i].name);
		buf_char(b, '\0');
		for (unsigned k = 0; k < OID_BYTES; k++)
			buf_char(b, (char)r->at[i].id);
	}
	return buf_view(b);
}

static struct git_folder
parsed(struct str bytes, const struct git_folder *like)
{
	const struct git_bytes raw = { .bytes = bytes, .kind = GIT_TREE };
	const struct oid id = { 0 };
	struct git_folder f;

	assert_int_equal(git_folder_parse(&f, raw, &id, like), ERR_NONE);
	return f;
}

static void
same_entry(const struct tree_entry *a, const struct tree_entry *b)
{
	assert_true(str_eq(a->name, b->name));
	assert_true(oid_eq(&a->id, &b->id));
	assert_int_equal(a->mode, b->mode);
	assert_int_equal(a->kind, b->kind);
}

static void
same_folder(const struct git_folder *a, const struct git_folder *b)
{
	assert_int_equal(a->n, b->n);
	assert_int_equal(a->plain, b->plain);
	for (uint32_t i = 0; i < a->n; i++)
		assert_int_equal(a->at[i], b->at[i]);
}

static int
order(const struct tree_entry *a, const struct tree_entry *b)
{
	bool x = a->kind == TREE_FOLDER, y = b->kind == TREE_FOLDER;
	struct buf p = { 0 }, q = { 0 };
	int sign;

	buf_printf(&p, "%.*s%s", STR_ARG(a->name), x ? "/" : "");
	buf_printf(&q, "%.*s%s", STR_ARG(b->name), y ? "/" : "");
	sign = str_cmp(buf_view(&p), buf_view(&q));
	if (sign == 0)
		sign =
		    (a->name.len > b->name.len) - (a->name.len < b->name.len);
	buf_release(&p);
	buf_release(&q);
	return sign;
}

/* Two lists side by side, every entry looked at. */
static void
same_differences(const struct git_folder *old, const struct git_folder *new)
{
	struct git_folder_diff d;
	uint32_t i = 0, k = 0;

	git_folder_diff(&d, old, new);
	while (i < old->n || k < new->n) {
		struct tree_entry o = { 0 }, n = { 0 };
		int sign = i == old->n ? 1 : -1;

		if (i < old->n)
			o = git_folder_entry(old, i);
		if (k < new->n)
			n = git_folder_entry(new, k);
		if (i < old->n && k < new->n)
			sign = order(&o, &n);
		i += sign <= 0;
		k += sign >= 0;
		if (sign == 0 && oid_eq(&o.id, &n.id) &&
		    (o.kind == TREE_FOLDER || o.mode == n.mode))
			continue;
		assert_true(git_folder_next(&d));
		assert_int_equal(d.o != NULL, sign <= 0);
		assert_int_equal(d.n != NULL, sign >= 0);
		if (d.o != NULL)
			same_entry(d.o, &o);
		if (d.n != NULL)
			same_entry(d.n, &n);
	}
	assert_false(git_folder_next(&d));
}

static void
compare_versions(bool honest)
{
	static struct rows now;
	struct buf one = { 0 }, two = { 0 };
	unsigned plain = 0;

	now.n = 0;
	for (unsigned round = 0; round < ROUNDS; round++) {
		struct git_folder old, new, like;

		if (round % 50 == 0)
			now.n = 0;
		while (round % 50 == 0 && now.n < dice(ENTRIES))
			random_row(&now.at[now.n++]);
		if (honest)
			put_right(&now);
		old = parsed(written(&one, &now), NULL);
		edit(&now, honest);
		new = parsed(written(&two, &now), NULL);
		like = parsed(buf_view(&two), &old);
		same_folder(&like, &new);
		same_differences(&old, &new);
		same_differences(&new, &old);
		same_differences(&new, &like);
		plain += new.plain;
		git_folder_release(&old);
		git_folder_release(&new);
		git_folder_release(&like);
	}
	/* Both sorts were looked at. */
	assert_true(honest ? plain == ROUNDS : plain < ROUNDS / 2);
	buf_release(&one);
	buf_release(&two);
}

static void
a_version_is_the_same_with_and_without_another(void **arg)
{
	(void)arg;
	compare_versions(true);
}

static void
also_when_names_are_out_of_order_or_twice(void **arg)
{
	(void)arg;
	compare_versions(false);
}

/* Cut anywhere, and read as a version of what it was cut from. */
static void
damage_is_found_beside_a_sound_one(void **arg)
{
	struct rows r = { .n = 0 };
	struct buf whole = { 0 };
	const struct oid id = { 0 };
	struct git_folder f, g;
	struct str bytes;

	(void)arg;
	for (unsigned i = 0; i < 9; i++)
		random_row(&r.at[r.n++]);
	put_right(&r);
	bytes = written(&whole, &r);
	f = parsed(bytes, NULL);
	for (size_t len = 0, entry = 0; len <= bytes.len; len++) {
		const struct git_bytes raw = { .bytes = { bytes.at, len },
			.kind = GIT_TREE };
		enum err rc = git_folder_parse(&g, raw, &id, &f);

		entry += entry < f.n && f.at[entry] == len;
		if (len == bytes.len || (entry > 0 && f.at[entry - 1] == len)) {
			assert_int_equal(rc, ERR_NONE);
			git_folder_release(&g);
		} else {
			assert_int_equal(rc, ERR_FORMAT);
		}
	}
	git_folder_release(&f);
	buf_release(&whole);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    a_version_is_the_same_with_and_without_another),
		cmocka_unit_test(also_when_names_are_out_of_order_or_twice),
		cmocka_unit_test(damage_is_found_beside_a_sound_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
