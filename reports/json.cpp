#include <nlohmann/json.hpp>

#include "reports/report.hpp"
#include "reports/scorecard_json.hpp"

namespace midstream::reports {

std::string render_json(const Scorecard& scorecard, const RenderOptions& /*options*/) {
  using Json = nlohmann::ordered_json;
  // Numbers are printed with as many digits as bring the same bits back; bytes that are no UTF-8
  // (a worker's last words) become U+FFFD rather than an invalid document.
  return scorecard_tree(scorecard).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace midstream::reports
