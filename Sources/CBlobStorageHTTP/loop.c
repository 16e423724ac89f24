#define _GNU_SOURCE
#include "CBlobStorageHTTP.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum { EVENT_LIMIT = 128 };

int cblobstorage_poll_create(void) {
    return epoll_create1(EPOLL_CLOEXEC);
}

int cblobstorage_poll_watch(int poll, int descriptor, int what, bool is_new) {
    struct epoll_event event = {.data.fd = descriptor};
    if (what & CBLOBSTORAGE_POLL_IN) event.events |= EPOLLIN;
    if (what & CBLOBSTORAGE_POLL_OUT) event.events |= EPOLLOUT;
    return epoll_ctl(poll, is_new ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, descriptor, &event);
}

int cblobstorage_poll_forget(int poll, int descriptor) {
    return epoll_ctl(poll, EPOLL_CTL_DEL, descriptor, NULL);
}

int cblobstorage_poll_wait(
    int poll, struct cblobstorage_poll_event *events, int count, int milliseconds) {
    struct epoll_event found[EVENT_LIMIT];
    int limit = count < EVENT_LIMIT ? count : EVENT_LIMIT;
    int found_count = epoll_wait(poll, found, limit, milliseconds);
    for (int i = 0; i < found_count; i++) {
        int ready = 0;
        uint32_t flags = found[i].events;
        // A socket that failed is both: the next call on it tells why, after what came before.
        if (flags & (EPOLLIN | EPOLLHUP | EPOLLERR)) ready |= CBLOBSTORAGE_POLL_IN;
        if (flags & (EPOLLOUT | EPOLLHUP | EPOLLERR)) ready |= CBLOBSTORAGE_POLL_OUT;
        events[i].descriptor = found[i].data.fd;
        events[i].ready = ready;
    }
    return found_count;
}

int cblobstorage_wake_create(void) {
    return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

void cblobstorage_wake(int descriptor) {
    uint64_t one = 1;
    while (write(descriptor, &one, sizeof one) < 0 && errno == EINTR) {
    }
}

void cblobstorage_wake_clear(int descriptor) {
    uint64_t count;
    while (read(descriptor, &count, sizeof count) < 0 && errno == EINTR) {
    }
}

void cblobstorage_close(int descriptor) {
    close(descriptor);
}

bool cblobstorage_can_read(const char *path) {
    return access(path, R_OK) == 0;
}

int64_t cblobstorage_milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct thread_start {
    const char *name;
    void (*body)(void *);
    void *context;
};

static void *run_thread(void *argument) {
    struct thread_start start = *(struct thread_start *)argument;
    free(argument);
    pthread_setname_np(pthread_self(), start.name);
    start.body(start.context);
    return NULL;
}

int cblobstorage_thread_start(const char *name, void (*body)(void *), void *context) {
    struct thread_start *start = malloc(sizeof *start);
    if (start == NULL) return ENOMEM;
    start->name = name;
    start->body = body;
    start->context = context;

    // Signals that tell of a crash stay, so that a crash is told.
    sigset_t blocked, before;
    sigfillset(&blocked);
    const int crashes[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT, SIGSYS, SIGPROF};
    for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++) sigdelset(&blocked, crashes[i]);

    // The new thread begins with the mask of the one that makes it.
    pthread_sigmask(SIG_SETMASK, &blocked, &before);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_t thread;
    int status = pthread_create(&thread, &attributes, run_thread, start);
    pthread_attr_destroy(&attributes);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (status != 0) free(start);
    return status;
}
