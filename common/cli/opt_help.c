/*
 * What the option tables say about themselves: --help and the completion script.
 * Knows nothing of values given.
 */
#include <string.h>

#include "common/base/buf.h"
#include "common/base/limits.h"
#include "common/cli/opt_inside.h"
#include "common/cli/say.h"

enum { HELP_COLUMN = 28, HELP_WIDTH = 80 };

static bool show(const char *tool, struct buf *out)
{
	struct err err = {0};
	bool good = say_bytes(STDOUT_FILENO, "standard output", buf_str(out), &err);
	if (!good)
		say_error(tool, NULL, &err);
	buf_free(out);
	return good;
}

/* Words of text from column HELP_COLUMN on, broken before HELP_WIDTH. */
static void put_wrapped(struct buf *out, const char *text)
{
	struct str rest = str_of(text), word;
	size_t column = HELP_COLUMN;
	while (str_cut(&rest, ' ', &word)) {
		if (column > HELP_COLUMN && column + 1 + word.len >= HELP_WIDTH) {
			buf_addf(out, "\n%*s", HELP_COLUMN, "");
			column = HELP_COLUMN;
		}
		buf_addf(out, "%s%.*s", column > HELP_COLUMN ? " " : "", STR_ARG(word));
		column += word.len + (column > HELP_COLUMN);
	}
	buf_add_byte(out, '\n');
}

static void put_row(struct buf *out, const struct opt_row *row)
{
	size_t start = out->len;
	if (row->letter)
		buf_addf(out, "  -%c, ", row->letter);
	else
		buf_add_text(out, "      ");
	buf_addf(out, "--%s", row->name);
	if (row->arg)
		buf_addf(out, " %s", row->arg);
	size_t width = out->len - start;
	if (width + 2 > HELP_COLUMN)
		buf_addf(out, "\n%*s", HELP_COLUMN, "");
	else
		buf_addf(out, "%*s", (int)(HELP_COLUMN - width), "");
	put_wrapped(out, row->help);
}

bool opt_print_help(const struct opt_table *table)
{
	struct buf out = BUF_INIT(MIB);
	buf_addf(&out, "Usage: %s %s\n%s\n", table->tool, table->synopsis, table->summary);
	for (const struct opt_group *g = table->groups; g->rows; g++) {
		buf_addf(&out, "\n%s:\n", g->title);
		for (const struct opt_row *row = g->rows; row->name; row++)
			if (row->help)
				put_row(&out, row);
	}
	buf_addf(&out, "\nA switch --NAME is turned off by --no-NAME. See %s(1), parley(7).\n",
	    table->tool);
	return show(table->tool, &out);
}

/* The pattern of a case branch: "-o|--output". */
static void put_pattern(struct buf *out, const struct opt_row *row)
{
	if (row->letter)
		buf_addf(out, "-%c|", row->letter);
	buf_addf(out, "--%s", row->name);
}

/* What bash offers after an option that takes a value. */
static void put_values(struct buf *out, const struct opt_row *row)
{
	const char *what = row->completes ? row->completes : "";
	if (row->choices) {
		buf_add_text(out, "COMPREPLY=($(compgen -W '");
		for (int i = 0; row->choices[i]; i++)
			buf_addf(out, "%s%s", i ? " " : "", row->choices[i]);
		buf_add_text(out, "' -- \"$cur\"))");
	} else if (strcmp(what, "file") == 0) {
		buf_add_text(out, "compopt -o default; COMPREPLY=()");
	} else if (strcmp(what, "dir") == 0) {
		buf_add_text(out, "compopt -o dirnames; COMPREPLY=()");
	} else if (strcmp(what, "host") == 0) {
		buf_add_text(out, "COMPREPLY=($(compgen -A hostname -- \"$cur\"))");
	} else {
		buf_add_text(out, "COMPREPLY=()");
	}
}

static void put_branches(struct buf *out, const struct opt_table *table)
{
	buf_add_text(out, "\tcase $prev in\n");
	for (struct opt_walk w = {.group = table->groups}; opt_next(&w);) {
		if (!w.row->help || !opt_takes_value(w.row))
			continue;
		buf_add_byte(out, '\t');
		put_pattern(out, w.row);
		buf_add_text(out, ") ");
		put_values(out, w.row);
		buf_add_text(out, "; return ;;\n");
	}
	buf_add_text(out, "\tesac\n");
}

bool opt_print_completion(const struct opt_table *table)
{
	struct buf out = BUF_INIT(MIB);
	buf_addf(&out,
	    "# bash completion for %s, written by `%s --completion bash`\n"
	    "_parley_%s()\n{\n"
	    "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n",
	    table->tool, table->tool, table->tool);
	put_branches(&out, table);
	buf_add_text(&out, "\tif [[ $cur == -* ]]; then\n\t\tCOMPREPLY=($(compgen -W '");
	bool first = true;
	for (struct opt_walk w = {.group = table->groups}; opt_next(&w);) {
		if (!w.row->help)
			continue;
		buf_addf(&out, "%s--%s", first ? "" : " ", w.row->name);
		first = false;
	}
	buf_addf(&out,
	    "' -- \"$cur\"))\n\telse\n\t\tcompopt -o default; COMPREPLY=()\n\tfi\n}\n"
	    "complete -F _parley_%s %s\n",
	    table->tool, table->tool);
	return show(table->tool, &out);
}
