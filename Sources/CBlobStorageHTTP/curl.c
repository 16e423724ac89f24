#define _GNU_SOURCE
#include "CBlobStorageHTTP.h"

#include <sys/socket.h>
#include <unistd.h>

const size_t cblobstorage_curl_write_pause = CURL_WRITEFUNC_PAUSE;
const size_t cblobstorage_curl_read_pause = CURL_READFUNC_PAUSE;
const size_t cblobstorage_curl_read_abort = CURL_READFUNC_ABORT;
const curl_socket_t cblobstorage_curl_no_socket = CURL_SOCKET_TIMEOUT;

CURLcode cblobstorage_curl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

CURLcode cblobstorage_curl_set_int64(CURL *handle, CURLoption option, int64_t value) {
    return curl_easy_setopt(handle, option, (curl_off_t)value);
}

CURLcode cblobstorage_curl_set_pointer(CURL *handle, CURLoption option, const void *value) {
    return curl_easy_setopt(handle, option, value);
}

CURLcode cblobstorage_curl_set_text(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

int64_t cblobstorage_curl_get_int64(CURL *handle, CURLINFO info) {
    curl_off_t value = -1;
    return curl_easy_getinfo(handle, info, &value) == CURLE_OK ? value : -1;
}

long cblobstorage_curl_get_long(CURL *handle, CURLINFO info) {
    long value = -1;
    return curl_easy_getinfo(handle, info, &value) == CURLE_OK ? value : -1;
}

const char *cblobstorage_curl_get_text(CURL *handle, CURLINFO info) {
    const char *value = NULL;
    return curl_easy_getinfo(handle, info, &value) == CURLE_OK ? value : NULL;
}

void cblobstorage_curl_set_calls(
    CURL *handle, const struct cblobstorage_curl_calls *calls, void *context) {
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, calls->head);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, context);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, calls->write);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, context);
    curl_easy_setopt(handle, CURLOPT_READFUNCTION, calls->read);
    curl_easy_setopt(handle, CURLOPT_READDATA, context);
    curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, calls->rewind);
    curl_easy_setopt(handle, CURLOPT_SEEKDATA, context);
    curl_easy_setopt(handle, CURLOPT_PREREQFUNCTION, calls->send);
    curl_easy_setopt(handle, CURLOPT_PREREQDATA, context);
    curl_easy_setopt(handle, CURLOPT_PRIVATE, context);
}

// libcurl's own call would let a process that is started meanwhile inherit the socket.
static curl_socket_t open_socket(
    void *context, curlsocktype purpose, struct curl_sockaddr *address) {
    const struct cblobstorage_curl_loop_calls *calls = context;
    (void)purpose;
    curl_socket_t opened =
        socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    if (opened < 0) return CURL_SOCKET_BAD;
    calls->opened(calls->context, opened);
    return opened;
}

static int close_socket(void *context, curl_socket_t closing) {
    const struct cblobstorage_curl_loop_calls *calls = context;
    calls->closing(calls->context, closing);
    return close(closing);
}

void cblobstorage_curl_set_socket_calls(
    CURL *handle, struct cblobstorage_curl_loop_calls *calls) {
    curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, calls);
    curl_easy_setopt(handle, CURLOPT_CLOSESOCKETFUNCTION, close_socket);
    curl_easy_setopt(handle, CURLOPT_CLOSESOCKETDATA, calls);
}

void cblobstorage_curl_multi_set_calls(
    CURLM *multi, const struct cblobstorage_curl_loop_calls *calls) {
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, calls->watch);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, calls->context);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, calls->timer);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, calls->context);
}

void cblobstorage_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    curl_multi_setopt(multi, option, value);
}

CURL *cblobstorage_curl_multi_next_finished(CURLM *multi, CURLcode *result) {
    int waiting = 0;
    CURLMsg *message;
    while ((message = curl_multi_info_read(multi, &waiting)) != NULL) {
        if (message->msg != CURLMSG_DONE) continue;
        *result = message->data.result;
        return message->easy_handle;
    }
    return NULL;
}

void *cblobstorage_curl_get_context(CURL *handle) {
    char *context = NULL;
    return curl_easy_getinfo(handle, CURLINFO_PRIVATE, &context) == CURLE_OK ? context : NULL;
}

struct curl_slist *cblobstorage_curl_list_append(struct curl_slist *list, const char *line) {
    return curl_slist_append(list, line);
}
