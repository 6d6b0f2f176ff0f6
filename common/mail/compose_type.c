/*
 * The type of a file by its extension. Never looks into it: what a stranger
 * put in a file must not choose how it is labelled.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "common/mail/compose.h"

static const struct {
	const char *extension, *type;
} types[] = {
    {"7z", "application/x-7z-compressed"},
    {"asc", "text/plain"},
    {"avif", "image/avif"},
    {"bmp", "image/bmp"},
    {"bz2", "application/x-bzip2"},
    {"c", "text/x-c"},
    {"conf", "text/plain"},
    {"cpp", "text/x-c++"},
    {"css", "text/css"},
    {"csv", "text/csv"},
    {"deb", "application/vnd.debian.binary-package"},
    {"diff", "text/x-diff"},
    {"doc", "application/msword"},
    {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {"epub", "application/epub+zip"},
    {"flac", "audio/flac"},
    {"gif", "image/gif"},
    {"gz", "application/gzip"},
    {"h", "text/x-c"},
    {"heic", "image/heic"},
    {"htm", "text/html"},
    {"html", "text/html"},
    {"ics", "text/calendar"},
    {"java", "text/x-java"},
    {"jpeg", "image/jpeg"},
    {"jpg", "image/jpeg"},
    {"js", "text/javascript"},
    {"json", "application/json"},
    {"log", "text/plain"},
    {"m4a", "audio/mp4"},
    {"md", "text/markdown"},
    {"mkv", "video/x-matroska"},
    {"mov", "video/quicktime"},
    {"mp3", "audio/mpeg"},
    {"mp4", "video/mp4"},
    {"mpeg", "video/mpeg"},
    {"odg", "application/vnd.oasis.opendocument.graphics"},
    {"odp", "application/vnd.oasis.opendocument.presentation"},
    {"ods", "application/vnd.oasis.opendocument.spreadsheet"},
    {"odt", "application/vnd.oasis.opendocument.text"},
    {"ogg", "audio/ogg"},
    {"opus", "audio/ogg"},
    {"patch", "text/x-diff"},
    {"pdf", "application/pdf"},
    {"png", "image/png"},
    {"ppt", "application/vnd.ms-powerpoint"},
    {"pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
    {"ps", "application/postscript"},
    {"py", "text/x-python"},
    {"rtf", "application/rtf"},
    {"sh", "text/x-shellscript"},
    {"sig", "application/pgp-signature"},
    {"svg", "image/svg+xml"},
    {"tar", "application/x-tar"},
    {"tex", "text/x-tex"},
    {"tgz", "application/gzip"},
    {"tif", "image/tiff"},
    {"tiff", "image/tiff"},
    {"ttf", "font/ttf"},
    {"txt", "text/plain"},
    {"vcf", "text/vcard"},
    {"wav", "audio/x-wav"},
    {"webm", "video/webm"},
    {"webp", "image/webp"},
    {"woff2", "font/woff2"},
    {"xls", "application/vnd.ms-excel"},
    {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {"xml", "application/xml"},
    {"xz", "application/x-xz"},
    {"yaml", "application/yaml"},
    {"yml", "application/yaml"},
    {"zip", "application/zip"},
    {"zst", "application/zstd"},
};

/* The next word of a line. */
static struct str cut_word(struct str *rest)
{
	struct str s = str_trim(*rest);
	size_t len = 0;
	while (len < s.len && s.ptr[len] != ' ' && s.ptr[len] != '\t')
		len++;
	*rest = str_sub(s, len, s.len);
	return str_sub(s, 0, len);
}

/* "type/sub ext ext ..." */
static char *type_in_line(struct str line, const char *extension)
{
	struct str type = cut_word(&line), word;
	if (type.len == 0 || type.ptr[0] == '#')
		return NULL;
	while ((word = cut_word(&line)).len)
		if (str_is_nocase(word, extension))
			return str_dup(type);
	return NULL;
}

static char *type_of_system(const char *extension)
{
	FILE *file = fopen("/etc/mime.types", "re");
	char *line = NULL, *found = NULL;
	size_t cap = 0;
	while (file && !found && getline(&line, &cap, file) >= 0)
		found = type_in_line(str_of(line), extension);
	free(line);
	if (file)
		fclose(file);
	return found;
}

char *compose_type_of(const char *path)
{
	const char *dot = strrchr(path, '.');
	if (!dot || strchr(dot, '/') || !dot[1])
		return mem_dup("application/octet-stream");
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (str_is_nocase(str_of(dot + 1), types[i].extension))
			return mem_dup(types[i].type);
	char *found = type_of_system(dot + 1);
	/* RFC 2046 5.1 and 5.2: these may not be base64, as all attachments are here. */
	bool fit = found && !str_starts_nocase(str_of(found), "message/") &&
		   !str_starts_nocase(str_of(found), "multipart/");
	if (fit)
		return found;
	free(found);
	return mem_dup("application/octet-stream");
}
