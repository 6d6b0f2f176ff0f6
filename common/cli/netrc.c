/*
 * The parser of netrc files. Knows words and entries, no file and no network.
 */
#include "common/cli/netrc.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/base/limits.h"
#include "common/base/mem.h"

struct scan {
	struct str rest;
	int line;
	struct buf word; /* the word read last */
	bool quoted;     /* and whether it stood in quotes: then it is no keyword */
	struct err *err;
};

enum scanned { SCAN_WORD, SCAN_END, SCAN_BAD };

static bool is_white(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static void step(struct scan *s)
{
	if (s->rest.ptr[0] == '\n')
		s->line++;
	s->rest = str_sub(s->rest, 1, s->rest.len);
}

static void skip_line(struct scan *s)
{
	struct str line;
	if (str_cut(&s->rest, '\n', &line))
		s->line++;
}

static void skip_gaps(struct scan *s)
{
	while (s->rest.len) {
		if (is_white(s->rest.ptr[0]))
			step(s);
		else if (s->rest.ptr[0] == '#')
			skip_line(s);
		else
			return;
	}
}

static char unescape(char c)
{
	return c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c;
}

/* After the opening quote. */
static enum scanned scan_quoted(struct scan *s)
{
	int opened = s->line;
	while (s->rest.len && s->rest.ptr[0] != '"') {
		char c = s->rest.ptr[0];
		if (c == '\\' && s->rest.len > 1) {
			step(s);
			c = unescape(s->rest.ptr[0]);
		}
		buf_add_byte(&s->word, c);
		step(s);
	}
	if (s->rest.len == 0) {
		err_set(s->err, ERR_CONFIG, "%d: a quote without its end", opened);
		return SCAN_BAD;
	}
	step(s);
	return SCAN_WORD;
}

static enum scanned scan_word(struct scan *s)
{
	skip_gaps(s);
	buf_clear(&s->word);
	s->quoted = s->rest.len && s->rest.ptr[0] == '"';
	if (s->rest.len == 0)
		return SCAN_END;
	if (s->quoted) {
		step(s);
		return scan_quoted(s);
	}
	size_t len = 0;
	while (len < s->rest.len && !is_white(s->rest.ptr[len]))
		len++;
	buf_add(&s->word, s->rest.ptr, len);
	s->rest = str_sub(s->rest, len, s->rest.len);
	return SCAN_WORD;
}

static bool is_keyword(const struct scan *s, const char *keyword)
{
	return !s->quoted && str_is(buf_str(&s->word), keyword);
}

/* The value of the keyword just read; false at the end of the text. */
static bool scan_value(struct scan *s, const char *keyword)
{
	int line = s->line;
	enum scanned got = scan_word(s);
	if (got == SCAN_END)
		err_set(s->err, ERR_CONFIG, "%d: %s needs a value", line, keyword);
	else if (got == SCAN_WORD && memchr(buf_cstr(&s->word), '\0', s->word.len))
		return err_set(s->err, ERR_CONFIG, "%d: a NUL byte", line);
	return got == SCAN_WORD;
}

/* The first of several counts, as in ftp. */
static bool keep_value(struct scan *s, const char *keyword, char **place)
{
	if (!scan_value(s, keyword))
		return false;
	if (!*place)
		*place = str_dup(buf_str(&s->word));
	return true;
}

/* The lines up to an empty one; kept when the macro is "init". */
static bool scan_macro(struct scan *s, struct netrc_entry *entry)
{
	if (!scan_value(s, "macdef"))
		return false;
	bool init = str_is(buf_str(&s->word), "init");
	struct buf lines = BUF_INIT(LIMIT_FILE + 1);
	struct str line;
	skip_line(s);
	while (str_cut(&s->rest, '\n', &line)) {
		s->line++;
		if (line.len && line.ptr[line.len - 1] == '\r')
			line.len--;
		if (line.len == 0)
			break;
		buf_add_str(&lines, line);
		buf_add_byte(&lines, '\n');
	}
	if (init && !entry->macdef_init)
		entry->macdef_init = str_dup(buf_str(&lines));
	buf_free(&lines);
	return true;
}

/* One word inside an entry, with its value. */
static bool scan_item(struct scan *s, struct netrc_entry *entry)
{
	if (is_keyword(s, "login"))
		return keep_value(s, "login", &entry->login);
	if (is_keyword(s, "password"))
		return keep_value(s, "password", &entry->password);
	if (is_keyword(s, "account"))
		return keep_value(s, "account", &entry->account);
	if (is_keyword(s, "macdef"))
		return scan_macro(s, entry);
	return true;
}

static bool suits(const struct netrc_entry *entry, const char *user)
{
	if (!user)
		return entry->login != NULL;
	return !entry->login || strcmp(entry->login, user) == 0;
}

static void forget(struct netrc_entry *entry)
{
	netrc_free(entry);
	*entry = (struct netrc_entry){0};
}

/* Reads entries until one for host suits. `ours` is whether the entry being read is for host;
 * what stands before the first machine belongs to none. */
static bool find(struct scan *s, const char *host, const char *user, struct netrc_entry *entry)
{
	bool ours = false;
	enum scanned got;
	while ((got = scan_word(s)) == SCAN_WORD) {
		bool machine = is_keyword(s, "machine");
		bool fallback = is_keyword(s, "default");
		if (!machine && !fallback) {
			if (!scan_item(s, entry))
				return false;
			continue;
		}
		if (ours && suits(entry, user))
			return true;
		forget(entry);
		if (machine && !scan_value(s, "machine"))
			return false;
		ours = fallback || str_is_nocase(buf_str(&s->word), host);
	}
	if (!ours || !suits(entry, user))
		forget(entry);
	return got == SCAN_END;
}

bool netrc_find(struct str text, const char *host, const char *user, struct netrc_entry *entry,
    struct err *err)
{
	*entry = (struct netrc_entry){0};
	struct scan s = {.rest = text, .line = 1, .word = BUF_INIT(LIMIT_FILE + 1), .err = err};
	bool good = find(&s, host, user, entry);
	if (!good)
		forget(entry);
	buf_free_secret(&s.word);
	return good;
}

void netrc_free(struct netrc_entry *entry)
{
	free(entry->login);
	mem_free_secret(entry->password);
	mem_free_secret(entry->account);
	free(entry->macdef_init);
}
