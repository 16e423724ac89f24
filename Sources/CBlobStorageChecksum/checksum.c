#include "CBlobStorageChecksum.h"
