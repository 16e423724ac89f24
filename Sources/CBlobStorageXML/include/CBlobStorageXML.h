#ifndef CBLOBSTORAGE_XML_H
#define CBLOBSTORAGE_XML_H

#include <stddef.h>
#include <stdint.h>

// A document from elsewhere, read whole and strictly by libxml2 into three flat arrays.

/// Bounds on a document.
typedef struct {
    /// The most elements inside each other.
    uint32_t depth;
    /// The most bytes of a name.
    uint32_t name_count;
    /// The most bytes of an element's text, or of an attribute's value.
    uint32_t text_count;
    /// The most attributes of an element, namespaces included.
    uint32_t attribute_count;
    /// The most elements.
    uint32_t element_count;
} cblobstorage_xml_limits;

/// A run of bytes in `cblobstorage_xml_document.bytes`.
typedef struct {
    uint32_t start;
    uint32_t count;
} cblobstorage_xml_run;

typedef struct {
    cblobstorage_xml_run name;
    cblobstorage_xml_run value;
} cblobstorage_xml_attribute;

/// An element; elements stand in the order of their start tags, so the first child follows at once.
typedef struct {
    cblobstorage_xml_run name;
    /// The text directly inside, all pieces joined.
    cblobstorage_xml_run text;
    /// The index after the last element inside this one.
    uint32_t end;
    uint32_t first_attribute;
    uint32_t attribute_count;
} cblobstorage_xml_element;

typedef struct {
    /// Names, texts and values; valid UTF-8.
    uint8_t *bytes;
    cblobstorage_xml_element *elements;
    cblobstorage_xml_attribute *attributes;
    uint32_t element_count;
    uint32_t attribute_count;
    /// Why there is no document, as text; empty if there is one. Nothing else is there then.
    char error[256];
} cblobstorage_xml_document;

/// Reads a document in UTF-8; `bytes` is not needed afterwards. Any thread may call it; nothing is
/// printed, no file or network touched. Time and memory grow with `count` and no faster.
/// `document` is released by `cblobstorage_xml_free`, whatever happened.
void cblobstorage_xml_parse(
    cblobstorage_xml_document *document, const uint8_t *bytes, size_t count, cblobstorage_xml_limits limits
);

void cblobstorage_xml_free(cblobstorage_xml_document *document);

#endif
