/*
 * What the user of webget asked for: one struct, filled from the option table,
 * const afterwards. Nothing after this stage knows argv.
 */
#ifndef PARLEY_WEBGET_OPTIONS_H
#define PARLEY_WEBGET_OPTIONS_H

#include "common/cli/netopts.h"
#include "common/cli/opt.h"

/* Kurose and Ross's models; the order is that of --connection's choices. */
enum connection_model {
	CONNECTION_NONPERSISTENT, /* a connection for each object, one after the other */
	CONNECTION_PARALLEL,      /* the same, several at a time */
	CONNECTION_PERSISTENT,    /* one after the other on one connection */
	CONNECTION_PIPELINED,     /* all on their way at once; the default */
};

struct webget_options {
	struct net_options common;
	struct list urls;

	struct list outputs; /* -o FILE and -O, matched to the URLs in their order */
	bool remote_header_name;
	char *output_dir;
	bool create_dirs, no_clobber;
	bool include, head;
	char *dump_header;
	char *write_out;
	bool fail_with_body;

	bool location;
	int64_t max_redirs;
	char *method;
	struct list data; /* --data and its kin, in order */
	bool get;
	struct list url_query;
	struct list form;
	char *upload_file;
	struct list headers;
	char *user_agent, *referer, *range;
	char *cookie;     /* -b: "name=value; ..." or a file */
	char *cookie_jar; /* -c */
	bool junk_session_cookies;
	char *time_cond;                /* -z */
	char *etag_compare, *etag_save; /* files */
	bool timestamping;
	bool resume; /* --continue */
	bool compressed, http10, globoff;
	bool basic, digest, anyauth;
	int64_t max_filesize;
	int64_t segments;    /* 0: not given */
	struct list mirrors; /* URLs */
	char *metalink;      /* a file or a URL */
	char *checksum;      /* "sha256:HEX" */
	char *checksum_file; /* as sha256sum writes it */
	struct {
		char *dir;
		int64_t size, if_slow_ms;
	} cache;
	char *hsts;
	int64_t retry, retry_delay_ms, retry_max_time_ms;
	int connection; /* enum connection_model */

	bool page_requisites, convert_links, recursive; /* see options_pages.c */
	int64_t level;                                  /* 0: any */
	bool parent, span_hosts;
	struct list accept, reject;
	int64_t wait_ms;
	bool host_directories, no_host; /* both ways to say -nH */
	int64_t cut_dirs;
	bool parallel;
	int64_t parallel_max;

	char *input_file;
	bool remote_name_all, spider, xattr;
	char *har;
};

extern const struct opt_row webget_report_rows[];

extern const struct opt_table webget_table;
extern const struct opt_row options_sources[]; /* the group "Sources" */
extern const struct opt_row options_cache[];   /* "Cache" */

/* Defaults, config file, argv, cross-checks. False with ERR_USAGE or ERR_CONFIG. */
bool options_read(struct webget_options *o, char **argv, struct err *err);
void options_free(struct webget_options *o);

#endif
