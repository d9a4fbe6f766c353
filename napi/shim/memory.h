/* Where the bytes of a buffer live: small ones in the object itself.
 *
 * AddressSanitizer and valgrind watch blocks of malloc. Where one of them runs,
 * the bytes are a block of their own, so that a write behind them is seen. */
#ifndef NAPI_MEMORY_H
#define NAPI_MEMORY_H

#include <stddef.h>

#define MEMORY_ELSEWHERE __attribute__((weak, visibility("default")))

/* theirs; NULL where they do not run */
extern void __asan_init(void) MEMORY_ELSEWHERE;
extern void _vgnU_freeres(void) MEMORY_ELSEWHERE;

/* the largest number of bytes that live in the object itself */
static inline size_t
memory_inline_limit(void)
{
    return __asan_init != NULL || _vgnU_freeres != NULL ? 0 : 4096;
}

#endif
