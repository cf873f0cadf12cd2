/*
 * standing.h - who is affected by a finding: release by release, component
 * by component.
 *
 * From what is known, in this order: what a person decided about the
 * release; what the room found there (notes/findings.h, "places"); what the
 * auditor listed as affected.  A region that is not there is not affected
 * because the vulnerable code is not present; whether code can be reached is
 * never said.  What nobody looked at is under investigation.
 */
#pragma once

#include "notes/case.h"

struct standing {
	enum decision_standing is;
	enum findings_fix fix;       /* state of what would mend it there */
	enum findings_region region; /* unknown when nobody looked */
	struct str why;              /* one sentence; in a */
	const struct decision *by;   /* the decision it rests on, or NULL */
	bool elsewhere;              /* the region is in another component */
};

/* component may be empty: the whole product. */
struct standing standing_of(const struct case_file *c, struct arena *a,
    const struct case_item *it, struct str release, struct str component);

/* One answer for each release and component that is deployed, or, without
 * deployments, for each release that the exports name. */
struct standing_row {
	struct fleet_group where; /* n 0: nobody said that it runs anywhere */
	struct standing is;
};
uint32_t standing_rows(const struct case_file *c, struct arena *a,
    const struct case_item *it, const struct fleet_group *groups, uint32_t n,
    struct standing_row **out);

/* Every release that an export names, each once; in a. */
uint32_t standing_releases(const struct case_file *c, struct arena *a,
    struct str **out);
