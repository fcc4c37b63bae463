// A page of text for a terminal, and the parts that more than one document has.
//
// Threads: one thread per page.
#pragma once

#include <string>
#include <string_view>

#include "reports/report.hpp"
#include "reports/scorecard.hpp"

namespace midstream::reports {

inline constexpr std::string_view kRed = "31";
inline constexpr std::string_view kGreen = "32";
inline constexpr std::string_view kYellow = "33";
inline constexpr std::string_view kBold = "1";
inline constexpr std::string_view kDim = "2";

// Collects lines; knows the width and whether colours are wanted.
class Page {
 public:
  explicit Page(const RenderOptions& options);

  [[nodiscard]] int width() const { return width_; }
  [[nodiscard]] std::string paint(std::string_view code, const std::string& text) const;

  // A line that was laid out already.
  void line(std::string_view text = {});
  // Text that may not fit: continued under itself.
  void paragraph(std::string_view lead, std::string_view text);

  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  bool color_;
  int width_;
  std::string text_;
};

// What two runs differ in, two lines a row.
void add_comparison(Page& page, const RunComparison& comparison);

// The two lines without which no number means anything.
void add_environment(Page& page, const Scorecard& scorecard);

}  // namespace midstream::reports
