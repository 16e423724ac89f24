// SHA-256 (FIPS 180-4).

#include "CBlobStorageChecksum.h"
#include "bytes.h"
#include "cpu.h"
#include "kernels.h"
#include "sha_stream.h"

// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
__attribute__((aligned(16))) const uint32_t cblobstorage_sha256_round_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static inline uint32_t rotate_right(uint32_t value, unsigned by) {
    return value >> by | value << (32 - by);
}

static inline uint32_t big_sigma_0(uint32_t x) {
    return rotate_right(x, 2) ^ rotate_right(x, 13) ^ rotate_right(x, 22);
}

static inline uint32_t big_sigma_1(uint32_t x) {
    return rotate_right(x, 6) ^ rotate_right(x, 11) ^ rotate_right(x, 25);
}

static inline uint32_t small_sigma_0(uint32_t x) {
    return rotate_right(x, 7) ^ rotate_right(x, 18) ^ x >> 3;
}

static inline uint32_t small_sigma_1(uint32_t x) {
    return rotate_right(x, 17) ^ rotate_right(x, 19) ^ x >> 10;
}

// One round. Instead of moving all eight variables along, callers rotate the arguments.
static inline void compress_round(
    uint32_t a, uint32_t b, uint32_t c, uint32_t *d, uint32_t e, uint32_t f, uint32_t g, uint32_t *h, uint32_t input
) {
    const uint32_t choice = g ^ (e & (f ^ g));
    const uint32_t majority = (a & b) | (c & (a | b));
    const uint32_t sum = *h + big_sigma_1(e) + choice + input;
    *d += sum;
    *h = sum + big_sigma_0(a) + majority;
}

static void blocks_portable(uint32_t state[8], const uint8_t *bytes, size_t blocks) {
    for (; blocks > 0; bytes += 64, blocks--) {
        uint32_t input[64];
        for (int t = 0; t < 16; t++) input[t] = load_big_endian_32(bytes + 4 * t);
        for (int t = 16; t < 64; t++) {
            input[t] = small_sigma_1(input[t - 2]) + input[t - 7] + small_sigma_0(input[t - 15]) + input[t - 16];
        }

        uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
        uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
        for (int t = 0; t < 64; t += 8) {
            const uint32_t *k = cblobstorage_sha256_round_constants + t;
            const uint32_t *w = input + t;
            compress_round(a, b, c, &d, e, f, g, &h, k[0] + w[0]);
            compress_round(h, a, b, &c, d, e, f, &g, k[1] + w[1]);
            compress_round(g, h, a, &b, c, d, e, &f, k[2] + w[2]);
            compress_round(f, g, h, &a, b, c, d, &e, k[3] + w[3]);
            compress_round(e, f, g, &h, a, b, c, &d, k[4] + w[4]);
            compress_round(d, e, f, &g, h, a, b, &c, k[5] + w[5]);
            compress_round(c, d, e, &f, g, h, a, &b, k[6] + w[6]);
            compress_round(b, c, d, &e, f, g, h, &a, k[7] + w[7]);
        }
        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
        state[5] += f;
        state[6] += g;
        state[7] += h;
    }
}

static void compress_blocks(uint32_t state[8], const uint8_t *bytes, size_t blocks) {
#if defined(__x86_64__)
    if (cblobstorage_cpu_has(CBLOBSTORAGE_CPU_SHA)) {
        cblobstorage_sha256_blocks_shani(state, bytes, blocks);
        return;
    }
#endif
    blocks_portable(state, bytes, blocks);
}

void cblobstorage_sha256_init(cblobstorage_sha256 *sha) {
    // The first 32 bits of the fractional parts of the square roots of the first 8 primes.
    *sha = (cblobstorage_sha256){
        .state = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19},
    };
}

void cblobstorage_sha256_update(cblobstorage_sha256 *sha, const void *bytes, size_t count) {
    sha_stream_update(sha->state, sha->block, &sha->byte_count, compress_blocks, bytes, count);
}

void cblobstorage_sha256_final(cblobstorage_sha256 *sha, uint8_t digest[32]) {
    sha_stream_pad(sha->state, sha->block, sha->byte_count, compress_blocks);
    for (int i = 0; i < 8; i++) store_big_endian_32(digest + 4 * i, sha->state[i]);
}
