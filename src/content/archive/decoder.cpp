#include "content/archive/decoder.hpp"

#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include <array>
#include <bit>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "base/io/file.hpp"
#include "content/archive/limits.hpp"
#include "content/archive/stopping.hpp"
#include "content/archive/unsafe.hpp"

namespace okg::content {
namespace {

constexpr std::size_t kInputBytes = std::size_t{64} * 1024;
constexpr std::size_t kOutputBytes = std::size_t{128} * 1024;

/// The file, a piece at a time.
class Input {
 public:
  Input(int fd, std::stop_token stop) : fd_(fd), stop_(std::move(stop)), buffer_(kInputBytes) {}

  /// Empty at the end of the file.
  Result<std::span<const std::byte>> next() {
    if (auto ok = check_not_stopped(stop_); !ok) return ok.error();
    const auto got = read_at(fd_, at_, buffer_, "the archive");
    if (!got) return got.error();
    at_ += *got;
    return std::span<const std::byte>(buffer_).first(*got);
  }
  [[nodiscard]] std::uint64_t bytes_read() const { return at_; }

 private:
  int fd_;
  std::stop_token stop_;
  std::vector<std::byte> buffer_;
  std::uint64_t at_ = 0;
};

class PlainDecoder final : public Decoder {
 public:
  PlainDecoder(int fd, std::stop_token stop) : input_(fd, std::move(stop)) {}
  Result<std::span<const std::byte>> next() override { return input_.next(); }
  [[nodiscard]] std::uint64_t bytes_read() const override { return input_.bytes_read(); }

 private:
  Input input_;
};

/// The result of one call of a library.
struct Step {
  std::size_t used = 0;  ///< of the input
  std::size_t made = 0;  ///< of the output
  bool ended = false;    ///< a packed stream ends here
};

/// The loop that all packings share.
class StreamDecoder : public Decoder {
 public:
  StreamDecoder(int fd, std::stop_token stop, std::string_view name)
      : input_(fd, std::move(stop)), name_(name), output_(kOutputBytes) {}
  [[nodiscard]] std::uint64_t bytes_read() const override { return input_.bytes_read(); }

  Result<std::span<const std::byte>> next() final {
    for (;;) {
      if (rest_.empty() && !at_end_) {
        auto more = input_.next();
        if (!more) return more.error();
        rest_ = *more;
        at_end_ = rest_.empty();
      }
      if (!is_open_) skip_padding();
      if (at_end_ && !is_open_) return end();
      if (rest_.empty() && !at_end_) continue;
      if (!is_open_)
        if (auto ok = begin(); !ok) return ok.error();
      auto step = decode(rest_, output_);
      if (!step) return step.error();
      if (at_end_ && step->used == 0 && step->made == 0 && !step->ended)
        return unsafe("the archive is cut short: its " + std::string(name_) + " stream has no end");
      rest_ = rest_.subspan(step->used);
      is_open_ = !step->ended;
      if (step->made > 0) return std::span<const std::byte>(output_).first(step->made);
    }
  }

 protected:
  [[nodiscard]] virtual bool may_begin_with(std::uint8_t first) const = 0;
  /// Zeros may fill up a file behind a stream: so many, or a multiple of it; 0: none.
  [[nodiscard]] virtual std::uint64_t padding_unit() const { return 0; }
  /// Prepares for the beginning of a stream.
  virtual Result<void> restart() = 0;
  virtual Result<Step> decode(std::span<const std::byte> from, std::span<std::byte> to) = 0;
  [[nodiscard]] Error damaged(const std::string& why) const {
    return unsafe("the archive is damaged: its " + std::string(name_) + " stream: " + why);
  }
  [[nodiscard]] Error too_hungry() const {
    return unsafe("unpacking the archive needs more memory than the " +
                  std::to_string(kMaxDecoderBytes >> 20U) + " MiB that are allowed; pack its " +
                  std::string(name_) + " stream with a smaller window");
  }

 private:
  void skip_padding() {
    if (padding_unit() == 0) return;
    while (!rest_.empty() && rest_.front() == std::byte{0}) {
      rest_ = rest_.subspan(1);
      ++padding_;
    }
  }

  /// After the last stream.
  [[nodiscard]] Result<std::span<const std::byte>> end() const {
    if (auto ok = check_padding(); !ok) return ok.error();
    return std::span<const std::byte>();
  }

  [[nodiscard]] Result<void> check_padding() const {
    if (padding_ == 0 || padding_ % padding_unit() == 0) return {};
    return unsafe("the archive is followed by something else (trailing garbage)");
  }

  Result<void> begin() {
    if (auto ok = check_padding(); !ok) return ok;
    padding_ = 0;
    if (!may_begin_with(std::to_integer<std::uint8_t>(rest_.front())))
      return unsafe("the archive is followed by something else (trailing garbage)");
    is_open_ = true;
    return restart();
  }

  Input input_;
  std::string_view name_;
  std::vector<std::byte> output_;
  std::span<const std::byte> rest_;
  std::uint64_t padding_ = 0;  ///< zeros since the last stream
  bool at_end_ = false;
  bool is_open_ = false;
};

class GzipDecoder final : public StreamDecoder {
 public:
  GzipDecoder(int fd, std::stop_token stop) : StreamDecoder(fd, std::move(stop), "gzip") {}
  ~GzipDecoder() override { ::inflateEnd(&stream_); }

