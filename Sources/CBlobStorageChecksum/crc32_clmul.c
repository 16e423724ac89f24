// CRC-32 by folding with carry-less multiplication; see crc64nvme_clmul.c for the algebra, in which only P
// differs: its residues have 32 bits, which stand in the upper half of a reflected quadword.

#if defined(__x86_64__)

#include <immintrin.h>

#include "kernels.h"

#define TARGET_128 __attribute__((target("pclmul")))
#define INLINE __attribute__((always_inline)) static inline

// The multipliers for H, the earlier quadword, and L.
typedef struct {
    uint64_t high, low;
} fold_by;

#define BY_128 ((fold_by){0x65673b4600000000, 0x9ba54c6f00000000}) // x^191 mod P, x^127 mod P
#define BY_512 ((fold_by){0x653d982200000000, 0xcad38e8f00000000}) // x^575 mod P, x^511 mod P

TARGET_128 INLINE __m128i load(const uint8_t *bytes) {
    return _mm_loadu_si128((const __m128i *)bytes);
}

TARGET_128 INLINE __m128i fold(__m128i r, fold_by by, __m128i next) {
    const __m128i k = _mm_set_epi64x((long long)by.low, (long long)by.high);
    return _mm_xor_si128(
        next, _mm_xor_si128(_mm_clmulepi64_si128(r, k, 0x00), _mm_clmulepi64_si128(r, k, 0x11)));
}

TARGET_128 void cblobstorage_crc32_fold_clmul(uint32_t crc, const uint8_t *bytes, size_t count, uint8_t folded[16]) {
    // The register so far adds to the first bytes of the input, by the definition of a CRC.
    __m128i r = _mm_xor_si128(load(bytes), _mm_cvtsi32_si128((int)crc));
    __m128i r1 = load(bytes + 16), r2 = load(bytes + 32), r3 = load(bytes + 48);
    for (bytes += 64, count -= 64; count >= 64; bytes += 64, count -= 64) {
        r = fold(r, BY_512, load(bytes));
        r1 = fold(r1, BY_512, load(bytes + 16));
        r2 = fold(r2, BY_512, load(bytes + 32));
        r3 = fold(r3, BY_512, load(bytes + 48));
    }
    r1 = fold(r, BY_128, r1);
    r2 = fold(r1, BY_128, r2);
    r3 = fold(r2, BY_128, r3);
    for (; count >= 16; bytes += 16, count -= 16) r3 = fold(r3, BY_128, load(bytes));
    _mm_storeu_si128((__m128i *)folded, r3);
}

#endif
