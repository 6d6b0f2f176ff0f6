/*
 * Encoded words of mail headers. Knows neither fields nor addresses; parameters
 * are in word2231.c.
 */
#include "common/text/word2047.h"

#include <string.h>

#include "common/base/limits.h"
#include "common/text/base64.h"
#include "common/text/charset.h"
#include "common/text/utf8.h"

/* RFC 2047 2: a word, and a line that has one. RFC 5322 2.1.1: a line of text; one that can't
 * be folded is let run on until the transport's limit comes near. */
enum { WORD_MAX = 75, WORD_LINE = 76, LINE = 78, UNFOLDABLE = 900 };
/* For less than this an encoded word goes to a new line. */
enum { LEAST = 12 };

/* --- Encoding --- */

struct folder {
	struct buf *out;
	size_t *column;
	enum word2047_place place;
	struct str text; /* what is still to be written */
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static size_t blanks(struct str s)
{
	size_t i = 0;
	while (i < s.len && is_blank(s.ptr[i]))
		i++;
	return i;
}

static size_t word_len(struct str s)
{
	size_t i = 0;
	while (i < s.len && !is_blank(s.ptr[i]))
		i++;
	return i;
}

static void put(struct folder *f, struct str s)
{
	buf_add_str(f->out, s);
	*f->column += s.len;
}

static void fold(struct folder *f)
{
	buf_add_text(f->out, "\r\n");
	*f->column = 0;
}

static bool is_printable(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] != '\t' && (s.ptr[i] < ' ' || s.ptr[i] >= 0x7f))
			return false;
	return true;
}

/* A word that would be taken for something else than its letters. */
static bool needs_encoding(struct str word, enum word2047_place place)
{
	if (!is_printable(word) || word.len > UNFOLDABLE)
		return true;
	if (str_find_str(word, STR("=?")) < word.len)
		return true;
	return place == WORD2047_COMMENT &&
	       (str_has_byte(word, '(') || str_has_byte(word, ')') || str_has_byte(word, '\\'));
}

/* The characters that mean themselves in Q everywhere, phrases too (RFC 2047 5 (3)). */
static bool is_q_plain(char c)
{
	return char_is_alpha(c) || char_is_digit(c) || (c && strchr("!*+-/", c));
}

static size_t q_len(struct str s)
{
	size_t len = 0;
	for (size_t i = 0; i < s.len; i++)
		len += is_q_plain(s.ptr[i]) || s.ptr[i] == ' ' ? 1 : 3;
	return len;
}

static size_t b_len(struct str s)
{
	return (s.len + 2) / 3 * 4;
}

static void put_q(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == ' ')
			buf_add_byte(out, '_');
		else if (is_q_plain(s.ptr[i]))
			buf_add_byte(out, s.ptr[i]);
		else
			buf_addf(out, "=%02X", (unsigned char)s.ptr[i]);
	}
}

/* How much of s one encoded word takes whose text may have `room` characters; at least one
 * whole character. */
static size_t fitting(struct str s, size_t room, bool q)
{
	size_t taken = 0;
	while (taken < s.len) {
		uint32_t code;
		size_t len = utf8_next(str_sub(s, taken, s.len), &code);
		struct str more = str_sub(s, 0, taken + (len ? len : 1));
		if (taken && (q ? q_len(more) : b_len(more)) > room)
			break;
		taken = more.len;
	}
	return taken;
}

static void put_word(struct folder *f, struct str bytes, const char *charset, bool q)
{
	size_t before = f->out->len;
	buf_addf(f->out, "=?%s?%c?", charset, q ? 'Q' : 'B');
	if (q)
		put_q(f->out, bytes);
	else
		base64_encode(f->out, bytes);
	buf_add_text(f->out, "?=");
	*f->column += f->out->len - before;
}

