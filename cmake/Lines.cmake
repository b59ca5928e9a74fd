# The table of lines you own, counted before the harness is compiled. A source that the count
# refuses (no struct impl, a header that is not there, an over-long line) stops the build with file
# and line. Reads counter (sources of the tool), counted (impl files), headers. Appends to
# generated.
add_executable(count_lines ${counter})
target_include_directories(count_lines PRIVATE "${CMAKE_SOURCE_DIR}/bench")
target_compile_definitions(count_lines PRIVATE _GNU_SOURCE)
target_compile_options(count_lines PRIVATE -Wall -Wextra -pedantic)

set(lines_table "${CMAKE_BINARY_DIR}/generated/lines_table.c")
add_custom_command(OUTPUT "${lines_table}"
  COMMAND count_lines "${CMAKE_SOURCE_DIR}" "${lines_table}" ${counted}
  DEPENDS count_lines ${counted} ${headers}
  WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}" VERBATIM COMMENT "Counting the lines you own")
list(APPEND generated "${lines_table}")
