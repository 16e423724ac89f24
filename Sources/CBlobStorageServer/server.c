#define _GNU_SOURCE
#include "CBlobStorageServer.h"

#include <poll.h>
#include <string.h>

const short cblobstorage_server_peer_closed = POLLRDHUP;
const ssize_t cblobstorage_server_end_of_body = MHD_CONTENT_READER_END_OF_STREAM;
const ssize_t cblobstorage_server_broken_body = MHD_CONTENT_READER_END_WITH_ERROR;
const uint64_t cblobstorage_server_unknown_size = MHD_SIZE_UNKNOWN;

// Targets stay as they were sent: signatures cover them.
static size_t leave(void *context, struct MHD_Connection *connection, char *text) {
    (void)context;
    (void)connection;
    return strlen(text);
}

struct MHD_Daemon *cblobstorage_server_start(
    int listener, const struct cblobstorage_server_calls *calls, void *context,
    struct cblobstorage_server_limits limits) {
    return MHD_start_daemon(
        MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL |
            MHD_USE_ITC,
        0, NULL, NULL, calls->request, context,
        MHD_OPTION_LISTEN_SOCKET, listener,
        MHD_OPTION_URI_LOG_CALLBACK, calls->target, context,
        MHD_OPTION_UNESCAPE_CALLBACK, &leave, NULL,
        MHD_OPTION_NOTIFY_COMPLETED, calls->completed, context,
        MHD_OPTION_NOTIFY_CONNECTION, calls->connection, context,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, limits.memory_per_connection,
        MHD_OPTION_CONNECTION_LIMIT, limits.connections,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, limits.connections_per_address,
        MHD_OPTION_CONNECTION_TIMEOUT, limits.idle_seconds,
        MHD_OPTION_THREAD_STACK_SIZE, limits.stack_size,
        // RequestHead is stricter, and libmicrohttpd would write its own answer about Host twice.
        MHD_OPTION_STRICT_FOR_CLIENT, 0,
        MHD_OPTION_END);
}

int cblobstorage_server_socket(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *found =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return found ? found->connect_fd : -1;
}

size_t cblobstorage_server_head_size(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *found =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    return found ? found->header_size : 0;
}

const struct sockaddr *cblobstorage_server_address(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *found =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    return found ? found->client_addr : NULL;
}

void cblobstorage_server_restart_timeout(struct MHD_Connection *connection, unsigned int seconds) {
    // A limit that is set where there was none counts from now.
    MHD_set_connection_option(connection, MHD_CONNECTION_OPTION_TIMEOUT, 0u);
    MHD_set_connection_option(connection, MHD_CONNECTION_OPTION_TIMEOUT, seconds);
}

void cblobstorage_server_close_after(struct MHD_Response *response) {
    if (response)
        MHD_set_response_options(response, MHD_RF_HTTP_1_0_COMPATIBLE_STRICT, MHD_RO_END);
}
