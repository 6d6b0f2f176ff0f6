/*
 * What is known of a transfer when it is over, by curl's names for it: what -w
 * prints and --timing sums up. Only data; NULL and 0 where nothing is known.
 */
#ifndef WEBGET_FACTS_H
#define WEBGET_FACTS_H

#include <stdint.h>

#include "common/text/field.h"

/* All strings are borrowed. */
struct facts {
	const char *url;           /* as given, patterns expanded */
	const char *url_effective; /* the last one asked for */
	const char *scheme;        /* "http", any case; shown in upper case */
	const char *method;        /* of the last request */
	const char *http_version;  /* "1.1"; NULL: no answer */
	const char *content_type;
	const char *redirect_url; /* where Location led, when it was not followed */
	const char *referer;
	const char *filename_effective;
	const char *remote_ip, *local_ip;
	const char *errormsg;
	const char *cache; /* "hit", "miss", "validated", "stale"; NULL: not in use */
	int remote_port, local_port;
	int response_code; /* of the last answer */
	int http_connect;  /* of the proxy's answer to CONNECT */
	int exitcode;
	int ssl_verify_result, proxy_ssl_verify_result;
	int num_connects; /* new connections */
	int num_redirects;
	int num_headers;                     /* fields of the last head */
	int urlnum;                          /* from 0 */
	uint64_t size_download, size_upload; /* bytes of bodies */
	uint64_t size_header, size_request;  /* bytes of all heads received, of all sent */
	/* Seconds since the start; speeds are made from size and time_total. */
	double time_namelookup, time_connect, time_appconnect, time_pretransfer;
	double time_starttransfer, time_redirect, time_total;
	const struct fields *fields; /* of the last head; may be NULL */
};

#endif
