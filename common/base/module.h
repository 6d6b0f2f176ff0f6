/*
 * Libraries that most runs don't need (TLS, decoders, IDN, readline) cost more
 * to load than a whole small fetch takes. Each stands in a module of its own, a
 * shared object `parley-NAME.so` that exports one const table of functions,
 * and is loaded here, from ../lib/parley beside the program, when a run
 * first needs it.
 */
#ifndef PARLEY_BASE_MODULE_H
#define PARLEY_BASE_MODULE_H

#include "common/base/compat.h"
#include "common/base/err.h"

/*
 * The table of module NAME, loading it when that was not yet done; it stays
 * until the program ends. NULL with ERR_INTERNAL when it can't be loaded: the
 * text names the module and the reason. The caller knows the table's type.
 */
const void *module_table(const char *name, struct err *err);

/* In a module's source: what module_table returns. */
#define MODULE_TABLE(table)                                                                    \
	EXPORTED const void *parley_module(void);                                              \
	const void *parley_module(void)                                                        \
	{                                                                                      \
		return (table);                                                                \
	}

#endif
