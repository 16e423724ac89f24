// libxml2's SAX2 parser, filling flat arrays. SAX2 rather than xmlTextReader, which builds a tree node for
// each element and text first: a cap acts on the event that breaks it, and it takes half the time.

#include "CBlobStorageXML.h"

#include <libxml/parser.h>
#include <libxml/xmlerror.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scan.h"

// The recently used names, by the address that libxml2's dictionary gives each; a name that falls out of it is
// stored again.
#define NAME_SLOTS 64

typedef struct {
    uint8_t *bytes;
    size_t count;
    size_t capacity;
} buffer;

// An element that is open; its text is gathered apart, since children come between its pieces.
typedef struct {
    uint32_t element;
    buffer text;
} frame;

typedef struct {
    xmlParserCtxtPtr context;
    cblobstorage_xml_document *document;
    cblobstorage_xml_limits limits;
    buffer bytes;
    uint32_t element_capacity;
    uint32_t attribute_capacity;
    frame *frames;
    uint32_t depth;
    const xmlChar *name_keys[NAME_SLOTS];
    cblobstorage_xml_run names[NAME_SLOTS];
} reader;

// Notes the first reason and ends the parse.
__attribute__((format(printf, 2, 3))) static void fail(reader *r, const char *format, ...) {
    if (r->document->error[0] == 0) {
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(r->document->error, sizeof r->document->error, format, arguments);
        va_end(arguments);
    }
    xmlStopParser(r->context);
}

static int failed(const reader *r) {
    return r->document->error[0] != 0;
}

static int append(reader *r, buffer *b, const void *bytes, size_t count) {
    if (count > b->capacity - b->count) {
        size_t capacity = b->capacity ? b->capacity * 2 : 256;
        while (capacity - b->count < count) capacity *= 2;
        uint8_t *larger = capacity <= UINT32_MAX ? realloc(b->bytes, capacity) : NULL;
        if (!larger) {
            fail(r, "there is no memory for the document");
            return 0;
        }
        b->bytes = larger;
        b->capacity = capacity;
    }
    if (count > 0) memcpy(b->bytes + b->count, bytes, count);
    b->count += count;
    return 1;
}

static cblobstorage_xml_run store(reader *r, const void *bytes, size_t count) {
    cblobstorage_xml_run run = {(uint32_t)r->bytes.count, (uint32_t)count};
    if (!append(r, &r->bytes, bytes, count)) run.count = 0;
    return run;
}

static cblobstorage_xml_run store_name(reader *r, const xmlChar *name) {
    const size_t slot = ((uintptr_t)name >> 3) % NAME_SLOTS;
    if (r->name_keys[slot] == name) return r->names[slot];
    const size_t count = strlen((const char *)name);
    if (count > r->limits.name_count) {
        fail(r, "a name has %zu bytes, more than %u", count, r->limits.name_count);
        return (cblobstorage_xml_run){0, 0};
    }
    const cblobstorage_xml_run run = store(r, name, count);
    r->name_keys[slot] = name;
    r->names[slot] = run;
    return run;
}

// An array with room for one more item; null if there is no memory.
static void *grown(reader *r, void *items, uint32_t count, uint32_t *capacity, size_t size) {
    if (count < *capacity) return items;
    const uint32_t wanted = *capacity ? *capacity * 2 : 64;
    void *larger = realloc(items, wanted * size);
    if (larger) {
        *capacity = wanted;
    } else {
        fail(r, "there is no memory for the document");
    }
    return larger;
}

// `found` has five pointers for each attribute: local name, prefix, namespace, begin and end of its value.
static void add_attributes(reader *r, int count, const xmlChar **found) {
    cblobstorage_xml_document *d = r->document;
    for (int i = 0; i < count && !failed(r); i++, found += 5) {
        const size_t value_count = (size_t)(found[4] - found[3]);
        if (value_count > r->limits.text_count) {
            fail(r, "an attribute has %zu bytes, more than %u", value_count, r->limits.text_count);
            return;
        }
        void *items =
            grown(r, d->attributes, d->attribute_count, &r->attribute_capacity, sizeof *d->attributes);
        if (!items) return;
        d->attributes = items;
        cblobstorage_xml_attribute attribute = {store_name(r, found[0]), store(r, found[3], value_count)};
        d->attributes[d->attribute_count++] = attribute;
    }
}

