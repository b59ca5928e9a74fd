# FindCudaHostLibs: the CUDA libraries and their C headers, without nvcc and without CMake's CUDA
# language.
#
# FindCUDAToolkit needs nvcc or version.json and unversioned .so names, so it cannot see pip wheels,
# and it takes headers and libraries from different toolkits without a word. This module goes root
# by root: headers, cudart and cuBLAS come from one root and agree in version, or that root is
# passed over and the reason is kept.
#
# Order: CUDAToolkit_ROOT (said by the user, so nothing else is tried), the toolkit of the nvcc in
# use, .deps/cuda, $CUDA_PATH, $CUDA_HOME, $CONDA_PREFIX, /usr/local/cuda, /opt/cuda, /usr
# (distribution packages), wheels of $VIRTUAL_ENV. cuDNN is not part of the toolkit: CUDNN_ROOT or
# CUDNN_PATH if said, else the same root, else the others in that order.
#
# Reads   NVCC_VERSION, NVCC_INCLUDE_DIR (NvccProbe.cmake; may be empty)
# Sets    CudaHostLibs_FOUND, CudaHostLibs_VERSION (of the headers: 13.0), CudaHostLibs_INCLUDE_DIR,
#         CudaHostLibs_WHY, CudaHostLibs_cudnn_VERSION (9.14.0; empty if absent),
#         CudaHostLibs_cudnn_WHY, CudaHostLibs_RPATH
# Targets cudahost::cudart cudahost::cublas cudahost::cublasLt; if found cudahost::nvrtc and
#         cudahost::cudnn, the latter only with the former: cuDNN opens libnvrtc by its bare name,
#         and a RUNPATH does not help a library's own dlopen, but a library that is already loaded
#         is found. Without it cuDNN silently loses its run-time engines and is a weaker rival. So
#         whoever uses cuDNN calls nvrtcVersion() once, which keeps it linked under --as-needed.

set(_include_suffixes include targets/${CMAKE_SYSTEM_PROCESSOR}-linux/include
  targets/sbsa-linux/include)
set(_lib_suffixes lib64 lib targets/${CMAKE_SYSTEM_PROCESSOR}-linux/lib targets/sbsa-linux/lib
  lib/${CMAKE_LIBRARY_ARCHITECTURE})

# The number behind "#define <macro>" in a header, or empty.
function(_cudahost_macro out file macro)
  set(value "")
  if(EXISTS "${file}")
    file(STRINGS "${file}" line REGEX "^ *# *define +${macro} +[0-9]+" LIMIT_COUNT 1)
    string(REGEX MATCH "[0-9]+ *$" value "${line}")
    string(STRIP "${value}" value)
  endif()
  set(${out} "${value}" PARENT_SCOPE)
endfunction()

# lib<name> of soname major <major> under <root>; the versioned name first, for wheels and runtime
# packages have no other.
function(_cudahost_library out root name major)
  unset(path)   # find_library() leaves a variable alone that the caller has already set
  find_library(path NAMES lib${name}.so.${major} ${name} NAMES_PER_DIR PATHS "${root}"
    PATH_SUFFIXES ${_lib_suffixes} NO_DEFAULT_PATH NO_CACHE)
  set(${out} "${path}" PARENT_SCOPE)
endfunction()

# 13 for .../libcublas.so -> libcublas.so.13.1.0.3; empty when the file name does not tell.
function(_cudahost_soname_major out path)
  get_filename_component(real "${path}" REALPATH)
  string(REGEX MATCH "\\.so\\.([0-9]+)" _ "${real}")
  set(${out} "${CMAKE_MATCH_1}" PARENT_SCOPE)
endfunction()

function(_cudahost_import name path include)
  if(NOT TARGET cudahost::${name})
    add_library(cudahost::${name} SHARED IMPORTED GLOBAL)
    set_target_properties(cudahost::${name} PROPERTIES
      IMPORTED_LOCATION "${path}" INTERFACE_INCLUDE_DIRECTORIES "${include}")
  endif()
endfunction()

