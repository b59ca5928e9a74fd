/* tensor_map.h: a tensor map of a matrix, as the programs here want them: or the end. */
#ifndef SIMT_TENSOR_MAP_H
#define SIMT_TENSOR_MAP_H
#include <stdio.h>
#include <stdlib.h>
#include "kernels/tensor_map.cuh"

static CUtensorMap map_of(const struct matrix &m)
{
    CUtensorMap map;
    const char *why = tensor_map(&map, m);

    if (why) printf("%s\n", why), exit(2);
    return map;
}
#endif