/* Blanks between two encoded words vanish, so what stands in `run` is one text. */
static void put_encoded(struct folder *f, struct str blank, struct str run)
{
	const char *charset = utf8_is_valid(run) ? "UTF-8" : "unknown-8bit";
	size_t frame = strlen(charset) + 7 /* =?  ?B?  ?= */;
	bool q = q_len(run) <= b_len(run);
	while (run.len && !f->out->over) {
		size_t used = *f->column + blank.len;
		if (used + frame + LEAST > WORD_LINE && *f->column > 1) {
			fold(f);
			blank = blank.len ? blank : STR(" ");
		}
		put(f, blank);
		bool fits = *f->column + frame + LEAST <= WORD_LINE;
		size_t room = fits ? WORD_LINE - *f->column - frame : LEAST;
		room = room < WORD_MAX - frame ? room : WORD_MAX - frame;
		struct str front = str_sub(run, 0, fitting(run, room, q));
		put_word(f, front, charset, q);
		run = str_sub(run, front.len, run.len);
		blank = STR(" ");
	}
}

static void put_plain(struct folder *f, struct str blank, struct str word)
{
	if (*f->column + blank.len + word.len > LINE && blank.len && word.len && *f->column > 1)
		fold(f);
	put(f, blank);
	put(f, word);
}

/* The front of f->text up to the last word of a run of words that need encoding. */
static size_t run_len(struct folder *f)
{
	size_t end = 0, at = 0;
	while (at < f->text.len) {
		struct str rest = str_sub(f->text, at, f->text.len);
		size_t gap = blanks(rest);
		size_t len = word_len(str_sub(rest, gap, rest.len));
		if (!needs_encoding(str_sub(rest, gap, len), f->place))
			break;
		at += gap + len;
		end = at;
	}
	return end;
}

static void put_words(struct folder *f)
{
	while (f->text.len && !f->out->over) {
		struct str blank = str_sub(f->text, 0, blanks(f->text));
		f->text = str_sub(f->text, blank.len, f->text.len);
		size_t len = run_len(f);
		bool encode = len > 0;
		if (!encode)
			len = word_len(f->text);
		struct str word = str_sub(f->text, 0, len);
		f->text = str_sub(f->text, len, f->text.len);
		if (encode)
			put_encoded(f, blank, word);
		else
			put_plain(f, blank, word);
	}
}

static bool is_atoms(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		if (!char_is_alpha(c) && !char_is_digit(c) && !is_blank(c) &&
		    !(c && strchr("!#$%&'*+-/=?^_`{|}~", c)))
			return false;
	}
	return s.len > 0;
}

static void put_phrase(struct folder *f)
{
	struct str text = f->text;
	struct buf quoted = BUF_INIT(2 * text.len + 2);
	if (is_atoms(text) && !needs_encoding(text, f->place)) {
		put_words(f);
		return;
	}
	if (needs_encoding(text, f->place)) {
		put_encoded(f, STR_NONE, text);
		return;
	}
	buf_add_byte(&quoted, '"');
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '"' || text.ptr[i] == '\\')
			buf_add_byte(&quoted, '\\');
		buf_add_byte(&quoted, text.ptr[i]);
	}
	buf_add_byte(&quoted, '"');
	f->text = buf_str(&quoted);
	f->place = WORD2047_TEXT;
	put_words(f);
	buf_free(&quoted);
}

bool word2047_encode(
    struct buf *out, struct str text, enum word2047_place place, size_t *column)
{
	while (text.len && is_blank(text.ptr[text.len - 1]))
		text.len--; /* would be lost on the way */
	struct folder f = {.out = out, .column = column, .place = place};
	f.text = str_sub(text, blanks(text), text.len);
	if (place == WORD2047_PHRASE)
		put_phrase(&f);
	else
		put_words(&f);
	return !out->over;
}

/* --- Decoding --- */

struct word {
	struct str charset; /* without RFC 2231's language */
	struct str text;
	bool q;
	size_t len; /* of the whole, =? and ?= included */
};

