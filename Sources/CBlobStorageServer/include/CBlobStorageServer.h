#ifndef CBLOBSTORAGE_SERVER_H
#define CBLOBSTORAGE_SERVER_H

// What Swift can't import of libmicrohttpd: its variadic functions, its unions, and macros with casts.

#include <stdint.h>
#include <sys/socket.h>
#include <microhttpd.h>

/// What libmicrohttpd calls, on the thread of the connection, each with the server's `context`.
struct cblobstorage_server_calls {
    /// A request line came; returns the request's own context.
    void *(*target)(void *context, const char *target, struct MHD_Connection *connection);
    /// The head is there, or a piece of the body, or the body's end.
    enum MHD_Result (*request)(
        void *context, struct MHD_Connection *connection, const char *url, const char *method,
        const char *version, const char *upload, size_t *upload_size, void **request);
    /// A request is over.
    void (*completed)(
        void *context, struct MHD_Connection *connection, void **request,
        enum MHD_RequestTerminationCode code);
    /// A connection was made or is about to be closed.
    void (*connection)(
        void *context, struct MHD_Connection *connection, void **socket_context,
        enum MHD_ConnectionNotificationCode code);
};

struct cblobstorage_server_limits {
    size_t memory_per_connection;
    unsigned int connections;
    /// 0 for no limit.
    unsigned int connections_per_address;
    /// 0 for no limit.
    unsigned int idle_seconds;
    size_t stack_size;
};

/// Serves a listening socket, with a thread for each connection; NULL if it can't.
struct MHD_Daemon *cblobstorage_server_start(
    int listener, const struct cblobstorage_server_calls *calls, void *context,
    struct cblobstorage_server_limits limits);

/// The socket of a connection.
int cblobstorage_server_socket(struct MHD_Connection *connection);

/// The bytes of a request's head, from the method to the empty line.
size_t cblobstorage_server_head_size(struct MHD_Connection *connection);

/// The address of the client; NULL if it isn't known.
const struct sockaddr *cblobstorage_server_address(struct MHD_Connection *connection);

/// Lets the time of silence that a connection may have begin now; 0 seconds is for ever.
void cblobstorage_server_restart_timeout(struct MHD_Connection *connection, unsigned int seconds);

/// Has the connection closed after a response, instead of sending it in chunks.
void cblobstorage_server_close_after(struct MHD_Response *response);

/// What poll(2) says when the other end has closed its side.
extern const short cblobstorage_server_peer_closed;
extern const ssize_t cblobstorage_server_end_of_body;
extern const ssize_t cblobstorage_server_broken_body;
extern const uint64_t cblobstorage_server_unknown_size;

#endif
