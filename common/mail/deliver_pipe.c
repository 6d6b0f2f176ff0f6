/*
 * A command of the user's for each message. It is started when the message is
 * whole, with a file as its stdin: a connection that breaks can't make it take
 * half a message for one.
 */
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "common/base/mem.h"
#include "common/base/nameless.h"
#include "common/mail/deliver_inside.h"

struct pipe_state {
	char *command;
	int fd;       /* the message; kept for the next one */
	size_t count; /* taken since the last sync */
};

static void *open_pipe(const struct deliver_options *o, struct err *err)
{
	int fd = nameless_open(err);
	if (fd < 0)
		return NULL;
	struct pipe_state *p = mem_alloc(sizeof *p);
	*p = (struct pipe_state){.command = mem_dup(o->target), .fd = fd};
	return p;
}

static void close_pipe(void *state)
{
	struct pipe_state *p = state;
	close(p->fd);
	free(p->command);
	free(p);
}

static bool begin(void *state, const struct deliver_message *m, struct err *err)
{
	struct pipe_state *p = state;
	(void)m;
	if (ftruncate(p->fd, 0) == 0 && lseek(p->fd, 0, SEEK_SET) == 0)
		return true;
	return err_set_errno(err, ERR_IO, "temporary file");
}

static bool write_piece(void *state, struct str piece, struct err *err)
{
	struct pipe_state *p = state;
	return nameless_write(p->fd, piece) || err_set_errno(err, ERR_IO, "temporary file");
}

static void cancel(void *state)
{
	(void)state;
}

/* We ignore SIGPIPE; a shell pipeline relies on it. */
static bool start(const struct pipe_state *p, pid_t *pid, struct err *err)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t set;
	char sh[] = "sh", c[] = "-c";
	char *argv[] = {sh, c, p->command, NULL};
	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, p->fd, STDIN_FILENO);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigdefault(&attributes, &set);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
	int why = posix_spawn(pid, "/bin/sh", &actions, &attributes, argv, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	errno = why;
	return why == 0 || err_set_errno(err, ERR_INTERNAL, "sh");
}

/* EX_TEMPFAIL of sysexits is the one status that says "later". */
static bool finish(const struct pipe_state *p, pid_t pid, struct err *err)
{
	int status;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return err_set_errno(err, ERR_IO, "waiting for %s", p->command);
	if (WIFSIGNALED(status))
		return err_set(err, ERR_IO, "%s was ended by signal %d (%s)", p->command,
		    WTERMSIG(status), strsignal(WTERMSIG(status)));
	int code = WEXITSTATUS(status);
	if (code != 0)
		return err_set(err, code == ERR_AGAIN ? ERR_AGAIN : ERR_IO,
		    "%s failed with status %d", p->command, code);
	return true;
}

static bool end(void *state, struct err *err)
{
	struct pipe_state *p = state;
	pid_t pid;
	if (lseek(p->fd, 0, SEEK_SET) != 0)
		return err_set_errno(err, ERR_IO, "temporary file");
	if (!start(p, &pid, err) || !finish(p, pid, err))
		return false;
	p->count++;
	return true;
}

static bool sync_batch(void *state, size_t *done, struct err *err)
{
	struct pipe_state *p = state;
	(void)err;
	*done = p->count;
	p->count = 0;
	return true;
}

const struct deliver_ops deliver_pipe = {
    .open = open_pipe,
    .close = close_pipe,
    .begin = begin,
    .write = write_piece,
    .end = end,
    .cancel = cancel,
    .sync = sync_batch,
};
