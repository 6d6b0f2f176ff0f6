/*
 * A lane: the tasks of a run on one connection at a time, in the order of the
 * URLs, pipelined where that is safe (RFC 9112 9.3.2). The textbook's parallel
 * model is several lanes at once.
 */
#ifndef PARLEY_WEBGET_LANE_H
#define PARLEY_WEBGET_LANE_H

#include "cmd/webget/jobs.h"
#include "cmd/webget/task.h"

/* Runs all jobs to their end, or until the user interrupts. Failures are reported as they
 * happen; run->first keeps the first. */
void lanes_run(struct run *run, struct jobs *jobs);

#endif
