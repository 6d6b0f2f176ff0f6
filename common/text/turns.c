/*
 * Lines become turns: one reader for each kind of protocol, chosen by the
 * first line that tells. Comparing is at the end.
 */
#include "common/text/turns.h"

#include <stdlib.h>

#include "common/base/buf.h"
#include "common/base/limits.h"
#include "common/base/mem.h"

enum talk { TALK_NONE, TALK_CODES, TALK_POP3, TALK_IMAP, TALK_HTTP };

/* What the next lines are, whatever they look like. */
enum mode {
	MODE_PLAIN,
	MODE_ONE,  /* one line of text: a SASL answer */
	MODE_DOT,  /* text up to a lone dot, or until the other side speaks */
	MODE_TEXT, /* text until the other side speaks */
	MODE_HEAD, /* fields up to an empty line */
};

struct maker {
	struct turns *t;
	enum mode mode;
	char speaks; /* whose text it is in a mode that is not plain */
	char last;   /* who spoke before, 0 at the start of a connection */
	bool open;   /* the reply above goes on: 250- */
};

typedef void reader(struct maker *m, size_t at, struct str line);

/* ---- words ---- */

static struct str word_at(struct str line, int number)
{
	struct str word = STR_NONE;
	line = str_trim(line);
	for (int i = 0; i <= number; i++) {
		word = STR_NONE;
		str_cut(&line, ' ', &word);
		line = str_trim(line);
	}
	return word;
}

static bool is_code(struct str line)
{
	return line.len >= 3 && char_is_digit(line.ptr[0]) && char_is_digit(line.ptr[1]) &&
	       char_is_digit(line.ptr[2]) &&
	       (line.len == 3 || line.ptr[3] == ' ' || line.ptr[3] == '-');
}

static bool is_request(struct str line)
{
	return str_starts(word_at(line, 2), "HTTP/") && word_at(line, 3).len == 0;
}

static bool is_status(struct str word)
{
	return str_is_nocase(word, "OK") || str_is_nocase(word, "NO") ||
	       str_is_nocase(word, "BAD");
}

/* "a1", "A0003": letters and digits, with a digit, so that no word of a text is one. */
static bool is_tag(struct str word)
{
	bool digit = false;
	for (size_t i = 0; i < word.len; i++) {
		if (!char_is_digit(word.ptr[i]) && !char_is_alpha(word.ptr[i]))
			return false;
		digit = digit || char_is_digit(word.ptr[i]);
	}
	return digit;
}

static bool is_pop3_status(struct str line)
{
	return str_starts_nocase(line, "+OK") || str_starts_nocase(line, "-ERR");
}

static enum talk told_by(char from, struct str line)
{
	if (from == 'C')
		return is_request(line) ? TALK_HTTP : TALK_NONE;
	if (str_starts(line, "HTTP/"))
		return TALK_HTTP;
	if (is_pop3_status(line))
		return TALK_POP3;
	if (str_starts(line, "* ") || (is_tag(word_at(line, 0)) && is_status(word_at(line, 1))))
		return TALK_IMAP;
	return is_code(line) ? TALK_CODES : TALK_NONE;
}

/* ---- making turns ---- */

static void add_key(struct turn *turn, struct str word)
{
	size_t n = 0;
	while (turn->key[n])
		n++;
	if (n && n + 1 < TURN_KEY)
		turn->key[n++] = ' ';
	for (size_t i = 0; i < word.len && n + 1 < TURN_KEY; i++, n++) {
		char c = word.ptr[i];
		turn->key[n] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
	}
	turn->key[n] = '\0';
}

static struct turn *begin(struct maker *m, size_t at, struct str key)
{
	struct turns *t = m->t;
	if ((t->count & (t->count - 1)) == 0)
		t->items = mem_resize(t->items, t->count ? t->count * 2 : 1, sizeof *t->items);
	struct turn *turn = &t->items[t->count++];
	*turn = (struct turn){.first = at, .count = 1, .from = t->d->lines[at].from};
	add_key(turn, key);
	m->open = false;
	return turn;
}

/* The line belongs to the turn before. */
static void go_on(struct maker *m)
{
	m->t->items[m->t->count - 1].count++;
}

/* A line of text: with the ones before it, or the first. */
static void add_text(struct maker *m, size_t at, bool soft)
{
	static const struct str text = {"(TEXT)", 6};
	struct turn *turn = m->t->count ? &m->t->items[m->t->count - 1] : NULL;
	if (m->last && turn && turn->from == m->t->d->lines[at].from && str_is(text, turn->key))
		go_on(m);
	else
		begin(m, at, text)->soft = soft;
}

