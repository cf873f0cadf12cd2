/*
 * port.h - one end of the channel between two rooms.
 *
 * A SOCK_SEQPACKET pair carries whole messages: header, then a body of at
 * most LIMIT_MESSAGE bytes.  Header, little endian: u16 type, u16 zero,
 * u32 length of the body.  There is no sequence number: the kernel keeps the
 * order, and a room that is started again takes over the same descriptors.
 *
 * Nobody trusts a message.  Each end names, in a table, the types it takes
 * and the shortest and longest body of each; anything else, or a descriptor
 * in the ancillary data, is a protocol error, after which no byte from the
 * peer is looked at any more.  Sending never blocks: what the kernel does
 * not take at once waits in a queue of at most LIMIT_QUEUE bytes.
 */
#pragma once

#include "core/loop.h"
#include "core/str.h"

struct port;

/* One row per type that this end takes.  Ends with a row of .fn == NULL. */
struct port_row {
	uint16_t type;
	uint32_t min, max; /* bytes of the body */
	/* ERR_NONE, or the protocol error that ends the port.  body is
	 * borrowed until the function returns. */
	enum err (*fn)(void *arg, struct str body);
};

/*
 * Takes fd over and makes it non-blocking.  gone() is called once, from the
 * loop: rc ERR_NONE when the peer hung up after a whole message, otherwise
 * the error, with err_text() set.  The port is closed by its owner, also
 * from inside gone().
 */
struct port *port_open(struct loop *l, int fd, const struct port_row *rows,
    void (*gone)(void *arg, enum err rc), void *arg);
void port_close(struct port *p); /* NULL is fine */

/* A body over LIMIT_MESSAGE is a bug; a full queue is the peer's fault and
 * ends the port through gone().  Sending to an ended port does nothing. */
void port_send(struct port *p, uint16_t type, struct str body);

/* Bytes that wait in the queue: senders of bulk keep it small. */
size_t port_queued(const struct port *p);

/* Calls fn from the loop whenever the queue has run empty; NULL: nobody. */
void port_on_empty(struct port *p, void (*fn)(void *arg), void *arg);

/*
 * For rooms that work without a loop (worker, searcher, checker): blocking,
 * on the same wire format.  port_read() replaces body; ERR_ABSENT: the peer
 * hung up.  The caller checks type and length as a table would.
 */
enum err port_read(int fd, uint16_t *type, struct buf *body) MUST_CHECK;
enum err port_write(int fd, uint16_t type, struct str body) MUST_CHECK;
/* The same, but asks stop() at least every 20 ms while the peer does not
 * read: ERR_STOPPED when it says true. */
enum err port_write_unless(int fd, uint16_t type, struct str body,
    bool (*stop)(void *arg), void *arg) MUST_CHECK;
