/*
 * Public suffixes by libpsl. The only file that includes it.
 */
#include "common/text/psl.h"

#include <libpsl.h>

#include "common/base/module.h"

static bool is_public(const char *domain)
{
	/* The list that was built into the library: no file, nothing to free. */
	return psl_is_public_suffix(psl_builtin(), domain);
}

static const struct psl_ops ops = {is_public};

MODULE_TABLE(&ops)
