/*
 * show.h - sizes, dates, people and ids as all views show them.
 *
 * Dates are those of the person who made them, in their own zone: the same
 * on every desk, and what one may cite.
 */
#pragma once

#include "core/git_commit.h"

/* "512", "1.5k", "41.2M", "2.0G": at most 6 characters. */
void show_size(uint64_t bytes, struct buf *b);
/* "1,234,567" */
void show_count(uint64_t n, struct buf *b);

/* "2024-12-06", and with the time "2024-12-06 14:03 +0100"; a time that
 * no calendar has is "---- no --". */
void show_date(const struct person *p, struct buf *b);
void show_time(const struct person *p, struct buf *b);
/* "20m", "5h", "12d", "8w", "3y": how long before now; "" when after. */
void show_age(int64_t then, int64_t now, struct buf *b);

/* "JH" of "Junio C Hamano"; at most two letters, ASCII. */
void show_initials(struct str name, struct buf *b);

/* The first n hex digits. */
void show_id(const struct oid *id, unsigned n, struct buf *b);
