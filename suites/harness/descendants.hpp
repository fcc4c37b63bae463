// Makes sure that nothing a worker started outlives it, a child that began a session of its own
// (setsid) included: such a child leaves the worker's process group, not the tree.
//
// Threads: one caller in a process.
#pragma once

namespace midstream::suites {

// Orphans below this process become its children from here on (PR_SET_CHILD_SUBREAPER), so that
// end_orphans() finds them. Not where the process already has children that are none of its
// workers, a shell's background jobs before `exec`: theirs could not be told from ours. To be
// called before the first worker is started; later calls do nothing.
void adopt_orphans();

// Kills and reaps every child of this process, and what they leave behind, for two seconds at most:
// one that the kernel will not end must not hold up the run. Does nothing where orphans are not
// adopted. To be called when no worker is left. One system call when nobody is there.
void end_orphans();

}  // namespace midstream::suites
