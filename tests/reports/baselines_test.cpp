#include "reports/baselines.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace midstream::reports {
namespace {

namespace fs = std::filesystem;

class BaselinesTest : public testing::Test {
 protected:
  BaselinesTest() {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    root_ = fs::temp_directory_path() /
            ("baselines_test_" + std::to_string(getpid()) + "_" + info->name());
    fs::create_directories(root_);
  }
  ~BaselinesTest() override { fs::remove_all(root_); }
  [[nodiscard]] BaselineStore store() const {
    return BaselineStore((root_ / "deep" / "baselines").string());
  }
  fs::path root_;
};

TEST_F(BaselinesTest, KeepsGivesReplacesAndRemoves) {
  EXPECT_TRUE(store().list().empty());
  ASSERT_TRUE(store().save("main", "one").ok());
  ASSERT_TRUE(store().save("v1.2_rc-3", "two").ok());
  EXPECT_EQ(store().list(), (std::vector<std::string>{"main", "v1.2_rc-3"}));
  EXPECT_EQ(store().load("v1.2_rc-3").value(), "two");
  ASSERT_TRUE(store().save("main", "three").ok());
  EXPECT_EQ(store().load("main").value(), "three");
  ASSERT_TRUE(store().remove("main").ok());
  EXPECT_EQ(store().list(), std::vector<std::string>{"v1.2_rc-3"});
  EXPECT_FALSE(store().contains("main"));
}

TEST_F(BaselinesTest, NamesCannotLeaveTheFolder) {
  std::ofstream(root_ / "outside.json") << "precious";
  for (const std::string name : {"", ".", "..", "../outside", "a/b", "/etc/passwd", ".hidden", "-x",
                                 "a b", "a\nb", "ü", "C:x", "a\\b"}) {
    EXPECT_FALSE(BaselineStore::check_name(name).ok()) << name;
    EXPECT_EQ(store().save(name, "x").error().code, ErrorCode::kInvalidArgument) << name;
    EXPECT_EQ(store().load(name).error().code, ErrorCode::kInvalidArgument) << name;
    EXPECT_EQ(store().remove(name).error().code, ErrorCode::kInvalidArgument) << name;
  }
  EXPECT_FALSE(BaselineStore::check_name(std::string(101, 'a')).ok());
  EXPECT_TRUE(BaselineStore::check_name(std::string(100, 'a')).ok());
  EXPECT_TRUE(fs::exists(root_ / "outside.json"));
}

TEST_F(BaselinesTest, AMissingOneIsNamedWithTheNearest) {
  ASSERT_TRUE(store().save("release-1", "x").ok());
  const Error error = store().load("relase-1").error();
  EXPECT_EQ(error.code, ErrorCode::kNotFound);
  EXPECT_NE(error.message.find("did you mean 'release-1'?"), std::string::npos) << error.message;
  EXPECT_EQ(store().remove("other").error().code, ErrorCode::kNotFound);
}

TEST_F(BaselinesTest, WhatIsNoBaselineIsNotListed) {
  ASSERT_TRUE(store().save("main", "x").ok());
  std::ofstream(root_ / "deep" / "baselines" / "notes.txt") << "x";
  std::ofstream(root_ / "deep" / "baselines" / ".main.json.tmp") << "x";
  EXPECT_EQ(store().list(), std::vector<std::string>{"main"});
}

TEST_F(BaselinesTest, AFolderThatCannotBeMadeIsAnError) {
  std::ofstream(root_ / "file") << "x";
  const BaselineStore in_a_file((root_ / "file" / "baselines").string());
  EXPECT_EQ(in_a_file.save("main", "x").error().code, ErrorCode::kIo);
  EXPECT_TRUE(in_a_file.list().empty());
}

}  // namespace
}  // namespace midstream::reports
