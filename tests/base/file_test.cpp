#include "core/base/file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

namespace midstream {
namespace {

namespace fs = std::filesystem;

// Permissions do not bind root, and tests run as root in containers: be nobody meanwhile.
class Unprivileged {
 public:
  Unprivileged() { active_ = ::geteuid() != 0 || ::seteuid(65534) == 0; }
  ~Unprivileged() {
    if (::geteuid() != ::getuid() && ::seteuid(::getuid()) != 0) std::abort();
  }
  [[nodiscard]] bool active() const { return active_; }

 private:
  bool active_ = false;
};

class FileTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "midstream-file-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override {
    ::chmod(folder_.c_str(), 0700);
    fs::remove_all(folder_);
  }
  [[nodiscard]] std::string path(const std::string& name) const { return folder_ / name; }
  [[nodiscard]] std::vector<std::string> entries() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_))
      names.push_back(entry.path().filename());
    return names;
  }
  static void expect_useful(const Error& error, const std::string& name) {
    EXPECT_NE(error.message.find(name), std::string::npos) << error.message;
    EXPECT_NE(error.message.find(';'), std::string::npos) << "no advice: " << error.message;
    EXPECT_EQ(error.message.find('\n'), std::string::npos) << error.message;
  }

  fs::path folder_;
};

TEST_F(FileTest, RoundTrip) {
  const std::string content = std::string("a\0b\r\n", 5) + std::string(200000, 'x');
  ASSERT_TRUE(write_file_atomically(path("a b \u00fc.json"), content).ok());
  EXPECT_EQ(read_file(path("a b \u00fc.json"), content.size()).value(), content);
  EXPECT_EQ(entries().size(), 1u);
}

TEST_F(FileTest, ReadingChecksTheLimit) {
  ASSERT_TRUE(write_file_atomically(path("f"), std::string(100, 'x')).ok());
  EXPECT_TRUE(read_file(path("f"), 100).ok());
  const auto result = read_file(path("f"), 99);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kLimit);
  EXPECT_EQ(read_file("/dev/zero", 1000).error().code, ErrorCode::kLimit);  // endless, sizeless
}

TEST_F(FileTest, ReadingErrors) {
  const auto missing = read_file(path("none"), 10);
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  expect_useful(missing.error(), "none");
  const auto directory = read_file(folder_, 10);
  ASSERT_FALSE(directory.ok());
  EXPECT_EQ(directory.error().code, ErrorCode::kIo);
  expect_useful(directory.error(), folder_);
}

TEST_F(FileTest, ReplacesAndKeepsPermissions) {
  ASSERT_TRUE(write_file_atomically(path("f"), "old").ok());
  ASSERT_EQ(::chmod(path("f").c_str(), 0640), 0);
  ASSERT_TRUE(write_file_atomically(path("f"), "new").ok());
  EXPECT_EQ(read_file(path("f"), 10).value(), "new");
  struct stat info {};
  ASSERT_EQ(::stat(path("f").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0640u);
}

TEST_F(FileTest, FollowsLinks) {
  ASSERT_TRUE(write_file_atomically(path("real"), "old").ok());
  fs::create_symlink("real", path("link"));
  ASSERT_TRUE(write_file_atomically(path("link"), "new").ok());
  EXPECT_TRUE(fs::is_symlink(path("link")));
  EXPECT_EQ(read_file(path("real"), 10).value(), "new");
  fs::create_symlink("later", path("dangling"));
  ASSERT_TRUE(write_file_atomically(path("dangling"), "new").ok());
  EXPECT_EQ(read_file(path("later"), 10).value(), "new");
  fs::create_symlink("loop", path("loop"));
  EXPECT_FALSE(write_file_atomically(path("loop"), "new").ok());
}

TEST_F(FileTest, FullDisk) {
  const auto status = write_file_atomically("/dev/full", "content");
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::kIo);
  expect_useful(status.error(), "/dev/full");
  EXPECT_TRUE(fs::is_character_file("/dev/full"));  // written in place, not replaced
}

TEST_F(FileTest, DevicesAndPipesAreWrittenInPlace) {
  EXPECT_TRUE(write_file_atomically("/dev/null", "content").ok());
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  std::thread writer([&] { EXPECT_TRUE(write_file_atomically(path("pipe"), "through").ok()); });
  EXPECT_EQ(read_file(path("pipe"), 100).value(), "through");
  writer.join();
  EXPECT_TRUE(fs::is_fifo(path("pipe")));
}

