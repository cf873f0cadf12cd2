#include "core/search_plan.h"

#include <stdlib.h>
#include <time.h>

enum {
	TRY_BYTES = 64 * 1024,          /* to learn how fast a way is */
	KEEP_BYTES = 4 * 1024 * 1024,   /* first run without looking */
	KEEP_MOST = 1024 * 1024 * 1024, /* each run is twice as long */
};

/* A kind of text: bytes, UTF-8, ASCII. */
struct kind {
	bool tried, never;
	struct search_filter *words;
	/* Nanoseconds and bytes of each way, of this round of trying. */
	double ns[SEARCH_WAYS];
	uint64_t bytes[SEARCH_WAYS], kept, keep;
	enum search_way best;
};

struct search_plan {
	struct arena a;
	struct search_pcre *pcre;
	const struct search_formula *formula[2]; /* [utf] */
	struct kind kinds[2][2];                 /* [utf][ascii] */
	struct kind *now;
	enum search_way way;
	struct timespec began;
	bool timed;
	int forced; /* -1: not */
};

struct search_plan *
search_plan_open(struct search_pcre *pcre)
{
	struct search_plan *p = calloc(1, sizeof *p);

	if (p == NULL)
		bug("no memory for a plan");
	p->pcre = pcre;
	p->forced = -1;
	for (int utf = 0; utf < 2; utf++)
		p->formula[utf] =
		    search_formula(&p->a, search_pcre_parse(pcre, utf)->root);
	return p;
}

void
search_plan_close(struct search_plan *p)
{
	if (p == NULL)
		return;
	for (int utf = 0; utf < 2; utf++)
		for (int ascii = 0; ascii < 2; ascii++)
			search_filter_close(p->kinds[utf][ascii].words);
	arena_release(&p->a);
	free(p);
}

static struct kind *
kind_of(struct search_plan *p, bool utf, bool ascii)
{
	struct kind *k = &p->kinds[utf][ascii];
	struct search_word words[SEARCH_WORDS_MAX];
	size_t n = 0;

	if (k->tried)
		return k;
	k->tried = true;
	k->best = SEARCH_WAY_WHOLE;
	if (!search_formula_words(p->formula[utf], ascii, words, &n))
		return k;
	k->never = n == 0;
	if (k->never)
		return k;
	k->words = search_filter_open(words, n);
	k->best = SEARCH_WAY_WORDS;
	k->keep = KEEP_BYTES;
	return k;
}

const struct search_formula *
search_plan_formula(const struct search_plan *p, bool utf)
{
	return p->formula[utf];
}

const struct search_filter *
search_plan_words(struct search_plan *p, bool utf, bool ascii, bool *never)
{
	const struct kind *k = kind_of(p, utf, ascii);

	*never = k->never;
	return k->words;
}

/* In turn until each is known; then the best for a while. */
static enum search_way
choose(struct search_plan *p, struct kind *k, bool utf)
{
	if (k->words == NULL)
		return SEARCH_WAY_WHOLE;
	/* Line by line nothing is faster than passing over lines. */
	if (!search_pcre_has_whole(p->pcre, utf))
		return SEARCH_WAY_WORDS;
	p->timed = true;
	if (k->bytes[SEARCH_WAY_WORDS] < TRY_BYTES)
		return SEARCH_WAY_WORDS;
	if (k->bytes[SEARCH_WAY_WHOLE] < TRY_BYTES)
		return SEARCH_WAY_WHOLE;
	p->timed = false;
	return k->best;
}

enum search_way
search_plan_begin(struct search_plan *p, bool utf, bool ascii)
{
	p->now = kind_of(p, utf, ascii);
	p->timed = false;
	if (p->forced == SEARCH_WAY_WHOLE ||
	    (p->forced >= 0 && p->now->words != NULL))
		return p->way = (enum search_way)p->forced;
	p->way = choose(p, p->now, utf);
	if (p->timed)
		clock_gettime(CLOCK_MONOTONIC, &p->began);
	return p->way;
}

static void
learn(struct search_plan *p, struct kind *k, size_t bytes)
{
	struct timespec t;
	double per[SEARCH_WAYS];

	clock_gettime(CLOCK_MONOTONIC, &t);
	k->ns[p->way] += (double)(t.tv_sec - p->began.tv_sec) * 1e9 +
	    (double)(t.tv_nsec - p->began.tv_nsec);
	k->bytes[p->way] += bytes;
	for (int w = 0; w < SEARCH_WAYS; w++) {
		if (k->bytes[w] < TRY_BYTES)
			return;
		per[w] = k->ns[w] / (double)k->bytes[w];
	}
	k->best = per[SEARCH_WAY_WORDS] <= per[SEARCH_WAY_WHOLE] ?
	    SEARCH_WAY_WORDS :
	    SEARCH_WAY_WHOLE;
	k->kept = 0;
}

void
search_plan_end(struct search_plan *p, size_t bytes)
{
	struct kind *k = p->now;

	if (p->timed) {
		learn(p, k, bytes);
		return;
	}
	k->kept += bytes;
	if (k->kept < k->keep)
		return;
	k->kept = 0;
	if (k->keep < KEEP_MOST)
		k->keep *= 2;
	for (int w = 0; w < SEARCH_WAYS; w++) {
		k->ns[w] = 0;
		k->bytes[w] = 0;
	}
}

void
search_plan_force(struct search_plan *p, enum search_way way)
{
	p->forced = (int)way;
}

void
search_plan_plain(struct search_plan *p, bool plain)
{
	for (int utf = 0; utf < 2; utf++)
		for (int ascii = 0; ascii < 2; ascii++) {
			struct kind *k = kind_of(p, utf, ascii);

			if (k->words != NULL)
				search_filter_wide(k->words, !plain);
		}
}

void
search_plan_text(struct search_plan *p, struct buf *b)
{
	const struct kind *k = kind_of(p, true, true);

	if (k->never)
		buf_str(b, STR("never"));
	else
		buf_str(b, k->words != NULL ? STR("words") : STR("whole"));
	buf_char(b, ' ');
	search_formula_text(p->formula[1], b);
}
