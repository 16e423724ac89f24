// SHA-1 with the x86 SHA extensions.

#if defined(__x86_64__)

#include <immintrin.h>

#include "kernels.h"

#define TARGET __attribute__((target("sha,sse4.1,ssse3")))
#define INLINE __attribute__((always_inline)) static inline

// `before` is what (a, b, c, d) was four rounds ago: e is its a, rotated, which sha1nexte sees to.
typedef struct {
    __m128i abcd, before;
} variables;

// Four rounds on four words of the schedule, the first on top. The kind of round must be a constant of the
// instruction.
#define FOUR_ROUNDS(v, words, kind)                                          \
    do {                                                                     \
        const __m128i input = _mm_sha1nexte_epu32((v).before, words);        \
        (v).before = (v).abcd;                                               \
        (v).abcd = _mm_sha1rnds4_epu32((v).abcd, input, kind);               \
    } while (0)

// The four words of the schedule that follow sixteen known ones, the oldest in w0.
TARGET INLINE __m128i next_words(__m128i w0, __m128i w1, __m128i w2, __m128i w3) {
    return _mm_sha1msg2_epu32(_mm_xor_si128(_mm_sha1msg1_epu32(w0, w1), w2), w3);
}

// The first word goes on top.
TARGET INLINE __m128i load_words(const uint8_t *bytes) {
    const __m128i swap = _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    return _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)bytes), swap);
}

TARGET INLINE uint32_t rotate_left(uint32_t value, unsigned by) {
    return value << by | value >> (32 - by);
}

TARGET void cblobstorage_sha1_blocks_shani(uint32_t state[5], const uint8_t *bytes, size_t blocks) {
    __m128i abcd = _mm_set_epi32((int)state[0], (int)state[1], (int)state[2], (int)state[3]);
    uint32_t e = state[4];

    for (; blocks > 0; bytes += 64, blocks--) {
        // Rotated back, since the first rounds rotate it as they do all later ones.
        variables v = {abcd, _mm_set_epi32((int)rotate_left(e, 2), 0, 0, 0)};
        __m128i w0 = load_words(bytes);
        __m128i w1 = load_words(bytes + 16);
        __m128i w2 = load_words(bytes + 32);
        __m128i w3 = load_words(bytes + 48);
        FOUR_ROUNDS(v, w0, 0);
        FOUR_ROUNDS(v, w1, 0);
        FOUR_ROUNDS(v, w2, 0);
        FOUR_ROUNDS(v, w3, 0);
        w0 = next_words(w0, w1, w2, w3);
        FOUR_ROUNDS(v, w0, 0);

        w1 = next_words(w1, w2, w3, w0);
        FOUR_ROUNDS(v, w1, 1);
        w2 = next_words(w2, w3, w0, w1);
        FOUR_ROUNDS(v, w2, 1);
        w3 = next_words(w3, w0, w1, w2);
        FOUR_ROUNDS(v, w3, 1);
        w0 = next_words(w0, w1, w2, w3);
        FOUR_ROUNDS(v, w0, 1);
        w1 = next_words(w1, w2, w3, w0);
        FOUR_ROUNDS(v, w1, 1);

        w2 = next_words(w2, w3, w0, w1);
        FOUR_ROUNDS(v, w2, 2);
        w3 = next_words(w3, w0, w1, w2);
        FOUR_ROUNDS(v, w3, 2);
        w0 = next_words(w0, w1, w2, w3);
        FOUR_ROUNDS(v, w0, 2);
        w1 = next_words(w1, w2, w3, w0);
        FOUR_ROUNDS(v, w1, 2);
        w2 = next_words(w2, w3, w0, w1);
        FOUR_ROUNDS(v, w2, 2);

        w3 = next_words(w3, w0, w1, w2);
        FOUR_ROUNDS(v, w3, 3);
        w0 = next_words(w0, w1, w2, w3);
        FOUR_ROUNDS(v, w0, 3);
        w1 = next_words(w1, w2, w3, w0);
        FOUR_ROUNDS(v, w1, 3);
        w2 = next_words(w2, w3, w0, w1);
        FOUR_ROUNDS(v, w2, 3);
        w3 = next_words(w3, w0, w1, w2);
        FOUR_ROUNDS(v, w3, 3);

        abcd = _mm_add_epi32(abcd, v.abcd);
        e += rotate_left((uint32_t)_mm_extract_epi32(v.before, 3), 30);
    }

    state[0] = (uint32_t)_mm_extract_epi32(abcd, 3);
    state[1] = (uint32_t)_mm_extract_epi32(abcd, 2);
    state[2] = (uint32_t)_mm_extract_epi32(abcd, 1);
    state[3] = (uint32_t)_mm_extract_epi32(abcd, 0);
    state[4] = e;
}

#endif
