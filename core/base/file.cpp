#include "core/base/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <filesystem>
#include <system_error>

namespace midstream {
namespace {

namespace fs = std::filesystem;

// Closes on every way out; a failed close after a write is asked for through close().
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }

  [[nodiscard]] int get() const { return fd_; }
  bool close() {
    const int fd = fd_;
    fd_ = -1;
    return fd < 0 || ::close(fd) == 0;
  }

 private:
  int fd_;
};

std::string advice(int error) {
  switch (error) {
    case ENOENT:
      return "check the path and that its folder exists";
    case EACCES:
    case EPERM:
    case EROFS:
      return "choose a place you may use, or change its permissions";
    case ENOSPC:
    case EDQUOT:
      return "free some space or choose another place";
    case EFBIG:
      return "raise the limit on the size of files (ulimit -f) or choose another place";
    case EISDIR:
      return "name a file, not a folder";
    default:
      return "choose another path";
  }
}

Error os_error(std::string_view verb, const std::string& path, int error) {
  return {error == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIo,
          "cannot " + std::string(verb) + " '" + path +
              "': " + std::generic_category().message(error) + "; " + advice(error)};
}

// Zero when all of it was written, else errno.
int write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

// Some file systems (and pipes) cannot be flushed and say so; that is no loss of data.
int flush(int fd) {
  if (::fsync(fd) == 0 || errno == EINVAL || errno == ENOTSUP || errno == EROFS) return 0;
  return errno;
}

Status write_in_place(const std::string& path, std::string_view content) {
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (file.get() < 0) return os_error("write", path, errno);
  if (const int error = write_all(file.get(), content)) return os_error("write", path, error);
  if (!file.close()) return os_error("write", path, errno);
  return {};
}

// Zero, or errno with the temporary file removed. The permissions are those of `old`, the file
// that is replaced; without one they are the caller's umask's.
int write_beside(const fs::path& temporary, const fs::path& target, const struct stat* old,
                 std::string_view content) {
  Descriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (file.get() < 0) return errno;
  int error = 0;
  if (old != nullptr && ::fchmod(file.get(), old->st_mode & 0777) != 0) error = errno;
  if (error == 0) error = write_all(file.get(), content);
  if (error == 0) error = flush(file.get());
  if (!file.close() && error == 0) error = errno;
  if (error == 0 && ::rename(temporary.c_str(), target.c_str()) != 0) error = errno;
  if (error != 0) ::unlink(temporary.c_str());
  return error;
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t limit) {
  const bool standard_input = path == "-";
  const std::string name = standard_input ? "standard input" : path;
  Descriptor file(standard_input ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                                 : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return os_error("read", name, errno);
  std::string content;
  char block[1 << 16];
  while (true) {
    const ssize_t got = ::read(file.get(), block, sizeof block);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return os_error("read", name, errno);
    if (got == 0) return content;
    content.append(block, static_cast<std::size_t>(got));
    // Checked as it grows: a device or a pipe has no size to ask for beforehand.
    if (content.size() > limit) {
      return Error{ErrorCode::kLimit, "'" + name + "' is larger than the " + std::to_string(limit) +
                                          " bytes allowed; is it the right file?"};
    }
  }
}

std::string link_target(const std::string& name) {
  fs::path path = name;
  std::error_code ignored;
  for (int hops = 0; hops < 40 && fs::is_symlink(fs::symlink_status(path, ignored)); ++hops) {
    const fs::path target = fs::read_symlink(path, ignored);
    path = target.is_absolute() ? target : path.parent_path() / target;
  }
  return path.string();
}

Status write_file_atomically(const std::string& path, std::string_view content) {
  if (path.empty()) return Error{ErrorCode::kInvalidArgument, "cannot write a file without a name"};
  struct stat old {};
  const bool exists = ::stat(path.c_str(), &old) == 0;
  if (!exists && errno != ENOENT) return os_error("write", path, errno);
  if (exists && S_ISDIR(old.st_mode)) return os_error("write", path, EISDIR);
  // By the name as given: the shell's /dev/fd/63 is a link to a pipe that has no path.
  if (exists && !S_ISREG(old.st_mode)) return write_in_place(path, content);
  // Replacing the link itself would leave its target stale.
  const fs::path target = link_target(path);
  // A rename needs no right to the file itself, but a write-protected file is meant to stay.
  if (exists && ::faccessat(AT_FDCWD, target.c_str(), W_OK, AT_EACCESS) != 0)
    return os_error("write", path, errno);

  // Short, so that it fits where the target's own name may be as long as names can be; unique
  // among the threads of this process and among processes.
  static std::atomic<unsigned> serial{0};
  const fs::path folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
  const fs::path temporary =
      folder / (".midstream-" + std::to_string(::getpid()) + "-" + std::to_string(++serial));
  if (const int error = write_beside(temporary, target, exists ? &old : nullptr, content)) {
    return os_error("write", path, error);
  }
  // The new name itself is on the disk only once the folder is.
  const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() >= 0) flush(directory.get());
  return {};
}

}  // namespace midstream
