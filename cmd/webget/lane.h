/*
 * A lane: the tasks of a run on one connection at a time, in the order of the
 * URLs, pipelined where that is safe (RFC 9112 9.3.2).
 */
#ifndef PARLEY_WEBGET_LANE_H
#define PARLEY_WEBGET_LANE_H

#include "cmd/webget/jobs.h"
#include "cmd/webget/task.h"

/* Runs all jobs to their end, or until the user interrupts. Failures are reported as they
 * happen; run->first keeps the first. */
void lane_run(struct run *run, struct jobs *jobs);

#endif
