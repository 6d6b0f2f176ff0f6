/*
 * Public suffixes ("com", "co.uk", "github.io"): domains under which strangers
 * register names, so that nobody may set cookies for all of them. A module:
 * module_table("psl") gives a struct psl_ops.
 */
#ifndef PARLEY_TEXT_PSL_H
#define PARLEY_TEXT_PSL_H

#include <stdbool.h>

struct psl_ops {
	/* domain: lower case ASCII, without a dot at its front. A name without any dot that the
	 * list does not know ("localhost") counts as one. */
	bool (*is_public)(const char *domain);
};

#endif
