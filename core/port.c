#include "core/port.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/limits.h"
#include "core/wire.h"

enum { PORT_HEADER = 8, PORT_BATCH = 64, PORT_ASK_MS = 20 };

struct packet {
	struct packet *next;
	size_t len;
	char at[];
};

struct port {
	struct loop *loop;
	int fd;
	const struct port_row *rows;
	void (*gone)(void *, enum err);
	void *arg;
	void (*empty)(void *);
	void *empty_arg;
	struct packet *first, **last;
	size_t queued;
	bool ended, overflow, *closed;
	char in[PORT_HEADER + LIMIT_MESSAGE];
};

static void on_ready(void *arg, int events);

struct port *
port_open(struct loop *l, int fd, const struct port_row *rows,
    void (*gone)(void *, enum err), void *arg)
{
	struct port *p = malloc(sizeof *p);
	int flags = fcntl(fd, F_GETFL);

	if (p == NULL)
		bug("no memory for a port");
	memset(p, 0, offsetof(struct port, in));
	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
		bug("descriptor %d of a port: %s", fd, strerror(errno));
	p->loop = l;
	p->fd = fd;
	p->rows = rows;
	p->gone = gone;
	p->arg = arg;
	p->last = &p->first;
	loop_watch(l, fd, LOOP_READ, on_ready, p);
	return p;
}

void
port_close(struct port *p)
{
	if (p == NULL)
		return;
	if (p->closed != NULL)
		*p->closed = true;
	loop_drop(p->loop, p->fd);
	close(p->fd);
	while (p->first != NULL) {
		struct packet *next = p->first->next;

		free(p->first);
		p->first = next;
	}
	free(p);
}

static void
end(struct port *p, enum err rc)
{
	if (p->ended)
		return;
	p->ended = true;
	loop_drop(p->loop, p->fd);
	p->gone(p->arg, rc);
}

static void
encode_header(char *at, uint16_t type, size_t len)
{
	const uint32_t n = (uint32_t)len;

	at[0] = (char)type;
	at[1] = (char)(type >> 8);
	at[2] = at[3] = 0;
	for (int i = 0; i < 4; i++)
		at[4 + i] = (char)(n >> (8 * i));
}

