# cmake -DROOT= -DOUT= -P sha.cmake: which commit the sources are, into the header OUT, touched only
# when it changes. Dirty means: a source differs from that commit or is not in it; results, plots
# and docs do not count. Without git metadata (a copied tree, or inside somebody else's) the
# environment variable WHEELBENCH_SHA may say which commit it is a copy of; else "unknown".
set(sha unknown)
set(dirty 0)
if("$ENV{WHEELBENCH_SHA}" MATCHES "^[0-9a-f]+$")
  set(sha "$ENV{WHEELBENCH_SHA}")
endif()
find_program(GIT git)
if(GIT AND EXISTS "${ROOT}/.git")
  execute_process(COMMAND "${GIT}" rev-parse --short=7 HEAD WORKING_DIRECTORY "${ROOT}"
    OUTPUT_VARIABLE head OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE rc ERROR_QUIET)
  if(rc EQUAL 0)
    set(sha "${head}")
    execute_process(COMMAND "${GIT}" --no-optional-locks status --porcelain --
        bench kernels reference cmake CMakeLists.txt
      WORKING_DIRECTORY "${ROOT}" OUTPUT_VARIABLE changes RESULT_VARIABLE rc ERROR_QUIET)
    if(NOT rc EQUAL 0 OR NOT changes STREQUAL "")
      set(dirty 1)
    endif()
  endif()
endif()
file(CONFIGURE OUTPUT "${OUT}"
  CONTENT "#define BUILD_SHA \"${sha}\"\n#define BUILD_DIRTY ${dirty}\n")
