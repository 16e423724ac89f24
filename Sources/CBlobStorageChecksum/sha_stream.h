#ifndef CBLOBSTORAGE_SHA_STREAM_H
#define CBLOBSTORAGE_SHA_STREAM_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "bytes.h"

// What SHA-1 and SHA-256 share: both cut their input into blocks of 64 bytes and pad the last one alike.

typedef void (*compress_function)(uint32_t *state, const uint8_t *bytes, size_t blocks);

static inline void sha_stream_update(
    uint32_t *state, uint8_t block[64], uint64_t *byte_count, compress_function compress,
    const void *bytes, size_t count
) {
    // An empty buffer may have no address, which memcpy must not be given.
    if (count == 0) return;
    const uint8_t *next = bytes;
    const size_t held = *byte_count % 64;
    *byte_count += count;

    if (held > 0) {
        const size_t room = 64 - held;
        const size_t taken = count < room ? count : room;
        memcpy(block + held, next, taken);
        if (taken < room) return;
        compress(state, block, 1);
        next += taken;
        count -= taken;
    }
    // Straight from the caller's memory, without a copy.
    if (count >= 64) compress(state, next, count / 64);
    memcpy(block, next + (count & ~(size_t)63), count % 64);
}

static inline void sha_stream_pad(
    uint32_t *state, uint8_t block[64], uint64_t byte_count, compress_function compress
) {
    const uint64_t bit_count = byte_count * 8;
    size_t held = byte_count % 64;

    // Padding: a one bit, zeros, and the length in the last eight bytes of a block.
    block[held++] = 0x80;
    if (held > 56) {
        memset(block + held, 0, 64 - held);
        compress(state, block, 1);
        held = 0;
    }
    memset(block + held, 0, 56 - held);
    store_big_endian_32(block + 56, (uint32_t)(bit_count >> 32));
    store_big_endian_32(block + 60, (uint32_t)bit_count);
    compress(state, block, 1);
}

#endif
