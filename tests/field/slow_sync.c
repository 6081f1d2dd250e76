/* Preloaded: each fdatasync takes 3 s, and is noted in the file that SLOW_SYNC_NOTES names. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static void note(const char* text) {
  const int file = open(getenv("SLOW_SYNC_NOTES"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0 || write(file, text, 1) != 1) abort();
  close(file);
}

int fdatasync(int file) {
  const struct timespec delay = {3, 0};
  note("(");
  nanosleep(&delay, NULL);
  const int result = (int)syscall(SYS_fdatasync, file);
  note(")");
  return result;
}
