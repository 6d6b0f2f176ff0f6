/*
 * Signals become a flag. The only file of the house with a mutable variable;
 * knows nothing of who waits for what.
 */
#include "common/cli/interrupt.h"

#include <stddef.h>

#include "common/base/compat.h"
#include "common/base/err.h"

static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
	if (__atomic_load_n(&interrupted, __ATOMIC_RELAXED))
		_exit(ERR_INTERRUPT);
	__atomic_store_n(&interrupted, number, __ATOMIC_RELAXED);
}

static void watch(int number)
{
	struct sigaction old;
	/* No SA_RESTART: a wait must return to look at the flag. */
	struct sigaction now = {.sa_handler = on_signal};
	sigemptyset(&now.sa_mask);
	if (sigaction(number, NULL, &old) == 0 && old.sa_handler != SIG_IGN)
		sigaction(number, &now, NULL);
}

static void occupy(int fd)
{
	if (fcntl(fd, F_GETFD) >= 0 || errno != EBADF)
		return;
	/* The wrong way round on purpose; open() takes the lowest free number, which is fd. */
	int got = open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
	if (got > STDERR_FILENO)
		close(got);
}

void interrupt_install(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		occupy(fd);
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	sigaction(SIGPIPE, &ignore, NULL);
	sigaction(SIGXFSZ, &ignore, NULL);
	watch(SIGINT);
	watch(SIGTERM);
	watch(SIGHUP);
}

const volatile sig_atomic_t *interrupt_flag(void)
{
	return &interrupted;
}

void interrupt_clear(void)
{
	__atomic_store_n(&interrupted, 0, __ATOMIC_RELAXED);
}
