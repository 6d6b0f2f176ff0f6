/*
 * SIGINT, SIGTERM and SIGHUP set a flag, the only mutable variable of the house;
 * waits see it and end with ERR_INTERRUPT, so that temporaries are removed on the
 * ordinary way out. A second signal ends the program at once with 130. SIGPIPE is ignored:
 * writes report it.
 */
#ifndef PARLEY_CLI_INTERRUPT_H
#define PARLEY_CLI_INTERRUPT_H

#include <signal.h>

void interrupt_install(void);
const volatile sig_atomic_t *interrupt_flag(void);
/* Forgets an interrupt (the shell goes on at its prompt). */
void interrupt_clear(void);

#endif