 protected:
  [[nodiscard]] bool may_begin_with(std::uint8_t first) const override { return first == 0x1f; }
  // As gzip(1) has it: tapes and block devices add zeros.
  [[nodiscard]] std::uint64_t padding_unit() const override { return 1; }
  Result<void> restart() override {
    ::inflateEnd(&stream_);
    stream_ = {};
    constexpr int kGzipOnly = 16 + MAX_WBITS;  // @source zlib.h, inflateInit2
    if (::inflateInit2(&stream_, kGzipOnly) != Z_OK) return damaged("cannot begin");
    return {};
  }
  Result<Step> decode(std::span<const std::byte> from, std::span<std::byte> to) override {
    stream_.next_in = const_cast<Bytef*>(  // NOLINT(cppcoreguidelines-pro-type-const-cast)
        reinterpret_cast<const Bytef*>(from.data()));
    stream_.avail_in = static_cast<uInt>(from.size());
    stream_.next_out = reinterpret_cast<Bytef*>(to.data());
    stream_.avail_out = static_cast<uInt>(to.size());
    const int code = ::inflate(&stream_, Z_NO_FLUSH);
    if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR)
      return damaged(stream_.msg == nullptr ? "cannot be read" : stream_.msg);
    return Step{from.size() - stream_.avail_in, to.size() - stream_.avail_out,
                code == Z_STREAM_END};
  }

 private:
  z_stream stream_{};
};

class ZstdDecoder final : public StreamDecoder {
 public:
  ZstdDecoder(int fd, std::stop_token stop)
      : StreamDecoder(fd, std::move(stop), "zstd"), context_(::ZSTD_createDCtx()) {
    constexpr int kWindowLog = std::bit_width(kMaxDecoderBytes) - 1;
    (void)::ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, kWindowLog);
  }

 protected:
  [[nodiscard]] bool may_begin_with(std::uint8_t first) const override {
    return first == 0x28 || (first & 0xf0U) == 0x50;
  }
  Result<void> restart() override {
    (void)::ZSTD_DCtx_reset(context_.get(), ZSTD_reset_session_only);
    return {};
  }
  Result<Step> decode(std::span<const std::byte> from, std::span<std::byte> to) override {
    ZSTD_inBuffer in{from.data(), from.size(), 0};
    ZSTD_outBuffer out{to.data(), to.size(), 0};
    const auto left = ::ZSTD_decompressStream(context_.get(), &out, &in);
    if (::ZSTD_isError(left) != 0) {
      const std::string why = ::ZSTD_getErrorName(left);
      if (why.find("memory") != std::string::npos) return too_hungry();
      return damaged(why);
    }
    return Step{in.pos, out.pos, left == 0};
  }

 private:
  struct Free {
    void operator()(ZSTD_DCtx* context) const { ::ZSTD_freeDCtx(context); }
  };
  std::unique_ptr<ZSTD_DCtx, Free> context_;
};

class XzDecoder final : public StreamDecoder {
 public:
  XzDecoder(int fd, std::stop_token stop) : StreamDecoder(fd, std::move(stop), "xz") {}
  ~XzDecoder() override { ::lzma_end(&stream_); }

 protected:
  [[nodiscard]] bool may_begin_with(std::uint8_t first) const override { return first == 0xfd; }
  // @source the .xz file format, 2.2 (stream padding)
  [[nodiscard]] std::uint64_t padding_unit() const override { return 4; }
  Result<void> restart() override {
    if (::lzma_stream_decoder(&stream_, kMaxDecoderBytes, 0) != LZMA_OK)
      return damaged("cannot begin");
    return {};
  }
  Result<Step> decode(std::span<const std::byte> from, std::span<std::byte> to) override {
    stream_.next_in = reinterpret_cast<const std::uint8_t*>(from.data());
    stream_.avail_in = from.size();
    stream_.next_out = reinterpret_cast<std::uint8_t*>(to.data());
    stream_.avail_out = to.size();
    const auto code = ::lzma_code(&stream_, LZMA_RUN);
    if (code == LZMA_MEMLIMIT_ERROR) return too_hungry();
    if (code != LZMA_OK && code != LZMA_STREAM_END && code != LZMA_BUF_ERROR)
      return damaged("error " + std::to_string(code));
    return Step{from.size() - stream_.avail_in, to.size() - stream_.avail_out,
                code == LZMA_STREAM_END};
  }

 private:
  lzma_stream stream_ = LZMA_STREAM_INIT;
};

bool begins_with(std::span<const std::byte> head, std::string_view magic) {
  return head.size() >= magic.size() && std::memcmp(head.data(), magic.data(), magic.size()) == 0;
}

}  // namespace

Packing packing_of(std::span<const std::byte> head) {
  if (begins_with(head, "\x1f\x8b")) return Packing::kGzip;
  if (begins_with(head, "\xfd\x37zXZ")) return Packing::kXz;
  if (begins_with(head, "\x28\xb5\x2f\xfd")) return Packing::kZstd;
  const bool may_be_skippable =
      !head.empty() && (std::to_integer<unsigned>(head.front()) & 0xf0U) == 0x50;
  if (may_be_skippable && begins_with(head.subspan(1), "\x2a\x4d\x18")) return Packing::kZstd;
  return Packing::kNone;
}

Result<std::unique_ptr<Decoder>> Decoder::open(int fd, std::stop_token stop) {
  std::array<std::byte, 8> head{};
  const auto got = read_at(fd, 0, head, "the archive");
  if (!got) return got.error();
  std::unique_ptr<Decoder> decoder;
  switch (packing_of(std::span(head).first(*got))) {
    case Packing::kNone: decoder = std::make_unique<PlainDecoder>(fd, std::move(stop)); break;
    case Packing::kGzip: decoder = std::make_unique<GzipDecoder>(fd, std::move(stop)); break;
    case Packing::kZstd: decoder = std::make_unique<ZstdDecoder>(fd, std::move(stop)); break;
    case Packing::kXz: decoder = std::make_unique<XzDecoder>(fd, std::move(stop)); break;
  }
  return decoder;
}

}  // namespace okg::content
