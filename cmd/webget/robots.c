/*
 * Rules of robots.txt: read once, asked for each URL. No I/O.
 */
#include "cmd/webget/robots.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/base/mem.h"

/* A file of 500 KiB holds no more rules that make sense. */
#define MOST_RULES 50000
/* Stars in one pattern: each makes the matching longer. */
#define MOST_STARS 20

struct rule {
	bool allow;
	char *pattern; /* percent-codes in one form, see unify; with * and a $ at the end */
	size_t len;
};

struct robots {
	struct rule *rules;
	size_t count, room;
};

static void add(struct robots *r, bool allow, char *pattern)
{
	if (r->count == r->room) {
		r->room = r->room ? 2 * r->room : 16;
		r->rules = mem_resize(r->rules, r->room, sizeof *r->rules);
	}
	r->rules[r->count++] = (struct rule){allow, pattern, strlen(pattern)};
}

static void drop_rules(struct robots *r)
{
	for (size_t i = 0; i < r->count; i++)
		free(r->rules[i].pattern);
	r->count = 0;
}

void robots_free(struct robots *r)
{
	if (!r)
		return;
	drop_rules(r);
	free(r->rules);
	free(r);
}

struct robots *robots_forbid_all(void)
{
	struct robots *r = mem_alloc(sizeof *r);
	add(r, false, mem_dup("/"));
	return r;
}

static bool is_plain(unsigned char c)
{
	return char_is_alpha((char)c) || char_is_digit((char)c) || (c && strchr("-._~", c));
}

/* 2.2.2: octets are compared after decoding what need not be encoded, and encoding what must
 * be. So /~ada, /%7Eada and /%7eada are one. */
static void unify(struct buf *out, struct str path)
{
	for (size_t i = 0; i < path.len; i++) {
		unsigned char c = (unsigned char)path.ptr[i];
		bool code = c == '%' && i + 2 < path.len && char_hex(path.ptr[i + 1]) >= 0 &&
			    char_hex(path.ptr[i + 2]) >= 0;
		if (code) {
			c = (unsigned char)(char_hex(path.ptr[i + 1]) << 4 |
					    char_hex(path.ptr[i + 2]));
			i += 2;
		}
		if ((code && !is_plain(c)) || c <= ' ' || c >= 0x7f)
			buf_addf(out, "%%%02X", c);
		else
			buf_add_byte(out, (char)c);
	}
}

/* ---- reading ---- */

struct reading {
	struct robots *rules;
	struct str token;
	bool in_agents;  /* the last line was a user-agent: one more joins the group */
	bool is_ours;    /* the group is for us, by name */
	bool is_all;     /* or for everybody */
	bool found_ours; /* some group was for us by name: those for everybody don't count */
};

static bool is_token_byte(char c)
{
	return char_is_alpha(c) || c == '-' || c == '_';
}

/* "WebGet/1.0 (x)" names webget: the product token is what counts (2.2.1). */
static struct str product(struct str value)
{
	size_t n = 0;
	while (n < value.len && is_token_byte(value.ptr[n]))
		n++;
	return str_sub(value, 0, n);
}

static void take_agent(struct reading *r, struct str value)
{
	if (!r->in_agents)
		r->is_ours = r->is_all = false;
	r->in_agents = true;
	if (str_is(value, "*")) {
		r->is_all = true;
	} else if (r->token.len && str_eq_nocase(product(value), r->token)) {
		if (!r->found_ours)
			drop_rules(r->rules);
		r->found_ours = r->is_ours = true;
	}
}

static size_t stars(struct str pattern)
{
	size_t n = 0;
	for (size_t i = 0; i < pattern.len; i++)
		n += pattern.ptr[i] == '*' && (i == 0 || pattern.ptr[i - 1] != '*');
	return n;
}

static void take_rule(struct reading *r, bool allow, struct str value)
{
	r->in_agents = false;
	bool counts = r->is_ours || (r->is_all && !r->found_ours);
	/* An empty one allows all; what begins with neither is no path. */
	if (!counts || !value.len || !strchr("/*", value.ptr[0]) ||
	    r->rules->count >= MOST_RULES || stars(value) > MOST_STARS)
		return;
	struct buf pattern = BUF_INIT(3 * ROBOTS_MOST);
	unify(&pattern, value);
	add(r->rules, allow, buf_steal(&pattern));
}

static void take_line(struct reading *r, struct str line)
{
	line = str_sub(line, 0, str_find(line, '#'));
	size_t colon = str_find(line, ':');
	if (colon == line.len)
		return;
	struct str key = str_trim(str_sub(line, 0, colon));
	struct str value = str_trim(str_sub(line, colon + 1, line.len));
	if (str_is_nocase(key, "user-agent"))
		take_agent(r, value);
	else if (str_is_nocase(key, "allow"))
		take_rule(r, true, value);
	else if (str_is_nocase(key, "disallow"))
		take_rule(r, false, value);
}

static size_t line_end(struct str s)
{
	size_t n = 0;
	while (n < s.len && s.ptr[n] != '\n' && s.ptr[n] != '\r')
		n++;
	return n;
}

struct robots *robots_read(struct str file, struct str token)
{
	struct reading r = {.rules = mem_alloc(sizeof *r.rules), .token = token};
	struct str rest = str_sub(file, 0, ROBOTS_MOST);
	if (str_starts(rest, "\xef\xbb\xbf"))
		rest = str_sub(rest, 3, rest.len);
	while (rest.len) {
		size_t end = line_end(rest);
		take_line(&r, str_sub(rest, 0, end));
		rest = str_sub(rest, end + 1, rest.len);
	}
	return r.rules;
}

/* ---- asking ---- */

/* A pattern matches a beginning, unless it ends in $. A * that fails is tried one byte further;
 * only the last one passed need be. */
static bool matches(struct str pattern, struct str target)
{
	bool whole = pattern.len && pattern.ptr[pattern.len - 1] == '$';
	size_t p = 0, t = 0, star = SIZE_MAX, mark = 0;
	pattern.len -= whole;
	for (;;) {
		if (p < pattern.len && pattern.ptr[p] == '*') {
			star = ++p;
			mark = t;
		} else if (p == pattern.len && (!whole || t == target.len)) {
			return true;
		} else if (p < pattern.len && t < target.len &&
			   pattern.ptr[p] == target.ptr[t]) {
			p++;
			t++;
		} else if (star != SIZE_MAX && mark < target.len) {
			t = ++mark;
			p = star;
		} else {
			return false;
		}
	}
}

bool robots_allow(const struct robots *r, struct str target)
{
	struct buf path = BUF_INIT(SIZE_MAX / 2);
	size_t longest = 0;
	bool allowed = true;
	unify(&path, target);
	for (size_t i = 0; i < r->count; i++) {
		const struct rule *rule = &r->rules[i];
		if (rule->len < longest ||
		    (rule->len == longest && !rule->allow && allowed && longest > 0))
			continue;
		if (matches((struct str){rule->pattern, rule->len}, buf_str(&path))) {
			longest = rule->len;
			allowed = rule->allow;
		}
	}
	buf_free(&path);
	return allowed;
}
