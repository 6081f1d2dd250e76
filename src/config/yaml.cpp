// The only file that knows yaml-cpp: its events
// become Nodes here, its exceptions end here.
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <map>
#include <sstream>
#include <string>
#include <utility>

#include "config/mistakes.hpp"

#include "base/find.hpp"
#include "base/text.hpp"
#include "base/text/concat.hpp"
#include "config/node.hpp"

namespace okg::config {
namespace {

constexpr std::size_t kMaxLevels = 64;
constexpr std::size_t kMaxNodes = 20'000;
constexpr std::size_t kMaxTextBytes = 4UL * 1024 * 1024;

/// Thrown out of the event handler, which has no
/// other way to stop the parser; ends in parse().
struct Refusal {
  int line;
  std::string what;
};

/// A mark without a position counts as the first line.
int line_of(const YAML::Mark& mark) { return std::max(mark.line, 0) + 1; }

int lines_in(std::string_view text) {
  const auto ends = std::ranges::count(text, '\n');
  return std::max(1, static_cast<int>(ends) + (text.ends_with('\n') ? 0 : 1));
}

class TreeBuilder final : public YAML::EventHandler {
 public:
  /// `lines`: how many the file has. A value that is
  /// missing at its end counts as standing on the last one.
  explicit TreeBuilder(int lines) : lines_(lines) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (std::exchange(started_, true))
      throw Refusal{at(mark), "the file must end here; only one YAML document is read"};
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    put(make(Node::Kind::kNull, mark), anchor);
  }
  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                const std::string& value) override {
    auto node = make(Node::Kind::kScalar, mark);
    // Written as "\\0"; system calls would take the text before it for the whole.
    if (value.find('\0') != std::string::npos)
      throw Refusal{node.line, "a text must not hold the character NUL"};
    node.scalar = value;
    put(std::move(node), anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto* target = value_at(anchors_, anchor);
    if (target == nullptr) throw Refusal{at(mark), "an alias stands inside of what it refers to"};
    put(*target, YAML::NullAnchor, at(mark));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(make(Node::Kind::kSequence, mark), anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(make(Node::Kind::kMap, mark), anchor);
  }
  void OnMapEnd() override { close(); }

  [[nodiscard]] Node take_root() { return std::move(root_); }
  /// Where the last value or key began that was read in full.
  [[nodiscard]] int last_line() const { return last_line_; }

 private:
  struct Frame {
    Node node;
    YAML::anchor_t anchor;
    std::optional<Entry> pending;  // a key that waits for its value
  };

  /// Never beyond the last line: the end marker is ours.
  [[nodiscard]] int at(const YAML::Mark& mark) const { return std::min(line_of(mark), lines_); }

  Node make(Node::Kind kind, const YAML::Mark& mark) {
    Node node;
    node.kind = kind;
    node.line = last_line_ = at(mark);
    return node;
  }

  void open(Node node, YAML::anchor_t anchor) {
    if (open_.size() >= kMaxLevels) throw Refusal{node.line, too_deep()};
    // Refused here, before the whole key is read.
    if (awaits_key())
      throw Refusal{node.line,
                    "a key must be text; a template, {{ … }}, has to be filled in first"};
    open_.push_back({std::move(node), anchor, std::nullopt});
  }
  void close() {
    auto frame = std::move(open_.back());
    open_.pop_back();
    attach(std::move(frame.node), frame.anchor);
  }
  void put(Node node, YAML::anchor_t anchor) {
    const int line = node.line;
    put(std::move(node), anchor, line);
  }
  void put(Node node, YAML::anchor_t anchor, int line) {
    count(node, open_.size() + 1, line);
    if (awaits_key()) {
      if (node.kind != Node::Kind::kScalar) throw Refusal{line, "a key must be text"};
      open_.back().pending = Entry{node.scalar, line, {}};
      if (anchor != YAML::NullAnchor) remember(node, anchor);
      return;
    }
    attach(std::move(node), anchor);
  }
  void attach(Node node, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor) remember(node, anchor);
    if (open_.empty()) {
      root_ = std::move(node);
    } else if (auto& frame = open_.back(); frame.node.kind == Node::Kind::kSequence) {
      frame.node.items.push_back(std::move(node));
    } else {
      frame.pending->value = std::move(node);
      frame.node.entries.push_back(*std::exchange(frame.pending, std::nullopt));
    }
  }
  void remember(const Node& node, YAML::anchor_t anchor) {
    count(node, open_.size() + 1, node.line);
    anchors_[anchor] = node;
  }

  [[nodiscard]] bool awaits_key() const {
    return !open_.empty() && open_.back().node.kind == Node::Kind::kMap && !open_.back().pending;
  }

  /// Every copy counts: a short file may stand for a huge tree by aliases of aliases.
  void count(const Node& node, std::size_t level, int line) {
    if (level > kMaxLevels + 1) throw Refusal{line, too_deep()};
    text_bytes_ += node.scalar.size();
    if (++nodes_ > kMaxNodes)
      throw Refusal{line, "more than " + std::to_string(kMaxNodes) + " values"};
    for (const auto& item : node.items) count(item, level + 1, line);
    for (const auto& entry : node.entries) {
      text_bytes_ += entry.key.size();
      count(entry.value, level + 1, line);
    }
    if (text_bytes_ > kMaxTextBytes) throw Refusal{line, "too much text"};
  }
  static std::string too_deep() {
    return "nested deeper than " + std::to_string(kMaxLevels) + " levels";
  }

  int lines_;
  int last_line_ = 1;
  bool started_ = false;
  Node root_;
  std::vector<Frame> open_;
  std::map<YAML::anchor_t, Node> anchors_;
  std::size_t nodes_ = 0;
  std::size_t text_bytes_ = 0;
};

/// yaml-cpp takes the byte 4 for the end of the file,
/// so that what follows would be lost without a word.
/// @source https://yaml.org/spec/1.2.2/#51-character-set
void refuse_control_characters(std::string_view text) {
  int line = 1;
  for (const char c : text) {
    if (c == '\n') ++line;
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n' && c != '\r' && c != '\t') || byte == 0x7f)
      throw Refusal{line, "broken YAML: the control character " + std::to_string(byte) +
                              "; write the file as UTF-8 text"};
  }
}

/// Where the end of the text comes unexpectedly, yaml-cpp
/// takes an open quote for closed and a last line without a
/// colon for a key without a value. It refuses the first in
/// front of an end marker, the second in front of a comment.
/// @source https://github.com/jbeder/yaml-cpp/issues/819
std::string with_end_marker(std::string_view text) {
  return std::string(text) + (text.empty() || text.ends_with('\n') ? "#\n...\n" : "\n#\n...\n");
}

/// Finds leftovers of editors and input methods, of which YAML complains somewhere below.
std::string likely_cause(std::string_view text) {
  for (int line = 1; !text.empty(); ++line) {
    const auto each = take_until(text, "\n");
    const auto at = concat("; line ", line);
    if (each.substr(0, each.find_first_not_of(" \t")).find('\t') != std::string_view::npos)
      return at + " is indented by a tab, and YAML takes spaces alone";
    if (each.substr(0, each.find('#')).find("\uff1a") != std::string_view::npos)
      return at + " has '\uff1a', a full-width colon; write ':'";
    if (each.find("{{") != std::string_view::npos)
      return at + " has a template, {{, that nobody has filled in";
  }
  return {};
}

Refusal broken(const YAML::Exception& fault, int last_line, int lines) {
  if (fault.msg == YAML::ErrorMsg::DOC_IN_SCALAR && line_of(fault.mark) > lines)
    return {last_line, "broken YAML: a quote that opens on this line or below is never closed"};
  return {std::min(line_of(fault.mark), lines), "broken YAML: " + fault.msg};
}

Node parse(std::string_view text) {
  const int lines = lines_in(text);
  TreeBuilder builder(lines);
  try {
    refuse_control_characters(text);
    std::istringstream stream{with_end_marker(text)};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
    return builder.take_root();
  } catch (const YAML::Exception& fault) {
    auto refusal = broken(fault, builder.last_line(), lines);
    refusal.what += likely_cause(text);
    throw refusal;
  } catch (const std::exception& fault) {
    throw Refusal{1, std::string("broken YAML: ") + fault.what()};
  }
}

}  // namespace

Result<Node> parse_yaml(std::string_view text) {
  try {
    return parse(text);
  } catch (const Refusal& refusal) {
    return fail(ErrorCode::kInvalid, "line ", refusal.line, ": ", refusal.what);
  }
}

std::optional<Node> parse_yaml(std::string_view text, Mistakes& mistakes) {
  try {
    return parse(text);
  } catch (const Refusal& refusal) {
    mistakes.add(refusal.line, "", refusal.what);
    return std::nullopt;
  }
}

}  // namespace okg::config
