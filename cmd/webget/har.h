/*
 * --har: the run's exchanges as an HTTP Archive (HAR 1.2), the format in which browsers'
 * developer tools keep what went over the network: one entry for each request, redirects,
 * challenges and retries included, with the time of every phase. Made from the trace, so that
 * what is masked there is masked here too.
 */
#ifndef PARLEY_WEBGET_HAR_H
#define PARLEY_WEBGET_HAR_H

#include "common/net/trace.h"

/* A sink that writes path. NULL with ERR_CREATE. */
struct trace_sink *har_sink(const char *path, struct err *err);
/* When the last connection is closed, before the trace is: the file appears, whole. False with
 * ERR_IO or ERR_CREATE, and there is none then. */
bool har_finish(struct trace_sink *sink, struct err *err);

#endif
