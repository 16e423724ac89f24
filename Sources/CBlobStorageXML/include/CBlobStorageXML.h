#ifndef CBLOBSTORAGE_XML_H
#define CBLOBSTORAGE_XML_H

// libxml2's pull reader, as strict as it can be.

#include <libxml/xmlreader.h>

#endif
