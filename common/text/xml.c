/*
 * Events by expat. Knows no document.
 */
#include "common/text/xml.h"

#include <expat.h>

#include "common/base/module.h"

struct reading {
	XML_Parser parser;
	const struct xml_events *events;
	void *self;
	bool refused;
};

static void XMLCALL on_start(void *user, const XML_Char *name, const XML_Char **attributes)
{
	struct reading *r = user;
	r->events->start(r->self, name, (const char *const *)attributes);
}

static void XMLCALL on_end(void *user, const XML_Char *name)
{
	struct reading *r = user;
	r->events->end(r->self, name);
}

static void XMLCALL on_text(void *user, const XML_Char *bytes, int len)
{
	struct reading *r = user;
	r->events->text(r->self, (struct str){bytes, (size_t)len});
}

static void XMLCALL on_doctype(void *user, const XML_Char *name, const XML_Char *sysid,
    const XML_Char *pubid, int internal)
{
	struct reading *r = user;
	(void)name, (void)sysid, (void)pubid, (void)internal;
	r->refused = true;
	XML_StopParser(r->parser, XML_FALSE);
}

static bool parse(
    struct str document, const struct xml_events *events, void *self, struct err *err)
{
	struct reading r = {XML_ParserCreateNS(NULL, ' '), events, self, false};
	if (!r.parser)
		return err_set(err, ERR_INTERNAL, "no XML parser");
	XML_SetUserData(r.parser, &r);
	XML_SetElementHandler(r.parser, on_start, on_end);
	XML_SetCharacterDataHandler(r.parser, on_text);
	XML_SetStartDoctypeDeclHandler(r.parser, on_doctype);
	bool ok = XML_Parse(r.parser, document.ptr, (int)document.len, 1) == XML_STATUS_OK;
	if (!ok)
		err_set(err, ERR_DATA, "no XML that is understood here: line %lu: %s",
		    (unsigned long)XML_GetCurrentLineNumber(r.parser),
		    r.refused ? "a document type"
			      : XML_ErrorString(XML_GetErrorCode(r.parser)));
	XML_ParserFree(r.parser);
	return ok;
}

static const struct xml_module table = {parse};
MODULE_TABLE(&table)
