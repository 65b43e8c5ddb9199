// SPDX-License-Identifier: Apache-2.0
// What the catalog knows, as text.
#ifndef MO_DRIVER_EXPLAIN_H
#define MO_DRIVER_EXPLAIN_H

#include "diag/diag.h"
#include "driver/run.h"

// Tells about "AWS::S3::Bucket", its property type "AWS::S3::Bucket.Rule" or its property "AWS::S3::Bucket.BucketName". When there is no
// such thing, returns false, says so in *error (in the session arena), and offers *s what comes near.
bool mo_explain_type(struct mo_ctx *ctx, struct mo_buf *out, struct mo_str name, struct mo_suggestion *s, struct mo_str *error);

#endif
