/*
 * A small TAP harness. A test is a function that takes `struct unit *t`; the
 * checks report a failure with its place and go on.
 */
#ifndef PARLEY_TESTS_UNIT_H
#define PARLEY_TESTS_UNIT_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/base/str.h"

struct unit {
	int failed;       /* checks of the running test that failed */
	const char *file; /* of the check being made */
	int line;
};

struct unit_test {
	const char *name;
	void (*run)(struct unit *t);
};

#define HERE(t) ((t)->file = __FILE__, (t)->line = __LINE__, (t))
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define CHECK(cond) unit_check(HERE(t), (cond), #cond)
/* Two NUL-terminated strings, either of which may be NULL. */
#define CHECK_STR(got, want) unit_check_str(HERE(t), str_of(got), str_of(want), #got)
/* A slice and a literal that may hold NUL. */
#define CHECK_SLICE(got, want) unit_check_str(HERE(t), (got), STR(want), #got)
#define CHECK_INT(got, want) unit_check_int(HERE(t), (long long)(got), (long long)(want), #got)

bool unit_check(struct unit *t, bool good, const char *what);
bool unit_check_str(struct unit *t, struct str got, struct str want, const char *what);
bool unit_check_int(struct unit *t, long long got, long long want, const char *what);

/* Runs the tests, writes TAP; 1 if any failed. */
int unit_run(const struct unit_test *tests, size_t count);

#endif
