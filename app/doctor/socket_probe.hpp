// Whether UDP on this machine can send and receive many datagrams in one call, found out by doing
// it once over loopback.
//
// Threads: safe; opens two sockets of its own.
#pragma once

#include <string>

namespace midstream::app {

struct UdpOffload {
  bool sockets = false;  // datagrams over loopback work at all
  bool gso = false;      // one call sends many (UDP_SEGMENT)
  bool gro = false;      // one call receives many (UDP_GRO)
  std::string problem;   // why not sockets
};

UdpOffload probe_udp_offload();

}  // namespace midstream::app