/* The front of s as an encoded word. Longer ones than 75 are sent and taken. */
static bool parse_word(struct str s, struct word *w)
{
	enum { LONGEST_CHARSET = 64 };
	struct str rest = str_sub(s, 2, s.len);
	size_t end = str_find(str_sub(rest, 0, LONGEST_CHARSET), '?');
	if (!str_starts(s, "=?") || end + 3 > rest.len || rest.ptr[end] != '?' ||
	    rest.ptr[end + 2] != '?')
		return false;
	char how = char_lower(rest.ptr[end + 1]);
	w->charset = str_sub(rest, 0, end);
	w->charset.len = str_find(w->charset, '*');
	rest = str_sub(rest, end + 3, rest.len);
	w->text = str_sub(rest, 0, str_find(rest, '?'));
	w->q = how == 'q';
	w->len = (size_t)(w->text.ptr - s.ptr) + w->text.len + 2;
	return (how == 'q' || how == 'b') && w->text.len + 1 < rest.len &&
	       rest.ptr[w->text.len + 1] == '=' && is_printable(w->text);
}

static void unescape(struct buf *bytes, struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		bool escape = s.ptr[i] == '=' && i + 2 < s.len && char_hex(s.ptr[i + 1]) >= 0 &&
			      char_hex(s.ptr[i + 2]) >= 0;
		if (escape)
			buf_add_byte(bytes,
			    (char)(char_hex(s.ptr[i + 1]) << 4 | char_hex(s.ptr[i + 2])));
		else
			buf_add_byte(bytes, s.ptr[i] == '_' ? ' ' : s.ptr[i]);
		i += escape ? 2 : 0;
	}
}

/* Padding that was left off is forgiven. */
static bool unbase64(struct buf *bytes, struct str s)
{
	struct buf padded = BUF_INIT(s.len + 4);
	while (s.len && s.ptr[s.len - 1] == '=')
		s.len--;
	buf_add_str(&padded, s);
	while (padded.len % 4)
		buf_add_byte(&padded, '=');
	bool good = base64_decode(bytes, buf_str(&padded));
	buf_free(&padded);
	return good;
}

static bool decode_word(struct buf *bytes, const struct word *w)
{
	if (!w->q)
		return unbase64(bytes, w->text);
	unescape(bytes, w->text);
	return true;
}

/* Plain text: folding undone. */
static void put_unfolded(struct buf *out, struct str s)
{
	struct buf flat = BUF_INIT(s.len);
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] != '\r' && s.ptr[i] != '\n')
			buf_add_byte(&flat, s.ptr[i]);
	charset_to_utf8(out, STR_NONE, buf_str(&flat));
	buf_free(&flat);
}

/* Bytes of adjacent words in one charset: many split a character between two words. */
struct pending {
	struct buf bytes;
	struct str charset;
	bool any;
};

static void settle(struct pending *p, struct buf *out)
{
	charset_to_utf8(out, p->charset, buf_str(&p->bytes));
	buf_clear(&p->bytes);
	p->any = false;
}

static bool is_space(struct str s)
{
	return str_trim(s).len == 0;
}

static void take_word(struct pending *p, struct buf *out, const struct word *w)
{
	if (p->any && !str_eq_nocase(p->charset, w->charset))
		settle(p, out);
	p->charset = w->charset;
	p->any = true;
}

bool word2047_decode(struct buf *out, struct str value)
{
	struct pending p = {.bytes = BUF_INIT(value.len)};
	struct word w;
	size_t plain = 0; /* text before this was dealt with */
	for (size_t at = 0; at < value.len;) {
		struct str rest = str_sub(value, at, value.len);
		size_t next = at + str_find_str(rest, STR("=?"));
		struct str gap = str_sub(value, plain, next - plain);
		struct buf bytes = BUF_INIT(value.len);
		if (parse_word(str_sub(value, next, value.len), &w) &&
		    decode_word(&bytes, &w)) {
			if (!p.any || !is_space(gap)) {
				settle(&p, out);
				put_unfolded(out, gap);
			}
			take_word(&p, out, &w);
			buf_add_str(&p.bytes, buf_str(&bytes));
			plain = at = next + w.len;
		} else {
			at = next + 2;
		}
		buf_free(&bytes);
	}
	settle(&p, out);
	put_unfolded(out, str_sub(value, plain, value.len));
	buf_free(&p.bytes);
	return !out->over;
}
