/* simt_switch.h: stacks for the threads of a kernel, and going from one to another. On x86-64 a
 * switch is a dozen instructions; elsewhere it is ucontext's, which calls the kernel each time.
 * AddressSanitizer is told about every switch. */
#ifndef SIMT_SWITCH_H
#define SIMT_SWITCH_H
#include <cstdint>
#include <cstdlib>
#include <sys/mman.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) && !defined(__SANITIZE_ADDRESS__)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#if defined(__x86_64__) && !defined(__SHSTK__)
#define SIMT_FAST_SWITCH 1
#else
#include <ucontext.h>
#endif

namespace simt
{
enum { STACK = 256 << 10, CANARY = 0x5a5a5a5a };

#ifdef SIMT_FAST_SWITCH
typedef void *context; /* the stack pointer; what a call preserves lies above it */

/* Leaves the running stack at *from, and goes on where `to` was left. */
__attribute__((naked, noinline, no_sanitize("address", "undefined"))) inline void
swap_context(context *, context)
{
    asm("pushq %rbp\n pushq %rbx\n pushq %r12\n pushq %r13\n pushq %r14\n pushq "
        "%r15\n"
        "movq %rsp, (%rdi)\n movq %rsi, %rsp\n"
        "popq %r15\n popq %r14\n popq %r13\n popq %r12\n popq %rbx\n popq %rbp\n "
        "ret");
}
inline void go(context &from, context &to) { swap_context(&from, to); }
inline void begin(context &at, char *stack, void (*entry)(), context &)
{
    uint64_t *top = (uint64_t *)(stack + STACK) - 1; /* 16 n + 8 at entry, as behind a call */
    *--top = (uint64_t)entry;
    for (int i = 0; i < 6; i++) *--top = 0;
    at = top;
}
#else
typedef ucontext_t context;
inline void go(context &from, context &to) { swapcontext(&from, &to); }
inline void begin(context &at, char *stack, void (*entry)(), context &back)
{
    getcontext(&at);
    at.uc_stack.ss_sp = stack, at.uc_stack.ss_size = STACK, at.uc_link = &back;
    makecontext(&at, entry, 0);
}
#endif

/* The stack of a thread, and where it was left. */
struct coroutine {
    context at;
    char *stack;
    void *fake; /* AddressSanitizer's second stack */
    bool done;  /* it has left its body: only entry() is still on the stack */
};
inline context home; /* the scheduler's */
inline void *home_fake;
inline const void *home_bottom;
inline size_t home_size;

inline bool stack_new(coroutine &c) /* its pages come into being when they are used */
{
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    c.stack = (char *)mmap(nullptr, STACK, PROT_READ | PROT_WRITE, flags, -1, 0);
    c.done = false;
    return c.stack != MAP_FAILED;
}
inline bool stack_overflowed(const coroutine &c) { return *(const unsigned *)c.stack != CANARY; }
inline void coroutine_begin(coroutine &c, void (*entry)())
{
#ifdef __SANITIZE_ADDRESS__
    const size_t left = c.done ? 8 << 10 : STACK; /* frames that were left for good */
    __asan_unpoison_memory_region(c.stack + STACK - left, left);
#endif
    *(unsigned *)c.stack = CANARY;
    c.fake = nullptr, c.done = false;
    begin(c.at, c.stack, entry, home);
}
/* First thing in a new coroutine. */
inline void coroutine_entered()
{
#ifdef __SANITIZE_ADDRESS__
    __sanitizer_finish_switch_fiber(nullptr, &home_bottom, &home_size);
#endif
}
inline void coroutine_leave(coroutine &c) /* to the scheduler */
{
#ifdef __SANITIZE_ADDRESS__
    __sanitizer_start_switch_fiber(c.done ? nullptr : &c.fake, home_bottom, home_size);
#endif
    go(c.at, home);
#ifdef __SANITIZE_ADDRESS__
    __sanitizer_finish_switch_fiber(c.fake, &home_bottom, &home_size);
#endif
}
inline void coroutine_resume(coroutine &c) /* by the scheduler */
{
#ifdef __SANITIZE_ADDRESS__
    __sanitizer_start_switch_fiber(&home_fake, c.stack, STACK);
#endif
    go(home, c.at);
#ifdef __SANITIZE_ADDRESS__
    __sanitizer_finish_switch_fiber(home_fake, nullptr, nullptr);
#endif
}
} // namespace simt
#endif
