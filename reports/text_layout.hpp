// Text in columns of a terminal: what is safe to print, how wide it is, how it is cut and wrapped.
//
// Width follows UAX #11 as terminals apply it: East Asian wide and emoji take two columns,
// combining marks none, everything else one.
//
// Complexity: O(n). Threads: pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace midstream::reports {

// Valid UTF-8 on one line: control characters, escape sequences and bytes that are no UTF-8
// become U+FFFD, line breaks and tabs a blank; characters that reorder text are dropped. Names
// come from files, and a file must not be able to write to the terminal or forge a line.
std::string printable(std::string_view text);

// A share to a tenth of a per cent: 0.985 -> "98.5 %".
std::string percent(double share);

// The functions below take printable text.
int display_width(std::string_view text);

// Cut to `width` columns, an ellipsis marking the cut.
std::string cut(std::string_view text, int width);

enum class Align { kLeft, kRight };
// Cut and filled with blanks to exactly `width` columns.
std::string fit(std::string_view text, int width, Align align = Align::kLeft);

// Broken at blanks, and inside words that are longer than a line.
std::vector<std::string> wrap(std::string_view text, int width);

}  // namespace midstream::reports
