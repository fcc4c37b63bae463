// The subcommands: one file each, options in, exit code out.
#pragma once

#include "app/options.hpp"

namespace midstream::app {

// Exit code of a judgement, with a word on standard error when an undecided row is let through or
// nothing was judged.
int judgement_exit_code(const targets::Judgement& judgement,
                        targets::OnInconclusive on_inconclusive);

int run_command(const RunOptions& options, const GlobalOptions& global);
int check_command(const CheckOptions& options, const GlobalOptions& global);
int report_command(const ReportOptions& options, const GlobalOptions& global);
int compare_command(const CompareOptions& options, const GlobalOptions& global);
int baseline_command(const BaselineOptions& options);
int list_command(const ListOptions& options);
int targets_command(const TargetsOptions& options);
int doctor_command(const DoctorOptions& options, const GlobalOptions& global);
int verify_command(const VerifyOptions& options);

}  // namespace midstream::app
