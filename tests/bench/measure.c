/*
 * Runs a command and says what it took.
 *   measure FILE COMMAND ARGUMENT...
 * FILE gets one line: wall ms, user + system ms, peak resident kB, exit status.
 */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/bench.h"

static double ms(struct timeval t)
{
	return (double)t.tv_sec * 1e3 + (double)t.tv_usec / 1e3;
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return 64;
	double start = bench_now_ms();
	pid_t pid = fork();
	if (pid < 0)
		bench_die("fork");
	if (pid == 0) {
		execvp(argv[2], argv + 2);
		bench_die(argv[2]);
	}
	int status;
	struct rusage used;
	if (wait4(pid, &status, 0, &used) < 0)
		bench_die("wait4");
	double wall = bench_now_ms() - start;
	FILE *out = fopen(argv[1], "w");
	if (!out)
		bench_die(argv[1]);
	fprintf(out, "%.3f %.3f %ld %d\n", wall, ms(used.ru_utime) + ms(used.ru_stime),
	    used.ru_maxrss, WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	return fclose(out) != 0;
}