static void expect_text(struct maker *m, enum mode mode, char from)
{
	m->mode = mode;
	m->speaks = from;
}

/* True for a line that was taken as text. */
static bool took_text(struct maker *m, size_t at, struct str line, bool soft)
{
	if (m->mode == MODE_PLAIN || m->mode == MODE_HEAD)
		return false;
	add_text(m, at, soft);
	if (m->mode == MODE_ONE || (m->mode == MODE_DOT && str_is(line, ".")))
		m->mode = MODE_PLAIN;
	return true;
}

/* ---- FTP and SMTP ---- */

static void read_code(struct maker *m, size_t at, struct str line)
{
	struct str code = str_sub(line, 0, 3);
	bool same = m->open && str_is(code, m->t->items[m->t->count - 1].key);
	if (same)
		go_on(m);
	else
		begin(m, at, code);
	m->open = line.len > 3 && line.ptr[3] == '-';
	if (str_is(code, "354"))
		expect_text(m, MODE_DOT, 'C');
	else if (str_is(code, "334"))
		expect_text(m, MODE_ONE, 'C');
}

static void read_codes(struct maker *m, size_t at, struct str line)
{
	if (took_text(m, at, line, false))
		return;
	if (m->t->d->lines[at].from == 'C') {
		begin(m, at, word_at(line, 0));
		if (str_is_nocase(word_at(line, 0), "BDAT"))
			expect_text(m, MODE_TEXT, 'C');
	} else if (is_code(line)) {
		read_code(m, at, line);
	} else if (m->last == 'S') {
		go_on(m);
	} else {
		begin(m, at, STR("(TEXT)"));
	}
}

/* ---- POP3 ---- */

static void read_pop3(struct maker *m, size_t at, struct str line)
{
	if (took_text(m, at, line, false))
		return;
	if (m->t->d->lines[at].from == 'C' || is_pop3_status(line)) {
		begin(m, at, word_at(line, 0));
	} else if (str_is(word_at(line, 0), "+")) {
		begin(m, at, STR("+"));
		expect_text(m, MODE_ONE, 'C');
	} else {
		expect_text(m, MODE_DOT, 'S');
		took_text(m, at, line, false);
	}
}

/* ---- IMAP ---- */

static void read_imap_command(struct maker *m, size_t at, struct str line)
{
	bool alone = word_at(line, 1).len == 0;
	struct str verb = word_at(line, alone ? 0 : 1);
	if (m->mode == MODE_TEXT && !str_is_nocase(line, "DONE")) {
		add_text(m, at, true);
		return;
	}
	m->mode = MODE_PLAIN;
	struct turn *turn = begin(m, at, verb);
	if (str_is_nocase(verb, "UID"))
		add_key(turn, word_at(line, 2));
	if (str_ends_nocase(line, "+}"))
		expect_text(m, MODE_TEXT, 'C');
}

/* Of what is untagged the greeting and BYE are replies, the rest is data, and
 * servers differ in it. */
static void read_imap(struct maker *m, size_t at, struct str line)
{
	struct str first = word_at(line, 0), second = word_at(line, 1);
	if (m->t->d->lines[at].from == 'C') {
		read_imap_command(m, at, line);
	} else if (str_is(first, "*") && (m->last == 0 || str_is_nocase(second, "BYE"))) {
		add_key(begin(m, at, first), second);
	} else if (str_is(first, "+")) {
		begin(m, at, first);
		expect_text(m, MODE_TEXT, 'C');
	} else if (is_tag(first) && is_status(second)) {
		begin(m, at, second);
	} else {
		add_text(m, at, true);
	}
}

/* ---- HTTP ---- */

static void read_http(struct maker *m, size_t at, struct str line)
{
	char from = m->t->d->lines[at].from;
	bool request = from == 'C' && is_request(line);
	if (request || (from == 'S' && str_starts(line, "HTTP/"))) {
		struct turn *turn = begin(m, at, word_at(line, 0));
		add_key(turn, word_at(line, request ? 2 : 1));
		turn->head = true;
		expect_text(m, MODE_HEAD, from);
	} else if (m->mode == MODE_HEAD) {
		go_on(m);
		m->mode = line.len ? MODE_HEAD : MODE_PLAIN;
	} else {
		add_text(m, at, true);
	}
}

static reader *const readers[] = {read_codes, read_codes, read_pop3, read_imap, read_http};

