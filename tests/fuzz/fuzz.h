/*
 * What all targets share: the entry that libFuzzer calls, and a check that stays
 * in every build.
 */
#ifndef PARLEY_TESTS_FUZZ_H
#define PARLEY_TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static inline void must(bool holds)
{
	if (!holds)
		abort();
}

#endif
