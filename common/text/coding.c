/*
 * Which content coding lies in which module. Decodes nothing itself.
 */
#include "common/text/coding.h"

static const struct {
	const char *coding;
	const char *module;
} modules[] = {
    {"gzip", "zlib"},
    {"x-gzip", "zlib"},
    {"deflate", "zlib"},
    {"br", "brotli"},
    {"zstd", "zstd"},
};

const char *coding_module_of(struct str coding)
{
	for (size_t i = 0; i < sizeof modules / sizeof modules[0]; i++)
		if (str_is_nocase(coding, modules[i].coding))
			return modules[i].module;
	return NULL;
}

const struct coding_ops *coding_find(const struct coding_module *table, struct str coding)
{
	for (; table->name; table++)
		if (str_is_nocase(coding, table->name))
			return table->ops;
	return NULL;
}
