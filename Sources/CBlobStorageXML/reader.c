#include "CBlobStorageXML.h"