// What a shell passes for `--report json=>(jq .)`.
TEST_F(FileTest, PipesWithoutAPathAreWrittenInPlace) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  EXPECT_TRUE(write_file_atomically("/dev/fd/" + std::to_string(ends[1]), "through").ok());
  ::close(ends[1]);
  char got[16] = {};
  EXPECT_EQ(::read(ends[0], got, sizeof got), 7);
  EXPECT_EQ(std::string(got), "through");
  ::close(ends[0]);
}

TEST_F(FileTest, ADashIsStandardInput) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ASSERT_EQ(::write(ends[1], "from a pipe", 11), 11);
  ::close(ends[1]);
  const int saved = ::dup(STDIN_FILENO);
  ::dup2(ends[0], STDIN_FILENO);
  const auto content = read_file("-", 100);
  const auto again = read_file("-", 100);  // closed nothing but its own copy
  ::dup2(saved, STDIN_FILENO);
  ::close(saved);
  ::close(ends[0]);
  ASSERT_TRUE(content.ok());
  EXPECT_EQ(*content, "from a pipe");
  EXPECT_EQ(again.value(), "");
}

TEST_F(FileTest, MissingFolderAndFolderInPlaceOfFile) {
  const auto missing = write_file_atomically(path("no/such/f"), "x");
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  expect_useful(missing.error(), "no/such/f");
  const auto directory = write_file_atomically(folder_, "x");
  ASSERT_FALSE(directory.ok());
  expect_useful(directory.error(), "folder");
  ASSERT_TRUE(write_file_atomically(path("f"), "x").ok());
  EXPECT_FALSE(write_file_atomically(path("f/g"), "x").ok());
  EXPECT_FALSE(write_file_atomically("", "x").ok());
}

TEST_F(FileTest, LongestNames) {
  EXPECT_TRUE(write_file_atomically(path(std::string(255, 'n')), "x").ok());
  EXPECT_FALSE(write_file_atomically(path(std::string(256, 'n')), "x").ok());
}

TEST_F(FileTest, ReadOnlyFolderLeavesTheOldFile) {
  ASSERT_TRUE(write_file_atomically(path("f"), "old").ok());
  ASSERT_EQ(::chmod(path("f").c_str(), 0666), 0);
  ASSERT_EQ(::chmod(folder_.c_str(), 0555), 0);
  const Unprivileged nobody;
  if (!nobody.active()) GTEST_SKIP() << "cannot give up privileges here";
  const auto status = write_file_atomically(path("f"), "new");
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::kIo);
  expect_useful(status.error(), "f");
  EXPECT_EQ(read_file(path("f"), 10).value(), "old");
  EXPECT_EQ(entries(), std::vector<std::string>{"f"});
}

TEST_F(FileTest, WriteProtectedFileStays) {
  ASSERT_TRUE(write_file_atomically(path("f"), "old").ok());
  ASSERT_EQ(::chmod(path("f").c_str(), 0444), 0);
  ASSERT_EQ(::chmod(folder_.c_str(), 0777), 0);
  const Unprivileged nobody;
  if (!nobody.active()) GTEST_SKIP() << "cannot give up privileges here";
  EXPECT_FALSE(write_file_atomically(path("f"), "new").ok());
  EXPECT_EQ(read_file(path("f"), 10).value(), "old");
}

// A reader that opens the name again and again sees whole files only.
TEST_F(FileTest, ReadersSeeWholeFiles) {
  const std::string a(100000, 'a');
  const std::string b(50000, 'b');
  ASSERT_TRUE(write_file_atomically(path("f"), a).ok());
  std::thread writer([&] {
    for (int i = 0; i < 50; ++i) {
      EXPECT_TRUE(write_file_atomically(path("f"), i % 2 == 0 ? b : a).ok());
    }
  });
  for (int i = 0; i < 200; ++i) {
    const auto content = read_file(path("f"), 1 << 20);
    EXPECT_TRUE(content.ok() && (*content == a || *content == b));
  }
  writer.join();
  EXPECT_EQ(entries().size(), 1u);
}

}  // namespace
}  // namespace midstream
