// SPDX-License-Identifier: Apache-2.0
// The files of driver/starters as they were when the compiler was built, named from there: "studio/team.yml".
#ifndef MO_DRIVER_STARTERS_H
#define MO_DRIVER_STARTERS_H

#include "sema/scope.h"

extern const struct mo_library_file mo_starters[]; // generated; ended by a NULL name

#endif
