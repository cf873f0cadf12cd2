#include "notes/standing.h"

/* The decisions that speak of a release, or of any of those that were
 * declared one with this finding; the last counts. */
static const struct decision *
decided(const struct case_file *c, const struct case_item *it,
    struct str release)
{
	const struct decision *last = NULL;

	for (const struct decision *d = c->decisions; d != NULL; d = d->next)
		if (d->kind == DECISION_STATE && str_eq(d->release, release) &&
		    d->finding.number == it->now->seq &&
		    str_eq(d->finding.record, it->from->said.record))
			last = d;
	return last;
}

/* What the newest export of a finding says of a release; the release that
 * it was found in is unchanged there, whatever else is said. */
static bool
found(struct findings_place *out, const struct case_item *it,
    struct str release)
{
	const struct findings_read *f = &it->from->said;
	bool known = false;

	for (uint32_t i = 0; i < f->n_releases && it->now->anchored; i++)
		if (str_eq(f->releases[i].name, release) &&
		    oid_eq(&f->releases[i].commit, &it->now->at.commit)) {
			*out = (struct findings_place){
				.release = release,
				.region = REGION_UNCHANGED,
			};
			known = true;
		}
	for (uint32_t i = 0; i < it->more->n_places; i++)
		if (str_eq(it->more->places[i].release, release)) {
			enum findings_region here = out->region;

			*out = it->more->places[i];
			if (known && out->region == REGION_UNKNOWN)
				out->region = here;
			known = true;
		}
	return known;
}

static bool
is_listed(const struct entry_list *l, struct str word)
{
	for (uint32_t i = 0; i < l->len; i++)
		if (str_eq(l->at[i], word))
			return true;
	return false;
}

/* Whether a component holds the finding's file.  Nobody said where a
 * component is: it may hold every file. */
static bool
holds(const struct case_file *c, const struct case_item *it,
    struct str component)
{
	bool known = false;

	if (component.len == 0 || !it->now->anchored ||
	    it->now->at.path.len == 0)
		return true;
	for (const struct decision *d = c->decisions; d != NULL; d = d->next) {
		if (d->kind != DECISION_COMPONENT ||
		    !str_eq(d->component, component))
			continue;
		if (str_starts(it->now->at.path, d->prefix))
			return true;
		known = true;
	}
	return !known;
}

static struct standing
of_place(const struct findings_place *p, bool listed)
{
	struct standing s = { .fix = p->fix, .region = p->region };

	if (p->fix == FIX_PRESENT) {
		s.is = STANDING_FIXED;
		s.why = STR("what would mend it is there");
	} else if (p->region == REGION_ABSENT) {
		s.is = STANDING_NOT_AFFECTED;
		s.why = STR("the lines are not there");
	} else if (p->region == REGION_UNCHANGED || p->region == REGION_MOVED) {
		s.is = STANDING_AFFECTED;
		s.why = p->region == REGION_MOVED ?
		    STR("the same lines are there, at another place") :
		    STR("the same lines are there");
	} else if (listed) {
		s.is = STANDING_AFFECTED;
		s.why = STR("the auditor lists it as affected");
	} else {
		s.is = STANDING_INVESTIGATED;
		s.why = p->region == REGION_CHANGED ?
		    STR("the lines were changed: to be read again") :
		    STR("nobody has looked");
	}
	return s;
}

struct standing
standing_of(const struct case_file *c, struct arena *a,
    const struct case_item *it, struct str release, struct str component)
{
	const struct decision *d = decided(c, it, release);
	struct findings_place p = { .region = REGION_UNKNOWN };
	bool listed = is_listed(&it->now->affected, release);
	struct standing s;

	if (!found(&p, it, release))
		p = (struct findings_place){ .region = REGION_UNKNOWN };
	s = of_place(&p, listed);
	if (it->now->status == STATUS_WITHDRAWN) {
		s.is = STANDING_NOT_AFFECTED;
		s.why = STR("withdrawn by its author");
	}
	if (d != NULL) {
		s.is = d->standing;
		s.by = d;
		s.why = arena_printf(a, "%.*s (%.*s)", STR_ARG(d->reason),
		    STR_ARG(d->by));
	}
	if (!holds(c, it, component)) {
		s.is = STANDING_NOT_AFFECTED;
		s.elsewhere = true;
		s.why = STR("the lines are in another component");
	}
	return s;
}

uint32_t
standing_releases(const struct case_file *c, struct arena *a, struct str **out)
{
	struct str *names;
	uint32_t n = 0, most = 0;

	for (uint32_t i = 0; i < c->n_bundles; i++)
		most += c->bundles[i]->said.n_releases;
	names = arena_array(a, most, struct str);
	for (uint32_t i = 0; i < c->n_bundles; i++) {
		const struct findings_read *f = &c->bundles[i]->said;

		for (uint32_t k = 0; k < f->n_releases; k++) {
			uint32_t at = 0;

			while (
			    at < n && !str_eq(names[at], f->releases[k].name))
				at++;
			if (at == n)
				names[n++] = f->releases[k].name;
		}
	}
	*out = names;
	return n;
}

uint32_t
standing_rows(const struct case_file *c, struct arena *a,
    const struct case_item *it, const struct fleet_group *groups, uint32_t n,
    struct standing_row **out)
{
	struct standing_row *rows;
	struct str *releases;
	uint32_t known;

	if (n > 0) {
		rows = arena_array(a, n, struct standing_row);
		for (uint32_t i = 0; i < n; i++)
			rows[i] = (struct standing_row){ groups[i],
				standing_of(c, a, it, groups[i].release,
				    groups[i].component) };
		*out = rows;
		return n;
	}
	known = standing_releases(c, a, &releases);
	rows = arena_array(a, known, struct standing_row);
	for (uint32_t i = 0; i < known; i++)
		rows[i] = (struct standing_row){
			.where = { .release = releases[i] },
			.is = standing_of(c, a, it, releases[i],
			    (struct str){ 0 }),
		};
	*out = rows;
	return known;
}
