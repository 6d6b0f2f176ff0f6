/*
 * -w: a format of curl's filled in with what is known of a transfer. Writes to
 * buffers only.
 */
#ifndef WEBGET_WRITEOUT_H
#define WEBGET_WRITEOUT_H

#include "cmd/webget/facts.h"
#include "common/base/buf.h"
#include "common/base/err.h"

/*
 * %{name}, %header{name}, %{json}, %{header_json}, %{stdout}, %{stderr} (where what follows
 * goes), %{onerror} (what follows only if exitcode is not 0), %%, \n \r \t \\. An unknown name
 * is said in err_out and skipped.
 */
void writeout_put(
    const char *format, const struct facts *f, struct buf *out, struct buf *err_out);
/* The format of -w's argument: itself, or the file of @file (@- is stdin). NULL with ERR_IO;
 * the caller frees it. */
char *writeout_load(const char *argument, struct err *err);

#endif
