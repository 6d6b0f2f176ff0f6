/*
 * The progress bar: rate, share and time left on a terminal's stderr for work
 * that takes longer than a second. It watches a counter that the transfer
 * advances; nothing calls it from the data path. (A timer thread draws it, so
 * that splice loops stay bare.)
 */
#ifndef PARLEY_CLI_PROGRESS_H
#define PARLEY_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress;

/* shown: --progress, or a terminal on stderr and not quiet. When not shown NULL is returned and
 * every other call with NULL does nothing. No thread is started before 0.5 s have passed...
 * that is for the implementation; starting one must cost a short transfer nothing noticeable.
 */
struct progress *progress_open(bool shown, const char *label);
/* The counter that a transfer advances. NULL for NULL. */
volatile uint64_t *progress_counter(struct progress *p);
/* How much there will be; 0 for unknown. */
void progress_set_total(struct progress *p, uint64_t total);
/* Erases the bar (or leaves a last line for long work) and frees p. */
void progress_close(struct progress *p);

#endif
