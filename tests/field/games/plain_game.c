// plain_game NOTES none|NUMBER [main-thread-ends]: a game that handles that one signal, or none.
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char* notes;

static void note(const char* line) {
  const int file = open(notes, O_WRONLY | O_CREAT | O_APPEND, 0644);
  if (write(file, line, strlen(line)) < 0) _exit(1);
  close(file);
}

static void on_signal(int number) {
  (void)number;
  note("signal\n");
}

static void* play(void* main_thread) {
  if (main_thread != NULL) pthread_join(*(pthread_t*)main_thread, NULL);
  note("ready\n");
  for (;;) pause();
  return NULL;
}

int main(int argc, char** argv) {
  static pthread_t main_thread;
  notes = argv[1];
  if (strcmp(argv[2], "none") != 0) signal(atoi(argv[2]), on_signal);
  if (argc < 4) play(NULL);
  pthread_t other;
  main_thread = pthread_self();
  pthread_create(&other, NULL, play, &main_thread);
  pthread_exit(NULL);
}
