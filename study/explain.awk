# explain.awk: which time is held against which of ours, within what, and what the data say where it
# differs. A cause is named only if it is measured, predicts the other time, and accounts for at
# least half of the difference; else the difference is "not explained".

function compare(method, cache, timing, pct, abs_us) {
    method_of[++methods] = method
    cache_of[method] = cache
    timing_of[method] = timing
    band_pct[method] = pct
    band_us[method] = abs_us
}

BEGIN {
    DIFFERENT = 0.03   # beyond this a line has to explain it
    compare("loop_hot", "hot", "batch", 0.01, 0)
    compare("call_hot", "hot", "isolated", 0.03, 0.5)
    compare("call_cold", "cold", "isolated", 0.03, 0.5)
    compare("call_cold_read", "cold", "isolated", 0.03, 0.5)
    compare("wall_hot", "hot", "batch", 0, 0)   # no band, no line: it holds all that a caller sees
    compare("ncu_hot", "hot", "batch", 0.03, 1)
    compare("ncu_cold", "cold", "batch", 0.03, 1)
    compare("torch", "hot", "batch", 0.03, 0)
}

function abs(v) { return v < 0 ? -v : v }
function us(v) {
    v += 0   # what a file says is text
    return sprintf(abs(v) < 10 ? "%.2f" : abs(v) < 100 ? "%.1f" : "%.0f", v)
}

# The timing of ours that a method is held against: isolated where there is one.
function timing_for(key, method) {
    if ((key, cache_of[method], timing_of[method]) in ours) return timing_of[method]
    return "batch"
}

function ours_for(key, method,    cell) {
    cell = key SUBSEP cache_of[method] SUBSEP timing_for(key, method)
    return cell in ours ? ours[cell] : ""
}

# What a kernel that does nothing costs by this method more than by ours; "" if either is not known.
# A framework's loop of direct launches is like loop_hot.
function null_cost(key, method,    floor_name) {
    floor_name = "launch_us_" timing_for(key, method)
    if (method == "torch") method = "loop_hot"
    if (!(("null|null", method) in time) || manifest[floor_name] + 0 <= 0) return ""
    return time["null|null", method] - manifest[floor_name]
}

function kernels_in(key) { return per_call[key] > 1 ? per_call[key] : 1 }

# Half-width of the band in us; "" where there is none.
function band(key, method, o,    pct, gap) {
    pct = band_pct[method]
    if (!pct) return ""
    if (method == "torch" && o > 200) pct = 0.05
    gap = 0
    if (method == "loop_hot") gap = null_cost(key, method) * kernels_in(key)
    return pct * o + band_us[method] + (gap > 0 ? gap : 0)
}

# Does a cause that would make our o into `guess` explain the time x? To `within` of it (3 %) and what
# the method resolves.
function explains(guess, o, x, method, within) {
    if (!within) within = DIFFERENT
    return abs(x - guess) <= within * x + band_us[method] && abs(guess - o) >= abs(x - o) / 2
}

# 1: by ncu a call reads as much DRAM whether the cache holds the last call's data or not.
function never_fits(key,    h, c) {
    if (!((key, "hot") in dram && (key, "cold") in dram)) return 0
    h = dram[key, "hot"] + 0
    c = dram[key, "cold"] + 0
    return c > 0 && abs(h - c) <= 0.05 * c
}

# One line of text on x against o, or "not explained: ..." with what was looked at.
function explain(key, method, o, x,    c, k, queue, own_queue, mo, mx, looked, guess, dirty, cell) {
    looked = ""
    c = null_cost(key, method)
    k = method ~ /^(ncu|loop|torch)/ ? kernels_in(key) : 1
    queue = method == "torch" ? time[key, "torch_enqueue"] : time[key, "enqueue"]
    own_queue = queue - time["null|null", "enqueue"]
    cell = key SUBSEP cache_of[method] SUBSEP timing_for(key, method)
    mo = ours_mhz[cell] + 0
    mx = mhz[key, method] + 0

    if (c != "") {
        guess = o + k * c
        looked = looked sprintf("; a null kernel costs %s us by this method and %s by ours", \
            us(c + manifest["launch_us_" timing_for(key, method)]), us(manifest["launch_us_" timing_for(key, method)]))
        if (k > 1) looked = looked " (" k " kernels a call)"
        if (explains(guess, o, x, method)) return "method overhead" looked
    }
    if ((method == "loop_hot" || method == "torch") && queue > 0) {
        looked = looked sprintf("; the host needs %s us to queue a call", us(queue))
        # queueing is timed in a loop of its own: 10 % and half a microsecond
        if (queue > o && explains(queue, o, x - (x > queue ? 0.5 : -0.5), method, 0.1)) return "bound by the host" looked
    }
    if ((method == "call_hot" || method == "wall_hot") && queue > 0 && c != "") {
        looked = looked sprintf("; queueing this call takes the host %s us more than the null kernel", \
            us(own_queue))
        if (explains(o + c + own_queue, o, x, method)) return "method overhead and queueing" looked
    }
    if (method == "call_cold" && c != "" && ((key, "call_cold_read") in time)) {
        dirty = x - time[key, "call_cold_read"]
        looked = looked sprintf("; behind a flush that reads instead of writing it takes %s us less", \
            us(dirty))
        if (explains(o + c + dirty, o, x, method)) return "write-back of the flush's dirty lines" looked
    }
    if (method == "ncu_cold" && never_fits(key)) {
        looked = looked sprintf("; it reads as much DRAM hot, where ncu sees %s us", us(time[key, "ncu_hot"]))
        if (explains(time[key, "ncu_hot"], x, o, method))
            return "ours begins in a cache full of the last call's output, which must be written back" looked
    }
    if (mo > 0 && mx > 0) {
        guess = o * mo / mx
        looked = looked sprintf("; SM clock %.0f MHz there, %.0f in ours", mx, mo)
        # at the power limit the clock moves within a measurement: 5 %
        if (explains(guess, o, x, method, abs(mx / mo - 1) > DIFFERENT ? 0.05 : DIFFERENT))
            return "clock" looked
        if (c != "" && explains(guess + k * c, o, x, method)) return "clock and method overhead" looked
    }
    if (method == "torch" && key ~ /cudnn/) looked = looked "; another cuDNN there: " fact["framework"]
    return "**not explained**" (looked == "" ? ": nothing was measured that could tell" : looked)
}
