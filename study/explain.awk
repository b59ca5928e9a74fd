# explain.awk: which time is held against which of ours, within what, and what the data say where it
# differs. A cause is named only if it is measured, predicts the other time, and accounts for at
# least half of the difference; else the difference is "not explained".

function compare(method, cache, timing, pct, abs_us) {
    method_of[++methods] = method
    cache_of[method] = cache
    timing_of[method] = timing
    band_pct[method] = pct
    band_us[method] = abs_us
    resolved_us[method] = abs_us > 0 ? abs_us : 0.5
}

BEGIN {
    DIFFERENT = 0.03   # beyond this a difference has to be explained
    compare("loop_hot", "hot", "batch", 0.01, 0)
    compare("call_hot", "hot", "isolated", 0.03, 0.5)
    compare("call_cold", "cold", "isolated", 0.03, 0.5)
    compare("call_cold_read", "cold", "isolated", 0.03, 0.5)
    compare("wall_hot", "hot", "batch", 0, 0)   # no band: it holds all that a caller sees
    compare("ncu_hot", "hot", "batch", 0.03, 1)
    compare("ncu_cold", "cold", "batch", 0.03, 1)
    compare("torch", "hot", "batch", 0.03, 0)
}

function abs(v) { return v < 0 ? -v : v }
function larger(v, w) { return v > w ? v : w }
function us(v) {
    v += 0   # what a file says is text
    return sprintf(abs(v) < 10 ? "%.2f" : abs(v) < 100 ? "%.1f" : "%.0f", v)
}
function got(key, method) { return ((key, method) in time) ? time[key, method] : "" }

# The timing of ours that a method is held against: isolated where there is one.
function timing_for(key, method) {
    if ((key, cache_of[method], timing_of[method]) in ours) return timing_of[method]
    return "batch"
}

function our_cell(key, method) {
    return key SUBSEP cache_of[method] SUBSEP timing_for(key, method)
}

function ours_for(key, method,    cell) {
    cell = our_cell(key, method)
    return cell in ours ? ours[cell] : ""
}

# The shortest time of a real kernel by a method; "" where there is none.
function least(method,    i, x, low) {
    low = ""
    for (i = 1; i <= kernels; i++) {
        x = got(order[i], method)
        if (x != "" && (low == "" || x < low)) low = x
    }
    return low
}

# A kernel that does nothing, by a method; "" where that is longer than a kernel that does something.
function null_time(method,    x, low) {
    x = got("null|null", method)
    low = least(method)
    return x != "" && low != "" && x > low ? "" : x
}

# Is a loop that takes x us a call what the host needs to queue one? The queueing is measured in a
# loop of its own, hence the room.
function queued(x, queue) { return abs(x - queue) <= 0.1 * x + 0.5 }

# The method whose null kernel says what a kernel costs. A loop of direct launches says it only if
# the host is faster than the null kernel; else ncu does, from the start of a kernel to its end.
function null_method(method,    n, queue) {
    if (method == "torch") method = "loop_hot"
    n = null_time(method)
    queue = got("null|null", "enqueue")
    return method == "loop_hot" && n != "" && queue != "" && queued(n, queue) ? "ncu_hot" : method
}

# What a kernel that does nothing costs by this method more than by ours; "" if either is not known.
function null_cost(key, method,    n, floor_us) {
    n = null_time(null_method(method))
    floor_us = manifest["launch_us_" timing_for(key, method)]
    return n == "" || floor_us + 0 <= 0 ? "" : n - floor_us
}

function kernels_in(key) { return per_call[key] > 1 ? per_call[key] : 1 }

# Half-width of the band in us; "" where there is none.
function band(key, method, o,    pct, gap) {
    pct = band_pct[method]
    if (!pct) return ""
    if (method == "torch" && o > 200) pct = 0.05
    gap = method == "loop_hot" ? null_cost(key, method) * kernels_in(key) : 0
    return pct * o + band_us[method] + (gap > 0 ? gap : 0)
}

function our_mhz(key, method) { return ours_mhz[our_cell(key, method)] + 0 }
function other_mhz(key, method) { return mhz[key, method] + 0 }

# Do the SM clocks of both differ by more than 3 %? No, if one is not known.
function clocks_differ(key, method,    a, b) {
    a = our_mhz(key, method)
    b = other_mhz(key, method)
    return a > 0 && b > 0 && abs(b / a - 1) > DIFFERENT
}

