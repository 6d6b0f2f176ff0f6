/*
 * SIGINT, SIGTERM and SIGHUP set a flag, the only mutable variable of the house;
 * waits see it and end with ERR_INTERRUPT, so that temporaries are removed on the
 * ordinary way out. A second signal ends the program at once with 130. A signal that was
 * ignored when the program started (nohup, a shell's background job) stays ignored.
 * SIGPIPE and SIGXFSZ are ignored: writes report them.
 */
#ifndef PARLEY_CLI_INTERRUPT_H
#define PARLEY_CLI_INTERRUPT_H

#include <signal.h>

/*
 * First thing in main. It also occupies those of the descriptors 0, 1, 2 that are closed, in
 * a way that makes their use fail with EBADF: otherwise a socket could become "stdout".
 */
void interrupt_install(void);
/* 0, or the number of the signal that came. */
const volatile sig_atomic_t *interrupt_flag(void);
/* Forgets an interrupt (the shell goes on at its prompt). */
void interrupt_clear(void);

#endif
