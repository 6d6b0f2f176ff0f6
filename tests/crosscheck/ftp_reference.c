/*
 * What libcurl makes of an FTP transfer that is given in the options of ftpc:
 *   ftp_reference [-l] [-B] [-a] [-C N] [-T FILE] [-u NAME:PASSWORD] [-o FILE] URL
 * -C is an offset, -1 for uploads: what is there already; -o is added to then.
 * Exits 0, 66 for what is not there, 77 for a refused login, else 1. Knows
 * nothing of ftpc's code.
 */
#include <curl/curl.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static FILE *open_file(const char *name, const char *mode)
{
	FILE *f = fopen(name, mode);
	if (!f) {
		perror(name);
		exit(2);
	}
	return f;
}

static int seek(void *file, curl_off_t offset, int origin)
{
	return fseek(file, (long)offset, origin) == 0 ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL;
}

static void upload(CURL *curl, const char *name, bool append)
{
	curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
	FILE *file = open_file(name, "r");
	curl_easy_setopt(curl, CURLOPT_READDATA, file);
	curl_easy_setopt(curl, CURLOPT_SEEKDATA, file);
	curl_easy_setopt(curl, CURLOPT_SEEKFUNCTION, seek);
	curl_easy_setopt(curl, CURLOPT_APPEND, append ? 1L : 0L);
}

static int status_of(CURLcode code)
{
	switch (code) {
	case CURLE_OK: return 0;
	case CURLE_REMOTE_FILE_NOT_FOUND:
	case CURLE_REMOTE_ACCESS_DENIED: /* CWD refused */ return 66;
	case CURLE_LOGIN_DENIED: return 77;
	default: return 1;
	}
}

int main(int argc, char **argv)
{
	CURL *curl = curl_easy_init();
	const char *from = NULL, *to = NULL;
	long long offset = 0;
	bool append = false;
	for (int c; (c = getopt(argc, argv, "lBaC:T:u:o:")) != -1;) {
		if (c == 'l')
			curl_easy_setopt(curl, CURLOPT_DIRLISTONLY, 1L);
		else if (c == 'B')
			curl_easy_setopt(curl, CURLOPT_TRANSFERTEXT, 1L);
		else if (c == 'u')
			curl_easy_setopt(curl, CURLOPT_USERPWD, optarg);
		else if (c == 'C')
			offset = strtoll(optarg, NULL, 10);
		else if (c == 'T')
			from = optarg;
		else if (c == 'o')
			to = optarg;
		else if (c == 'a')
			append = true;
		else
			return 64;
	}
	if (optind + 1 != argc)
		return 64;
	FILE *out = to ? open_file(to, offset ? "a" : "w") : stdout;
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, out);
	curl_easy_setopt(curl, CURLOPT_RESUME_FROM_LARGE, (curl_off_t)offset);
	curl_easy_setopt(curl, CURLOPT_URL, argv[optind]);
	if (from)
		upload(curl, from, append);
	int status = status_of(curl_easy_perform(curl));
	curl_easy_cleanup(curl);
	return fclose(out) == 0 ? status : 1;
}
