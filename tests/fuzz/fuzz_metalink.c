/*
 * Metalinks of any bytes: what is taken from one can be fetched, has a safe
 * name, and pieces that fit.
 */
#include <stdlib.h>
#include <string.h>

#include "cmd/webget/metalink.h"
#include "cmd/webget/verify.h"
#include "common/base/module.h"
#include "common/text/xml.h"
#include "tests/fuzz/fuzz.h"

const void *parley_module(void);

/* The module is linked here. */
const void *module_table(const char *name, struct err *err)
{
	return strcmp(name, "xml") == 0 ? parley_module()
					: (err_set(err, ERR_INTERNAL, "not here"), NULL);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct err err = {0}, unimportant = {0};
	struct metalink *m = metalink_parse((struct str){(const char *)data, size}, &err);
	must(m || err.kind == ERR_DATA);
	for (size_t i = 0; m && i < m->count; i++) {
		const struct metalink_file *f = &m->files[i];
		must(f->name[0] != '.' && !strchr(f->name, '/') && f->urls.count > 0);
		must(!f->digest || verify_check(f->digest, &unimportant));
		for (size_t k = 0; k < f->urls.count; k++)
			must(str_starts_nocase(str_of(f->urls.items[k].text), "http"));
		if (f->pieces && f->sized)
			must(pieces_fit(f->pieces, f->size));
	}
	metalink_free(m);
	return 0;
}
