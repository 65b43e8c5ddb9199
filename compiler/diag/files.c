// SPDX-License-Identifier: Apache-2.0
// From an error of compiler/source to a diagnostic. It reads nothing itself.
#include "diag/files.h"

#include <errno.h>
#include <string.h>

// The byte itself when the text is at fault, else where the program names the file.
static struct mo_span
place(struct mo_span from, const struct mo_source *source, uint32_t bad_offset)
{
	if (!source) {
		return from;
	}
	uint32_t at = source->base + bad_offset;
	return (struct mo_span){ at, at + 1 };
}

struct mo_diag *
mo_report_source_error(struct mo_diags *store, enum mo_source_error error, struct mo_str name, struct mo_span from,
	const struct mo_source *source, uint32_t bad_offset)
{
	int reason = errno;
	struct mo_span span = place(from, source, bad_offset);
	unsigned byte = source ? (unsigned char)source->text.p[bad_offset] : 0;
	struct mo_diag *d = NULL;
	switch (error) {
	case MO_SOURCE_OK:
		return NULL;
	case MO_SOURCE_UNREADABLE:
		return mo_report(store, MSG_CANNOT_READ, span, "cannot read `" MO_STR_FMT "`: %s", MO_STR_ARG(name), strerror(reason));
	case MO_SOURCE_NOT_A_FILE:
		return mo_report(store, MSG_NOT_A_FILE, span, "`" MO_STR_FMT "` is not a regular file", MO_STR_ARG(name));
	case MO_SOURCE_TOO_LARGE:
		return mo_report(store, MSG_FILE_TOO_LARGE, span, "`" MO_STR_FMT "` is larger than %d MiB", MO_STR_ARG(name),
			MO_SOURCE_LARGEST >> 20);
	case MO_SOURCE_SPACE_FULL:
		return mo_report(store, MSG_SOURCES_TOO_LARGE, span, "with `" MO_STR_FMT "`, the files of the program pass 4 GiB",
			MO_STR_ARG(name));
	case MO_SOURCE_NUL_BYTE:
		d = mo_report(store, MSG_NUL_BYTE, span, "`" MO_STR_FMT "` holds a NUL byte, so it is no text", MO_STR_ARG(name));
		break;
	case MO_SOURCE_NOT_UTF8:
		d = mo_report(store, MSG_NOT_UTF8, span, "`" MO_STR_FMT "` is not UTF-8: byte 0x%02X does not fit", MO_STR_ARG(name), byte);
		mo_diag_help(d, "save the file as UTF-8");
		break;
	}
	if (!mo_span_is_nowhere(from)) {
		mo_diag_label(d, from, "read from here");
	}
	return d;
}
