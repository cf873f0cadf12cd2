#include "policy/approval.h"

struct str
approval_comment(struct arena *a, const struct rules *r, const struct parcel *p)
{
	struct hash hash = hash_of(p->bytes);
	struct buf b = { 0 };
	struct str line;

	buf_printf(&b,
	    "vitrine approval session=%.*s author=%.*s "
	    "recipients=",
	    STR_ARG(r->session), STR_ARG(p->author));
	for (uint32_t i = 0; i < r->n_recipients; i++) {
		if (i > 0)
			buf_char(&b, ',');
		seal_age_recipient_write(&r->recipients[i].key, &b);
	}
	buf_str(&b, STR(" sha256="));
	buf_hex(&b, hash.at, HASH_BYTES);
	if (b.len > SIGN_COMMENT_MAX) {
		/* Many recipients: their hash names them as well. */
		hash = hash_of(buf_view(&b));
		buf_clear(&b);
		buf_printf(&b, "vitrine approval session=%.*s author=%.*s all=",
		    STR_ARG(r->session), STR_ARG(p->author));
		buf_hex(&b, hash.at, HASH_BYTES);
	}
	line = arena_copy(a, buf_view(&b));
	buf_release(&b);
	return line;
}

/* Whose approval it is; ERR_DENIED when it is nobody's, or not for this. */
static enum err
one(const struct rules_person **who, const struct rules *r,
    const struct parcel *p, struct str want, const struct approval *ap)
{
	const struct rules_person *person;
	struct str comment;
	uint8_t id[8];
	enum err rc = sign_key_of(id, ap->signature);

	if (rc != ERR_NONE)
		return rc;
	person = rules_approver(r, id);
	if (person == NULL)
		return fail(ERR_DENIED,
		    "an approval by a key that no approver has");
	rc = sign_verify(&comment, &person->key, p->bytes, ap->signature);
	if (rc != ERR_NONE)
		return fail(rc, "the approval of %.*s does not fit this text",
		    STR_ARG(person->name));
	if (!str_eq(comment, want))
		return fail(ERR_DENIED,
		    "the approval of %.*s is for another "
		    "session, author or recipients",
		    STR_ARG(person->name));
	if (str_eq(person->name, p->author))
		return fail(ERR_DENIED,
		    "%.*s cannot approve what is their "
		    "own",
		    STR_ARG(person->name));
	*who = person;
	return ERR_NONE;
}

static enum err
check_roles(const struct rules *r, const struct rules_person *const *by,
    size_t n)
{
	for (uint32_t i = 0; i < r->n_approvals_roles; i++) {
		size_t k = 0;

		while (k < n && !str_eq(by[k]->role, r->approvals_roles[i]))
			k++;
		if (k == n)
			return fail(ERR_DENIED,
			    "an approval of role %.*s is "
			    "missing",
			    STR_ARG(r->approvals_roles[i]));
	}
	return ERR_NONE;
}

enum err
approval_check(const struct rules *r, const struct parcel *p,
    const struct approval *approvals, size_t n)
{
	const struct rules_person **by;
	struct arena a = { 0 };
	struct str want = approval_comment(&a, r, p);
	enum err rc = ERR_NONE;

	by = arena_array(&a, n, const struct rules_person *);
	for (size_t i = 0; i < n && rc == ERR_NONE; i++) {
		rc = one(&by[i], r, p, want, &approvals[i]);
		for (size_t k = 0; k < i && rc == ERR_NONE; k++)
			if (by[k] == by[i])
				rc = fail(ERR_DENIED, "%.*s approved twice",
				    STR_ARG(by[i]->name));
	}
	if (rc == ERR_NONE && r->approvals_need == 0)
		rc = fail(ERR_DENIED,
		    "the rules do not say how many "
		    "approvals are needed (approval.need)");
	if (rc == ERR_NONE && n < r->approvals_need)
		rc = fail(ERR_DENIED, "%zu of %u approvals", n,
		    r->approvals_need);
	if (rc == ERR_NONE)
		rc = check_roles(r, by, n);
	arena_release(&a);
	return rc;
}
