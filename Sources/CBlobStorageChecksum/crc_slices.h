#ifndef CBLOBSTORAGE_CRC_SLICES_H
#define CBLOBSTORAGE_CRC_SLICES_H

#include "bytes.h"

// Slice-by-8 tables of a reflected CRC, written out by the compiler.
//
// A CRC is linear over GF(2), so the entry for a byte is the sum of the entries for its single bits, and
// a slice of 256 entries follows from eight constants. Being constants, the tables live in read-only
// memory shared by all processes, and are there before any code runs.
//
// Slice k maps a byte that k more bytes follow. With a CRC of W bits, bit 7 of the byte (its lowest power
// of x, being reflected) contributes x^(W + 8k) mod P, and bit 0 contributes x^(W + 8k + 7) mod P.
// CRC_SLICE takes these eight in that order. One power of x comes from the one before it, v, as
// v >> 1 ^ (v & 1 ? P : 0), starting from x^W mod P, which is P itself without its top term.

#define CRC_SLICE(...) \
    { CRC_ENTRIES_64(0, __VA_ARGS__), CRC_ENTRIES_64(64, __VA_ARGS__), \
      CRC_ENTRIES_64(128, __VA_ARGS__), CRC_ENTRIES_64(192, __VA_ARGS__) }

#define CRC_ENTRIES_64(i, ...) \
    CRC_ENTRIES_16(i, __VA_ARGS__), CRC_ENTRIES_16((i) + 16, __VA_ARGS__), \
    CRC_ENTRIES_16((i) + 32, __VA_ARGS__), CRC_ENTRIES_16((i) + 48, __VA_ARGS__)

#define CRC_ENTRIES_16(i, ...) \
    CRC_ENTRIES_4(i, __VA_ARGS__), CRC_ENTRIES_4((i) + 4, __VA_ARGS__), \
    CRC_ENTRIES_4((i) + 8, __VA_ARGS__), CRC_ENTRIES_4((i) + 12, __VA_ARGS__)

#define CRC_ENTRIES_4(i, ...) \
    CRC_ENTRY(i, __VA_ARGS__), CRC_ENTRY((i) + 1, __VA_ARGS__), \
    CRC_ENTRY((i) + 2, __VA_ARGS__), CRC_ENTRY((i) + 3, __VA_ARGS__)

#define CRC_ENTRY(i, bit7, bit6, bit5, bit4, bit3, bit2, bit1, bit0) \
    (((i) & 0x80 ? bit7 : 0) ^ ((i) & 0x40 ? bit6 : 0) ^ ((i) & 0x20 ? bit5 : 0) ^ ((i) & 0x10 ? bit4 : 0) ^ \
     ((i) & 0x08 ? bit3 : 0) ^ ((i) & 0x04 ? bit2 : 0) ^ ((i) & 0x02 ? bit1 : 0) ^ ((i) & 0x01 ? bit0 : 0))

// Defines a function that takes bytes into a CRC of the type given, eight at once, by the file's `slices`.
#define CRC_BY_SLICES(name, crc_type) \
    static crc_type name(crc_type crc, const uint8_t *bytes, size_t count) { \
        for (; count >= 8; bytes += 8, count -= 8) { \
            const uint64_t word = load_little_endian_64(bytes) ^ crc; \
            crc = slices[7][word & 0xff] ^ slices[6][word >> 8 & 0xff] ^ slices[5][word >> 16 & 0xff] ^ \
                  slices[4][word >> 24 & 0xff] ^ slices[3][word >> 32 & 0xff] ^ slices[2][word >> 40 & 0xff] ^ \
                  slices[1][word >> 48 & 0xff] ^ slices[0][word >> 56]; \
        } \
        for (; count > 0; bytes++, count--) crc = crc >> 8 ^ slices[0][(crc ^ *bytes) & 0xff]; \
        return crc; \
    }

#endif
