/*
 * Internationalized host names (RFC 5891, UTS 46). A module: module_table("idn")
 * gives a struct idn_ops. Needed only where a host has non-ASCII bytes.
 */
#ifndef PARLEY_TEXT_IDN_H
#define PARLEY_TEXT_IDN_H

#include <stdbool.h>
#include <stddef.h>

struct idn_ops {
	/* The A-label form of a UTF-8 host name, NUL-terminated, in out. False with a reason
	 * in *why (static text) if there is none or it does not fit. */
	bool (*to_ascii)(const char *utf8, char *out, size_t cap, const char **why);
};

#endif
