// SPDX-License-Identifier: Apache-2.0
// Puts an output set on the disk, all or nothing: the new folder is made beside the old one and takes its place in one step. An
// interrupted or failed build leaves the old result as it was; files whose bytes did not change keep their time stamps.
#ifndef MO_EMITTERS_OUTPUT_H
#define MO_EMITTERS_OUTPUT_H

#include "emitters/emitter.h"

enum mo_output_result {
	MO_OUTPUT_WRITTEN,
	MO_OUTPUT_REFUSED, // the folder must not be replaced: it holds something else, or the project; a diagnostic says what
	MO_OUTPUT_FAILED,  // input or output failed; a diagnostic says where and why
};

// Writes the set (file names sorted on the way) as the folder `dir`, which replaces an earlier build there and nothing else. `project`
// is the project's root folder, which must not lie in `dir`; empty when there is none. Reports into ctx->diags.
enum mo_output_result mo_output_write(struct mo_ctx *ctx, struct mo_output_set *set, struct mo_str dir, struct mo_str project);

#endif
