#include "cpu.h"

#include <stdatomic.h>

#include "CBlobStorageChecksum.h"

// Marks the feature word as filled in, so that "nothing found" differs from "not looked yet".
static const unsigned detected_mark = 1u << 31;

// Starts at zero without any initialiser at load, so checksums work at any point of a process's life.
// Threads that race on the first use all compute the same word; nothing else is published with it,
// hence relaxed order is enough.
static _Atomic unsigned known_features;

#if defined(__x86_64__)

#include <cpuid.h>

// The state components that the operating system saves on a context switch (XCR0).
// As an instruction, because the intrinsic would need the whole function built for XSAVE.
static unsigned saved_register_state(void) {
    unsigned low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return low;
}

static unsigned detect(void) {
    unsigned eax, ebx, ecx, edx;
    unsigned found = 0;

    if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx)) return 0;
    const bool clmul = ecx & (1u << 1);
    const bool ssse3 = ecx & (1u << 9);
    const bool sse41 = ecx & (1u << 19);
    const bool sse42 = ecx & (1u << 20);
    const bool xgetbv = ecx & (1u << 27);
    if (sse42 && clmul) found |= CBLOBSTORAGE_CPU_CRC32;
    if (clmul) found |= CBLOBSTORAGE_CPU_CLMUL;

    if (!__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx)) return found;
    const bool avx512f = ebx & (1u << 16);
    const bool sha = ebx & (1u << 29);
    const bool vpclmul = ecx & (1u << 10);
    if (sha && sse41 && ssse3) found |= CBLOBSTORAGE_CPU_SHA;
    if (avx512f && vpclmul && clmul && xgetbv) {
        // SSE, AVX, the mask registers, and both extensions to 512 bits: a processor can have AVX-512
        // under a kernel or hypervisor that would lose the registers.
        const unsigned needed = 1u << 1 | 1u << 2 | 1u << 5 | 1u << 6 | 1u << 7;
        if ((saved_register_state() & needed) == needed) found |= CBLOBSTORAGE_CPU_CLMUL512;
    }
    return found;
}

#else

static unsigned detect(void) {
    return 0;
}

#endif

bool cblobstorage_cpu_has(unsigned feature) {
    unsigned features = atomic_load_explicit(&known_features, memory_order_relaxed);
    if (features == 0) {
        // Exchanged only when still empty, so that a late first use cannot undo a forced setting.
        unsigned fresh = detect() | detected_mark;
        if (atomic_compare_exchange_strong_explicit(
                &known_features, &features, fresh, memory_order_relaxed, memory_order_relaxed)) {
            features = fresh;
        }
    }
    return (features & feature) != 0;
}

void cblobstorage_checksum_force_portable(bool portable) {
    unsigned features = portable ? detected_mark : detect() | detected_mark;
    atomic_store_explicit(&known_features, features, memory_order_relaxed);
}
