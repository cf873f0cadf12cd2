/*
 * paging.h - places that shall become pages of source: collected here,
 * measured and printed by the checker (policy/press.h).
 *
 * The notes room knows places and numbers, never a line.
 */
#pragma once

#include "policy/pages.h"
#include "tui/noting.h"

struct paging;

struct paging *paging_open(struct noting *n);
void paging_close(struct paging *g);        /* NULL is fine */
struct paging *paging_of(struct noting *n); /* the one of that room */

/* ERR_DENIED: no pages in this session, or nothing that can be printed;
 * ERR_LIMIT: too many at once. */
enum err paging_add(struct paging *g, const struct anchor *an) MUST_CHECK;
/* An order of the reading room that may be for these: false, and the reading
 * room is told why, when it chose lines that cannot be printed. */
bool paging_takes(struct paging *g, const struct hatch_open *o);
void paging_drop(struct paging *g, uint32_t i);
void paging_clear(struct paging *g);

/* What is collected, with what it costs as far as that is known. */
const struct pages *paging_pages(const struct paging *g);
bool paging_known(const struct paging *g);         /* all costs are */
struct str paging_trouble(const struct paging *g); /* why not; "" */
void paging_measure(struct paging *g);             /* asks for them again */
/* Facts for the gate, in a, with all that this record printed before. */
struct pages_facts *paging_facts(const struct paging *g, struct arena *a,
    const struct pages *p);

/* Numbers that pages begin with: "VEN-", of several auditors "VEN-ann-". */
struct str paging_prefix(const struct paging *g, struct arena *a);

/*
 * One request on its way to paper or into a file: with has its number, its
 * text, the author's signature and who agreed.  done() is called once, unless
 * another order comes in between.  ERR_LIMIT.
 */
enum err paging_make(struct paging *g, const struct pages *p,
    const struct press_order *with,
    void (*done)(void *arg, const struct press_answer *answer),
    void *arg) MUST_CHECK;
/* MSG_SEALED: sealed for the recipients, nothing that could be read here. */
enum err paging_piece(struct paging *g, struct str body) MUST_CHECK;
/* All of it, while done() runs; "": there is none. */
struct str paging_sealed(const struct paging *g);

/* Whatever comes back is not waited for any more. */
void paging_give_up(struct paging *g);

/* MSG_PAGED; a view that shows it is woken. */
void paging_answer(struct paging *g, const struct press_answer *answer);
