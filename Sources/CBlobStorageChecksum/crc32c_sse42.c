// CRC-32C with the SSE4.2 instruction, which has this polynomial built in.
//
// One `crc32` takes three cycles but one can start in each cycle, so three independent streams, over
// three adjacent stretches of the input, keep the unit busy. Streams merge with one carry-less multiply
// each: the register of an earlier stretch is multiplied by x^(8n), n being the bytes that follow it.

#if defined(__x86_64__)

#include <immintrin.h>
#include <string.h>

#include "kernels.h"

#define TARGET __attribute__((target("sse4.2,pclmul")))

// Long stretches make merging (some twenty cycles) negligible; short ones serve what is left over.
#define LONG_STRETCH 4096
#define SHORT_STRETCH 256

// The 64-bit product of two reflected 32-bit values stands for x times their product, and taking it
// through `crc32` multiplies it by x^32 while reducing it. The multipliers for n bytes are thus
// x^(8n - 33) mod P, for n of one stretch and of two.
#define LONG_SHIFT_1 0x82f89c77u  // x^(8 * 4096 - 33) mod P
#define LONG_SHIFT_2 0x54a86326u  // x^(8 * 8192 - 33) mod P
#define SHORT_SHIFT_1 0xb9e02b86u // x^(8 * 256 - 33) mod P
#define SHORT_SHIFT_2 0xdd7e3b0cu // x^(8 * 512 - 33) mod P

TARGET static inline uint64_t word_at(const uint8_t *bytes) {
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

TARGET static inline uint64_t multiply(uint64_t crc, uint32_t shift) {
    const __m128i product =
        _mm_clmulepi64_si128(_mm_cvtsi64_si128((long long)crc), _mm_cvtsi32_si128((int)shift), 0);
    return (uint64_t)_mm_cvtsi128_si64(product);
}

// Reads three stretches; `shift_1` and `shift_2` move a register past one and two of them.
TARGET static inline uint64_t three_stretches(
    uint64_t crc, const uint8_t *bytes, size_t stretch, uint32_t shift_1, uint32_t shift_2
) {
    uint64_t first = crc, second = 0, third = 0;
    for (size_t i = 0; i < stretch; i += 8) {
        first = _mm_crc32_u64(first, word_at(bytes + i));
        second = _mm_crc32_u64(second, word_at(bytes + stretch + i));
        third = _mm_crc32_u64(third, word_at(bytes + 2 * stretch + i));
    }
    return _mm_crc32_u64(0, multiply(first, shift_2) ^ multiply(second, shift_1)) ^ third;
}

TARGET uint32_t cblobstorage_crc32c_sse42(uint32_t initial, const uint8_t *bytes, size_t count) {
    uint64_t crc = initial;
    for (; count >= 3 * LONG_STRETCH; bytes += 3 * LONG_STRETCH, count -= 3 * LONG_STRETCH) {
        crc = three_stretches(crc, bytes, LONG_STRETCH, LONG_SHIFT_1, LONG_SHIFT_2);
    }
    for (; count >= 3 * SHORT_STRETCH; bytes += 3 * SHORT_STRETCH, count -= 3 * SHORT_STRETCH) {
        crc = three_stretches(crc, bytes, SHORT_STRETCH, SHORT_SHIFT_1, SHORT_SHIFT_2);
    }
    for (; count >= 8; bytes += 8, count -= 8) crc = _mm_crc32_u64(crc, word_at(bytes));
    for (; count > 0; bytes++, count--) crc = _mm_crc32_u8((uint32_t)crc, *bytes);
    return (uint32_t)crc;
}

#endif
