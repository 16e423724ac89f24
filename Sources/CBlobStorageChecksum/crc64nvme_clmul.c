// CRC-64/NVME by folding with carry-less multiplication.
//
// A 128-bit register loaded from the input is a polynomial R = H x^64 + L: bit i stands for x^(127 - i),
// so the low quadword, from the earlier bytes, is H. Moving R ahead of D bits of input multiplies it by
// x^D, and modulo P the result fits in 128 bits again, to be added to the input found there:
//
//     R x^D = H x^(64 + D) + L x^D = H (x^(64 + D) mod P) + L (x^D mod P)
//
// The product of two reflected 64-bit values, read as such a register, stands for x times their product,
// so each multiplier is of one power less: x^(D + 63) mod P for H and x^(D - 1) mod P for L.

#if defined(__x86_64__)

#include <immintrin.h>

#include "kernels.h"

#define TARGET_128 __attribute__((target("pclmul")))
#define TARGET_512 __attribute__((target("pclmul,avx512f,vpclmulqdq")))
#define INLINE __attribute__((always_inline)) static inline

// The multipliers for H and L, as above.
typedef struct {
    uint64_t high, low;
} fold_by;

#define BY_128 ((fold_by){0xeadc41fd2ba3d420, 0x21e9761e252621ac})  // x^191 mod P, x^127 mod P
#define BY_256 ((fold_by){0xb0bc2e589204f500, 0xe1e0bb9d45d7a44c})  // x^319 mod P, x^255 mod P
#define BY_512 ((fold_by){0x0c32cdb31e18a84a, 0x62242240ace5045a})  // x^575 mod P, x^511 mod P
#define BY_1024 ((fold_by){0xa1ca681e733f9c40, 0x5f852fb61e8d92dc}) // x^1087 mod P, x^1023 mod P
#define BY_4096 ((fold_by){0xd0b3aa0ed6d54ae0, 0xc2409e2537aa5eb1}) // x^4159 mod P, x^4095 mod P

TARGET_128 INLINE __m128i load(const uint8_t *bytes) {
    return _mm_loadu_si128((const __m128i *)bytes);
}

TARGET_128 INLINE __m128i fold(__m128i r, fold_by by, __m128i next) {
    const __m128i k = _mm_set_epi64x((long long)by.low, (long long)by.high);
    return _mm_xor_si128(
        next, _mm_xor_si128(_mm_clmulepi64_si128(r, k, 0x00), _mm_clmulepi64_si128(r, k, 0x11)));
}

// R x^64 mod P, which is the CRC register after the 16 bytes of R.
TARGET_128 INLINE uint64_t reduce(__m128i r) {
    // Down to T = TH x^64 + TL: H x^128 is H (x^128 mod P), while L x^64 only changes place.
    const __m128i x127 = _mm_cvtsi64_si128((long long)BY_128.low);
    const __m128i t = _mm_xor_si128(_mm_clmulepi64_si128(r, x127, 0x00), _mm_srli_si128(r, 8));

    // Barrett: q = floor(TH m / x^64) with m = floor(x^128 / P), then T mod P = T - q P. Both m and P
    // have 65 bits; here bit i stands for x^(64 - i), which leaves out the term x^0. In the first
    // product that term cannot reach the quotient; in the second it is q itself, added apart.
    const uint64_t m = 0x27ecfa329aef9f77, p = 0x34d926535897936b;
    const __m128i mp = _mm_set_epi64x((long long)p, (long long)m);
    const __m128i q = _mm_clmulepi64_si128(t, mp, 0x00);
    const __m128i qp = _mm_clmulepi64_si128(q, mp, 0x10);
    const __m128i high = _mm_xor_si128(t, qp);
    return (uint64_t)_mm_cvtsi128_si64(_mm_xor_si128(_mm_srli_si128(high, 8), q));
}

// What is left after the wide loops, one register at a time.
TARGET_128 INLINE uint64_t finish(__m128i r, const uint8_t *bytes, size_t count) {
    for (; count >= 16; bytes += 16, count -= 16) r = fold(r, BY_128, load(bytes));
    return reduce(r);
}

