// CHECK(condition): stops the program, naming the place, where one of our own assumptions is broken. On in
// every build; for errors of outside data and of the guest see the results of the functions that read them.
#pragma once

#include <cstdio>
#include <cstdlib>

#define CHECK(condition)                                                                            \
  do {                                                                                              \
    if (!(condition)) {                                                                             \
      std::fprintf(stderr, "%s:%d: internal error: %s is false\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                                 \
    }                                                                                               \
  } while (false)