# One root: sets _why (empty when it fits), _include, _version and _cudart, _cublas, _cublasLt in
# the caller.
function(_cudahost_try root)
  set(_why "" PARENT_SCOPE)
  unset(include)
  find_path(include cuda_runtime_api.h PATHS "${root}" PATH_SUFFIXES ${_include_suffixes}
    NO_DEFAULT_PATH NO_CACHE)
  if(NOT include)
    set(_why "no cuda_runtime_api.h" PARENT_SCOPE)
    return()
  endif()
  _cudahost_macro(v "${include}/cuda_runtime_api.h" CUDART_VERSION)
  math(EXPR major "${v} / 1000")
  math(EXPR minor "${v} % 1000 / 10")
  set(version "${major}.${minor}")
  foreach(header IN ITEMS crt/host_defines.h cublas_v2.h cublasLt.h)
    if(NOT EXISTS "${include}/${header}")
      set(_why "CUDA ${version} without ${header}: a runtime-only install" PARENT_SCOPE)
      return()
    endif()
  endforeach()
  if(NOT EXISTS "${include}/nv/target")
    if(NOT EXISTS "${include}/cccl/nv/target")
      set(_why "CUDA ${version} without nv/target: the CCCL headers are missing" PARENT_SCOPE)
      return()
    endif()
    list(APPEND include "${include}/cccl")
  endif()
  foreach(name IN ITEMS cudart cublas cublasLt)
    set(wanted ${major})
    if(name STREQUAL "cudart" AND major EQUAL 11)
      set(wanted 11.0)
    endif()
    _cudahost_library(path "${root}" ${name} ${wanted})
    if(NOT path)
      set(_why "headers ${version} but no lib${name}.so.${wanted}" PARENT_SCOPE)
      return()
    endif()
    _cudahost_soname_major(so "${path}")
    if(NOT so STREQUAL "" AND NOT so EQUAL major)
      set(_why "headers ${version} but ${path} is of CUDA ${so}" PARENT_SCOPE)
      return()
    endif()
    set(_${name} "${path}" PARENT_SCOPE)
  endforeach()
  if(NVCC_VERSION AND NOT NVCC_VERSION MATCHES "^${major}\\.${minor}\\.")
    set(_why "CUDA ${version}, but nvcc is ${NVCC_VERSION}" PARENT_SCOPE)
    return()
  endif()
  set(_include "${include}" PARENT_SCOPE)
  set(_version "${version}" PARENT_SCOPE)
endfunction()

# Where to look, in order; a final list has one entry.
set(_nvcc_root "")
if(NVCC_INCLUDE_DIR)
  get_filename_component(_nvcc_root "${NVCC_INCLUDE_DIR}" DIRECTORY)
endif()
file(GLOB _wheels "$ENV{VIRTUAL_ENV}/lib/python3*/site-packages/nvidia/cu[0-9]*")
set(_roots "${_nvcc_root}" "${CMAKE_SOURCE_DIR}/.deps/cuda" "$ENV{CUDA_PATH}" "$ENV{CUDA_HOME}"
  "$ENV{CONDA_PREFIX}" /usr/local/cuda /opt/cuda /usr ${_wheels})
if(CUDAToolkit_ROOT)
  set(_roots "${CUDAToolkit_ROOT}")
elseif(NOT "$ENV{CUDAToolkit_ROOT}" STREQUAL "")
  set(_roots "$ENV{CUDAToolkit_ROOT}")
endif()
list(REMOVE_ITEM _roots "")
list(REMOVE_DUPLICATES _roots)

set(CudaHostLibs_VERSION "")
set(_passed "")
set(_root "")
foreach(_candidate IN LISTS _roots)
  _cudahost_try("${_candidate}")
  if(_why STREQUAL "")
    set(_root "${_candidate}")
    break()
  elseif(NOT _why STREQUAL "no cuda_runtime_api.h")
    list(APPEND _passed "${_candidate}: ${_why}")
  endif()
endforeach()
list(JOIN _passed "; " _passed)

if(_root)
  set(CudaHostLibs_VERSION "${_version}")
  set(CudaHostLibs_INCLUDE_DIR "${_include}")
  set(CudaHostLibs_WHY "CUDA ${_version} ${_root}")
  if(_passed)
    string(APPEND CudaHostLibs_WHY " (passed over ${_passed})")
  endif()
  foreach(_name IN ITEMS cudart cublas cublasLt)
    _cudahost_import(${_name} "${_${_name}}" "${_include}")
  endforeach()
  string(REGEX MATCH "^[0-9]+" _major "${_version}")
  list(GET _include 0 _first_include)
  _cudahost_library(_nvrtc "${_root}" nvrtc ${_major})
  if(_nvrtc AND EXISTS "${_first_include}/nvrtc.h")
    _cudahost_import(nvrtc "${_nvrtc}" "${_include}")
  endif()
elseif(_passed)
  set(CudaHostLibs_WHY "refused: ${_passed}")
else()
  list(JOIN _roots ", " _looked)
  set(CudaHostLibs_WHY "no cuda_runtime_api.h under ${_looked}")
endif()

