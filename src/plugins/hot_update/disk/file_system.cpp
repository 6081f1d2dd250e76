#include "plugins/hot_update/disk/file_system.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>

namespace okg::hot_update {

int FileSystem::make_folder(int parent, const char* name, mode_t mode) {
  return ::mkdirat(parent, name, mode);
}

int FileSystem::link(int from_folder, const char* from, int to_folder, const char* to) {
  return ::linkat(from_folder, from, to_folder, to, 0);
}

int FileSystem::exchange(int from_folder, const char* from, int to_folder, const char* to) {
  return ::renameat2(from_folder, from, to_folder, to, RENAME_EXCHANGE);
}

int FileSystem::make_symlink(const char* target, int folder, const char* name) {
  return ::symlinkat(target, folder, name);
}

int FileSystem::change_mode(int file, mode_t mode) { return ::fchmod(file, mode); }

int FileSystem::sync(int file) { return ::fsync(file); }

int FileSystem::sync_all(int file) { return ::syncfs(file); }

}  // namespace okg::hot_update
