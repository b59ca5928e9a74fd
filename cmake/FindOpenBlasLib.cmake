# FindOpenBlasLib: OpenBLAS and its own headers. Not FindBLAS, which accepts any BLAS: the row is
# named gemm_openblas and records OpenBLAS's core and threads.
#
# Order: the prefix OPENBLAS_ROOT (said by the user, final), .deps/root (made by `make deps-local`),
# the system: Debian's alternatives first, then the directories they choose from.
#
# A build whose names have a prefix or a suffix (scipy_cblas_sgemm of the wheels on PyPI, which
# `make deps-openblas` puts into .deps/openblas) is taken under the usual names.
#
# Sets    OpenBlasLib_FOUND, OpenBlasLib_VERSION, OpenBlasLib_WHY, OpenBlasLib_RPATH (only when it lies
#         where the loader does not look)
# Target  openblas::openblas

set(_triple "${CMAKE_LIBRARY_ARCHITECTURE}")
set(_flavours "" openblas-pthread openblas-openmp openblas-serial openblas)
set(_include_suffixes "")
set(_lib_suffixes "")
foreach(_flavour IN LISTS _flavours)
  list(APPEND _include_suffixes include/${_triple}/${_flavour} include/${_flavour})
  list(APPEND _lib_suffixes lib/${_triple}/${_flavour} lib64/${_flavour} lib/${_flavour})
endforeach()

set(_roots "${CMAKE_SOURCE_DIR}/.deps/root/usr" "$ENV{CONDA_PREFIX}" /usr/local /usr)
foreach(_said IN ITEMS "${OPENBLAS_ROOT}" "$ENV{OPENBLAS_ROOT}")
  if(NOT _said STREQUAL "")
    set(_roots "${_said}")
    break()
  endif()
endforeach()
list(REMOVE_ITEM _roots "")

set(OpenBlasLib_VERSION "")
set(OpenBlasLib_RPATH "")
set(_library "")
set(_include "")
set(OpenBlasLib_WHY
  "OpenBLAS not found: sudo apt-get install libopenblas-dev, or make deps-local (no root)")
foreach(_candidate IN LISTS _roots)
  unset(_library)
  unset(_include)
  find_library(_library NAMES openblas scipy_openblas scipy_openblas64_ openblas64_ PATHS "${_candidate}" PATH_SUFFIXES ${_lib_suffixes}
    NO_DEFAULT_PATH NO_CACHE)
  find_path(_include openblas_config.h PATHS "${_candidate}" PATH_SUFFIXES ${_include_suffixes}
    NO_DEFAULT_PATH NO_CACHE)
  if(_library AND _include AND EXISTS "${_include}/cblas.h")
    set(_root "${_candidate}")   # the loop's own variable is gone behind the loop
    break()
  elseif(_library)
    set(OpenBlasLib_WHY
      "${_library} without openblas_config.h and cblas.h: sudo apt-get install libopenblas-dev")
  endif()
  set(_library "")
  set(_include "")
endforeach()

if(_library)
  file(STRINGS "${_include}/openblas_config.h" _line REGEX "OPENBLAS_VERSION" LIMIT_COUNT 1)
  string(REGEX MATCH "[0-9]+\\.[0-9]+[.0-9a-z]*" OpenBlasLib_VERSION "${_line}")
  set(OpenBlasLib_WHY "OpenBLAS ${OpenBlasLib_VERSION} ${_library}")
  file(STRINGS "${_include}/cblas.h" _line REGEX "cblas_sgemm[0-9_]* *\\(" LIMIT_COUNT 1)
  set(_names "")
  if(_line MATCHES "([A-Za-z0-9_]*)cblas_sgemm([0-9_]*) *\\(")
    set(_prefix "${CMAKE_MATCH_1}")
    set(_suffix "${CMAKE_MATCH_2}")
    if(NOT "${_prefix}${_suffix}" STREQUAL "")
      foreach(_name IN ITEMS cblas_sgemm cblas_dgemm openblas_set_num_threads
          openblas_get_num_threads openblas_get_config openblas_get_corename openblas_get_parallel)
        list(APPEND _names "${_name}=${_prefix}${_name}${_suffix}")
      endforeach()
      string(APPEND OpenBlasLib_WHY ", names as in ${_prefix}cblas_sgemm${_suffix}")
    endif()
  endif()
  add_library(openblas::openblas SHARED IMPORTED GLOBAL)
  set_target_properties(openblas::openblas PROPERTIES
    IMPORTED_LOCATION "${_library}" INTERFACE_INCLUDE_DIRECTORIES "${_include}"
    INTERFACE_COMPILE_DEFINITIONS "${_names}")
  get_filename_component(_dir "${_library}" DIRECTORY)
  if(NOT _dir IN_LIST CMAKE_C_IMPLICIT_LINK_DIRECTORIES AND NOT _root STREQUAL "/usr")
    set(OpenBlasLib_RPATH "${_dir}")
    if(_root MATCHES "/\\.deps/root/usr$")
      list(APPEND OpenBlasLib_RPATH "${_root}/lib/${_triple}")   # libgfortran
    endif()
  endif()
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(OpenBlasLib REQUIRED_VARS _library _include
  VERSION_VAR OpenBlasLib_VERSION REASON_FAILURE_MESSAGE "${OpenBlasLib_WHY}")
