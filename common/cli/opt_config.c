/*
 * The config file: long options, one a line, through the same rows as the
 * command line. Knows nothing of argv.
 */
#include <stdio.h>
#include <stdlib.h>

#include "common/base/mem.h"
#include "common/cli/opt_inside.h"
#include "common/cli/userfile.h"

struct config {
	const struct opt_table *table;
	void *options;
	const char *path;
	int line;
	bool open_to_others;
};

static bool bad(const struct config *c, struct str name, const char *why, struct err *err)
{
	int shown = name.len < 60 ? (int)name.len : 60;
	return err_set(
	    err, ERR_CONFIG, "%.200s:%d: %.*s: %s", c->path, c->line, shown, name.ptr, why);
}

static bool is_name_end(char c)
{
	return c == ' ' || c == '\t' || c == '=';
}

/* "name", "name value" or "name = value"; *value is empty for the first. */
static struct str split(struct str line, struct str *value)
{
	size_t end = 0;
	while (end < line.len && !is_name_end(line.ptr[end]))
		end++;
	*value = str_trim(str_sub(line, end, line.len));
	if (str_starts(*value, "="))
		*value = str_trim(str_sub(*value, 1, value->len));
	return str_sub(line, 0, end);
}

static bool store(
    const struct config *c, const struct opt_hit *hit, const char *value, struct err *err)
{
	char label[320];
	snprintf(label, sizeof label, "%.200s:%d: %s", c->path, c->line, hit->row->name);
	struct opt_value v = {label, opt_takes_value(hit->row) ? value : NULL, ERR_CONFIG};
	if (c->open_to_others && v.value && opt_holds_secret(hit->row, value))
		return err_set(err, ERR_CONFIG,
		    "%s: a secret, in a file that others can read (chmod 600 it)", label);
	return opt_store(hit, c->options, &v, err);
}

static bool read_line(const struct config *c, struct str line, struct err *err)
{
	struct str value;
	struct str name = split(line, &value);
	struct opt_hit hit;
	if (str_has_byte(line, '\0'))
		return bad(c, STR("this line"), "has a NUL byte in it", err);
	if (!opt_find_exact(c->table, name, &hit))
		return bad(c, name, "unknown option", err);
	bool given = value.len > 0 || str_has_byte(line, '=');
	if (given != opt_takes_value(hit.row))
		return bad(c, name, given ? "takes no argument" : "needs an argument", err);
	char *text = str_dup(value);
	bool good = store(c, &hit, text, err);
	mem_free_secret(text);
	return good;
}

static bool read_lines(struct config *c, struct str text, struct err *err)
{
	struct str line;
	while (str_cut(&text, '\n', &line)) {
		c->line++;
		line = str_trim(line);
		if (line.len == 0 || line.ptr[0] == '#')
			continue;
		if (!read_line(c, line, err))
			return false;
	}
	return true;
}

bool opt_read_config(const struct opt_table *table, void *options, struct err *err)
{
	char *path = userfile_config_path(table->tool);
	if (!path)
		return true;
	struct userfile file;
	bool good = userfile_read(&file, path, err);
	if (good) {
		struct config c = {table, options, path, 0, file.open_to_others};
		good = read_lines(&c, buf_str(&file.bytes), err);
	}
	userfile_free(&file);
	free(path);
	return good;
}
