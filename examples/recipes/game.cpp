// game FILE: loads FILE at its start, and again at SIGHUP.
#include <chrono>
#include <csignal>
#include <fstream>
#include <iostream>
#include <thread>

volatile std::sig_atomic_t reload_asked = 1;

void ask(int) { reload_asked = 1; }  // a handler sets a flag, and no more

int main(int, char** argv) {
  std::signal(SIGHUP, ask);
  for (;;) {  // the game's loop, once a tick
    if (reload_asked) {
      reload_asked = 0;
      std::ifstream file(argv[1]);  // opened anew: the name is another file's now
      std::cout << "loaded " << file.rdbuf() << std::endl;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}
