// Runs a command and stops it at each system call that touches files, between its looks for the
// files "/crash-worker/begins" and "/crash-worker/ends". The calls of all threads are counted
// together, from 1, and one of them can be made to fail, to be cut short, or to be the last.
//
//     crash-tracer LOG ACTION INDEX COMMAND…
//
// strace can inject faults too, but counts each call of each thread by itself, and can't make a
// write really write less.
//
// The log has a line a call, fields between tabs: index, thread, what was done to it, name, `c` if
// it may change something or `r`, descriptor, its path, path, other descriptor, its path, other
// path, flags, result. Exits with 0, or 2 if it can't trace; what became of the command is the
// log's last line.

#define _GNU_SOURCE
#include "calls.h"
#include "registers.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

enum action { NOTHING, KILL_BEFORE, KILL_AFTER, KILL_WITHIN, CUT, FAIL };

static const char *action_names[] = {"none", "before", "after", "within", "cut"};

static FILE *log_file;
static pid_t command;
static enum action action = NOTHING;
static int error_code;
static long target;
static long call_index;
static bool is_active;

static long option_number(const char *text) {
    char *end;
    long number = strtol(text, &end, 10);
    if (*end || end == text) errx(2, "\"%s\" is no number", text);
    return number;
}

/// An action is a name, or the number of the error to fail with.
static void read_action(const char *text) {
    for (int i = 0; i < FAIL; i++) {
        if (strcmp(text, action_names[i]) == 0) {
            action = (enum action)i;
            return;
        }
    }
    action = FAIL;
    error_code = (int)option_number(text);
}

/// Makes the kernel stop this process at the calls of the table, and at no other.
static void stop_at_calls(void) {
    struct sock_filter filter[2 * 64 + 3];
    int length = 0;
    filter[length++] = (struct sock_filter)BPF_STMT(
        BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
    for (int i = 0; i < call_count; i++) {
        filter[length++] = (struct sock_filter)BPF_JUMP(
            BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)calls[i].number, 0, 1);
        filter[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE);
    }
    filter[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog program = {(unsigned short)length, filter};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0) err(2, "PR_SET_NO_NEW_PRIVS");
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0) err(2, "seccomp");
}

static void start(char **arguments) {
    command = fork();
    if (command < 0) err(2, "fork");
    if (command == 0) {
        if (ptrace(PTRACE_TRACEME, 0, 0, 0) < 0) err(2, "PTRACE_TRACEME");
        raise(SIGSTOP);
        stop_at_calls();
        execv(arguments[0], arguments);
        err(2, "%s", arguments[0]);
    }
    int status;
    if (waitpid(command, &status, 0) < 0 || !WIFSTOPPED(status))
        errx(2, "this process may not trace others");
    long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC
        | PTRACE_O_TRACESECCOMP | PTRACE_O_EXITKILL;
    if (ptrace(PTRACE_SETOPTIONS, command, 0, options) < 0) err(2, "PTRACE_SETOPTIONS");
    if (ptrace(PTRACE_CONT, command, 0, 0) < 0) err(2, "PTRACE_CONT");
}

static void read_text(pid_t thread, uint64_t address, char text[PATH_MAX]) {
    memset(text, 0, PATH_MAX);
    // Page by page, since the text may end just before memory that can't be read.
    size_t count = 0;
    while (count < PATH_MAX - 1) {
        size_t step = 4096 - ((address + count) & 4095);
        if (step > PATH_MAX - 1 - count) step = PATH_MAX - 1 - count;
        struct iovec to = {text + count, step};
        struct iovec from = {(void *)(uintptr_t)(address + count), step};
        if (process_vm_readv(thread, &to, 1, &from, 1, 0) != (ssize_t)step) break;
        if (memchr(text + count, 0, step)) break;
        count += step;
    }
}

static void print_text(pid_t thread, uint64_t address) {
    char text[PATH_MAX];
    read_text(thread, address, text);
    for (const char *c = text; *c; c++) {
        if (*c == '\t' || *c == '\n') fputc('?', log_file);
        else fputc(*c, log_file);
    }
}

/// Finds out what a descriptor of the thread leads to.
static void read_descriptor(pid_t thread, int descriptor, char path[PATH_MAX]) {
    path[0] = 0;
    if (descriptor < 0) return;
    char link[64];
    snprintf(link, sizeof link, "/proc/%d/fd/%d", thread, descriptor);
    ssize_t count = readlink(link, path, PATH_MAX - 1);
    path[count < 0 ? 0 : count] = 0;
}

static void print_place(pid_t thread, const uint64_t *arguments, int descriptor, int path) {
    char target_path[PATH_MAX];
    int number = descriptor < 0 ? AT_FDCWD : (int)arguments[descriptor];
    read_descriptor(thread, number, target_path);
    fprintf(log_file, "\t%d\t%s\t", number, target_path);
    if (path >= 0) print_text(thread, arguments[path]);
}

/// Whether a call concerns the system's own files, where the runtime looks for idle threads at
/// times of its own.
static bool is_about_system(pid_t thread, const struct call *call, const uint64_t *arguments) {
    char path[PATH_MAX];
    read_descriptor(thread, call->descriptor < 0 ? -1 : (int)arguments[call->descriptor], path);
    if (strncmp(path, "/proc/", 6) == 0) return true;
    if (call->path < 0) return false;
    read_text(thread, arguments[call->path], path);
    return strncmp(path, "/proc/", 6) == 0;
}