TARGET_128 uint64_t cblobstorage_crc64nvme_clmul(uint64_t crc, const uint8_t *bytes, size_t count) {
    // The register so far adds to the first bytes of the input, by the definition of a CRC.
    const __m128i initial = _mm_cvtsi64_si128((long long)crc);
    __m128i r = _mm_xor_si128(load(bytes), initial);
    if (count < 128) return finish(r, bytes + 16, count - 16);

    // Eight registers hide the latency of the multiplications.
    __m128i r1 = load(bytes + 16), r2 = load(bytes + 32), r3 = load(bytes + 48), r4 = load(bytes + 64);
    __m128i r5 = load(bytes + 80), r6 = load(bytes + 96), r7 = load(bytes + 112);
    for (bytes += 128, count -= 128; count >= 128; bytes += 128, count -= 128) {
        r = fold(r, BY_1024, load(bytes));
        r1 = fold(r1, BY_1024, load(bytes + 16));
        r2 = fold(r2, BY_1024, load(bytes + 32));
        r3 = fold(r3, BY_1024, load(bytes + 48));
        r4 = fold(r4, BY_1024, load(bytes + 64));
        r5 = fold(r5, BY_1024, load(bytes + 80));
        r6 = fold(r6, BY_1024, load(bytes + 96));
        r7 = fold(r7, BY_1024, load(bytes + 112));
    }
    r4 = fold(r, BY_512, r4);
    r5 = fold(r1, BY_512, r5);
    r6 = fold(r2, BY_512, r6);
    r7 = fold(r3, BY_512, r7);
    r6 = fold(r4, BY_256, r6);
    r7 = fold(r5, BY_256, r7);
    r7 = fold(r6, BY_128, r7);
    return finish(r7, bytes, count);
}

TARGET_512 INLINE __m512i load512(const uint8_t *bytes) {
    return _mm512_loadu_si512(bytes);
}

// Four folds side by side: each 128-bit lane is a register of its own.
TARGET_512 INLINE __m512i fold512(__m512i r, fold_by by, __m512i next) {
    const __m512i k = _mm512_broadcast_i32x4(_mm_set_epi64x((long long)by.low, (long long)by.high));
    // 0x96 is the truth table of a three-way exclusive or.
    return _mm512_ternarylogic_epi64(
        next, _mm512_clmulepi64_epi128(r, k, 0x00), _mm512_clmulepi64_epi128(r, k, 0x11), 0x96);
}

TARGET_512 uint64_t cblobstorage_crc64nvme_clmul512(uint64_t crc, const uint8_t *bytes, size_t count) {
    const __m512i initial = _mm512_zextsi128_si512(_mm_cvtsi64_si128((long long)crc));
    __m512i r = _mm512_xor_si512(load512(bytes), initial);
    __m512i r1 = load512(bytes + 64), r2 = load512(bytes + 128), r3 = load512(bytes + 192);
    __m512i r4 = load512(bytes + 256), r5 = load512(bytes + 320);
    __m512i r6 = load512(bytes + 384), r7 = load512(bytes + 448);
    for (bytes += 512, count -= 512; count >= 512; bytes += 512, count -= 512) {
        r = fold512(r, BY_4096, load512(bytes));
        r1 = fold512(r1, BY_4096, load512(bytes + 64));
        r2 = fold512(r2, BY_4096, load512(bytes + 128));
        r3 = fold512(r3, BY_4096, load512(bytes + 192));
        r4 = fold512(r4, BY_4096, load512(bytes + 256));
        r5 = fold512(r5, BY_4096, load512(bytes + 320));
        r6 = fold512(r6, BY_4096, load512(bytes + 384));
        r7 = fold512(r7, BY_4096, load512(bytes + 448));
    }
    r1 = fold512(r, BY_512, r1);
    r2 = fold512(r1, BY_512, r2);
    r3 = fold512(r2, BY_512, r3);
    r4 = fold512(r3, BY_512, r4);
    r5 = fold512(r4, BY_512, r5);
    r6 = fold512(r5, BY_512, r6);
    r7 = fold512(r6, BY_512, r7);
    for (; count >= 64; bytes += 64, count -= 64) r7 = fold512(r7, BY_512, load512(bytes));

    __m128i last = _mm512_castsi512_si128(r7);
    last = fold(last, BY_128, _mm512_extracti32x4_epi32(r7, 1));
    last = fold(last, BY_128, _mm512_extracti32x4_epi32(r7, 2));
    last = fold(last, BY_128, _mm512_extracti32x4_epi32(r7, 3));
    return finish(last, bytes, count);
}

#endif
