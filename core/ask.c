#include "core/ask.h"

#include <errno.h>
#include <stdio.h>
#include <termios.h>
#include <unistd.h>

#include "core/limits.h"

/*
 * A line, byte by byte: what stands after it is not ours to take.  The keys
 * that end a program end the line here, so that the echo is on again after
 * them; the one that suspends it does nothing.
 */
static enum err
take_line(struct secret *out, const struct termios *was)
{
	enum err rc = ERR_NONE;

	for (;;) {
		char c = 0;
		ssize_t n = read(STDIN_FILENO, &c, 1);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0 || c == '\n')
			return rc;
		if (c != '\0' &&
		    ((cc_t)c == was->c_cc[VINTR] ||
			(cc_t)c == was->c_cc[VQUIT]))
			return fail(ERR_STOPPED, "stopped: nothing was done");
		if (c != '\0' && (cc_t)c == was->c_cc[VSUSP])
			continue;
		if (rc == ERR_NONE)
			rc = seal_secret_add(out, &c, 1);
	}
}

enum err
ask_passphrase(struct secret *out, const char *what)
{
	struct termios was, quiet;
	enum err rc;

	if (tcgetattr(STDIN_FILENO, &was) != 0)
		return fail(ERR_ABSENT,
		    "%s needs a passphrase, and there is "
		    "no terminal to ask on: -P FILE names a file that holds it",
		    what);
	seal_secret_init(out, LIMIT_PASSPHRASE);
	quiet = was;
	quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ISIG);
	quiet.c_cc[VEOL] = was.c_cc[VINTR];
	quiet.c_cc[VEOL2] = was.c_cc[VQUIT];
	/* Before the question: whoever answers at once is not seen, either. */
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
	fprintf(stderr, "passphrase of %s: ", what);
	fflush(stderr);
	rc = take_line(out, &was);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &was);
	fputc('\n', stderr);
	if (rc == ERR_NONE && out->len == 0)
		rc = fail(ERR_STOPPED, "no passphrase was typed");
	if (rc != ERR_NONE)
		seal_secret_release(out);
	return rc;
}