/* true: taken by the kernel; false: has to wait.  *rc: the peer is gone. */
static bool
try_send(struct port *p, const char *at, size_t len, enum err *rc)
{
	ssize_t n;

	do
		n = send(p->fd, at, len, MSG_NOSIGNAL | MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	if (n >= 0)
		return true;
	if (errno != EAGAIN && errno != EWOULDBLOCK && errno != ENOBUFS)
		*rc = ERR_IO;
	return false;
}

static void
enqueue(struct port *p, struct packet *packet)
{
	if (p->queued + packet->len > LIMIT_QUEUE) {
		free(packet);
		p->overflow = true;
		return;
	}
	packet->next = NULL;
	*p->last = packet;
	p->last = &packet->next;
	p->queued += packet->len;
	loop_watch(p->loop, p->fd, LOOP_READ | LOOP_WRITE, on_ready, p);
}

void
port_send(struct port *p, uint16_t type, struct str body)
{
	struct packet *packet;
	enum err rc = ERR_NONE;

	if (body.len > LIMIT_MESSAGE)
		bug("a message of %zu bytes, type %u", body.len, type);
	if (p->ended || p->overflow)
		return;
	packet = malloc(sizeof *packet + PORT_HEADER + body.len);
	if (packet == NULL)
		bug("no memory for a message");
	packet->len = PORT_HEADER + body.len;
	encode_header(packet->at, type, body.len);
	if (body.len > 0)
		memcpy(packet->at + PORT_HEADER, body.at, body.len);
	if (p->first == NULL && try_send(p, packet->at, packet->len, &rc)) {
		free(packet);
		return;
	}
	/* A dead peer is told from the loop, never from inside a send. */
	enqueue(p, packet);
}

size_t
port_queued(const struct port *p)
{
	return p->queued;
}

void
port_on_empty(struct port *p, void (*fn)(void *), void *arg)
{
	p->empty = fn;
	p->empty_arg = arg;
}

static enum err
flush(struct port *p)
{
	enum err rc = ERR_NONE;

	while (p->first != NULL) {
		struct packet *packet = p->first;

		if (!try_send(p, packet->at, packet->len, &rc))
			return rc;
		p->first = packet->next;
		if (p->first == NULL)
			p->last = &p->first;
		p->queued -= packet->len;
		free(packet);
	}
	loop_watch(p->loop, p->fd, LOOP_READ, on_ready, p);
	return ERR_NONE;
}

/* One packet into in: its length, 0 at the end, -1 with errno.  A control
 * buffer of no size makes the kernel drop descriptors and say so. */
static ssize_t
receive(int fd, char *in, size_t room, int flags, bool *control)
{
	struct iovec iov = { in, room };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	bool reset = false;
	ssize_t n;

	/* A peer that ended with messages unread leaves a reset in front of
	 * its own last words; it is said once. */
	do {
		n = recvmsg(fd, &msg, flags | MSG_TRUNC);
		if (n < 0 && errno == ECONNRESET && !reset) {
			reset = true;
			errno = EINTR;
		}
	} while (n < 0 && errno == EINTR);
	*control = n >= 0 && (msg.msg_flags & MSG_CTRUNC) != 0;
	return n;
}

static enum err
decode(const char *in, size_t n, uint16_t *type, struct str *body)
{
	struct wire w = wire_of((struct str){ in, n });
	uint16_t zero;
	uint32_t len;

	*type = wire_u16(&w);
	zero = wire_u16(&w);
	len = wire_u32(&w);
	if (w.bad || zero != 0 || len != w.rest.len)
		return fail(ERR_FORMAT, "a message with a bad header");
	*body = w.rest;
	return ERR_NONE;
}

static const struct port_row *
find_row(const struct port *p, uint16_t type)
{
	const struct port_row *row = p->rows;

	while (row->fn != NULL && row->type != type)
		row++;
	return row->fn == NULL ? NULL : row;
}

static enum err
deliver(struct port *p, size_t n)
{
	const struct port_row *row;
	struct str body;
	uint16_t type;
	enum err rc;

	rc = decode(p->in, n, &type, &body);
	if (rc != ERR_NONE)
		return rc;
	row = find_row(p, type);
	if (row == NULL)
		return fail(ERR_FORMAT, "a message of unknown type %u", type);
	if (body.len < row->min || body.len > row->max)
		return fail(ERR_FORMAT, "message type %u has %zu bytes", type,
		    body.len);
	return row->fn(p->arg, body);
}

/*
 * ERR_ABSENT: the peer hung up.  At most PORT_BATCH messages at a time, so
 * that one chatty peer cannot keep the others waiting.  Stops at once when a
 * message made the owner close this port: then p is gone.
 */
static enum err
take_all(struct port *p, const bool *closed)
{
	bool control;

	for (int i = 0; i < PORT_BATCH; i++) {
		ssize_t n =
		    receive(p->fd, p->in, sizeof p->in, MSG_DONTWAIT, &control);
		enum err rc;

		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return ERR_NONE;
		if (n <= 0)
			return ERR_ABSENT;
		if (control || (size_t)n > sizeof p->in)
			return fail(ERR_FORMAT, "a message that is no message");
		rc = deliver(p, (size_t)n);
		if (*closed || rc != ERR_NONE)
			return rc;
	}
	return ERR_NONE;
}

static void
on_ready(void *arg, int events)
{
	struct port *p = arg;
	bool closed = false, waiting = p->first != NULL;
	enum err rc = ERR_NONE;

	p->closed = &closed;
	if (p->overflow)
		rc = fail(ERR_LIMIT, "a room does not read its messages");
	else if (events & LOOP_WRITE && flush(p) != ERR_NONE)
		events |= LOOP_HANGUP; /* its last words come first */
	if (rc == ERR_NONE && waiting && p->first == NULL && p->empty != NULL)
		p->empty(p->empty_arg);
	if (!closed && rc == ERR_NONE && events & (LOOP_READ | LOOP_HANGUP))
		rc = take_all(p, &closed);
	if (closed)
		return;
	p->closed = NULL;
	if (rc != ERR_NONE)
		end(p, rc == ERR_ABSENT ? ERR_NONE : rc);
}

enum err
port_read(int fd, uint16_t *type, struct buf *body)
{
	static char in[PORT_HEADER + LIMIT_MESSAGE];
	struct str got;
	bool control;
	ssize_t n = receive(fd, in, sizeof in, 0, &control);
	enum err rc;

	if (n == 0 || (n < 0 && errno == ECONNRESET))
		return ERR_ABSENT;
	if (n < 0)
		return fail(ERR_IO, "reading a message: %s", strerror(errno));
	if (control || (size_t)n > sizeof in)
		return fail(ERR_FORMAT, "a message that is no message");
	rc = decode(in, (size_t)n, type, &got);
	if (rc != ERR_NONE)
		return rc;
	buf_clear(body);
	buf_str(body, got);
	return ERR_NONE;
}

enum err
port_write_unless(int fd, uint16_t type, struct str body, bool (*stop)(void *),
    void *arg)
{
	static char out[PORT_HEADER + LIMIT_MESSAGE];

	if (body.len > LIMIT_MESSAGE)
		bug("a message of %zu bytes, type %u", body.len, type);
	encode_header(out, type, body.len);
	if (body.len > 0)
		memcpy(out + PORT_HEADER, body.at, body.len);
	for (;;) {
		struct pollfd wait = { .fd = fd, .events = POLLOUT };
		ssize_t n = send(fd, out, PORT_HEADER + body.len,
		    MSG_NOSIGNAL | (stop == NULL ? 0 : MSG_DONTWAIT));

		if (n >= 0)
			return ERR_NONE;
		if (errno == EPIPE || errno == ECONNRESET)
			return ERR_ABSENT;
		if (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS)
			(void)poll(&wait, 1, stop == NULL ? -1 : PORT_ASK_MS);
		else if (errno != EINTR)
			return fail(ERR_IO, "sending a message: %s",
			    strerror(errno));
		if (stop != NULL && stop(arg))
			return fail(ERR_STOPPED, "stopped");
	}
}

enum err
port_write(int fd, uint16_t type, struct str body)
{
	return port_write_unless(fd, type, body, NULL, NULL);
}
