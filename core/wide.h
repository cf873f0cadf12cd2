/*
 * wide.h - for a few loops over bytes that the compiler should run many at a
 * time: gcc does so at -O3 only, clang always.
 */
#pragma once

#if defined __GNUC__ && !defined __clang__
#define WIDE __attribute__((optimize("O3")))
#else
#define WIDE
#endif
