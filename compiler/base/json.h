// SPDX-License-Identifier: Apache-2.0
// JSON text, for writers that produce it directly. Reading JSON is for cJSON.
#ifndef MO_BASE_JSON_H
#define MO_BASE_JSON_H

#include "base/str.h"

// Appends s as a JSON string with its quotes. Always valid UTF-8: an invalid byte becomes U+FFFD.
void mo_json_string(struct mo_buf *out, struct mo_str s);

#endif
