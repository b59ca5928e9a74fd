/* element.cuh: from a precision to a C++ type and back. A kernel is a template over the storage
 * type T and sums in accumulator<T>: f64 in f64, all others in f32. */
#ifndef WHEELBENCH_ELEMENT_CUH
#define WHEELBENCH_ELEMENT_CUH
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_runtime.h>
#include "wheelbench.h"

template <class T> struct accumulator_of {
    typedef float type;
};
template <> struct accumulator_of<double> {
    typedef double type;
};
template <class T> using accumulator = typename accumulator_of<T>::type;

/* Calls f(T()) with the storage type of p. */
template <class F> void with_storage(enum precision p, F f)
{
    switch (p) {
    case F64: f(double()); break;
    case F16: f(__half()); break;
    case BF16: f(__nv_bfloat16()); break;
    default: f(float()); break;
    }
}
#endif
