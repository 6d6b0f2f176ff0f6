/*
 * The option rows about what a file must be and where else it may come from.
 * What they do is elsewhere.
 */
#include "cmd/webget/options.h"

#define PLACE(member) .place = offsetof(struct webget_options, member)

const struct opt_row options_sources[] = {
    {"checksum", 0, OPT_STRING, PLACE(checksum), "ALGORITHM:HEX",
	"the body's digest (sha256, sha512, sha1, md5); another one is an error, and no file"},
    {"checksum-file", 0, OPT_STRING, PLACE(checksum_file), "FILE",
	"a list as sha256sum writes it, in which each file must stand with its digest",
	.completes = "file"},
    {.name = NULL},
};
