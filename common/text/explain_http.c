/*
 * The words of HTTP.
 */
#include "common/text/explain.h"

static const struct explain_row no_rows[] = {{.name = NULL}};
static const struct explain_row *const tables[] = {no_rows, NULL};

static const char *lead(const char *name)
{
	(void)name;
	return NULL;
}

static void nothing(struct explain *x, struct str line, struct buf *out)
{
	(void)x, (void)line, (void)out;
}

const struct explain_book explain_http = {"http", tables, no_rows, lead, nothing, nothing};
