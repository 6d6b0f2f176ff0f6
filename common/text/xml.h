/*
 * XML read as events: the module "xml", because of its library.
 * module_table("xml") gives a struct xml_module. A document that declares a
 * document type is refused, so there are no entities to expand.
 */
#ifndef PARLEY_TEXT_XML_H
#define PARLEY_TEXT_XML_H

#include <stdbool.h>

#include "common/base/err.h"
#include "common/base/str.h"

struct xml_events {
	/* name: "NAMESPACE NAME"; attributes: name and value by turns, NULL at the end. Text
	 * comes in pieces. All is UTF-8 and lasts as long as the call. */
	void (*start)(void *self, const char *name, const char *const *attributes);
	void (*end)(void *self, const char *name);
	void (*text)(void *self, struct str piece);
};

struct xml_module {
	/* False with ERR_DATA, naming the line, for what is not well-formed. */
	bool (*parse)(
	    struct str document, const struct xml_events *events, void *self, struct err *err);
};

#endif
