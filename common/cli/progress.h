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

/* shown: see netopts_wants_progress. When not shown NULL is returned and every other call with
 * NULL does nothing. The thread (50 us) is started here; it draws nothing in the first half
 * second. label (a file, a URL) is copied. */
struct progress *progress_open(bool shown, const char *label);
/* The counter that a transfer advances. NULL for NULL. */
_Atomic uint64_t *progress_counter(struct progress *p);
/* How much there will be; 0 for unknown. */
void progress_set_total(struct progress *p, uint64_t total);
/* Erases the bar, or leaves a last line for work that took more than a second, and frees p.
 * Does not wait for the next redraw. Call it before anything else is said on stderr. */
void progress_close(struct progress *p);

#endif
