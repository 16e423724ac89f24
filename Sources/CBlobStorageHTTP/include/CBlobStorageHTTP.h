#ifndef CBLOBSTORAGE_HTTP_H
#define CBLOBSTORAGE_HTTP_H

// What Swift can't import of libcurl: its variadic functions, with the types that their options take.

#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>

// Macros that Swift does not import.
extern const size_t cblobstorage_curl_write_pause;
extern const size_t cblobstorage_curl_read_pause;
extern const size_t cblobstorage_curl_read_abort;
extern const curl_socket_t cblobstorage_curl_no_socket;

CURLcode cblobstorage_curl_set_long(CURL *handle, CURLoption option, long value);
CURLcode cblobstorage_curl_set_int64(CURL *handle, CURLoption option, int64_t value);
CURLcode cblobstorage_curl_set_pointer(CURL *handle, CURLoption option, const void *value);
CURLcode cblobstorage_curl_set_text(CURL *handle, CURLoption option, const char *value);
int64_t cblobstorage_curl_get_int64(CURL *handle, CURLINFO info);
long cblobstorage_curl_get_long(CURL *handle, CURLINFO info);
const char *cblobstorage_curl_get_text(CURL *handle, CURLINFO info);

/// What libcurl calls for one transfer, each with the `context` given beside.
struct cblobstorage_curl_calls {
    size_t (*head)(char *bytes, size_t size, size_t count, void *context);
    size_t (*write)(char *bytes, size_t size, size_t count, void *context);
    size_t (*read)(char *bytes, size_t size, size_t count, void *context);
    int (*rewind)(void *context, curl_off_t offset, int origin);
    int (*send)(
        void *context, char *remote_address, char *local_address, int remote_port, int local_port);
};
void cblobstorage_curl_set_calls(
    CURL *handle, const struct cblobstorage_curl_calls *calls, void *context);

/// What libcurl calls for its sockets and its timer, each with the `context` given beside.
struct cblobstorage_curl_loop_calls {
    /// Tells of a socket that was opened, or is about to be closed.
    void (*opened)(void *context, curl_socket_t socket);
    void (*closing)(void *context, curl_socket_t socket);
    int (*watch)(CURL *handle, curl_socket_t socket, int what, void *context, void *unused);
    int (*timer)(CURLM *multi, long milliseconds, void *context);
    void *context;
};
/// `calls` must live as long as the handle, and the connections that were made with it.
void cblobstorage_curl_set_socket_calls(
    CURL *handle, struct cblobstorage_curl_loop_calls *calls);
void cblobstorage_curl_multi_set_calls(
    CURLM *multi, const struct cblobstorage_curl_loop_calls *calls);
void cblobstorage_curl_multi_set_long(CURLM *multi, CURLMoption option, long value);

/// Takes the next finished transfer, if there is one.
CURL *cblobstorage_curl_multi_next_finished(CURLM *multi, CURLcode *result);

/// The `context` of the calls of a transfer.
void *cblobstorage_curl_get_context(CURL *handle);

/// Adds a copy of `line` to a list; `NULL`, with the list as it was, if there is no memory.
struct curl_slist *cblobstorage_curl_list_append(struct curl_slist *list, const char *line);

// epoll with plain integers: the kernel's structure is packed, and its flags are macros.

#define CBLOBSTORAGE_POLL_IN 1
#define CBLOBSTORAGE_POLL_OUT 2

struct cblobstorage_poll_event {
    int descriptor;
    /// CBLOBSTORAGE_POLL_IN and CBLOBSTORAGE_POLL_OUT; a failed socket has both.
    int ready;
};

/// Each returns -1 with `errno` set if it fails.
int cblobstorage_poll_create(void);
int cblobstorage_poll_watch(int poll, int descriptor, int what, bool is_new);
int cblobstorage_poll_forget(int poll, int descriptor);
int cblobstorage_poll_wait(
    int poll, struct cblobstorage_poll_event *events, int count, int milliseconds);

/// An `eventfd`, to wake a thread that polls.
int cblobstorage_wake_create(void);
void cblobstorage_wake(int descriptor);
void cblobstorage_wake_clear(int descriptor);

void cblobstorage_close(int descriptor);
bool cblobstorage_can_read(const char *path);

/// Milliseconds that only go forward.
int64_t cblobstorage_milliseconds(void);

/// Starts a detached thread that takes none of the process's signals; `name` is a literal.
///
/// Returns 0 or an `errno` value.
int cblobstorage_thread_start(const char *name, void (*body)(void *), void *context);

#endif
