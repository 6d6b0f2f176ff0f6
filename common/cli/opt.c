/*
 * The command line: which word is an option, which is a value, which an operand.
 * Knows rows only by their type; what a value means is opt_store.c's.
 */
#include "common/cli/opt.h"

#include <stdio.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/cli/opt_inside.h"

struct parse {
	const struct opt_table *table;
	void *options;
	char **next; /* the next word; NULL at the end */
	struct err *err;
};

/* ps(1) shows argv to everybody. NULs keep the length and leave nothing to read. */
static void blank(char *value)
{
	mem_wipe(value, strlen(value));
}

/* Stores a value that stands in argv. */
static bool store(struct parse *p, const struct opt_hit *hit, const char *label, char *value)
{
	struct opt_value v = {label, value, ERR_USAGE};
	if (!opt_store(hit, p->options, &v, p->err))
		return false;
	if (value && opt_holds_secret(hit->row, value))
		blank(value);
	return true;
}

/* The next word, whatever it looks like: -o -x writes to the file "-x". */
static bool take_value(struct parse *p, const char *label, char **value)
{
	if (!*p->next)
		return err_set(p->err, ERR_USAGE, "%s: needs an argument", label);
	*value = *p->next++;
	return true;
}

/* word: after the two dashes. */
static bool parse_long(struct parse *p, char *word)
{
	struct str name = {word, strcspn(word, "=")};
	char *value = word[name.len] ? word + name.len + 1 : NULL;
	struct opt_hit hit;
	if (!opt_find_long(p->table, name, &hit, p->err))
		return false;
	char label[64];
	bool has_no = hit.negated && str_starts(str_of(hit.row->name), "no-");
	snprintf(label, sizeof label, "--%s%s", hit.negated && !has_no ? "no-" : "",
	    hit.row->name + (has_no ? 3 : 0));
	if (!opt_takes_value(hit.row)) {
		if (value)
			return err_set(p->err, ERR_USAGE, "%s: takes no argument", label);
	} else if (!value && !take_value(p, label, &value)) {
		return false;
	}
	return store(p, &hit, label, value);
}

static bool refuse_letter(struct parse *p, const char *cluster, char letter)
{
	struct opt_hit meant;
	struct str word = str_of(cluster);
	if (opt_say_foreign_letter(p->table, cluster, letter, p->err))
		return false;
	if (word.len > 1 && opt_find_exact(p->table, word, &meant))
		return err_set(p->err, ERR_USAGE, "-%s: unknown option (did you mean --%s?)",
		    cluster, cluster);
	if (word.len > 1)
		return err_set(
		    p->err, ERR_USAGE, "-%c: unknown option (in -%.60s)", letter, cluster);
	return err_set(p->err, ERR_USAGE, "-%c: unknown option (--help lists them)", letter);
}

/* cluster: after the dash. Letters until one takes the rest, or the next word, as its value. */
static bool parse_letters(struct parse *p, char *cluster)
{
	for (char *c = cluster; *c; c++) {
		struct opt_hit hit;
		char label[] = {'-', *c, '\0'};
		if (!opt_find_letter(p->table, *c, &hit))
			return refuse_letter(p, cluster, *c);
		if (!opt_takes_value(hit.row)) {
			if (!store(p, &hit, label, NULL))
				return false;
			continue;
		}
		char *value = c + 1;
		if (!*value && !take_value(p, label, &value))
			return false;
		return store(p, &hit, label, value);
	}
	return true;
}

bool opt_parse(const struct opt_table *table, char **argv, void *options, struct list *operands,
    struct err *err)
{
	struct parse p = {table, options, argv[0] ? argv + 1 : argv, err};
	bool ended = false;
	while (*p.next) {
		char *word = *p.next++;
		bool good = true;
		if (ended || word[0] != '-' || word[1] == '\0')
			list_add(operands, NULL, word);
		else if (strcmp(word, "--") == 0)
			ended = true;
		else if (word[1] == '-')
			good = parse_long(&p, word + 2);
		else
			good = parse_letters(&p, word + 1);
		if (!good)
			return false;
	}
	return true;
}

bool opt_wants_no_config(char **argv)
{
	for (char **word = argv; *word && strcmp(*word, "--") != 0; word++)
		if (strcmp(*word, "--no-config") == 0)
			return true;
	return false;
}
