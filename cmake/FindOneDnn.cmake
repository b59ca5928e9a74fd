# FindOneDnn: oneDNN and its C headers, API 2 or 3, of a build that takes its threads from OpenMP: one
# for TBB or SYCL would use all cores in a row that says one thread.
#
# Order: the prefix ONEDNN_ROOT (said by the user, final; `make deps-onednn` makes .deps/onednn),
# conda, the system.
#
# Sets    OneDnn_FOUND, OneDnn_VERSION, OneDnn_WHY, OneDnn_RPATH (only when it lies where the loader
#         does not look)
# Target  onednn::onednn
set(_triple "${CMAKE_LIBRARY_ARCHITECTURE}")
set(_roots "$ENV{CONDA_PREFIX}" /usr/local /usr)
foreach(_said IN ITEMS "${ONEDNN_ROOT}" "$ENV{ONEDNN_ROOT}")
  if(NOT _said STREQUAL "")
    set(_roots "${_said}")
    break()
  endif()
endforeach()
list(REMOVE_ITEM _roots "")

set(OneDnn_VERSION "")
set(OneDnn_RPATH "")
set(OneDnn_WHY "oneDNN not found: sudo apt-get install libdnnl-dev")
set(_library "")
set(_include "")
foreach(_candidate IN LISTS _roots)
  unset(_library)
  unset(_include)
  find_library(_library dnnl PATHS "${_candidate}"
    PATH_SUFFIXES lib/${_triple} lib64 lib NO_DEFAULT_PATH NO_CACHE)
  find_path(_include oneapi/dnnl/dnnl.h PATHS "${_candidate}" PATH_SUFFIXES include
    NO_DEFAULT_PATH NO_CACHE)
  if(_library AND _include)
    file(STRINGS "${_include}/oneapi/dnnl/dnnl_config.h" _line
      REGEX "define DNNL_CPU_THREADING_RUNTIME " LIMIT_COUNT 1)
    string(REGEX MATCH "DNNL_RUNTIME_([A-Z]+)" _threads "${_line}")
    if(CMAKE_MATCH_1 STREQUAL "OMP")
      set(_root "${_candidate}")
      break()
    endif()
    set(OneDnn_WHY "${_library}: its threads are not OpenMP's (${CMAKE_MATCH_1}), so --threads would not hold: make deps-onednn")
  endif()
  set(_library "")
  set(_include "")
endforeach()

if(_library)
  set(_numbers "")
  foreach(_part IN ITEMS MAJOR MINOR PATCH)
    file(STRINGS "${_include}/oneapi/dnnl/dnnl_version.h" _line
      REGEX "define DNNL_VERSION_${_part}" LIMIT_COUNT 1)
    string(REGEX MATCH "[0-9]+" _number "${_line}")
    list(APPEND _numbers "${_number}")
  endforeach()
  list(JOIN _numbers "." OneDnn_VERSION)
  set(OneDnn_WHY "oneDNN ${OneDnn_VERSION} ${_library}")
  if(OneDnn_VERSION VERSION_LESS 2 OR OneDnn_VERSION VERSION_GREATER_EQUAL 4)
    set(OneDnn_WHY "oneDNN ${OneDnn_VERSION} ${_library}: only API 2 and 3 are known here")
    set(_library "")
  endif()
endif()
if(_library)
  add_library(onednn::onednn SHARED IMPORTED GLOBAL)
  set_target_properties(onednn::onednn PROPERTIES
    IMPORTED_LOCATION "${_library}" INTERFACE_INCLUDE_DIRECTORIES "${_include}")
  get_filename_component(_dir "${_library}" DIRECTORY)
  if(NOT _dir IN_LIST CMAKE_C_IMPLICIT_LINK_DIRECTORIES AND NOT _root STREQUAL "/usr")
    set(OneDnn_RPATH "${_dir}")
  endif()
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(OneDnn REQUIRED_VARS _library _include
  VERSION_VAR OneDnn_VERSION REASON_FAILURE_MESSAGE "${OneDnn_WHY}")
