/*
 * Sets of message numbers as users write them: "3", "1-4,7,20-". Knows no server.
 */
#ifndef PARLEY_POP3FETCH_NUMBERS_H
#define PARLEY_POP3FETCH_NUMBERS_H

#include <stdint.h>

#include "common/base/err.h"
#include "common/base/str.h"

struct number_range {
	uint32_t first, last; /* both belong to it; last is UINT32_MAX for "20-" */
};

/* Zero it to start. */
struct numbers {
	struct number_range *items;
	size_t count;
};

/* Adds what the text names. ERR_USAGE for what is no such list, a 0, a range that runs
 * backwards; then n is as it was. */
bool numbers_parse(struct numbers *n, struct str text, struct err *err);
void numbers_free(struct numbers *n);
bool numbers_have(const struct numbers *n, uint32_t number);

#endif
