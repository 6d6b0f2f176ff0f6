/*
 * Commands of the user's, by posix_spawn: no copy of the address space is made.
 */
#include "common/cli/child.h"

#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>

#include "common/base/mem.h"

static void redirect(posix_spawn_file_actions_t *actions, int from, int to, int mode)
{
	if (from == CHILD_NULL)
		posix_spawn_file_actions_addopen(actions, to, "/dev/null", mode, 0);
	else if (from != CHILD_OURS)
		posix_spawn_file_actions_adddup2(actions, from, to);
}

/* We ignore SIGPIPE and SIGXFSZ; a shell pipeline relies on the first. */
static void restore_signals(posix_spawnattr_t *attributes)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	sigaddset(&set, SIGXFSZ);
	posix_spawnattr_setsigdefault(attributes, &set);
	posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGDEF);
}

bool child_start(const char *command, int in, int out, pid_t *pid, struct err *err)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	redirect(&actions, in, STDIN_FILENO, O_RDONLY);
	redirect(&actions, out, STDOUT_FILENO, O_WRONLY);
	restore_signals(&attributes);
	char *text = mem_dup(command);
	char sh[] = "sh", c[] = "-c";
	char *argv[] = {sh, c, text, NULL};
	int why = posix_spawn(pid, "/bin/sh", &actions, &attributes, argv, environ);
	mem_free_secret(text);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	errno = why;
	return why == 0 || err_set_errno(err, ERR_INTERNAL, "sh");
}

bool child_wait(pid_t pid, enum err_kind kind, struct err *err)
{
	int status;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return err_set_errno(err, kind, "waiting for the command");
	if (WIFSIGNALED(status))
		return err_set(err, kind, "the command was ended by signal %d (%s)",
		    WTERMSIG(status), strsignal(WTERMSIG(status)));
	if (WEXITSTATUS(status) != 0)
		return err_set(
		    err, kind, "the command failed with status %d", WEXITSTATUS(status));
	return true;
}
