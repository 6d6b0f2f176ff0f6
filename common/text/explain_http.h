/*
 * HTTP's larger tables, for explain_http.c: status codes, header fields.
 */
#ifndef PARLEY_TEXT_EXPLAIN_HTTP_H
#define PARLEY_TEXT_EXPLAIN_HTTP_H

#include "common/text/explain.h"

/* Every code of IANA's registry; `after` is the method. */
extern const struct explain_row explain_http_status[];
/* `after` is how the value begins. */
extern const struct explain_row explain_http_fields[];

#endif
