#include "core/linger.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

enum { LINGER_MS = 60 * 1000 };

void
linger_for_enter(void)
{
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
	char c = 0;
	int n;

	if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
		return;
	dprintf(STDERR_FILENO, "Enter, to leave: ");
	do
		n = poll(&in, 1, LINGER_MS);
	while (n < 0 && errno == EINTR);
	while (n > 0 && c != '\n' && read(STDIN_FILENO, &c, 1) == 1)
		continue;
}
