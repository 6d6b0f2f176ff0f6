/*
 * IMAP's larger tables, for explain_imap.c.
 */
#ifndef PARLEY_TEXT_EXPLAIN_IMAP_H
#define PARLEY_TEXT_EXPLAIN_IMAP_H

#include "common/text/explain.h"

/* Commands; "UID FETCH" has its own row. */
extern const struct explain_row explain_imap_verbs[];
/* Response codes without their brackets: "ALERT". */
extern const struct explain_row explain_imap_codes[];

#endif
