#ifndef CRASH_TRACER_REGISTERS_H
#define CRASH_TRACER_REGISTERS_H

// The registers of a stopped thread that hold a system call.

#include <stdint.h>
#include <sys/types.h>

/// Changes an argument of the call that the thread is about to make.
void set_argument(pid_t thread, int argument, uint64_t value);

/// Lets the thread go on as if the call had been made and had returned `result`.
void skip_call(pid_t thread, int64_t result);

#endif
