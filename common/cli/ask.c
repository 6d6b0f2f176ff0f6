/*
 * Passwords from a command or from the keyboard. Nothing read here is copied
 * without being wiped.
 */
#include "common/cli/ask.h"

#include <poll.h>
#include <signal.h>
#include <termios.h>

#include "common/base/buf.h"
#include "common/base/clock.h"
#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/cli/child.h"
#include "common/cli/interrupt.h"
#include "common/cli/say.h"
#include "common/text/visible.h"

enum { WAIT_MS = 60 * 1000 };

/* Until there is something to read, or the end. */
static bool await(int fd, int64_t deadline, struct err *err)
{
	struct pollfd one = {.fd = fd, .events = POLLIN};
	while (!clock_passed(deadline)) {
		int ready = poll(&one, 1, clock_poll_ms(deadline, WAIT_MS));
		if (ready > 0 || (ready < 0 && errno != EINTR))
			return true;
		if (*interrupt_flag())
			return err_set(err, ERR_INTERRUPT, "interrupted");
	}
	return err_set(err, ERR_AGAIN, "no password was there when --max-time was over");
}

/* Reads to the end, or to the end of a line when `line`. The buffer has its full size from the
 * start, because one that grows leaves copies behind. */
static bool read_secret(int fd, bool line, int64_t deadline, struct buf *b, struct err *err)
{
	while (!line || !str_has_byte(buf_str(b), '\n')) {
		if (!await(fd, deadline, err))
			return false;
		char *room = buf_reserve(b, b->max - b->len);
		if (b->len == b->max)
			return err_set(err, ERR_AUTH, "the password is too long");
		ssize_t n = read(fd, room, b->max - b->len);
		if (n < 0 && errno == EINTR && *interrupt_flag())
			return err_set(err, ERR_INTERRUPT, "interrupted");
		if (n < 0 && errno != EINTR)
			return err_set_errno(err, ERR_AUTH, "reading the password");
		if (n == 0)
			return true;
		if (n > 0)
			buf_commit(b, (size_t)n);
	}
	return true;
}

/* The first line, to be freed; NULL when there is none or it can't be a password. */
static char *first_line(const struct buf *b, struct err *err)
{
	struct str rest = buf_str(b), line = STR_NONE;
	if (!str_cut(&rest, '\n', &line)) {
		err_set(err, ERR_AUTH, "no password was given");
		return NULL;
	}
	if (line.len && line.ptr[line.len - 1] == '\r')
		line.len--;
	if (str_is_one_line(line))
		return str_dup(line);
	err_set(err, ERR_AUTH, "the password has a control byte in it");
	return NULL;
}

static bool run(const char *command, int64_t deadline, struct buf *b, struct err *err)
{
	int ends[2];
	pid_t pid;
	if (pipe2(ends, O_CLOEXEC) != 0)
		return err_set_errno(err, ERR_INTERNAL, "pipe");
	bool started = child_start(command, CHILD_NULL, ends[1], &pid, err);
	close(ends[1]);
	bool good = started && read_secret(ends[0], false, deadline, b, err);
	close(ends[0]);
	if (started && !good)
		kill(pid, SIGTERM);
	struct err end = {0};
	if (started && !child_wait(pid, ERR_AUTH, &end))
		good = err_pass(err, &end);
	return good;
}

char *ask_command(const char *command, int64_t deadline, struct err *err)
{
	struct err why = {0};
	struct buf b = BUF_INIT(LIMIT_SECRET);
	char *secret = run(command, deadline, &b, &why) ? first_line(&b, &why) : NULL;
	if (!secret && why.kind == ERR_AUTH)
		err_set(err, ERR_AUTH, "--password-command: %s", why.text);
	err_pass(err, &why);
	buf_free_secret(&b);
	return secret;
}

/* Echo off; and no Ctrl-Z, which would leave the user's shell without echo. */
static bool hide_typing(int tty, struct termios *before)
{
	if (tcgetattr(tty, before) != 0)
		return false;
	struct termios hidden = *before;
	hidden.c_lflag &= ~(tcflag_t)ECHO;
	hidden.c_lflag |= ICANON | ISIG;
	hidden.c_cc[VSUSP] = _POSIX_VDISABLE;
	return tcsetattr(tty, TCSAFLUSH, &hidden) == 0;
}

static void show_prompt(int tty, const char *prompt)
{
	struct err unimportant = {0};
	struct buf shown = BUF_INIT(4 * KIB);
	visible_put_text(&shown, str_sub(str_of(prompt), 0, KIB), "");
	say_bytes(tty, "terminal", buf_str(&shown), &unimportant);
	buf_free(&shown);
}

static char *ask_at(int tty, const char *prompt, struct err *err)
{
	struct termios before;
	struct err unimportant = {0};
	char *secret = NULL;
	if (!hide_typing(tty, &before)) {
		err_set_errno(err, ERR_AUTH, "the terminal can't hide a password");
		return NULL;
	}
	show_prompt(tty, prompt);
	struct buf b = BUF_INIT(LIMIT_SECRET);
	if (read_secret(tty, true, 0, &b, err))
		secret = first_line(&b, err);
	tcsetattr(tty, TCSAFLUSH, &before);
	say_bytes(tty, "terminal", STR("\n"), &unimportant);
	buf_free_secret(&b);
	return secret;
}

char *ask_terminal(const char *prompt, struct err *err)
{
	int tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (tty < 0) {
		err_set_errno(err, ERR_AUTH, "no terminal to ask for the password at");
		return NULL;
	}
	char *secret = ask_at(tty, prompt, err);
	close(tty);
	return secret;
}
