/*
 * Lists of entries, MLSD lines, and which names are safe. LIST's forms are in
 * listing_forms.c.
 */
#include "cmd/ftpc/listing.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/ftpc/ftp.h"
#include "cmd/ftpc/listing_forms.h"
#include "common/base/mem.h"
#include "common/text/number.h"

/* ---- MLSD: "fact=value;fact=value; name" ---- */

static bool take_mode(struct str value, int *mode)
{
	int bits = 0;
	for (size_t i = 0; i < value.len; i++) {
		if (value.ptr[i] < '0' || value.ptr[i] > '7' || value.len > 5)
			return false;
		bits = bits * 8 + (value.ptr[i] - '0');
	}
	*mode = bits & 07777;
	return value.len > 0;
}

/* "file", "dir", "OS.unix=slink:/target", "OS.unix=symlink"; cdir and pdir are no entries. */
static bool take_type(struct entry *e, struct str value)
{
	static const char *const links[] = {"os.unix=slink", "os.unix=symlink", NULL};
	if (str_is_nocase(value, "cdir") || str_is_nocase(value, "pdir"))
		return false;
	e->type = str_is_nocase(value, "file")  ? ENTRY_FILE
		  : str_is_nocase(value, "dir") ? ENTRY_DIR
						: ENTRY_OTHER;
	for (size_t i = 0; links[i]; i++)
		if (str_starts_nocase(value, links[i])) {
			e->type = ENTRY_LINK;
			size_t colon = str_find(value, ':');
			free(e->target);
			e->target = colon < value.len
					? str_dup(str_sub(value, colon + 1, value.len))
					: NULL;
		}
	return true;
}

static bool take_fact(struct entry *e, struct str name, struct str value)
{
	if (str_is_nocase(name, "type"))
		return take_type(e, value);
	if (str_is_nocase(name, "size") || str_is_nocase(name, "sizd"))
		e->size_known = number_parse(value, &e->size) || e->size_known;
	else if (str_is_nocase(name, "modify"))
		e->time_known = ftp_parse_time(value, &e->time) || e->time_known;
	else if (str_is_nocase(name, "unix.mode"))
		take_mode(value, &e->mode);
	return true;
}

static bool parse_mlsd(struct str line, struct entry *e)
{
	size_t space = str_find(line, ' ');
	struct str facts = str_sub(line, 0, space), fact, name;
	e->name = str_dup(str_sub(line, space + 1, line.len));
	e->precision = 1;
	bool good = space < line.len && e->name[0];
	while (good && str_cut(&facts, ';', &fact))
		good = str_cut(&fact, '=', &name) && take_fact(e, name, fact);
	return good;
}

/* ---- entries ---- */

void entry_free(struct entry *e)
{
	free(e->name);
	free(e->target);
	*e = (struct entry){0};
}

static bool is_dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

bool listing_parse(enum listing_form form, struct str line, int64_t now, struct entry *out)
{
	*out = (struct entry){.mode = -1};
	/* A NUL would make two names of one. */
	bool good =
	    line.len && !str_has_byte(line, '\0') &&
	    (form == LISTING_MLSD ? parse_mlsd(line, out) : listing_parse_list(line, now, out));
	if (good && out->name && out->name[0] && !is_dots(out->name))
		return true;
	entry_free(out);
	return false;
}

bool listing_add(struct listing *l, enum listing_form form, struct str line, int64_t now)
{
	struct entry e;
	if (!listing_parse(form, line, now, &e))
		return true;
	if (l->count == LISTING_MOST) {
		entry_free(&e);
		return false;
	}
	if (l->count == l->room) {
		l->room = l->room ? 2 * l->room : 64;
		l->entries = mem_resize(l->entries, l->room, sizeof *l->entries);
	}
	l->entries[l->count++] = e;
	return true;
}

static int by_name(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	return strcmp(x->name, y->name);
}

void listing_sort(struct listing *l)
{
	if (l->count)
		qsort(l->entries, l->count, sizeof *l->entries, by_name);
}

const struct entry *listing_find(const struct listing *l, const char *name)
{
	struct entry key = {0};
	char *copy = mem_dup(name);
	key.name = copy;
	const struct entry *found =
	    l->count ? bsearch(&key, l->entries, l->count, sizeof key, by_name) : NULL;
	free(copy);
	return found;
}

void listing_free(struct listing *l)
{
	for (size_t i = 0; i < l->count; i++)
		entry_free(&l->entries[i]);
	free(l->entries);
	*l = (struct listing){0};
}

bool listing_is_safe(const char *name)
{
	if (!name[0] || is_dots(name) || name[0] == '-' || name[0] == '|' || strlen(name) > 255)
		return false;
	for (const unsigned char *p = (const unsigned char *)name; *p; p++)
		if (*p < 0x20 || *p == 0x7f || *p == '/' || *p == '\\')
			return false;
	return true;
}
