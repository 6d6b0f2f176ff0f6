/*
 * The one place that loads shared objects at run time. The loader searches the
 * program's own run path ($ORIGIN/../lib/parley, then the installed place).
 */
#include "common/base/module.h"

#include <dlfcn.h>
#include <stdio.h>

const void *module_table(const char *name, struct err *err)
{
	char file[64];
	snprintf(file, sizeof file, "parley-%s.so", name);
	void *handle = dlopen(file, RTLD_NOW | RTLD_LOCAL);
	if (!handle) {
		err_set(
		    err, ERR_INTERNAL, "the %s module is not available: %s", name, dlerror());
		return NULL;
	}
	/* POSIX promises that this conversion works; ISO C does not know it. */
	union {
		void *object;
		const void *(*function)(void);
	} symbol = {dlsym(handle, "parley_module")};
	if (!symbol.object) {
		err_set(err, ERR_INTERNAL, "%s is not a parley module", file);
		return NULL;
	}
	return symbol.function();
}
