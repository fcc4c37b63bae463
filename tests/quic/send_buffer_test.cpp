// The send buffer against the plainest model there is: one long vector and three positions.
#include "core/quic/send_buffer.hpp"

#include <gtest/gtest.h>

#include <array>

#include "core/base/random.hpp"

namespace midstream::quic {
namespace {

class SendBufferModel : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(SendBufferModel, AgreesWithAVector) {
  Random random(GetParam());
  SendBuffer buffer;
  std::vector<std::byte> all;
  std::size_t sent = 0;
  std::size_t acknowledged = 0;
  for (int step = 0; step < 3000; ++step) {
    const std::uint64_t action = random.below(4);
    if (action < 2) {
      const std::uint64_t largest = random.below(10) == 0 ? 100'000 : 700;
      std::vector<std::byte> bytes(random.below(largest));
      for (auto& byte : bytes) byte = static_cast<std::byte>(random.next());
      all.insert(all.end(), bytes.begin(), bytes.end());
      if (action == 0) {
        buffer.append_copy(bytes);
      } else {
        auto owner = std::make_shared<std::vector<std::byte>>(std::move(bytes));
        buffer.append_shared({owner, *owner});
      }
    } else if (action == 2) {
      std::array<ByteView, 3> pieces;
      const std::size_t count = buffer.gather(pieces);
      std::size_t offered = 0;
      for (std::size_t i = 0; i < count; ++i) {
        ASSERT_FALSE(pieces[i].empty());
        ASSERT_TRUE(
            std::ranges::equal(pieces[i], ByteView(all).subspan(sent + offered, pieces[i].size())));
        offered += pieces[i].size();
      }
      ASSERT_EQ(offered == 0, sent == all.size());
      const std::size_t taken = random.below(offered + 1);
      buffer.mark_sent(taken);
      sent += taken;
    } else {
      const std::size_t offset = acknowledged + random.below(sent - acknowledged + 1);
      ASSERT_EQ(buffer.mark_acknowledged(offset), offset - acknowledged);
      acknowledged = offset;
    }
    ASSERT_EQ(buffer.unsent(), all.size() - sent);
    ASSERT_EQ(buffer.retained(), all.size() - acknowledged);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, SendBufferModel, ::testing::Range<std::uint64_t>(1, 9));

TEST(SendBuffer, LateAndRepeatedAcknowledgementsReleaseNothing) {
  SendBuffer buffer;
  buffer.append_copy(std::vector<std::byte>(100));
  buffer.mark_sent(60);
  EXPECT_EQ(buffer.mark_acknowledged(50), 50U);
  EXPECT_EQ(buffer.mark_acknowledged(50), 0U);
  EXPECT_EQ(buffer.mark_acknowledged(10), 0U);
}

TEST(SendBuffer, IdleStreamsKeepOnlyASmallBlock) {
  for (const std::size_t size : {std::size_t{1}, std::size_t{512}, std::size_t{513},
                                 std::size_t{20'000}, std::size_t{200'000}}) {
    SendBuffer buffer;
    std::uint64_t written = 0;
    for (int round = 0; round < 3; ++round) {
      buffer.append_copy(std::vector<std::byte>(size));
      buffer.append_copy(std::vector<std::byte>(7));
      EXPECT_GE(buffer.allocated(), size);
      buffer.mark_sent(size + 7);
      written += size + 7;
      buffer.mark_acknowledged(written - 1);
      EXPECT_GE(buffer.allocated(), 1U);
      buffer.mark_acknowledged(written);
      EXPECT_LE(buffer.allocated(), 512U);
    }
  }
}

TEST(SendBuffer, SharedBytesAreLetGoWhenAcknowledged) {
  SendBuffer buffer;
  auto owner = std::make_shared<std::vector<std::byte>>(1000);
  const std::weak_ptr<std::vector<std::byte>> watch = owner;
  buffer.append_shared({owner, *owner});
  owner.reset();
  buffer.mark_sent(1000);
  buffer.mark_acknowledged(999);
  EXPECT_FALSE(watch.expired());
  buffer.mark_acknowledged(1000);
  EXPECT_TRUE(watch.expired());
}

}  // namespace
}  // namespace midstream::quic