# "another cuDNN (9.19.0; ours 9.14.0)" if the framework's is one, else "".
function other_cudnn(key, method,    v) {
    if (method != "torch" || key !~ /cudnn/ || !match(fact["framework"], /cuDNN [0-9]+/)) return ""
    v = substr(fact["framework"], RSTART + 6, RLENGTH - 6) + 0
    v = int(v / 10000) "." int(v % 10000 / 100) "." v % 100   # as cudnn.h numbers them since 9
    return v == manifest["cudnn"] ? "" : "another cuDNN (" v "; ours " manifest["cudnn"] ")"
}

# One call on an idle device, its start event stamped at once: the first kernel waits until the host
# has queued it, the last until the host has queued all; kernels of a call taken as equally long.
function idle_call(key, queue,    o, k, extra) {
    o = ours[key, "hot", "batch"]
    k = kernels_in(key)
    extra = 0
    if (null_time("call_hot") != "" && null_time("enqueue") != "" && manifest["launch_us_batch"] > 0)
        extra = null_time("call_hot") - null_time("enqueue") - manifest["launch_us_batch"]
    return larger(queue / k + o, queue + o / k) + larger(extra, 0)
}

# Is `guess`, made of our o, the time x? Then it is what the difference is put down to.
function explains(name, guess, o, x, room, text) {
    if (abs(x - guess) > room || abs(guess - o) < abs(x - o) / 2) return 0
    cause = name
    predicted = guess
    numbers = text
    return 1
}

# Sets cause, predicted ("" if nothing predicts it) and numbers for x against o.
function explain(key, method, o, x,    c, k, queue, mo, mx, room, dirty, null_text, clock_text, guess) {
    c = null_cost(key, method)
    k = method ~ /^(ncu|loop|torch)/ ? kernels_in(key) : 1
    queue = got(key, method == "torch" ? "torch_enqueue" : "enqueue")
    room = DIFFERENT * x + resolved_us[method]
    mo = our_mhz(key, method)
    mx = other_mhz(key, method)
    if (mo > 0 && mx > 0) clock_text = sprintf("%.0f MHz there, %.0f in ours", mx, mo)
    # numbers as text: of the null kernel, of the clocks
    if (c != "") null_text = sprintf("null kernel %s by %s, %s by ours%s", \
        us(null_time(null_method(method))), null_method(method), \
        us(manifest["launch_us_" timing_for(key, method)]), k > 1 ? "; " k " kernels a call" : "")

    if (method ~ /^(loop|torch)/ && queue > o + k * c && queued(x, queue) &&
        explains("host", queue, o, x, 0.1 * x + 0.5, "queueing a call takes the host " us(queue))) return
    if (c != "" && explains("overhead", o + k * c, o, x, room, null_text)) return
    if (method == "call_hot" && queue > 0 && (key, "hot", "batch") in ours &&
        explains("idle", idle_call(key, queue), o, x, 0.1 * queue + room, \
            "queueing a call takes the host " us(queue) ", batch hot " us(ours[key, "hot", "batch"]) \
            (null_time("call_hot") == "" ? "" : ", null kernel " us(null_time("call_hot")) " by call_hot") \
            (kernels_in(key) > 1 ? "; " kernels_in(key) " kernels a call" : ""))) return
    if (method == "call_cold" && got(key, "call_cold_read") != "") {
        dirty = x - time[key, "call_cold_read"]
        if (explains("flush", o + c + dirty, o, x, room, us(dirty) " less behind a flush that reads")) return
    }
    # both of ncu's calls read as much from DRAM, and its hot one, which also begins with the dirty
    # output of a call before, takes ours
    if (method == "ncu_cold" && x < o && got(key, "ncu_hot") != "" &&
        dram[key, "hot"] > 0.05 * bytes[key] && abs(dram[key, "cold"] / dram[key, "hot"] - 1) <= 0.05 &&
        explains("clean", o - (time[key, "ncu_hot"] - x), o, x, room, \
            sprintf("DRAM reads cold / hot %.2f; ours by ncu_hot: %s", \
                dram[key, "cold"] / dram[key, "hot"], us(time[key, "ncu_hot"])))) {
        predicted = ""   # it is ours that is predicted
        return
    }
    if (clock_text != "") {
        if (clocks_differ(key, method)) room = 0.05 * x + resolved_us[method]
        guess = o * mo / mx
        if (explains("clock", guess, o, x, room, clock_text)) return
        if (c != "" && explains("clock", guess + k * c, o, x, room, clock_text "; " null_text)) return
    }
    cause = abs(x - o) <= resolved_us[method] ? "resolution" : "unknown"
    predicted = ""
    numbers = other_cudnn(key, method)
    if (numbers == "" && queue > 0 && method ~ /^(loop|torch|call_hot)/)
        numbers = "queueing a call takes the host " us(queue)
    if (clock_text != "") numbers = numbers (numbers == "" ? "" : "; ") clock_text
}
