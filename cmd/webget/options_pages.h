/*
 * The options of whole pages and recursion: their rows, and what goes with what.
 */
#ifndef PARLEY_WEBGET_OPTIONS_PAGES_H
#define PARLEY_WEBGET_OPTIONS_PAGES_H

#include "cmd/webget/options.h"

extern const struct opt_row options_pages[];

/* --page-requisites or --recursive: files go to a tree. */
bool options_crawl(const struct webget_options *o);
bool options_check_pages(const struct webget_options *o, struct err *err);

/* Says which options do nothing for want of another. before: what they were without the command
 * line. */
void options_note_idle(const struct webget_options *o, const struct webget_options *before);

#endif
