/*
 * What a run before left beside an mbox, whatever it is: the mbox keeps what was in it, and
 * nothing but a batch that is whole is added.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/mail/mbox_journal.h"
#include "tests/fuzz/fuzz.h"

static const char old[] = "From ada@x Thu Jan  1 00:00:01 1970\n\nhello\n\n";

static void put(const char *path, const void *bytes, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	must(fd >= 0 && write(fd, bytes, size) == (ssize_t)size && close(fd) == 0);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	char dir[] = "/tmp/parley-fuzz.XXXXXX", mbox[80], journal[80], held[sizeof old] = "";
	struct mbox_journal j;
	struct err err = {0};
	must(mkdtemp(dir) != NULL);
	snprintf(mbox, sizeof mbox, "%s/box", dir);
	snprintf(journal, sizeof journal, "%s/.box.parley-0", dir);
	put(mbox, old, sizeof old - 1);
	put(journal, data, size);
	if (mbox_journal_open(&j, mbox, 0, false, &err)) {
		must(mbox_journal_add(&j, STR("From b@x\n\nnew\n\n")));
		mbox_journal_close(&j);
	}
	int fd = open(mbox, O_RDONLY);
	must(fd >= 0 && read(fd, held, sizeof old - 1) == (ssize_t)sizeof old - 1);
	must(memcmp(held, old, sizeof old - 1) == 0);
	close(fd);
	unlink(mbox);
	unlink(journal);
	must(rmdir(dir) == 0);
	return 0;
}
