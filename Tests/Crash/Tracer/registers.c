#define _GNU_SOURCE
#include "registers.h"

#include <elf.h>
#include <err.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>

#if defined(__x86_64__)

static void get(pid_t thread, struct user_regs_struct *registers) {
    if (ptrace(PTRACE_GETREGS, thread, 0, registers) < 0) err(2, "PTRACE_GETREGS");
}

static void set(pid_t thread, struct user_regs_struct *registers) {
    if (ptrace(PTRACE_SETREGS, thread, 0, registers) < 0) err(2, "PTRACE_SETREGS");
}

void set_argument(pid_t thread, int argument, uint64_t value) {
    struct user_regs_struct registers;
    get(thread, &registers);
    unsigned long long *arguments[] = {
        &registers.rdi, &registers.rsi, &registers.rdx, &registers.r10, &registers.r8,
        &registers.r9,
    };
    *arguments[argument] = value;
    set(thread, &registers);
}

void skip_call(pid_t thread, int64_t result) {
    struct user_regs_struct registers;
    get(thread, &registers);
    registers.orig_rax = -1ULL;
    registers.rax = (unsigned long long)result;
    set(thread, &registers);
}

#elif defined(__aarch64__)

static void transfer(pid_t thread, int request, struct user_regs_struct *registers) {
    struct iovec vector = {registers, sizeof *registers};
    if (ptrace(request, thread, NT_PRSTATUS, &vector) < 0) err(2, "ptrace");
}

void set_argument(pid_t thread, int argument, uint64_t value) {
    struct user_regs_struct registers;
    transfer(thread, PTRACE_GETREGSET, &registers);
    registers.regs[argument] = value;
    transfer(thread, PTRACE_SETREGSET, &registers);
}

void skip_call(pid_t thread, int64_t result) {
    int none = -1;
    struct iovec vector = {&none, sizeof none};
    if (ptrace(PTRACE_SETREGSET, thread, 0x404 /* NT_ARM_SYSTEM_CALL */, &vector) < 0)
        err(2, "NT_ARM_SYSTEM_CALL");
    set_argument(thread, 0, (uint64_t)result);
}

#else
#error "the tracer knows x86-64 and arm64"
#endif