static void start_element(
    void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int namespace_count,
    const xmlChar **namespaces, int attribute_count, int defaulted_count, const xmlChar **attributes
) {
    (void)prefix, (void)uri, (void)namespace_count, (void)namespaces, (void)defaulted_count;
    reader *r = context;
    cblobstorage_xml_document *d = r->document;
    if (failed(r)) return;
    if (r->depth == r->limits.depth) {
        fail(r, "more than %u elements stand inside each other", r->limits.depth);
        return;
    }
    if (d->element_count == r->limits.element_count) {
        fail(r, "the document has more than %u elements", r->limits.element_count);
        return;
    }
    void *items = grown(r, d->elements, d->element_count, &r->element_capacity, sizeof *d->elements);
    if (!items) return;
    d->elements = items;
    cblobstorage_xml_element element = {.name = store_name(r, name), .first_attribute = d->attribute_count};
    add_attributes(r, attribute_count, attributes);
    element.attribute_count = d->attribute_count - element.first_attribute;
    r->frames[r->depth].element = d->element_count;
    r->frames[r->depth].text.count = 0;
    r->depth++;
    d->elements[d->element_count++] = element;
}

static void end_element(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri) {
    (void)name, (void)prefix, (void)uri;
    reader *r = context;
    if (failed(r) || r->depth == 0) return;
    const frame *f = &r->frames[--r->depth];
    cblobstorage_xml_element *element = &r->document->elements[f->element];
    element->text = store(r, f->text.bytes, f->text.count);
    element->end = r->document->element_count;
}

static void add_text(void *context, const xmlChar *text, int count) {
    reader *r = context;
    if (failed(r) || r->depth == 0) return;
    frame *f = &r->frames[r->depth - 1];
    if ((size_t)count > r->limits.text_count - f->text.count) {
        fail(r, "an element's text has more than %u bytes", r->limits.text_count);
        return;
    }
    append(r, &f->text, text, (size_t)count);
}

static void refuse_subset(void *context, const xmlChar *name, const xmlChar *external, const xmlChar *system) {
    (void)name, (void)external, (void)system;
    fail(context, "the document has a DTD, which is not accepted");
}

// Anything worse than a warning ends the parse, namespace errors too.
static void note_error(void *context, xmlErrorPtr error) {
    if (error->level == XML_ERR_WARNING) return;
    const char *message = error->message ? error->message : "";
    const int count = (int)strcspn(message, "\r\n");
    fail(context, "line %d: %.*s (libxml2 error %d)", error->line, count < 160 ? count : 160, message, error->code);
}

static void read_document(reader *r, const uint8_t *bytes, int count) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, xmlInitParser);
    r->context = xmlNewParserCtxt();
    if (!r->context) {
        snprintf(r->document->error, sizeof r->document->error, "there is no memory for the document");
        return;
    }
    xmlSAXHandler handler = {
        .initialized = XML_SAX2_MAGIC,
        .internalSubset = refuse_subset,
        .startElementNs = start_element,
        .endElementNs = end_element,
        .characters = add_text,
        .ignorableWhitespace = add_text,
        .cdataBlock = add_text,
        .serror = note_error,
    };
    *r->context->sax = handler;
    r->context->userData = r;
    // The encoding was checked before; without this option a declared one could still switch decoders.
    const int options = XML_PARSE_NONET | XML_PARSE_IGNORE_ENC;
    xmlDocPtr tree = xmlCtxtReadMemory(r->context, (const char *)bytes, count, NULL, NULL, options);
    if (!failed(r) && (!r->context->wellFormed || r->document->element_count == 0 || r->depth != 0)) {
        fail(r, "the document is not well-formed");
    }
    xmlFreeDoc(tree);
    xmlFreeParserCtxt(r->context);
}

void cblobstorage_xml_parse(
    cblobstorage_xml_document *document, const uint8_t *bytes, size_t count, cblobstorage_xml_limits limits
) {
    memset(document, 0, sizeof *document);
    const char *refusal = count == 0 || count > INT32_MAX ? "the document is empty, or too large"
                                                          : cblobstorage_xml_scan(bytes, count, limits);
    reader r = {.document = document, .limits = limits};
    if (!refusal) {
        r.frames = calloc(limits.depth ? limits.depth : 1, sizeof *r.frames);
        if (!r.frames) refusal = "there is no memory for the document";
    }
    if (refusal) {
        snprintf(document->error, sizeof document->error, "%s", refusal);
        return;
    }
    read_document(&r, bytes, (int)count);
    for (uint32_t i = 0; i < limits.depth; i++) free(r.frames[i].text.bytes);
    free(r.frames);
    document->bytes = r.bytes.bytes;
}

void cblobstorage_xml_free(cblobstorage_xml_document *document) {
    free(document->bytes);
    free(document->elements);
    free(document->attributes);
    memset(document, 0, sizeof *document);
}
