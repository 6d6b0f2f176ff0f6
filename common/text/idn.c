/*
 * Internationalized host names by libidn2. The only file that includes it.
 */
#include "common/text/idn.h"

#include <idn2.h>
#include <string.h>

#include "common/base/module.h"

static bool to_ascii(const char *utf8, char *out, size_t cap, const char **why)
{
	char *ascii = NULL;
	/* UTS 46 as browsers do it: mapped to lower case, not transitional. A name that is
	 * valid by UTS 46 alone (an emoji) is let through, as there. */
	int rc = idn2_to_ascii_8z(
	    utf8, &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL | IDN2_ALLOW_UNASSIGNED);
	if (rc != IDN2_OK) {
		*why = idn2_strerror(rc);
		return false;
	}
	size_t len = strlen(ascii);
	bool fits = len < cap;
	if (fits)
		memcpy(out, ascii, len + 1);
	else
		*why = "the host name is too long";
	idn2_free(ascii);
	return fits;
}

static const struct idn_ops ops = {to_ascii};

MODULE_TABLE(&ops)
