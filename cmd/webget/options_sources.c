/*
 * The option rows about what a file must be and where else it may come from.
 * What they do is elsewhere.
 */
#include "cmd/webget/options.h"
#include "common/base/str.h"

#define PLACE(member) .place = offsetof(struct webget_options, member)

/* wget's option of this name takes nothing and fetches a whole site. */
static bool add_mirror(void *place, const char *value, struct err *err)
{
	if (!str_starts_nocase(str_of(value), "http://") &&
	    !str_starts_nocase(str_of(value), "https://"))
		return err_set(err, ERR_USAGE,
		    "takes the URL of another copy of the file, and '%s' is none (for wget's "
		    "--mirror there is --recursive)",
		    value);
	list_add(place, "mirror", value);
	return true;
}

const struct opt_row options_sources[] = {
    {"segments", 0, OPT_NUMBER, PLACE(segments), "N",
	"fetch a large file on up to N connections at once, if that is faster", .min = 1,
	.max = 64},
    {"mirror", 0, OPT_DO, PLACE(mirrors), "URL",
	"another place that has the file; parts of it may come from there", .act = add_mirror},
    {"metalink", 0, OPT_STRING, PLACE(metalink), "FILE|URL",
	"fetch the files that this metalink names, from the places and with the digests in it",
	.completes = "file"},
    {"checksum", 0, OPT_STRING, PLACE(checksum), "ALGORITHM:HEX",
	"the body's digest (sha256, sha512, sha1, md5); another one is an error, and no file"},
    {"checksum-file", 0, OPT_STRING, PLACE(checksum_file), "FILE",
	"a list as sha256sum writes it, in which each file must stand with its digest",
	.completes = "file"},
    {.name = NULL},
};
