// SHA-1 (FIPS 180-4). Good against accidents, not against people: two texts with one digest are known.

#include "CBlobStorageChecksum.h"
#include "bytes.h"
#include "cpu.h"
#include "kernels.h"
#include "sha_stream.h"

static inline uint32_t rotate_left(uint32_t value, unsigned by) {
    return value << by | value >> (32 - by);
}

// The constants are 2^30 times the square roots of 2, 3, 5 and 10.
static inline uint32_t mixed(int t, uint32_t b, uint32_t c, uint32_t d) {
    if (t < 20) return (d ^ (b & (c ^ d))) + 0x5a827999;
    if (t < 40) return (b ^ c ^ d) + 0x6ed9eba1;
    if (t < 60) return ((b & c) | (d & (b | c))) + 0x8f1bbcdc;
    return (b ^ c ^ d) + 0xca62c1d6;
}

static void blocks_portable(uint32_t state[5], const uint8_t *bytes, size_t blocks) {
    for (; blocks > 0; bytes += 64, blocks--) {
        uint32_t input[80];
        for (int t = 0; t < 16; t++) input[t] = load_big_endian_32(bytes + 4 * t);
        for (int t = 16; t < 80; t++) {
            input[t] = rotate_left(input[t - 3] ^ input[t - 8] ^ input[t - 14] ^ input[t - 16], 1);
        }

        uint32_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
        for (int t = 0; t < 80; t++) {
            const uint32_t sum = rotate_left(a, 5) + mixed(t, b, c, d) + e + input[t];
            e = d;
            d = c;
            c = rotate_left(b, 30);
            b = a;
            a = sum;
        }
        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
    }
}

static void compress_blocks(uint32_t *state, const uint8_t *bytes, size_t blocks) {
#if defined(__x86_64__)
    if (cblobstorage_cpu_has(CBLOBSTORAGE_CPU_SHA)) {
        cblobstorage_sha1_blocks_shani(state, bytes, blocks);
        return;
    }
#endif
    blocks_portable(state, bytes, blocks);
}

void cblobstorage_sha1_init(cblobstorage_sha1 *sha) {
    *sha = (cblobstorage_sha1){
        .state = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0},
    };
}

void cblobstorage_sha1_update(cblobstorage_sha1 *sha, const void *bytes, size_t count) {
    sha_stream_update(sha->state, sha->block, &sha->byte_count, compress_blocks, bytes, count);
}

void cblobstorage_sha1_final(cblobstorage_sha1 *sha, uint8_t digest[20]) {
    sha_stream_pad(sha->state, sha->block, sha->byte_count, compress_blocks);
    for (int i = 0; i < 5; i++) store_big_endian_32(digest + 4 * i, sha->state[i]);
}
