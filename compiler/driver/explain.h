// SPDX-License-Identifier: Apache-2.0
// What the compiler knows of things, as text. Each function tells about every thing that it knows by a name; when there is none, it
// returns false and offers *s what comes near.
#ifndef MO_DRIVER_EXPLAIN_H
#define MO_DRIVER_EXPLAIN_H

#include "diag/diag.h"
#include "driver/run.h"

// "AWS::S3::Bucket", its property type "AWS::S3::Bucket.Rule" or its property "AWS::S3::Bucket.BucketName". When there is no such thing,
// says so in *error (in the session arena).
bool mo_explain_type(struct mo_ctx *ctx, struct mo_buf *out, struct mo_str name, struct mo_suggestion *s, struct mo_str *error);

// A built-in function: "join".
bool mo_explain_builtin(struct mo_buf *out, struct mo_str name, struct mo_suggestion *s);
// A function of CloudFormation: "Fn::Join".
bool mo_explain_intrinsic(struct mo_buf *out, struct mo_str name, struct mo_suggestion *s);
// A decorator: "@retain".
bool mo_explain_decorator(struct mo_buf *out, struct mo_str name, struct mo_suggestion *s);

// A file of the standard library ("std/network"), or what it offers: "vpc", "std/network.vpc".
bool mo_explain_library(struct mo_ctx *ctx, struct mo_buf *out, struct mo_str name, struct mo_suggestion *s);

// Whether it names a stack and a resource of a program: "models.ReaderPolicy".
bool mo_names_permission(struct mo_str name);
// The statements of a policy, each with the permissions that caused it. Compiles the program; its mistakes go to standard error.
enum mo_exit mo_explain_permission(struct mo_run *run, struct mo_str name);

// Writes the lines of a text with an indentation; empty lines stay empty.
void mo_explain_lines(struct mo_buf *out, const char *indentation, struct mo_str text);

#endif
