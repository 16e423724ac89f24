// The CRC of a concatenation, from the CRCs of its two parts.
//
// A CRC is a remainder modulo P over GF(2), and appending n bytes multiplies what came before by x^(8n):
// crc(A B) = crc(A) x^(8n) + crc(B) mod P. The inversions before and after the register cancel out.

#include "CBlobStorageChecksum.h"

// A reflected polynomial field: x^0 is the top bit of a W-bit value, so the bit below it is x^1.
typedef struct {
    uint64_t polynomial;
    uint64_t one;
} field;

static const field crc32_field = {0xedb88320, UINT64_C(1) << 31};
static const field crc32c_field = {0x82f63b78, UINT64_C(1) << 31};
static const field crc64nvme_field = {0x9a6c9329ac4bc9b5, UINT64_C(1) << 63};

// Schoolbook multiplication: adds b x^i for each term x^i of a. Masks stand in for branches, which
// would be unpredictable.
static uint64_t multiply(field f, uint64_t a, uint64_t b) {
    uint64_t product = 0;
    for (uint64_t term = f.one; term != 0; term >>= 1) {
        product ^= b & -(uint64_t)((a & term) != 0);
        b = b >> 1 ^ (f.polynomial & -(b & 1));
    }
    return product;
}

// a x^(8n) mod P, with one squaring for each bit of n.
static uint64_t append_zeros(field f, uint64_t a, uint64_t n) {
    for (uint64_t power = f.one >> 8; n != 0; n >>= 1) {
        if (n & 1) a = multiply(f, a, power);
        if (n > 1) power = multiply(f, power, power);
    }
    return a;
}

uint32_t cblobstorage_crc32_combine(uint32_t a, uint32_t b, uint64_t b_count) {
    return (uint32_t)append_zeros(crc32_field, a, b_count) ^ b;
}

uint32_t cblobstorage_crc32c_combine(uint32_t a, uint32_t b, uint64_t b_count) {
    return (uint32_t)append_zeros(crc32c_field, a, b_count) ^ b;
}

uint64_t cblobstorage_crc64nvme_combine(uint64_t a, uint64_t b, uint64_t b_count) {
    return append_zeros(crc64nvme_field, a, b_count) ^ b;
}