static uint64_t open_flags(pid_t thread, const struct call *call, const uint64_t *arguments) {
    if (call->number == SYS_openat) return arguments[2];
    if (call->number != SYS_openat2) return 0;
    uint64_t flags = 0;
    struct iovec to = {&flags, sizeof flags};
    struct iovec from = {(void *)(uintptr_t)arguments[2], sizeof flags};
    return process_vm_readv(thread, &to, 1, &from, 1, 0) < 0 ? 0 : flags;
}

/// Lets the thread make its call and waits until it is done.
///
/// - Returns: Whether the thread is still there.
static bool finish_call(pid_t thread, int64_t *result) {
    if (ptrace(PTRACE_SYSCALL, thread, 0, 0) < 0) return false;
    int status;
    if (waitpid(thread, &status, __WALL) < 0 || !WIFSTOPPED(status)) return false;
    struct __ptrace_syscall_info info;
    if (ptrace(PTRACE_GET_SYSCALL_INFO, thread, sizeof info, &info) < 0) return false;
    *result = info.exit.rval;
    return true;
}

static void stop_at_call(pid_t thread) {
    struct __ptrace_syscall_info info;
    if (ptrace(PTRACE_GET_SYSCALL_INFO, thread, sizeof info, &info) < 0) return;
    const struct call *call = find_call((long)info.seccomp.nr);
    if (call && call->is_mark) {
        char path[PATH_MAX];
        read_text(thread, info.seccomp.args[call->path], path);
        if (strcmp(path, "/crash-worker/begins") == 0) is_active = true;
        if (strcmp(path, "/crash-worker/ends") == 0) is_active = false;
    }
    if (!is_active || !call || call->is_mark) {
        ptrace(PTRACE_CONT, thread, 0, 0);
        return;
    }
    uint64_t arguments[6];
    for (int i = 0; i < 6; i++) arguments[i] = info.seccomp.args[i];
    uint64_t flags = open_flags(thread, call, arguments);
    bool changes = call->changes || (flags & (O_CREAT | O_TRUNC))
        || (flags & O_TMPFILE) == O_TMPFILE;
    if (!changes && is_about_system(thread, call, arguments)) {
        ptrace(PTRACE_CONT, thread, 0, 0);
        return;
    }
    call_index++;
    enum action now = call_index == target ? action : NOTHING;
    fprintf(log_file, "%ld\t%d\t%s\t%s\t%c", call_index, thread,
        now == FAIL ? strerrorname_np(error_code) : action_names[now], call->name,
        changes ? 'c' : 'r');
    print_place(thread, arguments, call->descriptor, call->path);
    print_place(thread, arguments, call->other_descriptor, call->other_path);
    fprintf(log_file, "\t%" PRIx64, flags);

    int64_t result = 0;
    if (now == KILL_BEFORE) {
        kill(command, SIGKILL);
        fprintf(log_file, "\t\n");
        return;
    }
    if (now == FAIL) {
        skip_call(thread, -error_code);
        ptrace(PTRACE_CONT, thread, 0, 0);
        fprintf(log_file, "\t%d\n", -error_code);
        return;
    }
    if ((now == CUT || now == KILL_WITHIN) && call->count >= 0 && arguments[call->count] > 1)
        set_argument(thread, call->count, arguments[call->count] / 2);
    if (!finish_call(thread, &result)) {
        fprintf(log_file, "\t\n");
        return;
    }
    fprintf(log_file, "\t%" PRId64 "\n", result);
    if (now == KILL_AFTER || now == KILL_WITHIN) kill(command, SIGKILL);
    else ptrace(PTRACE_CONT, thread, 0, 0);
}

int main(int count, char **arguments) {
    if (count < 5) errx(2, "usage: crash-tracer LOG ACTION INDEX COMMAND…");
    log_file = fopen(arguments[1], "we");
    if (!log_file) err(2, "%s", arguments[1]);
    read_action(arguments[2]);
    target = option_number(arguments[3]);
    start(arguments + 4);

    int last_status = 0;
    while (true) {
        int status;
        pid_t thread = waitpid(-1, &status, __WALL);
        if (thread < 0) break;
        if (!WIFSTOPPED(status)) {
            if (thread == command) last_status = status;
            continue;
        }
        if (status >> 8 == (SIGTRAP | PTRACE_EVENT_SECCOMP << 8)) stop_at_call(thread);
        else if (status >> 16) ptrace(PTRACE_CONT, thread, 0, 0);
        // A new thread begins with a SIGSTOP that nobody sent.
        else ptrace(PTRACE_CONT, thread, 0, WSTOPSIG(status) == SIGSTOP ? 0 : WSTOPSIG(status));
    }
    if (WIFSIGNALED(last_status)) fprintf(log_file, "signal\t%d\n", WTERMSIG(last_status));
    else fprintf(log_file, "exit\t%d\n", WEXITSTATUS(last_status));
    return fclose(log_file) == 0 ? 0 : 2;
}
