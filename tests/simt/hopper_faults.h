/* hopper_faults.h: the mistakes that are planted into hopper.cu. */
#define FAULTS(X)                                                                                  \
    X(tx_short, "1024 bytes more than expected", "expect_tx 1024 bytes short")                     \
    X(tx_long, "1024 bytes to come", "expect_tx 1024 bytes too many")                              \
    X(tx_a_only, "bytes more than expected|no arrival|wrong", "expect_tx forgets B")               \
    X(parity, "at mbarrier", "consumers wait for the wrong parity")                                \
    X(empty_low, "at mbarrier| wrong", "empty barrier: half the arrivals")                         \
    X(empty_high, "1 of 5 arrivals missing", "empty barrier: one arrival too many")                \
    X(full_high, "1 of 2 arrivals missing", "full barrier: one arrival too many")                  \
    X(release_early, " wrong", "stage released before wgmma is done")                              \
    X(no_empty_wait, "were there already", "producer never waits for empty")                       \
    X(no_full_wait, " wrong", "consumers never wait for full")                                     \
    X(no_wgmma_wait, "while wgmma writes", "accumulators read before wait_group 0")                \
    X(no_wgmma_fence, "without wgmma.fence", "no wgmma.fence")                                     \
    X(no_commit, "while wgmma writes", "no wgmma.commit_group")                                    \
    X(map_swizzle, " wrong", "tensor map without the swizzle")                                     \
    X(slab_swizzle, " wrong", "C staged without the swizzle")                                      \
    X(desc_step, " wrong", "next k16 at +64 instead of +32 bytes")                                 \
    X(desc_differs, "other descriptors", "the warps of a warpgroup name different rows")           \
    X(base, "not a multiple of 128", "stages not rounded up to 1024 bytes")                        \
    X(no_store_wait, " wrong", "C slab overwritten before wait_group.read")                        \
    X(no_last_wait, "while a TMA store reads", "no wait_group.read before the end")                \
    X(no_proxy_fence, "without fence.proxy.async", "no fence.proxy.async before the TMA store")    \
    X(no_slab_barrier, "without fence.proxy.async", "no named barrier before the TMA store")       \
    X(bar_count, "named barrier 1 has 128 of 256", "named barrier for 256 of 128 threads")         \
    X(half_barrier, "named barrier 1 has 96 of 128", "a warp skips the named barrier")             \
    X(mask, "16384 bytes to come", "multicast to the first block only")                            \
    X(leave, "has exited", "no cluster barrier at the end")                                        \
    X(no_init_sync, "no mbarrier was initialised", "no cluster barrier after mbarrier.init")       \
    X(peer_tiles, "8192 bytes to come", "the blocks of a cluster see different tile counts")       \
    X(overwrite, "mbarrier was overwritten", "an mbarrier is overwritten")
