// SPDX-License-Identifier: Apache-2.0
// The standard library as it was when the compiler was built.
#ifndef MO_DRIVER_STDLIB_H
#define MO_DRIVER_STDLIB_H

#include "sema/scope.h"

extern const struct mo_library_file mo_stdlib[]; // generated; ended by a NULL name

#endif
