/*
 * outgoing_inside.h - the fields of one export, for tui/outgoing*.c.
 */
#pragma once

#include "policy/egress.h"
#include "tui/outgoing.h"
#include "tui/paging.h"

struct outgoing {
	struct noting *noting;
	struct paging *paging;
	/* Of one export: everything in arena. */
	struct arena arena;
	enum outgoing_state state;
	struct outgoing_item *items;
	size_t n_items;
	struct parcel parcel;
	struct str context;
	struct hash context_hash;
	struct verdict_source source;
	bool answered;
	struct gate gate;
	struct ledger ledger;
	struct approval *approvals;
	uint32_t n_approvals;
	uint32_t id;        /* of the last candidate */
	struct pages pages; /* when parcel.pages is there */
	struct str numbers; /* of its pages: "VEN-000001 to VEN-000004" */
	unsigned timer;
};

/* What outgoing.c has for outgoing_pages.c. */
enum err outgoing_may_begin(struct outgoing *s) MUST_CHECK;
enum err outgoing_submit(struct outgoing *s) MUST_CHECK;
enum err outgoing_add_line(struct outgoing *s, enum journal_kind kind,
    struct str what, const struct hash *hash) MUST_CHECK;
struct journal *outgoing_journal(const struct outgoing *s);
int64_t outgoing_seconds(const struct outgoing *s);
/* What egress.h is told of this export; borrows all of s. */
struct egress_order outgoing_order(struct outgoing *s);

/* The other way round. */
void outgoing_pages_set(struct outgoing *s, const struct pages *p);
/* Numbers them: a line in the journal.  ERR_DENIED as in egress.h. */
enum err outgoing_pages_number(struct outgoing *s,
    struct egress_receipt *receipt) MUST_CHECK;
enum err outgoing_pages_make(struct outgoing *s, uint32_t number) MUST_CHECK;
/* Nobody answers: the journal says so, the numbers stay used. */
void outgoing_pages_give_up(struct outgoing *s);
