// CRC-64/NVME: polynomial 0x9a6c9329ac4bc9b5 reflected, register inverted before and after.

#include "CBlobStorageChecksum.h"
#include "cpu.h"
#include "crc_slices.h"
#include "kernels.h"

// Entries are x^64 mod P to x^127 mod P; see crc_slices.h.
static const uint64_t slices[8][256] = {
    CRC_SLICE(0x9a6c9329ac4bc9b5ull, 0xd75adabd7a6e2d6full, 0xf1c1fe77117cdf02ull, 0x78e0ff3b88be6f81ull,
              0xa61cecb46814fe75ull, 0xc962e5739841b68full, 0xfedde190606b12f2ull, 0x7f6ef0c830358979ull),
    CRC_SLICE(0xa5dbeb4db4510d09ull, 0xc881668f76634f31ull, 0xfe2c206e177a6e2dull, 0xe57a831ea7f6fea3ull,
              0xe8d1d2a6ffb0b6e4ull, 0x7468e9537fd85b72ull, 0x3a3474a9bfec2db9ull, 0x8776a97d73bddf69ull),
    CRC_SLICE(0xd9d7c79715952601ull, 0xf68770e226815ab5ull, 0xe12f2b58bf0b64efull, 0xeafb0685f3ce7bc2ull,
              0x757d8342f9e73de1ull, 0xa0d25288d0b85745ull, 0xca05ba6dc417e217ull, 0xff6e4e1f4e4038beull),
    CRC_SLICE(0x7fb7270fa7201c5full, 0xa5b700ae7fdbc79aull, 0x52db80573fede3cdull, 0xb301530233bd3853ull,
              0xc3ec3aa8b595559cull, 0x61f61d545acaaaceull, 0x30fb0eaa2d655567ull, 0x8211147cbaf96306ull),
    CRC_SLICE(0x41088a3e5d7cb183ull, 0xbae8d63682f59174ull, 0x5d746b1b417ac8baull, 0x2eba358da0bd645dull,
              0x8d3189ef7c157b9bull, 0xdcf457de12417478ull, 0x6e7a2bef0920ba3cull, 0x373d15f784905d1eull),
    CRC_SLICE(0x1b9e8afbc2482e8full, 0x97a3d6544d6fdef2ull, 0x4bd1eb2a26b7ef79ull, 0xbf8466bcbf103e09ull,
              0xc5aea077f3c3d6b1ull, 0xf8bbc31255aa22edull, 0xe63172a0869ed8c3ull, 0xe9742a79ef04a5d4ull),
    CRC_SLICE(0x74ba153cf78252eaull, 0x3a5d0a9e7bc12975ull, 0x8742166691ab5d0full, 0xd9cd981ae49e6732ull,
              0x6ce6cc0d724f3399ull, 0xac1ff52f156c5079ull, 0xcc6369be26fde189ull, 0xfc5d27f6bf353971ull),
    CRC_SLICE(0xe44200d2f3d1550dull, 0xe84d9340d5a36333ull, 0xee4a5a89c69a782cull, 0x77252d44e34d3c16ull,
              0x3b9296a271a69e0bull, 0x87a5d878949886b0ull, 0x43d2ec3c4a4c4358ull, 0x21e9761e252621acull),
};

CRC_BY_SLICES(crc64nvme_portable, uint64_t)

uint64_t cblobstorage_crc64nvme(uint64_t crc, const void *bytes, size_t count) {
    const uint8_t *next = bytes;
    crc = ~crc;
#if defined(__x86_64__)
    // The folding kernels take whole vectors; the last bytes, at most 15, go through the tables.
    const size_t whole = count & ~(size_t)15;
    if (whole >= 512 && cblobstorage_cpu_has(CBLOBSTORAGE_CPU_CLMUL512)) {
        crc = cblobstorage_crc64nvme_clmul512(crc, next, whole);
        next += whole;
        count -= whole;
    } else if (whole > 0 && cblobstorage_cpu_has(CBLOBSTORAGE_CPU_CLMUL)) {
        crc = cblobstorage_crc64nvme_clmul(crc, next, whole);
        next += whole;
        count -= whole;
    }
#endif
    return ~crc64nvme_portable(crc, next, count);
}
