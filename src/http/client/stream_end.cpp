// Between libcurl and nghttp2: an HTTP/2 stream that was reset is none that ended.
// libcurl 7.88 looks at the error code alone, so that RST_STREAM(NO_ERROR) in the
// middle of a body without a length is the end of the body to it.
// @source RFC 9113, 8.1: an answer is complete once END_STREAM came
// @source lib/http2.c, on_stream_close() and http2_handle_stream_close()
#include <nghttp2/nghttp2.h>

#include <atomic>
#include <cstdint>

namespace {

struct Stream {
  const nghttp2_session* session = nullptr;
  std::int32_t id = 0;
  bool operator==(const Stream&) const = default;
};

/// The stream that the current frame resets early.
/// A thread reads one session at a time.
thread_local Stream cut;
/// libcurl has one for all sessions.
std::atomic<nghttp2_on_stream_close_callback> on_close_of_libcurl{nullptr};

/// Before nghttp2 takes a reset for an end of the stream as well.
int on_frame(nghttp2_session* session, const nghttp2_frame_hd* frame, void*) {
  const bool cuts = frame->type == NGHTTP2_RST_STREAM &&
                    nghttp2_session_get_stream_remote_close(session, frame->stream_id) == 0;
  cut = cuts ? Stream{session, frame->stream_id} : Stream{};
  return 0;
}

int on_close(nghttp2_session* session, std::int32_t id, std::uint32_t error, void* user) {
  if (error == NGHTTP2_NO_ERROR && cut == Stream{session, id}) error = NGHTTP2_CANCEL;
  return on_close_of_libcurl.load()(session, id, error, user);
}

}  // namespace

extern "C" {

// The linker's --wrap calls nghttp2's own function __real_…,
// and has libcurl call the one that is called __wrap_….
void set_on_close(nghttp2_session_callbacks* callbacks,
                  nghttp2_on_stream_close_callback callback)  //
    __asm__("__real_nghttp2_session_callbacks_set_on_stream_close_callback");

[[gnu::used]] void take_on_close(nghttp2_session_callbacks* callbacks,
                                 nghttp2_on_stream_close_callback callback)  //
    __asm__("__wrap_nghttp2_session_callbacks_set_on_stream_close_callback");

void take_on_close(nghttp2_session_callbacks* callbacks,
                   nghttp2_on_stream_close_callback callback) {
  on_close_of_libcurl = callback;
  set_on_close(callbacks, on_close);
  nghttp2_session_callbacks_set_on_begin_frame_callback(callbacks, on_frame);
}

}  // extern "C"
