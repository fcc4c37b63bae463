// <immintrin.h> without GCC 12's false alarms: its AVX-512 intrinsics pass an operand that is
// undefined on purpose, which -Wmaybe-uninitialized reports at every use (GCC bug 105593).
#pragma once

#pragma GCC diagnostic push
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <immintrin.h>
#pragma GCC diagnostic pop
