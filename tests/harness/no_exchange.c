/* Preloaded: a file system whose renameat2 cannot exchange. NO_EXCHANGE is the errno that it answers with. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned flags) {
  if (flags & RENAME_EXCHANGE) {
    errno = atoi(getenv("NO_EXCHANGE"));
    return -1;
  }
  return (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
}
