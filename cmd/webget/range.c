/*
 * Content-Range. Pure.
 */
#include "cmd/webget/range.h"

#include "common/text/number.h"

bool range_parse(const struct http_head *head, struct range *out)
{
	struct str text = fields_value(&head->fields, "content-range"), first, last;
	if (fields_count(&head->fields, "content-range") != 1 ||
	    !str_starts_nocase(text, "bytes "))
		return false;
	text = str_trim(str_sub(text, 6, text.len));
	if (!str_cut(&text, '-', &first) || !str_cut(&text, '/', &last))
		return false;
	return number_parse(first, &out->first) && number_parse(last, &out->last) &&
	       number_parse(text, &out->total) && out->first <= out->last &&
	       out->last < out->total;
}

bool range_parse_size(const struct http_head *head, uint64_t *size)
{
	struct str text = fields_value(&head->fields, "content-range");
	return fields_count(&head->fields, "content-range") == 1 &&
	       str_starts_nocase(text, "bytes */") &&
	       number_parse(str_sub(text, 8, text.len), size);
}
