// What libxml2 takes too kindly: other encodings, overlong UTF-8 (2.9 lets some of it pass), DTDs.
// What it takes too slowly: its check for an attribute that is there twice compares each with each, so
// a tag of a megabyte takes minutes; the attributes are counted here, before it sees them.
//
// On well-formed documents the scan sees exactly the tags that libxml2 sees. On others both agree up to
// the first error, where libxml2 stops.

#include "scan.h"

#include <string.h>

typedef struct {
    const uint8_t *at;
    const uint8_t *end;
} cursor;

static int is_space(uint8_t byte) {
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static int begins_with(cursor c, const char *text) {
    const size_t count = strlen(text);
    return (size_t)(c.end - c.at) >= count && memcmp(c.at, text, count) == 0;
}

// Moves past the next `text`; false if there is none.
static int skip_past(cursor *c, const char *text) {
    const size_t count = strlen(text);
    while ((size_t)(c->end - c->at) >= count) {
        const uint8_t *found = memchr(c->at, text[0], (size_t)(c->end - c->at));
        if (!found) break;
        c->at = found;
        if (begins_with(*c, text)) {
            c->at += count;
            return 1;
        }
        c->at++;
    }
    c->at = c->end;
    return 0;
}

// Strict UTF-8 (RFC 3629: no overlong form, no surrogate, nothing above U+10FFFF) without NUL.
static int is_text(const uint8_t *bytes, size_t count) {
    size_t i = 0;
    while (i < count) {
        uint64_t word;
        if (count - i >= sizeof word) {
            memcpy(&word, bytes + i, sizeof word);
            // No byte has its high bit set, and none is zero.
            const uint64_t low = 0x0101010101010101u, high = 0x8080808080808080u;
            if (!((word | (word - low)) & high)) {
                i += sizeof word;
                continue;
            }
        }
        const uint8_t lead = bytes[i];
        const size_t left = count - i;
        if (lead == 0) return 0;
        if (lead < 0x80) {
            i += 1;
            continue;
        }
        size_t more;
        uint8_t lowest = 0x80, highest = 0xbf;
        if (lead >= 0xc2 && lead <= 0xdf) {
            more = 1;
        } else if (lead >= 0xe0 && lead <= 0xef) {
            more = 2;
            if (lead == 0xe0) lowest = 0xa0;
            if (lead == 0xed) highest = 0x9f;
        } else if (lead >= 0xf0 && lead <= 0xf4) {
            more = 3;
            if (lead == 0xf0) lowest = 0x90;
            if (lead == 0xf4) highest = 0x8f;
        } else {
            return 0;
        }
        if (left <= more || bytes[i + 1] < lowest || bytes[i + 1] > highest) return 0;
        for (size_t k = 2; k <= more; k++) {
            if ((bytes[i + k] & 0xc0) != 0x80) return 0;
        }
        i += more + 1;
    }
    return 1;
}

// Whether the XML declaration, if there is one, says UTF-8 or nothing; libxml2 checks its form.
static int declares_utf8(cursor c) {
    if (!begins_with(c, "<?xml") || c.end - c.at < 6 || !is_space(c.at[5])) return 1;
    cursor close = c;
    if (!skip_past(&close, "?>")) return 1;
    c.end = close.at - 2;
    if (!skip_past(&c, "encoding")) return 1;
    while (c.at < c.end && (is_space(*c.at) || *c.at == '=')) c.at++;
    if (c.at == c.end) return 1;
    const uint8_t quote = *c.at++;
    const uint8_t *close_quote = memchr(c.at, quote, (size_t)(c.end - c.at));
    if (!close_quote || close_quote - c.at != 5) return 0;
    for (int i = 0; i < 5; i++) {
        if ((c.at[i] | 0x20) != "utf-8"[i]) return 0;
    }
    return 1;
}

// Moves past a tag and counts its attributes.
static uint32_t skip_tag(cursor *c) {
    uint32_t attributes = 0;
    while (c->at < c->end) {
        const uint8_t byte = *c->at++;
        if (byte == '>') break;
        if (byte == '=') attributes++;
        if (byte == '"' || byte == '\'') {
            const uint8_t *quote = memchr(c->at, byte, (size_t)(c->end - c->at));
            c->at = quote ? quote + 1 : c->end;
        }
    }
    return attributes;
}

const char *cblobstorage_xml_scan(const uint8_t *bytes, size_t count, cblobstorage_xml_limits limits) {
    if (!is_text(bytes, count)) return "the document is not UTF-8, or has a NUL";
    cursor c = {bytes, bytes + count};
    if (begins_with(c, "\xef\xbb\xbf")) c.at += 3;
    // What begins otherwise could be taken for another encoding by its first bytes.
    if (c.at == c.end || (*c.at != '<' && !is_space(*c.at))) return "the document does not begin with a tag";
    if (!declares_utf8(c)) return "the document declares another encoding than UTF-8";
    while (c.at < c.end) {
        const uint8_t *tag = memchr(c.at, '<', (size_t)(c.end - c.at));
        if (!tag) break;
        c.at = tag;
        if (begins_with(c, "<!--")) {
            c.at += 4;
            skip_past(&c, "-->");
        } else if (begins_with(c, "<![CDATA[")) {
            c.at += 9;
            skip_past(&c, "]]>");
        } else if (begins_with(c, "<!")) {
            return "the document has a DTD, which is not accepted";
        } else if (begins_with(c, "<?")) {
            c.at += 2;
            skip_past(&c, "?>");
        } else if (skip_tag(&c) > limits.attribute_count) {
            return "an element has too many attributes";
        }
    }
    return NULL;
}
