#include "CBlobStorageSoak.h"

#include <malloc.h>

size_t cblobstorage_allocated_byte_count(void) {
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}
