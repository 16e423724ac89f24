#ifndef CBLOBSTORAGE_HTTP_H
#define CBLOBSTORAGE_HTTP_H

// What Swift can't import of libcurl: its variadic functions, with the types that their options take.

#include <curl/curl.h>

CURLcode cblobstorage_curl_set_long(CURL *handle, CURLoption option, long value);
CURLcode cblobstorage_curl_set_pointer(CURL *handle, CURLoption option, const void *value);

#endif
