/*
 * lab.h - the commands of vitrine-lab, and what they share.
 */
#pragma once

#include "core/arena.h"
#include "core/sign.h"
#include "policy/parcel.h"
#include "policy/rules.h"

/* The arguments behind the command: options with a letter, then the rest. */
struct lab_args {
	const char *option[128]; /* by letter: the value, "" for a flag */
	const char *const *rest;
	int n;
	bool *no;      /* set it: done, but the answer is no (exit status 1) */
	bool *misused; /* set it and fail: no such use (exit status 2) */
};

struct lab_command {
	const char *name;
	const char *letters; /* "c:o:n": as for getopt(3) */
	int least, most;     /* arguments that are no options */
	const char *usage, *help;
	enum err (*run)(const struct lab_args *args);
};

extern const struct lab_command lab_make_provision, lab_make_scope,
    lab_key_keygen, lab_approve_approve, lab_approve_object, lab_approve_confer,
    lab_approve_request, lab_show_rules, lab_journal_journal, lab_ledger_ledger,
    lab_pack_pack, lab_station_command, lab_close_command, lab_people_sign,
    lab_people_people, lab_example_example, lab_pages_pages;

/* To standard output. */
enum err lab_say(const char *fmt, ...) PRINTF(1, 2) MUST_CHECK;
enum err lab_put(struct str text) MUST_CHECK;

/* A line on standard error that the next one replaces, when a person looks;
 * NULL ends it. */
void lab_progress(void *arg, const char *what, uint64_t done, uint64_t of);
/* The same of several things at once: how far all is, and what is done. */
void lab_working(void *arg, unsigned thousandths, const char *what);

/* A minisign secret key; -P FILE holds the passphrase of a locked one. */
enum err lab_key_read(struct sign_secret **out, const char *path,
    const struct lab_args *args) MUST_CHECK;

/* session.conf, and that the rows it wants of a station exist. */
enum err lab_rules_read(struct rules *out, struct arena *a,
    const char *path) MUST_CHECK;

/* What left by all these journals, said, and that with this request it stays
 * within what the rules let the session and its author let out: ERR_DENIED. */
enum err lab_ledger_with(const struct rules *r, const struct parcel *p,
    const char *const *journals, int n) MUST_CHECK;

/* FILE holds all of bytes, or is as it was; mode 0644. */
enum err lab_replace(const char *path, struct str bytes) MUST_CHECK;

/* A new file, path and ending, whose name is then said. */
enum err lab_key_write(const char *path, const char *ending,
    struct str bytes) MUST_CHECK;

/* Whether to go on: -y says so, -n and no terminal not, else a person is
 * asked. */
enum err lab_agreed(const struct lab_args *args, const char *question,
    bool *yes) MUST_CHECK;

/* The folder of path opened, and the name in it (borrowed from path). */
enum err lab_split(int *dir, const char **name, struct arena *a,
    const char *path) MUST_CHECK;
