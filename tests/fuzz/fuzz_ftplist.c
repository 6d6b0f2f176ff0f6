/*
 * Listings of FTP servers and the ports in their replies: whatever is an entry
 * has a name, no part of it comes from outside the line, and a name that is
 * safe can't lead anywhere.
 */
#include <stdlib.h>
#include <string.h>

#include "cmd/ftpc/listing.h"
#include "cmd/ftpc/transfer.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void try_form(enum listing_form form, struct str line)
{
	struct entry e;
	if (!listing_parse(form, line, 1795320000, &e))
		return;
	must(e.name && e.name[0] && strlen(e.name) <= line.len);
	must(!listing_is_safe(e.name) || (!strchr(e.name, '/') && strcmp(e.name, "..") != 0));
	entry_free(&e);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct str rest = {(const char *)data, size}, line;
	uint16_t port = 0;
	char host[16];
	while (str_cut(&rest, '\n', &line)) {
		try_form(LISTING_LIST, line);
		try_form(LISTING_MLSD, line);
		must(!transfer_parse_epsv(line, &port) || port);
		must(!transfer_parse_pasv(line, host, &port) || (port && strlen(host) < 16));
	}
	return 0;
}
