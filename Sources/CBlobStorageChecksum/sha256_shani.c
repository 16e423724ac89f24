// SHA-256 with the x86 SHA extensions.

#if defined(__x86_64__)

#include <immintrin.h>

#include "kernels.h"

#define TARGET __attribute__((target("sha,sse4.1,ssse3")))
#define INLINE __attribute__((always_inline)) static inline

// The instructions want the eight variables split as (a, b, e, f) and (c, d, g, h), first one on top.
typedef struct {
    __m128i abef, cdgh;
} variables;

// Four rounds on four words of the schedule. Each instruction does two, on the low half of its input,
// and what was (a, b, e, f) before them is (c, d, g, h) after them.
TARGET INLINE void four_rounds(variables *v, __m128i words, int t) {
    const __m128i *constants = (const __m128i *)(cblobstorage_sha256_round_constants + t);
    const __m128i input = _mm_add_epi32(words, _mm_load_si128(constants));
    v->cdgh = _mm_sha256rnds2_epu32(v->cdgh, v->abef, input);
    v->abef = _mm_sha256rnds2_epu32(v->abef, v->cdgh, _mm_shuffle_epi32(input, 0x0e));
}

// The four words of the schedule that follow sixteen known ones, the oldest in w0.
TARGET INLINE __m128i next_words(__m128i w0, __m128i w1, __m128i w2, __m128i w3) {
    const __m128i seven_back = _mm_alignr_epi8(w3, w2, 4);
    return _mm_sha256msg2_epu32(_mm_add_epi32(_mm_sha256msg1_epu32(w0, w1), seven_back), w3);
}

TARGET INLINE __m128i load_big_endian_words(const uint8_t *bytes) {
    const __m128i swap = _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3);
    return _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)bytes), swap);
}

TARGET void cblobstorage_sha256_blocks_shani(uint32_t state[8], const uint8_t *bytes, size_t blocks) {
    variables v = {
        _mm_set_epi32((int)state[0], (int)state[1], (int)state[4], (int)state[5]),
        _mm_set_epi32((int)state[2], (int)state[3], (int)state[6], (int)state[7]),
    };

    for (; blocks > 0; bytes += 64, blocks--) {
        const variables before = v;
        __m128i w0 = load_big_endian_words(bytes);
        __m128i w1 = load_big_endian_words(bytes + 16);
        __m128i w2 = load_big_endian_words(bytes + 32);
        __m128i w3 = load_big_endian_words(bytes + 48);
        for (int t = 0; t < 48; t += 16) {
            four_rounds(&v, w0, t);
            w0 = next_words(w0, w1, w2, w3);
            four_rounds(&v, w1, t + 4);
            w1 = next_words(w1, w2, w3, w0);
            four_rounds(&v, w2, t + 8);
            w2 = next_words(w2, w3, w0, w1);
            four_rounds(&v, w3, t + 12);
            w3 = next_words(w3, w0, w1, w2);
        }
        four_rounds(&v, w0, 48);
        four_rounds(&v, w1, 52);
        four_rounds(&v, w2, 56);
        four_rounds(&v, w3, 60);
        v.abef = _mm_add_epi32(v.abef, before.abef);
        v.cdgh = _mm_add_epi32(v.cdgh, before.cdgh);
    }

    state[0] = (uint32_t)_mm_extract_epi32(v.abef, 3);
    state[1] = (uint32_t)_mm_extract_epi32(v.abef, 2);
    state[2] = (uint32_t)_mm_extract_epi32(v.cdgh, 3);
    state[3] = (uint32_t)_mm_extract_epi32(v.cdgh, 2);
    state[4] = (uint32_t)_mm_extract_epi32(v.abef, 1);
    state[5] = (uint32_t)_mm_extract_epi32(v.abef, 0);
    state[6] = (uint32_t)_mm_extract_epi32(v.cdgh, 1);
    state[7] = (uint32_t)_mm_extract_epi32(v.cdgh, 0);
}

#endif
