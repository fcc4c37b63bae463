# Writes OUTPUT from INPUT with the present revision; run at every build, touches OUTPUT only when
# it changes. Called with -P and the variables of app/build_info.hpp.in.
execute_process(
  COMMAND git describe --always --dirty --abbrev=12
  WORKING_DIRECTORY ${SOURCE_DIR} OUTPUT_VARIABLE MIDSTREAM_REVISION
  OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
if(failed)
  set(MIDSTREAM_REVISION unknown)
endif()
configure_file(${INPUT} ${OUTPUT} @ONLY)
