#include "bundle/packer.hpp"

#include <zlib.h>
#include <zstd.h>

#include <cstdlib>
#include <string>
#include <vector>

namespace okg::bundle {
namespace {

constexpr int kZstdLevel = 9;
/// 2 MiB: what unpacks it needs that much memory.
constexpr int kZstdWindowLog = 21;
constexpr int kGzipLevel = 9;
/// @source zlib.h, deflateInit2: 16 more for a gzip header, which has no name and no time
constexpr int kGzipWindowBits = 15 + 16;
constexpr std::size_t kOutBytes = std::size_t{128} << 10U;

class Plain final : public Packer {
 public:
  explicit Plain(const Take& take) : take_(take) {}
  Result<void> write(std::span<const std::byte> bytes) override { return take_(bytes); }
  Result<void> finish() override { return {}; }

 private:
  const Take& take_;
};

class Zstd final : public Packer {
 public:
  explicit Zstd(const Take& take) : take_(take), context_(ZSTD_createCCtx()) {
    if (!context_) std::abort();
    ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_compressionLevel, kZstdLevel);
    ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_windowLog, kZstdWindowLog);
    ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_checksumFlag, 1);
  }
  Result<void> write(std::span<const std::byte> bytes) override {
    return run(bytes, ZSTD_e_continue);
  }
  Result<void> finish() override { return run({}, ZSTD_e_end); }

 private:
  struct Free {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  };
  Result<void> run(std::span<const std::byte> bytes, ZSTD_EndDirective how) {
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    for (;;) {
      ZSTD_outBuffer out{buffer_.data(), buffer_.size(), 0};
      const auto left = ZSTD_compressStream2(context_.get(), &out, &in, how);
      if (ZSTD_isError(left) != 0)
        return fail(ErrorCode::kInternal, "zstd: ", ZSTD_getErrorName(left));
      if (auto ok = take_(std::span(buffer_).first(out.pos)); !ok) return ok;
      const bool is_done = how == ZSTD_e_end ? left == 0 : in.pos == in.size;
      if (is_done) return {};
    }
  }

  const Take& take_;
  std::unique_ptr<ZSTD_CCtx, Free> context_;
  std::vector<std::byte> buffer_{kOutBytes};
};

class Gzip final : public Packer {
 public:
  explicit Gzip(const Take& take) : take_(take) {
    if (::deflateInit2(&stream_, kGzipLevel, Z_DEFLATED, kGzipWindowBits, 8, Z_DEFAULT_STRATEGY) !=
        Z_OK)
      std::abort();
  }
  ~Gzip() override { ::deflateEnd(&stream_); }
  Result<void> write(std::span<const std::byte> bytes) override { return run(bytes, Z_NO_FLUSH); }
  Result<void> finish() override { return run({}, Z_FINISH); }

 private:
  Result<void> run(std::span<const std::byte> bytes, int how) {
    // zlib writes nothing there. NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast)
    stream_.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    do {
      stream_.next_out = reinterpret_cast<Bytef*>(buffer_.data());
      stream_.avail_out = static_cast<uInt>(buffer_.size());
      if (::deflate(&stream_, how) == Z_STREAM_ERROR)
        return fail(ErrorCode::kInternal, "zlib: the stream is not as it was left");
      const auto made = buffer_.size() - stream_.avail_out;
      if (auto ok = take_(std::span(buffer_).first(made)); !ok) return ok;
    } while (stream_.avail_out == 0);
    return {};
  }

  const Take& take_;
  z_stream stream_{};
  std::vector<std::byte> buffer_{kOutBytes};
};

}  // namespace

Result<std::unique_ptr<Packer>> Packer::for_name(const std::filesystem::path& name,
                                                 const Take& take) {
  const auto text = name.string();
  if (text.ends_with(".tar.zst")) return std::unique_ptr<Packer>(std::make_unique<Zstd>(take));
  if (text.ends_with(".tar.gz") || text.ends_with(".tgz"))
    return std::unique_ptr<Packer>(std::make_unique<Gzip>(take));
  if (text.ends_with(".tar")) return std::unique_ptr<Packer>(std::make_unique<Plain>(take));
  return fail(ErrorCode::kInvalid, text,
              " has to end in .tar.zst, .tar.gz or .tar, which says how it is packed");
}

}  // namespace okg::bundle
