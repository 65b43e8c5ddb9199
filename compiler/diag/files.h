// SPDX-License-Identifier: Apache-2.0
// Says why a file could not be taken as a source: the same words whether the command line, an import or a data file names it.
#ifndef MO_DIAG_FILES_H
#define MO_DIAG_FILES_H

#include "diag/diag.h"

// Reports a failure of mo_source_add or mo_source_read; call it at once, errno is part of the message.
//   name        what the user called the file
//   from        where the program names it; nowhere for the command line
//   source, bad_offset   as those functions gave them
struct mo_diag *mo_report_source_error(struct mo_diags *store, enum mo_source_error error, struct mo_str name, struct mo_span from,
	const struct mo_source *source, uint32_t bad_offset);

#endif
