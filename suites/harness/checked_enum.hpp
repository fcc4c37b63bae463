// Numbers from another process as enumerators: whatever stands there, no value outside the enum.
#pragma once

#include <stdexcept>

namespace midstream::suites {

// `last` is the last enumerator of an enum that counts from 0. Throws std::invalid_argument.
template <class Enum>
Enum checked_enum(int number, Enum last) {
  if (number < 0 || number > static_cast<int>(last)) throw std::invalid_argument("unknown word");
  return static_cast<Enum>(number);
}

}  // namespace midstream::suites
