/*
 * Lists of checksums. Pure but for sums_load.
 */
#include "cmd/webget/sums.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/webget/verify.h"
#include "common/base/limits.h"
#include "common/base/list.h"
#include "common/base/mem.h"
#include "common/cli/userfile.h"

/* The names and the digests, at the same places. */
struct sums {
	struct list names, specs;
};

static struct str base_of(struct str name)
{
	const char *slash = name.len ? memrchr(name.ptr, '/', name.len) : NULL;
	size_t dir = slash ? (size_t)(slash - name.ptr) + 1 : 0;
	return str_sub(name, dir, name.len - dir);
}

/* \\ \n \r, in a line that began with a backslash. */
static bool unescape(struct str name, struct buf *out)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		if (c == '\\') {
			c = ++i < name.len ? name.ptr[i] : '\0';
			c = c == 'n' ? '\n' : c == 'r' ? '\r' : c == '\\' ? '\\' : '\0';
			if (!c)
				return false;
		}
		buf_add_byte(out, c);
	}
	return !out->over;
}

static void note(
    struct sums *s, const char *algorithm, struct str hex, struct str name, bool escaped)
{
	struct err not_one = {0};
	struct buf plain = BUF_INIT(LIMIT_URL);
	char *spec = mem_printf("%s:%.*s", algorithm, STR_ARG(hex));
	bool good = escaped ? unescape(name, &plain) : buf_add_str(&plain, name);
	if (good && plain.len && verify_check(spec, &not_one)) {
		list_add(&s->names, NULL, buf_cstr(&plain));
		list_add(&s->specs, NULL, spec);
	}
	free(spec);
	buf_free(&plain);
}

/* "SHA256 (name) = HEX"; a name may hold any of these signs, a digest none. */
static bool take_tagged(struct sums *s, struct str line, bool escaped)
{
	static const struct {
		const char *tag, *name;
	} tags[] = {{"SHA256 (", "sha256"}, {"SHA512 (", "sha512"}, {"SHA1 (", "sha1"},
	    {"MD5 (", "md5"}};
	for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
		if (!str_starts(line, tags[i].tag))
			continue;
		struct str rest = str_sub(line, strlen(tags[i].tag), line.len);
		const char *equals = memrchr(rest.ptr, '=', rest.len);
		size_t at = equals ? (size_t)(equals - rest.ptr) : 0;
		if (at < 2 || memcmp(equals - 2, ") ", 2) != 0)
			return true;
		note(s, tags[i].name, str_trim(str_sub(rest, at + 1, rest.len)),
		    str_sub(rest, 0, at - 2), escaped);
		return true;
	}
	return false;
}

static void take_line(struct sums *s, struct str line)
{
	if (line.len && line.ptr[line.len - 1] == '\r')
		line.len--;
	bool escaped = line.len && line.ptr[0] == '\\';
	line = str_sub(line, escaped, line.len);
	if (take_tagged(s, line, escaped))
		return;
	struct str hex = str_sub(line, 0, str_find(line, ' '));
	const char *algorithm = verify_name_of(hex.len);
	struct str rest = str_sub(line, hex.len, line.len);
	/* The second character says text or binary. */
	if (algorithm && rest.len > 2 && (rest.ptr[1] == ' ' || rest.ptr[1] == '*'))
		note(s, algorithm, hex, str_sub(rest, 2, rest.len), escaped);
}

struct sums *sums_parse(struct str text, struct err *err)
{
	struct sums *s = mem_alloc(sizeof *s);
	struct str line;
	while (str_cut(&text, '\n', &line))
		take_line(s, line);
	if (s->names.count)
		return s;
	sums_free(s);
	err_set(err, ERR_DATA, "no line is a checksum as sha256sum writes it");
	return NULL;
}

struct sums *sums_load(const char *path, struct err *err)
{
	struct userfile file;
	struct err why = {0};
	struct sums *s = NULL;
	bool is_stdin = strcmp(path, "-") == 0;
	if (!userfile_read(&file, is_stdin ? "/dev/stdin" : path, err) || !file.found)
		err_set(err, ERR_IO, "--checksum-file: there is no %s", path);
	else if (!(s = sums_parse(buf_str(&file.bytes), &why)))
		err_set(err, why.kind, "--checksum-file: %s: %s", path, why.text);
	userfile_free(&file);
	return s;
}

void sums_free(struct sums *s)
{
	if (!s)
		return;
	list_free(&s->names);
	list_free(&s->specs);
	free(s);
}

const char *sums_find(const struct sums *s, struct str name, struct err *err)
{
	const char *found = NULL;
	for (size_t i = 0; i < s->names.count; i++) {
		const char *spec = s->specs.items[i].text;
		if (!str_eq(base_of(str_of(s->names.items[i].text)), name))
			continue;
		/* Two algorithms are two words for one file: the longer one is the better. */
		bool same_kind = found && strlen(found) == strlen(spec);
		if (same_kind && !str_is_nocase(str_of(spec), found)) {
			err_set(err, ERR_DATA, "the list of checksums has two for %.*s",
			    STR_ARG(name));
			return NULL;
		}
		if (!found || strlen(spec) > strlen(found))
			found = spec;
	}
	return found;
}