# cuDNN: its own search, the same rule of one root for header and library.
set(CudaHostLibs_cudnn_VERSION "")
set(CudaHostLibs_cudnn_WHY "needs the CUDA libraries")
set(_cudnn "")
if(_root)
  set(CudaHostLibs_cudnn_WHY "no cudnn.h; cuDNN is not part of the CUDA Toolkit")
  file(GLOB _wheels "$ENV{VIRTUAL_ENV}/lib/python3*/site-packages/nvidia/cudnn")
  set(_cudnn_roots "${_root}" ${_roots} /usr/local/cuda /usr ${_wheels})
  foreach(_said IN ITEMS "${CUDNN_ROOT}" "${CUDNN_PATH}" "$ENV{CUDNN_ROOT}" "$ENV{CUDNN_PATH}")
    if(NOT _said STREQUAL "")
      set(_cudnn_roots "${_said}")
      break()
    endif()
  endforeach()
  list(REMOVE_DUPLICATES _cudnn_roots)
  foreach(_candidate IN LISTS _cudnn_roots)
    unset(_cudnn_include)
    find_path(_cudnn_include cudnn_version.h PATHS "${_candidate}" PATH_SUFFIXES ${_include_suffixes}
      include/${CMAKE_LIBRARY_ARCHITECTURE} NO_DEFAULT_PATH NO_CACHE)
    if(NOT _cudnn_include)
      continue()
    endif()
    foreach(_part IN ITEMS MAJOR MINOR PATCHLEVEL)
      _cudahost_macro(_cudnn_${_part} "${_cudnn_include}/cudnn_version.h" CUDNN_${_part})
    endforeach()
    set(_version "${_cudnn_MAJOR}.${_cudnn_MINOR}.${_cudnn_PATCHLEVEL}")
    _cudahost_library(_cudnn "${_candidate}" cudnn ${_cudnn_MAJOR})
    if(NOT _cudnn)
      set(CudaHostLibs_cudnn_WHY
        "headers ${_version} in ${_cudnn_include} but no libcudnn.so.${_cudnn_MAJOR} under ${_candidate}")
      continue()
    endif()
    get_filename_component(_real "${_cudnn}" REALPATH)
    string(REGEX MATCH "\\.so\\.([0-9.]+)$" _ "${_real}")   # 9.14.0 in a package, only 9 in a wheel
    set(_so "${CMAKE_MATCH_1}")
    if(_so MATCHES "\\." AND _so VERSION_LESS _version
        OR _so AND NOT _so MATCHES "^${_cudnn_MAJOR}(\\.|$)")
      set(CudaHostLibs_cudnn_WHY
        "refused: headers ${_version} in ${_cudnn_include} but the library is ${_real}")
      set(_cudnn "")
      continue()
    endif()
    if(NOT TARGET cudahost::nvrtc)
      set(CudaHostLibs_cudnn_WHY "refused: cuDNN ${_version} without libnvrtc.so.${_major} and nvrtc.h,\
 which its run-time engines need: install cuda-nvrtc of the toolkit's release")
      set(_cudnn "")
      break()
    endif()
    _cudahost_import(cudnn "${_cudnn}" "${_cudnn_include};${CudaHostLibs_INCLUDE_DIR}")
    set(CudaHostLibs_cudnn_VERSION "${_version}")
    set(CudaHostLibs_cudnn_WHY "cuDNN ${_version} ${_cudnn}")
    break()
  endforeach()
endif()

# CMake writes no RUNPATH for directories that nvcc searches by itself, so the program would not
# start where ldconfig does not know them: set it by hand. Directories the loader always searches
# are left out.
set(CudaHostLibs_RPATH "")
if(_root)
  foreach(_path IN ITEMS "${_cudart}" "${_cublas}" "${_cublasLt}" "${_cudnn}")
    if(_path)
      get_filename_component(_dir "${_path}" DIRECTORY)
      get_filename_component(_real "${_dir}" REALPATH)
      if(NOT _real IN_LIST CMAKE_C_IMPLICIT_LINK_DIRECTORIES
          AND NOT _dir IN_LIST CMAKE_C_IMPLICIT_LINK_DIRECTORIES)
        list(APPEND CudaHostLibs_RPATH "${_dir}")
      endif()
    endif()
  endforeach()
  list(REMOVE_DUPLICATES CudaHostLibs_RPATH)
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(CudaHostLibs REQUIRED_VARS _root CudaHostLibs_INCLUDE_DIR
  VERSION_VAR CudaHostLibs_VERSION REASON_FAILURE_MESSAGE "${CudaHostLibs_WHY}")
