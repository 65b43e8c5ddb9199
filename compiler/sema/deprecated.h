// SPDX-License-Identifier: Apache-2.0
#ifndef MO_SEMA_DEPRECATED_H
#define MO_SEMA_DEPRECATED_H

#include "diag/diag.h"
#include "sema/scope.h"

// Warns at a use of something that carries @deprecated; the library's own uses are nobody's business.
void mo_warn_deprecated(struct mo_ctx *ctx, const struct mo_module *user, const struct mo_symbol *s, struct mo_span span);

#endif
