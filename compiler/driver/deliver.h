// SPDX-License-Identifier: Apache-2.0
// What a build gives besides its folder.
#ifndef MO_DRIVER_DELIVER_H
#define MO_DRIVER_DELIVER_H

#include "driver/pipeline.h"
#include "driver/run.h"

// Whether the options of `build` fit together. When not, *error says which do not.
bool mo_deliver_options_fit(struct mo_run *run, struct mo_str *error);

// --stdout: appends the template of the stack that is meant to run->out. When it is not clear which, *error and *hint say so.
bool mo_deliver_stdout(struct mo_run *run, const struct mo_pipeline *p, struct mo_str *error, struct mo_str *hint);

// --depfile: writes a rule of make that says which files the build in `folder` was made from. Problems go to ctx->diags.
bool mo_deliver_depfile(struct mo_ctx *ctx, const struct mo_ir_platform *platform, struct mo_str file, struct mo_str folder);

#endif
