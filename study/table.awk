# table.awk: the document, once read.awk has read everything.

function short(key,    part) {
    split(key, part, "|")
    return "`" part[1] "` " part[2]
}
function shown(v) { return v == "" ? "-" : us(v) }
function own(key, cache, timing) {
    return ((key, cache, timing) in ours) ? us(ours[key, cache, timing]) : "-"
}
function head(    word) {
    print "# Do other clocks agree?\n"
    print "Times of Wheelbench held against other ways of timing the same kernels on the same machine."
    print "Made by `sh study/report.sh RAWDIR`; `study/README.md` says how the raw files came about.\n"
    print "- device: " manifest["name"] ", driver " manifest["driver"] ", " fact["date"]
    print "- suite: " fact["suite"] "; cuBLAS " manifest["cublas"] ", cuDNN " manifest["cudnn"]
    if ("ncu" in fact) print "- ncu: " fact["ncu"] (runs["counters"] ? \
        "; counters from " runs["counters"] " runs of the program" : "")
    if ("framework" in fact) print "- framework: " fact["framework"]
    for (word = 1; word <= skips; word++) print "- not here: " skipped[word]
    print ""
}
function times(    i, m, key, line) {
    print "## Times\n"
    print "us, medians. Ours: batch (a graph of calls) and isolated (one call), cold and hot caches.\n"
    line = "| kernel | batch cold | batch hot | isolated cold | isolated hot |"
    for (m = 1; m <= methods; m++) line = line " " method_of[m] " |"
    print line
    gsub(/[^|]+/, "---:", line)
    sub(/---:/, "---", line)
    print line
    for (i = 1; i <= kernels; i++) {
        key = order[i]
        line = "| " short(key) " | " own(key, "cold", "batch") " | " own(key, "hot", "batch") " | " \
            own(key, "cold", "isolated") " | " own(key, "hot", "isolated") " |"
        for (m = 1; m <= methods; m++) line = line " " shown(got(key, method_of[m])) " |"
        print line
    }
    line = "| a kernel that does nothing | - | " shown(manifest["launch_us_batch"]) " | - | " \
        shown(manifest["launch_us_isolated"]) " |"
    for (m = 1; m <= methods; m++) line = line " " shown(got("null|null", method_of[m])) " |"
    print line "\n"
    for (m = 1; m <= methods; m++) {
        key = method_of[m]
        if (got("null|null", key) == "" || null_time(key) != "") continue
        printf "Null kernel not usable by `%s`: %s us, above the %s us of a kernel that does something.\n\n", \
            key, us(got("null|null", key)), us(least(key))
    }
}

# One ratio: ours is 1; bold beyond the band.
function ratio(key, method,    o, x, b) {
    o = ours_for(key, method)
    x = got(key, method)
    if (o == "" || x == "") return "-"
    b = band(key, method, o)
    return b != "" && abs(x - o) > b ? sprintf("**%.3f**", x / o) : sprintf("%.3f", x / o)
}

function ratios(    i, m, line) {
    print "## Ratios\n"
    print "The other time / ours. `call_*` against isolated, or batch where there is no isolated time;"
    print "the rest against batch. **Bold**: outside the band, that is 1 % and the launch gaps"
    print "(`loop_hot`), 3 % and 0.5 us (`call_*`), 3 % and 1 us (`ncu_*`), 3 % or above 200 us 5 %"
    print "(`torch`). `wall_hot` has no band and is not counted: it holds everything that a caller sees."
    print "The bands are targets, set before anything was measured, but for the launch gaps of `loop_hot`:"
    print "these were narrowed after a first run.\n"
    line = "| kernel |"
    for (m = 1; m <= methods; m++) line = line " " method_of[m] " |"
    print line
    gsub(/[^|]+/, "---:", line)
    sub(/---:/, "---", line)
    print line
    for (i = 1; i <= kernels; i++) {
        line = "| " short(order[i]) " |"
        for (m = 1; m <= methods; m++) line = line " " ratio(order[i], method_of[m]) " |"
        print line
    }
    print ""
}

function counters(    i, key, any) {
    for (i in hit) any = 1
    if (!any) return
    print "## Cold is cold\n"
    print "By ncu, one call: share of L2 lookups that hit, bytes read from DRAM / compulsory bytes (each"
    print "input read once, the output written once), and the SM clock.\n"
    print "| kernel | kernels a call | hit hot | hit cold | DRAM hot | DRAM cold | MHz hot | MHz cold |"
    print "|---|---:|---:|---:|---:|---:|---:|---:|"
    for (i = 1; i <= kernels; i++) {
        key = order[i]
        if (!((key, "hot") in hit) || !(bytes[key] > 0)) continue
        printf "| %s | %d | %.1f %% | %.1f %% | %.2f | %.2f | %.0f | %.0f |\n", short(key), \
            kernels_in(key), hit[key, "hot"], hit[key, "cold"], dram[key, "hot"] / bytes[key], \
            dram[key, "cold"] / bytes[key], mhz[key, "ncu_hot"], mhz[key, "ncu_cold"]
    }
    print ""
}

function base(    i, key, any) {
    for (i = 1; i <= kernels; i++) {
        key = order[i]
        if (!((key, "base_hot") in time && (key, "ncu_hot") in time)) continue
        if (!any++) print "## ncu as it comes\n\nBy default ncu locks the clocks while it profiles.\n"
        printf "- %s: %s us hot, %.3f of ncu with free clocks\n", short(key), \
            us(time[key, "base_hot"]), time[key, "base_hot"] / time[key, "ncu_hot"]
    }
    if (any) print ""
}

# Do ours and the other method put the impls of one problem into the same order?
function ranks(method,    i, j, p, q, a, b, pairs, text) {
    for (i = 1; i <= kernels; i++)
        for (j = i + 1; j <= kernels; j++) {
            split(order[i], p, "|")
            split(order[j], q, "|")
            if (p[2] != q[2] || got(order[i], method) == "" || got(order[j], method) == "") continue
            if (ours_for(order[i], method) == "" || ours_for(order[j], method) == "") continue
            a = ours_for(order[i], method) / ours_for(order[j], method)
            b = got(order[i], method) / got(order[j], method)
            if (abs(a - 1) <= DIFFERENT) continue
            pairs++
            if ((a < 1) == (b < 1)) continue
            text = text sprintf("  - %s: `%s` / `%s` is %.3f, ours %.3f\n", p[2], p[1], q[1], b, a)
        }
    printf "- `%s`: %d pairs, %s\n%s", method, pairs, text == "" ? "the same order" : "but:", text
}

END {
    ncu_finish()
    judge()
    head()
    summary()
    times()
    ratios()
    causes()
    counters()
    base()
    print "## The same winner?\n\nPairs of impls of one problem that differ by more than 3 % in ours.\n"
    ranks("loop_hot")
    ranks("ncu_hot")
    ranks("ncu_cold")
    print "\n## What it took\n"
    for (i = 1; i <= steps; i++) print "- " took[i]
}
