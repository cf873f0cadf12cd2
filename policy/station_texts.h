/*
 * station_texts.h - files of a station that are the same on every one, and
 * units that are never started on any.
 */
#pragma once

struct station_text {
	const char *path; /* below the root; of what is masked: the unit */
	const char *text; /* NULL: masked */
	const char *why;
};

/* The last one has no path. */
extern const struct station_text station_texts[], station_texts_masked[];

/* The unit that shuts USB once what belongs to the station is there. */
extern const char station_texts_usb[];
