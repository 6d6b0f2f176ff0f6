/*
 * The one place that loads shared objects at run time. They stand beside the
 * program, in ../lib/parley of its directory, in the build tree as installed. A
 * run path in the program would say the same, but the loader would then look for libc there
 * too, in forty places, at every start.
 */
#include "common/base/module.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

/* Without /proc the loader's own places are left (LD_LIBRARY_PATH). */
static void find_file(const char *name, char *file, size_t size)
{
	char program[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", program, sizeof program - 1);
	program[len > 0 ? len : 0] = '\0';
	char *slash = strrchr(program, '/');
	int dir = slash ? (int)(slash - program) : 0;
	snprintf(file, size, "%.*s%sparley-%s.so", dir, program, slash ? "/../lib/parley/" : "",
	    name);
}

const void *module_table(const char *name, struct err *err)
{
	char file[PATH_MAX + 64];
	find_file(name, file, sizeof file);
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
