// SPDX-License-Identifier: Apache-2.0
// A main() for AFL around a libFuzzer target: takes one input from standard input or the file that is named. Compiled by
// afl-clang-fast, one process runs a thousand inputs, which it gets through shared memory.
//   CC=afl-clang-fast meson setup FOLDER; ninja -C FOLDER; afl-fuzz -i SEEDS -o FOUND -x FOLDER/tests/fuzz/mlops.dict -- compile_afl
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#ifdef __AFL_FUZZ_TESTCASE_LEN
#pragma clang diagnostic ignored "-Wextra-semi" // in what the macros stand for
#pragma clang diagnostic ignored "-Wpedantic"
#pragma clang diagnostic ignored "-Wgnu"
#pragma clang diagnostic ignored "-Wconversion"
#pragma clang diagnostic ignored "-Wcast-qual"
#pragma clang diagnostic ignored "-Wshadow"
__AFL_FUZZ_INIT();

int
main(void)
{
	__AFL_INIT();
	const uint8_t *bytes = __AFL_FUZZ_TESTCASE_BUF;
	while (__AFL_LOOP(1000)) {
		LLVMFuzzerTestOneInput(bytes, (size_t)__AFL_FUZZ_TESTCASE_LEN);
	}
	return 0;
}
#else
enum { LARGEST = 16 << 20 };

int
main(int argc, char **argv)
{
	FILE *in = argc > 1 ? fopen(argv[1], "rb") : stdin;
	uint8_t *bytes = malloc(LARGEST);
	if (!in || !bytes) {
		perror(argc > 1 ? argv[1] : "standard input");
		return 2;
	}
	size_t size = fread(bytes, 1, LARGEST, in);
	LLVMFuzzerTestOneInput(bytes, size);
	free(bytes);
	return fclose(in) == 0 ? 0 : 2;
}
#endif
