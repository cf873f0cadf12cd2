/*
 * reading_survey.h - how the reading stands, for what leaves the room.
 *
 * The notes room asks when somebody chooses what shall leave: where every
 * item is in every release (reading_refind.h), and how much of the revision
 * that is read was read, by folder.  Lines are counted once for a revision.
 */
#pragma once

struct reading;

void reading_survey_start(struct reading *r);
void reading_survey_release(struct reading *r);
