#ifndef CRASH_TRACER_CALLS_H
#define CRASH_TRACER_CALLS_H

// The system calls that are stopped at, and what they say.

#include <stdbool.h>
#include <stdint.h>

/// What a call may do to the files of a store.
struct call {
    long number;
    const char *name;
    /// The argument that is a descriptor: of the file itself, or of the folder a path begins at.
    int descriptor;
    /// The argument that is a path; -1 if there is none.
    int path;
    /// The second descriptor and path of calls that take two; -1 if there is none.
    int other_descriptor, other_path;
    /// The argument that counts the bytes of a write; -1 if it is none.
    int count;
    /// Whether it always changes something; `open` does only with some flags.
    bool changes;
    /// Whether it is how the command tells where to begin and to end.
    bool is_mark;
};

extern const struct call calls[];
extern const int call_count;

/// Finds a call by its number; null if it is not stopped at.
const struct call *find_call(long number);

#endif
