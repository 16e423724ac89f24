#ifndef CBLOBSTORAGE_XML_SCAN_H
#define CBLOBSTORAGE_XML_SCAN_H

#include "CBlobStorageXML.h"

/// Looks at a document before libxml2 does, for what libxml2 would take too kindly or too slowly.
/// Returns why it is refused, or null.
const char *cblobstorage_xml_scan(const uint8_t *bytes, size_t count, cblobstorage_xml_limits limits);

#endif
