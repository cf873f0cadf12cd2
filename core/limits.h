/*
 * limits.h - how much of anything from outside is accepted.
 *
 * These bound memory and time against hostile input.  What an agreement
 * negotiates (export sizes, quotas, hours) is not here: it is in
 * session.conf.  Every limit that is met is announced, never silent.
 */
#pragma once

enum {
	LIMIT_MESSAGE = 64 * 1024,      /* one message between rooms, bytes */
	LIMIT_QUEUE = 64 * 1024 * 1024, /* unsent bytes of one port */
	LIMIT_PATH = 4096,              /* a path inside a repository */
	LIMIT_REF_NAME = 1024,          /* a ref name */
	LIMIT_REFS = 200 * 1000,        /* refs of a repository */
	LIMIT_BLOB = 512 * 1024 * 1024, /* one blob shown or searched */
	LIMIT_TREE_DEPTH = 256,         /* folders inside folders */
	LIMIT_TREE_ENTRIES = 4 * 1000 * 1000, /* files of a revision */
	LIMIT_COMMIT = 16 * 1024 * 1024,      /* a commit object */
	LIMIT_HITS = 1000 * 1000,             /* lines that one search keeps */
	LIMIT_PATTERN = 4096,                 /* a search pattern */
	LIMIT_NOTE = 256 * 1024,         /* the text of a note or finding */
	LIMIT_TITLE = 256,               /* a title typed by a person */
	LIMIT_PASSPHRASE = 1024,         /* bytes of a passphrase */
	LIMIT_ENTRY = 1024 * 1024,       /* a sealed record entry */
	LIMIT_BUNDLE = 64 * 1024 * 1024, /* what one export may unpack to */
	LIMIT_WELCOME = 4096,            /* what a session says first */
	LIMIT_CONF = 48 * 1024,          /* session.conf */
	LIMIT_MANIFEST = 256 * 1024 * 1024,
	LIMIT_RELEASES = 1000, /* of a session */
	LIMIT_ROWS = 500,      /* of a terminal */
	LIMIT_COLUMNS = 500,
};