static enum talk find_talk(const struct dialogue *d)
{
	enum talk talk = TALK_NONE;
	for (size_t i = 0; i < d->count && talk == TALK_NONE; i++)
		talk = told_by(d->lines[i].from, str_trim(dialogue_text(d, i)));
	return talk;
}

static void read_line(struct maker *m, reader *read, size_t at)
{
	const struct dialogue_line *line = &m->t->d->lines[at];
	if (at && line->conn != line[-1].conn)
		*m = (struct maker){.t = m->t};
	if (line->from != m->speaks)
		m->mode = MODE_PLAIN;
	if (line->wrapped && m->mode != MODE_HEAD && m->mode != MODE_DOT)
		go_on(m);
	else
		read(m, at, str_trim(dialogue_text(m->t->d, at)));
	m->last = line->from;
}

static void make_exact(struct maker *m)
{
	for (size_t i = 0; i < m->t->d->count; i++)
		if (i && m->t->d->lines[i].wrapped)
			go_on(m);
		else
			begin(m, i, STR_NONE);
}

void turns_make(struct turns *t, const struct dialogue *d, bool exact)
{
	*t = (struct turns){.d = d, .exact = exact};
	struct maker m = {.t = t};
	reader *read = readers[find_talk(d)];
	if (exact)
		make_exact(&m);
	for (size_t i = 0; !exact && i < d->count; i++)
		read_line(&m, read, i);
}

void turns_free(struct turns *t)
{
	free(t->items);
	*t = (struct turns){0};
}

/* ---- comparing ---- */

/* Books put spaces before the colon. */
static struct str field_name(struct str line)
{
	size_t colon = str_find(line, ':');
	struct str name = str_trim(str_sub(line, 0, colon));
	return colon == line.len || str_has_byte(name, ' ') ? STR_NONE : name;
}

static bool has_field(const struct turns *t, const struct turn *turn, struct str name)
{
	for (size_t i = 1; i < turn->count; i++)
		if (str_eq_nocase(field_name(dialogue_text(t->d, turn->first + i)), name))
			return true;
	return false;
}

size_t turns_missing_field(const struct turns *file, const struct turn *a,
    const struct turns *live, const struct turn *b)
{
	size_t at = a->first + 1;
	for (; at < a->first + a->count; at++) {
		struct str name = field_name(dialogue_text(file->d, at));
		if (name.len && !has_field(live, b, name))
			break;
	}
	return at;
}

/* Each piece between two stars takes the first place where it fits. */
static bool fits(struct str pattern, struct str text)
{
	size_t star = str_find(pattern, '*');
	if (star == pattern.len)
		return str_eq(pattern, text);
	if (text.len < star || !str_eq(str_sub(text, 0, star), str_sub(pattern, 0, star)))
		return false;
	for (;;) {
		text = str_sub(text, star, text.len);
		pattern = str_sub(pattern, str_find(pattern, '*') + 1, pattern.len);
		size_t next = str_find(pattern, '*');
		struct str piece = str_sub(pattern, 0, next);
		if (next == pattern.len)
			return text.len >= piece.len &&
			       str_eq(str_sub(text, text.len - piece.len, piece.len), piece);
		size_t found = piece.len ? str_find_str(text, piece) : 0;
		if (piece.len && found == text.len)
			return false;
		star = found + piece.len;
	}
}

/* The line with those that the book wrapped, joined by a space. */
static struct str joined(const struct turns *t, const struct turn *turn, struct buf *out)
{
	if (turn->count == 1)
		return str_trim(dialogue_text(t->d, turn->first));
	for (size_t i = 0; i < turn->count; i++) {
		if (i)
			buf_add_byte(out, ' ');
		buf_add_str(out, str_trim(dialogue_text(t->d, turn->first + i)));
	}
	return buf_str(out);
}

static bool same_text(const struct turns *file, const struct turn *a, const struct turns *live,
    const struct turn *b)
{
	struct buf room = BUF_INIT(LIMIT_FILE);
	struct str want = joined(file, a, &room);
	struct str seen = str_trim(dialogue_text(live->d, b->first));
	bool same = a->from == 'C' ? fits(want, seen) : str_eq(want, seen);
	buf_free(&room);
	return same;
}

bool turns_same(const struct turns *file, size_t a, const struct turns *live, size_t b)
{
	const struct turn *left = &file->items[a], *right = &live->items[b];
	if (left->from != right->from || !str_is(str_of(left->key), right->key))
		return false;
	if (file->exact)
		return same_text(file, left, live, right);
	return !left->head ||
	       turns_missing_field(file, left, live, right) == left->first + left->count;
}
