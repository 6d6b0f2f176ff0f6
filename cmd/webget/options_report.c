/*
 * Option rows: where URLs come from beside the command line, and what is written of a run
 * beside the bodies.
 */
#include "cmd/webget/options.h"

#define PLACE(member) .place = offsetof(struct webget_options, member)

const struct opt_row webget_report_rows[] = {
    {"input-file", 0, OPT_STRING, PLACE(input_file), "FILE",
	"fetch the URLs in FILE too, one a line (- is stdin)", .completes = "file"},
    {"remote-name-all", 0, OPT_SWITCH, PLACE(remote_name_all), NULL, "as if each URL had a -O"},
    {"spider", 0, OPT_SWITCH, PLACE(spider), NULL,
	"only look whether it is there: nothing is kept, the exit status tells"},
    {"xattr", 0, OPT_SWITCH, PLACE(xattr), NULL,
	"note in the file's extended attributes where it came from"},
    {"har", 0, OPT_STRING, PLACE(har), "FILE",
	"write all exchanges to FILE as an HTTP Archive, for a browser's developer tools",
	.completes = "file"},
    {.name = NULL},
};
