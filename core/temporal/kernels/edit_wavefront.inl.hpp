// Bit-parallel LCS and Levenshtein over a strip of words held in vector registers. Internal:
// included by the vector kernels.
//
// Lane w works on column t - w at step t, so that the differences it needs from the word above
// are what the neighbouring lane produced one step ago, and no carry ripples within a step. The
// match masks of a column are one contiguous row of the table, but its lanes are needed at
// successive steps: RowSkew delays lane w by w steps with a few blends, where gathering the lanes
// from as many rows would cost several times the recurrence itself.
//
// Before its first column a lane sees no matches and no differences from above, which leaves its
// state as it is; after the last one it computes what nobody reads.
#pragma once

#include "core/temporal/kernels/edit_kernel.hpp"

namespace midstream::temporal::kernels {
namespace {

// Delays lane w by w pushes: one binary digit of w at a time.
template <class V>
struct RowSkew {
  using Vector = typename V::Vector;
  Vector row = V::zero();
  Vector pair[2] = {V::zero(), V::zero()};
  Vector quad[4] = {V::zero(), V::zero(), V::zero(), V::zero()};

  Vector push(Vector next) {
    Vector delayed = V::odd_lanes_from(next, row);
    row = next;
    const Vector by_pairs = V::odd_pairs_from(delayed, pair[1]);
    pair[1] = pair[0];
    pair[0] = delayed;
    if constexpr (V::kLanes == 4) {
      return by_pairs;
    } else {
      delayed = V::odd_quads_from(by_pairs, quad[3]);
      quad[3] = quad[2];
      quad[2] = quad[1];
      quad[1] = quad[0];
      quad[0] = by_pairs;
      return delayed;
    }
  }
};

template <class V, std::size_t R>
void levenshtein_strip(const BitStrip& strip) {
  using Vector = typename V::Vector;
  constexpr std::size_t kWords = R * V::kLanes;
  Vector up[R];
  Vector down[R];
  Vector plus[R];
  Vector minus[R];
  RowSkew<V> skew[R];
  for (std::size_t r = 0; r < R; ++r) {
    up[r] = V::ones();
    down[r] = plus[r] = minus[r] = V::zero();
  }
  const auto answer = V::lane_index(strip.answer_word - (R - 1) * V::kLanes);
  const std::size_t steps = strip.count + strip.answer_word;
  const std::uint16_t* column = strip.columns;
  std::uint64_t* plus_out = strip.plus - strip.answer_word;
  std::uint64_t* minus_out = strip.minus - strip.answer_word;
  for (std::size_t t = 0; t < steps; ++t, ++column) {
    Vector plus_in[R];
    Vector minus_in[R];
#pragma GCC unroll 4
    for (std::size_t r = 0; r < R; ++r) {
      plus_in[r] = V::top_bit(V::shift_up(plus[r], r == 0 ? V::all(strip.plus[t]) : plus[r - 1]));
      minus_in[r] =
          V::top_bit(V::shift_up(minus[r], r == 0 ? V::all(strip.minus[t]) : minus[r - 1]));
    }
#pragma GCC unroll 4
    for (std::size_t r = 0; r < R; ++r) {
      const std::size_t id = *(column - r * V::kLanes);
      const Vector match = skew[r].push(V::load(strip.masks + id * kWords + r * V::kLanes));
      const Vector seen = V::either(match, minus_in[r]);
      const Vector sum = V::add(V::both(seen, up[r]), up[r]);
      const Vector zero = V::any_of(V::differ(sum, up[r]), seen, down[r]);
      plus[r] = V::or_neither(down[r], zero, up[r]);
      minus[r] = V::both(zero, up[r]);
      const Vector shifted_plus = V::either(V::twice(plus[r]), plus_in[r]);
      const Vector shifted_minus = V::either(V::twice(minus[r]), minus_in[r]);
      up[r] = V::or_neither(shifted_minus, zero, shifted_plus);
      down[r] = V::both(shifted_plus, zero);
    }
    V::store_lane(plus_out + t, plus[R - 1], answer);
    V::store_lane(minus_out + t, minus[R - 1], answer);
  }
}

template <class V, std::size_t R>
void lcs_strip(const BitStrip& strip) {
  using Vector = typename V::Vector;
  constexpr std::size_t kWords = R * V::kLanes;
  Vector flat[R];
  Vector carry[R];  // in the top bit
  RowSkew<V> skew[R];
  for (std::size_t r = 0; r < R; ++r) {
    flat[r] = V::ones();
    carry[r] = V::zero();
  }
  const auto answer = V::lane_index(strip.answer_word - (R - 1) * V::kLanes);
  const std::size_t steps = strip.count + strip.answer_word;
  const std::uint16_t* column = strip.columns;
  std::uint64_t* out = strip.plus - strip.answer_word;
  for (std::size_t t = 0; t < steps; ++t, ++column) {
    Vector in[R];
#pragma GCC unroll 4
    for (std::size_t r = 0; r < R; ++r) {
      in[r] = V::top_bit(V::shift_up(carry[r], r == 0 ? V::all(strip.plus[t]) : carry[r - 1]));
    }
#pragma GCC unroll 4
    for (std::size_t r = 0; r < R; ++r) {
      const std::size_t id = *(column - r * V::kLanes);
      const Vector match = skew[r].push(V::load(strip.masks + id * kWords + r * V::kLanes));
      const Vector matched = V::both(flat[r], match);
      const Vector sum = V::add(V::add(flat[r], matched), in[r]);
      carry[r] = V::either(matched, V::without(flat[r], sum));
      flat[r] = V::either(sum, V::without(flat[r], match));
    }
    V::store_lane(out + t, carry[R - 1], answer);
  }
}

template <class V, std::size_t kMost>
void levenshtein_of(const BitStrip& strip) {
  if constexpr (kMost > 1) {
    if (strip.words < kMost * V::kLanes) return levenshtein_of<V, kMost - 1>(strip);
  }
  levenshtein_strip<V, kMost>(strip);
}

template <class V, std::size_t kMost>
void lcs_of(const BitStrip& strip) {
  if constexpr (kMost > 1) {
    if (strip.words < kMost * V::kLanes) return lcs_of<V, kMost - 1>(strip);
  }
  lcs_strip<V, kMost>(strip);
}

}  // namespace
}  // namespace midstream::temporal::kernels
