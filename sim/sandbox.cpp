// The guest's folder: each component is opened in its parent, never following a link.
#include "sim/sandbox.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>

namespace sim {
namespace {

constexpr std::size_t kMaxName = 1024;

int fail(int error) {
  errno = error;
  return -1;
}

/// close() must not hide why the call before it failed.
void close_keeping_errno(int fd) {
  int error = errno;
  ::close(fd);
  errno = error;
}

}  // namespace

Sandbox::Sandbox(const std::filesystem::path& root) {
  if (!root.empty()) root_ = ::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

Sandbox::~Sandbox() {
  if (root_ >= 0) ::close(root_);
}

int Sandbox::open_parent(std::string_view name, std::string& leaf) const {
  if (root_ < 0) return fail(EACCES);
  if (name.empty() || name.size() > kMaxName) return fail(ENOENT);
  // An embedded zero would end the name early for the kernel.
  if (name.front() == '/' || name.find('\0') != std::string_view::npos) return fail(EACCES);
  int folder = ::dup(root_);
  while (folder >= 0) {
    std::size_t slash = name.find('/');
    leaf = std::string(name.substr(0, slash));
    if (leaf == ".." || leaf.empty() || leaf == ".") {
      ::close(folder);
      return fail(EACCES);
    }
    if (slash == std::string_view::npos) return folder;
    int next = ::openat(folder, leaf.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    close_keeping_errno(folder);
    folder = next;
    name.remove_prefix(slash + 1);
  }
  return -1;
}

int Sandbox::open(std::string_view name, int flags) const {
  std::string leaf;
  int folder = open_parent(name, leaf);
  if (folder < 0) return -1;
  // O_NONBLOCK: a FIFO must not stop us before we have seen that it is one. O_TRUNC waits until then, too.
  int fd = ::openat(folder, leaf.c_str(), (flags & ~O_TRUNC) | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0666);
  close_keeping_errno(folder);
  if (fd < 0) return -1;
  struct stat about {};
  if (::fstat(fd, &about) != 0 || !S_ISREG(about.st_mode) || about.st_nlink > 1) {
    ::close(fd);
    return fail(EACCES);
  }
  if ((flags & O_TRUNC) && ::ftruncate(fd, 0) != 0) {
    close_keeping_errno(fd);
    return -1;
  }
  return fd;
}

int Sandbox::remove(std::string_view name) const {
  std::string leaf;
  int folder = open_parent(name, leaf);
  if (folder < 0) return -1;
  int result = ::unlinkat(folder, leaf.c_str(), 0);
  close_keeping_errno(folder);
  return result;
}

int Sandbox::rename(std::string_view from, std::string_view to) const {
  std::string from_leaf, to_leaf;
  int from_folder = open_parent(from, from_leaf);
  if (from_folder < 0) return -1;
  int to_folder = open_parent(to, to_leaf);
  int result = to_folder < 0 ? -1 : ::renameat(from_folder, from_leaf.c_str(), to_folder, to_leaf.c_str());
  if (to_folder >= 0) close_keeping_errno(to_folder);
  close_keeping_errno(from_folder);
  return result;
}

}  // namespace sim
