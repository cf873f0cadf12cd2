#include "policy/egress.h"

#include "core/io.h"
#include "core/tar.h"
#include "policy/sheet.h"

#include <string.h>

enum err
egress_may(const struct egress_order *o)
{
	struct hash hash = hash_of(o->parcel->bytes);

	if (o->gate->n_rows == 0 || !hash_eq(&hash, &o->gate->of))
		return fail(ERR_DENIED, "the gate judged another text");
	if (o->gate->verdict != PASS && o->gate->verdict != ASK)
		return fail(ERR_DENIED, "the gate refuses it");
	if (o->gate->verdict == ASK && !o->rules->personal)
		return approval_check(o->rules, o->parcel, o->approvals,
		    o->n_approvals, o->now);
	return ERR_NONE;
}

/* The gate's word, the approvals and the author's signature, each for these
 * very bytes. */
static enum err
check(const struct egress_order *o)
{
	enum err rc = egress_may(o);

	if (rc != ERR_NONE)
		return rc;
	if (o->parcel->pages != NULL && o->rules->excerpt.paper)
		return fail(ERR_DENIED, "pages leave on paper only");
	/* The checker sealed it: it had the signature verified. */
	if (o->parcel->pages != NULL)
		return o->sealed.len > 0 && o->pages != NULL ?
		    ERR_NONE :
		    fail(ERR_DENIED, "the pages were not sealed");
	rc = sign_verify(NULL, o->author, o->parcel->bytes, o->signature);
	if (rc != ERR_NONE)
		return fail(rc, "the author's signature does not fit");
	return ERR_NONE;
}

static enum err
pack(struct buf *tar, const struct egress_order *o)
{
	struct arena a = { 0 };
	enum err rc = tar_add(tar, STR("findings.json"), o->parcel->bytes);

	if (rc == ERR_NONE)
		rc = tar_add(tar, STR("findings.json.minisig"), o->signature);
	for (size_t i = 0; i < o->n_approvals && rc == ERR_NONE; i++)
		rc = tar_add(tar, approval_file(&a, o->approvals, i),
		    o->approvals[i].signature);
	if (rc == ERR_NONE)
		tar_end(tar);
	arena_release(&a);
	return rc;
}

static enum err
seal(struct buf *sealed, struct str tar, const struct egress_order *o)
{
	struct seal_age_recipient to[SEAL_AGE_RECIPIENTS_MAX];
	size_t n = o->rules->n_recipients;

	if (o->rules->personal)
		return seal_age_seal(sealed, tar, o->to, o->n_to, o->seed);
	if (n > SEAL_AGE_RECIPIENTS_MAX)
		return fail(ERR_LIMIT, "%zu recipients", n);
	for (size_t i = 0; i < n; i++)
		to[i] = o->rules->recipients[i].key;
	return seal_age_seal(sealed, tar, to, n, o->seed);
}

static enum err
next_serial(uint32_t *serial, struct journal *j, int64_t now)
{
	struct arena a = { 0 };
	struct ledger ledger;
	enum err rc = ledger_read(&ledger, &a, j, now);

	if (rc == ERR_NONE)
		*serial = ledger.serial + 1;
	arena_release(&a);
	return rc;
}

/* Letters, digits and '-' of the author's name: it becomes a file name. */
static struct str
file_name(struct arena *a, uint32_t serial, struct str author,
    const char *ending)
{
	struct buf b = { 0 };
	struct str name;

	buf_printf(&b, "%04u-", serial);
	for (size_t i = 0; i < author.len && i < 64; i++) {
		char c = author.at[i];

		buf_char(&b,
		    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			    (c >= '0' && c <= '9') ?
			c :
			'-');
	}
	buf_str(&b, str_of(ending));
	name = arena_copy(a, buf_view(&b));
	buf_release(&b);
	return name;
}

/* The file and its sheet. */
static enum err
write_files(const struct egress_receipt *r, int outbox,
    const struct egress_order *o, struct str sealed)
{
	struct buf sheet = { 0 };
	enum err rc = io_create_at(outbox, r->file.at, sealed);

	sheet_exit(&sheet, o, r);
	if (rc == ERR_NONE)
		rc = io_create_at(outbox, r->sheet.at, buf_view(&sheet));
	buf_release(&sheet);
	return rc;
}

static enum err
write_out(struct egress_receipt *r, struct journal *j, int outbox,
    const struct egress_order *o, struct str sealed)
{
	struct journal_entry e = {
		.kind = JOURNAL_RELEASED,
		.when = o->now,
		.who = o->parcel->author,
		.what = r->file,
		.serial = r->serial,
		.bytes = r->bytes,
		.quoted = o->gate->quoted,
		.hash = o->gate->of,
	};
	enum err rc = journal_add(j, &e);

	if (rc != ERR_NONE)
		return rc;
	rc = write_files(r, outbox, o, sealed);
	if (rc != ERR_NONE)
		return fail(rc,
		    "%.*s is in the journal but could not be "
		    "written",
		    STR_ARG(r->file));
	return ERR_NONE;
}

enum err
egress_release(struct egress_receipt *out, struct arena *a, struct journal *j,
    int outbox, const struct egress_order *o)
{
	struct egress_receipt r = { .bytes = o->parcel->bytes.len };
	struct buf tar = { 0 }, sealed = { 0 };
	enum err rc = check(o);

	if (rc == ERR_NONE && o->pages != NULL)
		buf_str(&sealed, o->sealed);
	if (rc == ERR_NONE && o->pages == NULL)
		rc = pack(&tar, o);
	if (rc == ERR_NONE && o->pages == NULL)
		rc = seal(&sealed, buf_view(&tar), o);
	if (rc == ERR_NONE)
		rc = next_serial(&r.serial, j, o->now);
	if (rc == ERR_NONE) {
		r.file = file_name(a, r.serial, o->parcel->author, ".age");
		r.sheet = file_name(a, r.serial, o->parcel->author, ".txt");
		r.sealed = sealed.len;
		r.hash = hash_of(buf_view(&sealed));
		rc = write_out(&r, j, outbox, o, buf_view(&sealed));
	}
	if (rc == ERR_NONE)
		*out = r;
	buf_release(&tar);
	buf_release(&sealed);
	return rc;
}
