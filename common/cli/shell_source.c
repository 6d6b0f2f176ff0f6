/*
 * Lines for the shell. Reads no further than it must from a descriptor that is
 * fed while we run (a pipe): every read is used up before the next.
 */
#include "common/cli/shell_source.h"

#include <stdlib.h>

#include "common/base/limits.h"
#include "common/base/mem.h"
#include "common/cli/interrupt.h"
#include "common/cli/say.h"
#include "common/cli/shell_words.h"

static bool next_typed(
    struct shell_source *s, const char *prompt, struct str *line, struct err *err)
{
	bool interrupted = false;
	mem_free_secret(s->typed);
	s->typed = s->readline->read(prompt, &interrupted);
	*line = str_of(s->typed);
	if (interrupted)
		return err_set(err, ERR_INTERRUPT, "interrupted");
	return s->typed != NULL;
}

/* More bytes behind what is held. False at the end or an error; then ended is set. */
static bool fill(struct shell_source *s, struct err *err)
{
	char *room = buf_reserve(&s->held, 64 * KIB);
	ssize_t n = room ? read(s->fd, room, 64 * KIB) : 0;
	if (n > 0) {
		buf_commit(&s->held, (size_t)n);
		return true;
	}
	if (n < 0 && errno == EINTR)
		return !*interrupt_flag() || err_set(err, ERR_INTERRUPT, "interrupted");
	s->ended = true;
	if (n < 0)
		err_set_errno(err, ERR_IO, "reading commands");
	return false;
}

static struct str without_cr(struct str line)
{
	if (line.len && line.ptr[line.len - 1] == '\r')
		line.len--;
	return line;
}

static bool refuse_long(struct shell_source *s, struct err *err)
{
	buf_clear(&s->held);
	s->used = 0;
	s->ended = true;
	return err_set(err, ERR_USAGE, "a line of more than %zu bytes", LIMIT_LINE);
}

static bool next_read(struct shell_source *s, struct str *line, struct err *err)
{
	size_t looked = s->used;
	for (;;) {
		struct str held = buf_str(&s->held);
		size_t end = looked + str_find(str_sub(held, looked, held.len), '\n');
		if (end - s->used > LIMIT_LINE)
			return refuse_long(s, err);
		if (end < held.len || (s->ended && end > s->used)) {
			*line = without_cr(str_sub(held, s->used, end - s->used));
			s->used = end < held.len ? end + 1 : end;
			return true;
		}
		if (s->ended)
			return false;
		buf_drop(&s->held, s->used);
		s->used = 0;
		looked = s->held.len;
		if (!fill(s, err) && err_is_set(err))
			return false;
	}
}

static bool next_from_fd(
    struct shell_source *s, const char *prompt, struct str *line, struct err *err)
{
	struct err unimportant = {0};
	if (s->prompts && prompt)
		say_bytes(STDERR_FILENO, "stderr", str_of(prompt), &unimportant);
	return next_read(s, line, err);
}

bool shell_source_line(
    struct shell_source *s, const char *prompt, struct str *line, struct err *err)
{
	switch (s->kind) {
	case SOURCE_KEYBOARD: return next_typed(s, prompt, line, err);
	case SOURCE_FD: return next_from_fd(s, prompt, line, err);
	case SOURCE_TEXT: return shell_words_cut(&s->text, line);
	}
	return false;
}

void shell_source_close(struct shell_source *s)
{
	mem_free_secret(s->typed);
	buf_free_secret(&s->held);
	if (s->kind == SOURCE_FD && s->fd > STDERR_FILENO)
		close(s->fd);
}
