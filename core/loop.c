#include "core/loop.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

enum { LOOP_FDS = 96, LOOP_TIMERS = 64, LOOP_SIGNALS = 8 };

struct watch {
	int fd, events;
	loop_fn *fn;
	void *arg;
};

struct timer {
	unsigned id;
	uint64_t at;
	loop_timer_fn *fn;
	void *arg;
};

struct handler {
	int signal;
	loop_signal_fn *fn;
	void *arg;
};

struct loop {
	struct watch watches[LOOP_FDS];
	size_t n_watches;
	struct timer timers[LOOP_TIMERS];
	size_t n_timers;
	unsigned last_id;
	struct handler handlers[LOOP_SIGNALS];
	size_t n_handlers;
	sigset_t signals;
	int signal_fd;
	loop_idle_fn *idle;
	void *idle_arg;
	loop_timer_fn *before;
	void *before_arg;
	bool stopped;
	enum err why;
};

uint64_t
loop_now(void)
{
	struct timespec t;

	if (clock_gettime(CLOCK_MONOTONIC, &t) != 0)
		bug("no monotonic clock");
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

enum err
loop_open(struct loop **out)
{
	struct loop *l = calloc(1, sizeof *l);

	if (l == NULL)
		bug("no memory for a loop");
	l->signal_fd = -1;
	sigemptyset(&l->signals);
	*out = l;
	return ERR_NONE;
}

void
loop_close(struct loop *l)
{
	if (l == NULL)
		return;
	if (l->signal_fd >= 0)
		close(l->signal_fd);
	free(l);
}

static struct watch *
find_watch(struct loop *l, int fd)
{
	for (size_t i = 0; i < l->n_watches; i++)
		if (l->watches[i].fd == fd)
			return &l->watches[i];
	return NULL;
}

void
loop_watch(struct loop *l, int fd, int events, loop_fn *fn, void *arg)
{
	struct watch *w = find_watch(l, fd);

	if (w == NULL) {
		if (l->n_watches == LOOP_FDS)
			bug("more than %d descriptors watched", LOOP_FDS);
		w = &l->watches[l->n_watches++];
	}
	*w = (struct watch){ fd, events, fn, arg };
}

void
loop_drop(struct loop *l, int fd)
{
	struct watch *w = find_watch(l, fd);

	if (w != NULL)
		*w = l->watches[--l->n_watches];
}

unsigned
loop_after(struct loop *l, unsigned ms, loop_timer_fn *fn, void *arg)
{
	struct timer *t;

	if (l->n_timers == LOOP_TIMERS)
		bug("more than %d timers", LOOP_TIMERS);
	t = &l->timers[l->n_timers++];
	if (++l->last_id == 0)
		l->last_id = 1;
	*t = (struct timer){ l->last_id, loop_now() + ms, fn, arg };
	return t->id;
}

void
loop_cancel(struct loop *l, unsigned id)
{
	for (size_t i = 0; i < l->n_timers; i++)
		if (l->timers[i].id == id) {
			l->timers[i] = l->timers[--l->n_timers];
			return;
		}
}

static void
take_signal(void *arg, int events)
{
	struct loop *l = arg;
	struct signalfd_siginfo info;

	(void)events;
	while (read(l->signal_fd, &info, sizeof info) == sizeof info)
		for (size_t i = 0; i < l->n_handlers; i++)
			if (l->handlers[i].signal == (int)info.ssi_signo)
				l->handlers[i].fn(l->handlers[i].arg,
				    (int)info.ssi_signo);
}

enum err
loop_signal(struct loop *l, int signal, loop_signal_fn *fn, void *arg)
{
	int fd;

	if (l->n_handlers == LOOP_SIGNALS)
		bug("more than %d signals", LOOP_SIGNALS);
	sigaddset(&l->signals, signal);
	if (sigprocmask(SIG_BLOCK, &l->signals, NULL) != 0)
		return fail(ERR_IO, "signals: %s", strerror(errno));
	fd = signalfd(l->signal_fd, &l->signals, SFD_NONBLOCK | SFD_CLOEXEC);
	if (fd < 0)
		return fail(ERR_IO, "signals: %s", strerror(errno));
	l->signal_fd = fd;
	l->handlers[l->n_handlers++] = (struct handler){ signal, fn, arg };
	loop_watch(l, fd, LOOP_READ, take_signal, l);
	return ERR_NONE;
}

void
loop_idle(struct loop *l, loop_idle_fn *fn, void *arg)
{
	l->idle = fn;
	l->idle_arg = arg;
}

void
loop_before_sleep(struct loop *l, loop_timer_fn *fn, void *arg)
{
	l->before = fn;
	l->before_arg = arg;
}

static int
wait_ms(const struct loop *l)
{
	uint64_t now, first = UINT64_MAX;

	if (l->idle != NULL)
		return 0;
	for (size_t i = 0; i < l->n_timers; i++)
		if (l->timers[i].at < first)
			first = l->timers[i].at;
	if (first == UINT64_MAX)
		return -1;
	now = loop_now();
	return first <= now ? 0 : (int)(first - now);
}

/* Runs the timers that are due; each may add and cancel others. */
static bool
run_timers(struct loop *l)
{
	uint64_t now = loop_now();
	bool any = false;

	for (size_t i = 0; i < l->n_timers && !l->stopped;) {
		struct timer t = l->timers[i];

		if (t.at > now) {
			i++;
			continue;
		}
		l->timers[i] = l->timers[--l->n_timers];
		t.fn(t.arg);
		any = true;
		i = 0;
	}
	return any;
}

static bool
run_watches(struct loop *l, const struct pollfd *fds, size_t n)
{
	bool any = false;

	for (size_t i = 0; i < n && !l->stopped; i++) {
		struct watch *w = find_watch(l, fds[i].fd);
		int got = 0;

		if (fds[i].revents & POLLIN)
			got |= LOOP_READ;
		if (fds[i].revents & POLLOUT)
			got |= LOOP_WRITE;
		if (fds[i].revents & (POLLHUP | POLLERR | POLLNVAL))
			got |= LOOP_HANGUP;
		if (got == 0 || w == NULL)
			continue;
		any = true;
		w->fn(w->arg, got);
	}
	return any;
}

enum err
loop_run(struct loop *l)
{
	struct pollfd fds[LOOP_FDS];

	l->stopped = false;
	while (!l->stopped) {
		size_t n;
		bool any;

		if (l->before != NULL)
			l->before(l->before_arg);
		for (n = 0; n < l->n_watches; n++) {
			const struct watch *w = &l->watches[n];

			fds[n] = (struct pollfd){ .fd = w->fd };
			if (w->events & LOOP_READ)
				fds[n].events |= POLLIN;
			if (w->events & LOOP_WRITE)
				fds[n].events |= POLLOUT;
		}
		if (poll(fds, n, wait_ms(l)) < 0) {
			if (errno == EINTR)
				continue;
			return fail(ERR_IO, "poll: %s", strerror(errno));
		}
		any = run_watches(l, fds, n);
		any |= run_timers(l);
		if (!any && !l->stopped && l->idle != NULL &&
		    !l->idle(l->idle_arg))
			l->idle = NULL;
	}
	return l->why;
}

void
loop_stop(struct loop *l, enum err why)
{
	l->stopped = true;
	l->why = why;
}
