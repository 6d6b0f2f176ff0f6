/*
 * Enhanced status codes (RFC 3463, as its registry stands), for explain_smtp.c.
 */
#ifndef PARLEY_TEXT_EXPLAIN_ENHANCED_H
#define PARLEY_TEXT_EXPLAIN_ENHANCED_H

#include "common/text/explain.h"

/* Named "X.1.1"; the X stands for any class (explain_find). */
extern const struct explain_row explain_enhanced[];

#endif
