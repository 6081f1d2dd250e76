#include "plugins/hot_update/orders/order_file.hpp"

#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

#include "base/io/file.hpp"
#include "base/log.hpp"
#include "base/text/visible.hpp"
#include "plugins/hot_update/orders/hold.hpp"

namespace okg::hot_update {
bool are_taken(const OrderSettings& settings) {
  std::error_code error;
  return settings.is_given || std::filesystem::is_directory(settings.file.parent_path(), error);
}

OrderFile::OrderFile(const OrderSettings& settings, Ledger& ledger, Orders::Links links)
    : settings_(settings), ledger_(ledger), orders_(ledger, std::move(links)) {}

void OrderFile::begin() {
  std::set<std::filesystem::path> folders{settings_.file.parent_path()};
  if (settings_.hold_while) folders.insert(settings_.hold_while->labels_file.parent_path());
  if (auto ok = watch_.open(folders); !ok) {
    watch_error_ = ok.error().advise(
        "orders that come later are not seen: project the pod's annotation there, as "
        "docs/fleet.md shows, or leave `orders` out");
    log::error("orders cannot be watched",
               {{"reason", to_string(watch_error_->because(Reason::kDiskError).reason)},
                {"error", watch_error_->message}});
  }
  orders_.begin(read());
  if (!watch_error_) watch_.start([this] { orders_.take(read()); });
}

Orders::Files OrderFile::read() const {
  auto text = read_file(settings_.file, kMaxOrderBytes);
  // Empty where there is no annotation.
  if (!text && text.error().code == ErrorCode::kNotFound) text = std::string();
  return {std::move(text), settings_.hold_while ? why_held(*settings_.hold_while) : ""};
}

std::string OrderFile::problems() const {
  std::string all = watch_error_ ? watch_error_->message : "";
  const auto malformed = ledger_.state()->orders.malformed;
  for (const auto& [path, mistake] : malformed)
    all += (all.empty() ? "" : "; ") + std::string("the order ") +
           (path.empty() ? "" : "of " + visible(path) + " ") + "is malformed: " + mistake;
  return all;
}

}  // namespace okg::hot_update
