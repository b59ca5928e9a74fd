# generated/page_parts.c: style and script of the report page as C strings, so that the program needs
# no files to write one, and the script's SHA-256 as the page's policy wants it, over these very
# bytes. Appends to generated.
set(body "#include \"report/page_parts.h\"\n\n")
foreach(kind IN ITEMS css js)
  set(part "${CMAKE_SOURCE_DIR}/plots/report.${kind}")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${part}")
  file(READ "${part}" text)
  string(REPLACE "\\" "\\\\" text "${text}")
  string(REPLACE "\"" "\\\"" text "${text}")
  string(REGEX REPLACE "\n$" "\\\\n\"" text "${text}")
  string(REPLACE "\n" "\\n\",\n    \"" text "${text}")
  string(APPEND body "const char *const page_${kind}[] = {\n    \"${text},\n    0};\n\n")
endforeach()
file(SHA256 "${CMAKE_SOURCE_DIR}/plots/report.js" hash)
string(APPEND body "const char page_js_sha256[] = \"${hash}\";\n")
file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/generated/page_parts.c" CONTENT "${body}" @ONLY)
list(APPEND generated "${CMAKE_BINARY_DIR}/generated/page_parts.c")
