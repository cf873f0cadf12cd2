#include "core/search_plan.h"

#include <stdlib.h>
#include <time.h>

enum {
	TRY_BYTES = 64 * 1024,          /* to learn how fast a way is */
	KEEP_BYTES = 4 * 1024 * 1024,   /* first run without looking */
	KEEP_MOST = 1024 * 1024 * 1024, /* each run is twice as long */
	WORDS_FIRST = 512 * 1024, /* before a table is made beside words */
};

/* A kind of text: bytes, UTF-8, ASCII. */
struct kind {
	bool tried, never;
	struct search_filter *words;
	/* Nanoseconds and bytes of each way, of this round of trying. */
	double ns[SEARCH_WAYS];
	uint64_t bytes[SEARCH_WAYS], all, kept, keep;
	enum search_way best;
};

struct search_plan {
	struct arena a;
	struct search_pcre *pcre;
	const struct search_formula *formula[2]; /* [utf] */
	const struct search_grams *grams[2];     /* [utf], NULL: not yet */
	struct kind kinds[2][2];                 /* [utf][ascii] */
	struct search_dfa *tables[2];            /* [utf] */
	bool table_tried[2], multi_line, plain;
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
	p->multi_line = search_pcre_flags(pcre) & SEARCH_MULTI_LINE;
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
	for (int utf = 0; utf < 2; utf++) {
		for (int ascii = 0; ascii < 2; ascii++)
			search_filter_close(p->kinds[utf][ascii].words);
		search_dfa_close(p->tables[utf]);
	}
	arena_release(&p->a);
	free(p);
}

static void
try_words(const struct search_plan *p, struct kind *k, bool utf, bool ascii)
{
	struct search_word words[SEARCH_WORDS_MAX];
	size_t n = 0;

	k->tried = true;
	k->best = SEARCH_WAY_WHOLE;
	k->keep = KEEP_BYTES;
	if (!search_formula_words(p->formula[utf], ascii, words, &n))
		return;
	k->never = n == 0;
	if (k->never)
		return;
	k->words = search_filter_open(words, n);
	k->best = SEARCH_WAY_WORDS;
}

/* Asked for each text: the memory of the words is made (and zeroed) once. */
static struct kind *
kind_of(struct search_plan *p, bool utf, bool ascii)
{
	struct kind *k = &p->kinds[utf][ascii];

	if (!k->tried)
		try_words(p, k, utf, ascii);
	return k;
}

const struct search_formula *
search_plan_formula(const struct search_plan *p, bool utf)
{
	return p->formula[utf];
}

const struct search_grams *
search_plan_grams(struct search_plan *p, bool utf)
{
	if (p->grams[utf] == NULL)
		p->grams[utf] =
		    search_grams(&p->a, search_pcre_parse(p->pcre, utf)->root);
	return p->grams[utf];
}

const struct search_filter *
search_plan_words(struct search_plan *p, bool utf, bool ascii, bool *never)
{
	const struct kind *k = kind_of(p, utf, ascii);

	*never = k->never;
	return k->words;
}

struct search_dfa *
search_plan_table(struct search_plan *p, bool utf)
{
	if (p->table_tried[utf] || p->multi_line)
		return p->tables[utf];
	p->table_tried[utf] = true;
	p->tables[utf] = search_dfa_open(search_pcre_parse(p->pcre, utf)->root);
	if (p->tables[utf] != NULL && p->plain)
		search_dfa_wide(p->tables[utf], 0);
	return p->tables[utf];
}

/* Making a table takes longer than many a search with words. */
static bool
is_open(struct search_plan *p, const struct kind *k, bool utf,
    enum search_way way)
{
	switch (way) {
	case SEARCH_WAY_WORDS:
		return k->words != NULL;
	case SEARCH_WAY_TABLE:
		return (k->words == NULL || k->all > WORDS_FIRST) &&
		    search_plan_table(p, utf) != NULL;
	default:
		/* Line by line nothing is faster than passing over lines. */
		return search_pcre_has_whole(p->pcre, utf) ||
		    (k->words == NULL && search_plan_table(p, utf) == NULL);
	}
}

/* In turn until each is known; then the best for a while. */
static enum search_way
choose(struct search_plan *p, struct kind *k, bool utf)
{
	static const enum search_way ways[] = { SEARCH_WAY_WORDS,
		SEARCH_WAY_TABLE, SEARCH_WAY_WHOLE };

	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
		if (k->bytes[ways[i]] < TRY_BYTES &&
		    is_open(p, k, utf, ways[i])) {
			p->timed = true;
			return ways[i];
		}
	return k->best;
}

enum search_way
search_plan_begin(struct search_plan *p, bool utf, bool ascii)
{
	p->now = kind_of(p, utf, ascii);
	p->timed = false;
	if (p->forced == SEARCH_WAY_WHOLE ||
	    (p->forced == SEARCH_WAY_WORDS && p->now->words != NULL) ||
	    (p->forced == SEARCH_WAY_TABLE &&
		search_plan_table(p, utf) != NULL))
		return p->way = (enum search_way)p->forced;
	p->way = choose(p, p->now, utf);
	if (p->timed)
		clock_gettime(CLOCK_THREAD_CPUTIME_ID, &p->began);
	return p->way;
}

static void
learn(struct search_plan *p, struct kind *k, size_t bytes)
{
	struct timespec t;
	double least = 0;

	/* Of this process: what else runs is no reason to change the way. */
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	k->ns[p->way] += (double)(t.tv_sec - p->began.tv_sec) * 1e9 +
	    (double)(t.tv_nsec - p->began.tv_nsec);
	k->bytes[p->way] += bytes;
	for (int w = 0; w < SEARCH_WAYS; w++) {
		double per = k->ns[w] / (double)(k->bytes[w] + 1);

		if (k->bytes[w] == 0 || (least > 0 && per >= least))
			continue;
		least = per;
		k->best = (enum search_way)w;
	}
	k->kept = 0;
}

void
search_plan_end(struct search_plan *p, size_t bytes)
{
	struct kind *k = p->now;

	k->all += bytes;
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
search_plan_release(struct search_plan *p)
{
	p->forced = -1;
}

bool
search_plan_forced(const struct search_plan *p)
{
	return p->forced >= 0;
}

void
search_plan_plain(struct search_plan *p, bool plain)
{
	p->plain = plain;
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
		buf_str(b,
		    k->words != NULL                       ? STR("words") :
			search_plan_table(p, true) != NULL ? STR("table") :
							     STR("whole"));
	buf_char(b, ' ');
	search_formula_text(p->formula[1], b);
}
