/*
 * Words and commands of a line. The quoting rules are those of sh, without its
 * variables and substitutions.
 */
#include "common/cli/shell_words.h"

#include <stdlib.h>

#include "common/base/limits.h"
#include "common/base/mem.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* What the byte at the front of *s means, quotes and backslashes taken off. */
struct quoting {
	char quote; /* the quote we are in, or NUL */
};
enum taken { TAKEN_BYTE, TAKEN_NOTHING, TAKEN_END_OF_WORD };

static enum taken take(struct quoting *q, struct str *s, char *byte)
{
	char c = s->ptr[0];
	char next = s->len > 1 ? s->ptr[1] : '\0';
	bool escapes = c == '\\' && s->len > 1 &&
		       (!q->quote || (q->quote == '"' && (next == '"' || next == '\\')));
	*s = str_sub(*s, escapes ? 2 : 1, s->len);
	*byte = escapes ? next : c;
	if (escapes)
		return TAKEN_BYTE;
	if (q->quote ? c == q->quote : (c == '\'' || c == '"')) {
		q->quote = q->quote ? '\0' : c;
		return TAKEN_NOTHING;
	}
	return !q->quote && is_blank(c) ? TAKEN_END_OF_WORD : TAKEN_BYTE;
}

/* Copies one word to *at, ended by NUL; *line stands behind it. */
static bool split_one(struct str *line, char **at, struct err *err)
{
	struct quoting q = {0};
	enum taken got = TAKEN_NOTHING;
	while (line->len && got != TAKEN_END_OF_WORD) {
		char byte;
		if (!q.quote && line->len == 1 && line->ptr[0] == '\\')
			return err_set(err, ERR_USAGE, "a backslash at the end of the line");
		got = take(&q, line, &byte);
		if (got == TAKEN_BYTE)
			*(*at)++ = byte;
	}
	*(*at)++ = '\0';
	return !q.quote || err_set(err, ERR_USAGE, "a quote without its end");
}

static struct str skip_blanks(struct str s)
{
	while (s.len && is_blank(s.ptr[0]))
		s = str_sub(s, 1, s.len);
	return s;
}

bool shell_words_split(struct shell_words *w, struct str line, struct err *err)
{
	*w = (struct shell_words){0};
	if (str_has_byte(line, '\0'))
		return err_set(err, ERR_USAGE, "a NUL byte in the line");
	if (line.len > LIMIT_LINE)
		return err_set(err, ERR_USAGE, "a line of more than %zu bytes", LIMIT_LINE);
	/* A word and its NUL take no more room than the word and what separates it. */
	w->room = mem_alloc(line.len + 1);
	w->argv = mem_array(line.len / 2 + 2, sizeof *w->argv);
	char *at = w->room;
	bool good = true;
	while (good && (line = skip_blanks(line)).len) {
		w->argv[w->count++] = at;
		good = split_one(&line, &at, err);
	}
	if (!good)
		shell_words_free(w);
	return good;
}

void shell_words_free(struct shell_words *w)
{
	for (int i = 0; i < w->count; i++)
		mem_wipe(w->argv[i], str_of(w->argv[i]).len);
	free(w->argv);
	free(w->room);
	*w = (struct shell_words){0};
}

bool shell_words_cut(struct str *rest, struct str *command)
{
	if (rest->len == 0)
		return false;
	struct str s = *rest;
	struct quoting q = {0};
	while (s.len) {
		char byte;
		if (!q.quote && (s.ptr[0] == ';' || s.ptr[0] == '\n'))
			break;
		take(&q, &s, &byte);
	}
	*command = str_sub(*rest, 0, rest->len - s.len);
	*rest = str_sub(s, 1, s.len);
	return true;
}
