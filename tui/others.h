/*
 * others.h - which lines other auditors read, from the exports in inbox/ to
 * the gutter of the reading room.
 *
 * Sent when the vault opens and when an export is taken in; nothing while it
 * is locked.  An export by this auditor, of another record, is no other's.
 */
#pragma once

struct noting;

void others_send(struct noting *n);
