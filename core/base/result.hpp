// A value or an error: the return type of everything that can fail on bad input.
//
// Result<T> holds either a T or an Error; Result<void> (alias Status) only says whether it
// worked. Asking for the value of a failed result is a caller's bug and ends the program.
// Errors carry a code, which decides the exit code, and one line for people: what, where and
// how to mend it. std::expected would serve, but needs C++23.
//
// Threads: a plain value; share it as you would an int.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

namespace midstream {

enum class ErrorCode {
  kInvalidArgument,  // the caller's data are outside the function's domain
  kParse,            // text that is not what its format demands
  kNotFound,         // a file, name or entry that does not exist
  kIo,               // the operating system refused; the message carries errno's text
  kLimit,            // a declared size, time or count limit was exceeded
  kUnavailable,      // this machine or build cannot do it
  kProtocol,         // the peer broke a protocol, or closed
  kTimeout,          // a deadline passed
  kNotComparable,    // two records that must not be compared
  kInternal,         // a defect of ours
};

struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;
};

namespace detail {
[[noreturn]] inline void fail_access(std::string_view what) {
  std::fprintf(stderr, "fatal: value of a failed Result: %.*s\n", static_cast<int>(what.size()),
               what.data());
  std::abort();
}
}  // namespace detail

template <class T>
class [[nodiscard]] Result {
 public:
  // Implicit on purpose: `return value;` and `return Error{…};` are the whole interface.
  // NOLINTBEGIN(google-explicit-constructor)
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}
  // NOLINTEND(google-explicit-constructor)

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  [[nodiscard]] const T& value() const& {
    if (!ok()) detail::fail_access(error().message);
    return *std::get_if<0>(&state_);
  }
  [[nodiscard]] T& value() & {
    if (!ok()) detail::fail_access(error().message);
    return *std::get_if<0>(&state_);
  }
  [[nodiscard]] T&& value() && { return std::move(value()); }
  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }

  [[nodiscard]] const Error& error() const {
    if (ok()) detail::fail_access("(error() of a success)");
    return *std::get_if<1>(&state_);
  }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): as above
  Result(Error error) : error_(std::move(error)), failed_(true) {}

  [[nodiscard]] bool ok() const { return !failed_; }
  explicit operator bool() const { return ok(); }
  [[nodiscard]] const Error& error() const {
    if (ok()) detail::fail_access("(error() of a success)");
    return error_;
  }

 private:
  Error error_;
  bool failed_ = false;
};

using Status = Result<void>;

}  // namespace midstream
