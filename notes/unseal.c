#include "notes/unseal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/limits.h"
#include "core/text.h"
#include "notes/book.h"
#include "notes/findings.h"
#include "notes/record.h"
#include "notes/request.h"

struct unsealing {
	struct record *record;
	struct book *book;
	struct arena arena;
	struct start start; /* as the vault was opened last */
	int64_t time;       /* of the last entry */
};

static enum err
take(void *arg, const struct record_entry *r)
{
	struct unsealing *u = arg;
	struct arena a = { 0 };
	struct entry e;
	enum err rc = entry_read(&e, &a, r->type, r->body);

	if (rc == ERR_NONE) {
		e.seq = r->seq;
		e.time = u->time = r->time;
		rc = book_take(u->book, &e);
	}
	if (rc == ERR_NONE && e.type == ENTRY_OPEN) {
		u->start.title = arena_copy(&u->arena, e.title);
		u->start.auditor = arena_copy(&u->arena, e.by);
	}
	arena_release(&a);
	return rc;
}

static void
compose(struct unsealing *u, struct buf *out)
{
	size_t all = book_len(u->book), n = 0;
	struct findings_item *items =
	    arena_array(&u->arena, all, struct findings_item);
	struct chain_head head = record_head(u->record);
	char code[CHAIN_CODE];
	uint8_t id[CHAIN_ID];
	struct buf hex = { 0 };
	struct secret region;
	struct findings f = { .start = &u->start,
		.exported = u->time,
		.region = &region,
		.items = items };

	for (size_t i = 0; i < all; i++) {
		const struct book_item *it = book_at(u->book, i);

		if (it->now != NULL)
			items[n++] = (struct findings_item){ .now = it->now,
				.created = it->created,
				.red = true };
	}
	f.n_items = n;
	record_id(u->record, id);
	buf_hex(&hex, id, CHAIN_ID);
	chain_code(&head, code);
	f.record = buf_view(&hex);
	f.head = str_of(code);
	record_subkey(u->record, "vitrine/region/1", &region);
	findings_write(&f, out);
	seal_secret_release(&region);
	buf_release(&hex);
}

static enum err
unseal(struct unsealing *u, const struct request *o, const char *path,
    struct buf *out)
{
	struct seal_age_identity *id = NULL;
	char *whole = realpath(path, NULL);
	enum err rc = whole == NULL ?
	    fail(ERR_ABSENT, "%s: there is no such file", path) :
	    request_identity(&id, o);

	if (rc == ERR_NONE)
		rc = record_open(&u->record, whole);
	if (rc == ERR_NONE)
		rc = record_unlock_escrow(u->record, id, take, u);
	if (rc == ERR_NONE)
		compose(u, out);
	seal_age_identity_close(id);
	free(whole);
	return rc;
}

static const char usage[] =
    "usage: vitrine-report unseal -i KEYFILE RECORD.DB\n"
    "\n"
    "Opens a record with the key that its auditor named as escrow, and\n"
    "writes everything in it to standard output as findings.json.\n";

int
unseal_main(int argc, char **argv)
{
	struct request o = { 0 };
	struct unsealing u = { .book = book_open() };
	struct buf out = { 0 };
	int letter;
	enum err rc = ERR_NONE;

	while ((letter = getopt(argc, argv, "+i:P:h")) != -1)
		if (letter == 'i')
			o.identity = optarg;
		else if (letter == 'P')
			o.passphrase = optarg;
		else {
			fputs(usage, letter == 'h' ? stdout : stderr);
			book_close(u.book);
			return letter == 'h' ? 0 : 2;
		}
	if (o.identity == NULL || argc - optind != 1) {
		fputs(usage, stderr);
		book_close(u.book);
		return 2;
	}
	rc = text_start();
	if (rc == ERR_NONE)
		rc = seal_start();
	if (rc == ERR_NONE)
		rc = unseal(&u, &o, argv[optind], &out);
	if (rc != ERR_NONE)
		fprintf(stderr, "vitrine-report: unseal: %s\n",
		    err_text()[0] == '\0' ? err_name(rc) : err_text());
	else if (fwrite(out.at, 1, out.len, stdout) != out.len ||
	    fflush(stdout) != 0)
		rc = ERR_IO;
	if (out.at != NULL)
		seal_wipe(out.at, out.room);
	buf_release(&out);
	record_close(u.record);
	book_close(u.book);
	arena_release(&u.arena);
	return err_status(rc);
}
