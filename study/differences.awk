# differences.awk: what a reader takes away: how many comparisons are inside their bands, how far
# the methods are from ours on kernels that are long enough, and every difference beyond 3 % under
# the cause that explain.awk found for it.

BEGIN {
    LONG_US = 50   # from here on launches matter little
    name_cause("unknown", "Not explained", "Nothing that was measured predicts these; what was is in the last column.")
    name_cause("overhead", "Method overhead", "The null kernel costs more (or less) by this method than by ours, " \
        "for each kernel of a call. Calls of a batch overlap the end of one kernel with the start of the " \
        "next; ncu times a kernel from start to end, and in a loop of direct launches they do not overlap " \
        "either. Where the host queues null kernels more slowly than the loop runs them, ncu's null kernel stands in.")
    name_cause("host", "Bound by the host", "Queueing a call takes longer than the call; measured in a loop of " \
        "its own, it is within 10 % and 0.5 us of the time seen.")
    name_cause("idle", "One call on an idle device", "The start event is stamped at once, then the device waits " \
        "until the host has queued the kernel: batch hot and the time to queue, to 10 % of the latter; " \
        "where the null kernel is usable, also what events cost it beyond that.")
    name_cause("flush", "Write-back of the flush's dirty lines", "The flush writes; behind one that reads the call is faster.")
    name_cause("clean", "A clean cache", "The call reads as much from DRAM hot as cold. In our cold batch the " \
        "cache is full of dirty output of the call before, which has to be written back; ncu's cold call " \
        "begins with a clean cache. ncu's hot call begins with a dirty one, and takes ours.")
    name_cause("clock", "Another SM clock", "Our time at the other clock, with the method's overhead where named; " \
        "within 3 %, or 5 % where the clocks differ by more than 3 %, since then it also moves within a method. " \
        "The clock of `ncu_*` is that of the counters' run.")
    name_cause("resolution", "Below what the method resolves", "A single call is timed to 0.5 us, `ncu_*` to 1 us.")
}

function name_cause(id, title, text) {
    cause_id[++causes_known] = id
    cause_title[id] = title
    cause_text[id] = text
}

# Every comparison but wall_hot: what a caller sees is no judgement of ours.
function judge(    i, m, key, method, o, x, b) {
    for (i = 1; i <= kernels; i++)
        for (m = 1; m <= methods; m++) {
            key = order[i]
            method = method_of[m]
            o = ours_for(key, method)
            x = got(key, method)
            if (o == "" || x == "" || !band_pct[method]) continue
            b = band(key, method, o)
            banded++
            if (abs(x - o) <= b) inside++
            if (abs(x / o - 1) <= DIFFERENT) continue
            differences++
            explain(key, method, o, x)
            found[cause]++
            rows[cause] = rows[cause] sprintf("| %s | `%s` | %s | %s %s | %s | %.3f | %s | %s |\n", short(key), \
                method, us(x), timing_for(key, method), cache_of[method], us(o), x / o, \
                predicted == "" ? "-" : us(predicted), numbers == "" ? "-" : numbers)
            if (cause == "unknown" && abs(log(x / o)) > worst) {
                worst = abs(log(x / o))
                worst_text = sprintf("%s, `%s` %s us, %.3f of our %s %s", short(key), method, us(x), x / o, \
                    timing_for(key, method), cache_of[method])
            }
        }
}

# "0.986 to 1.049 (9 kernels)" of the long kernels by a method; with `same` only where the clocks agree.
function range(method, same,    i, o, x, low, high, n) {
    for (i = 1; i <= kernels; i++) {
        o = ours_for(order[i], method)
        x = got(order[i], method)
        if (o == "" || x == "" || o < LONG_US || (same && clocks_differ(order[i], method))) continue
        low = !n || x / o < low ? x / o : low
        high = !n || x / o > high ? x / o : high
        n++
    }
    return n ? sprintf("%.3f to %.3f (%d kernel%s)", low, high, n, n == 1 ? "" : "s") : ""
}

function said_range(method, what,    text, same) {
    text = range(method, 0)
    same = range(method, 1)
    if (text == "") return
    printf "- From %d us on, %s (`%s`) gives %s of our %s %s", LONG_US, what, method, text, \
        timing_of[method] == "batch" ? "batch" : "isolated (else batch)", cache_of[method]
    if (same != "" && same != text) printf "; where the SM clocks agree within 3 %%, %s", same
    print "."
}

function summary() {
    print "## Summary\n"
    printf "- %d comparisons have a band, %d are inside it.\n", banded, inside
    printf "- %d differ by more than 3 %%: %d agree with a cause, %d are below what the method resolves, ", \
        differences, differences - found["unknown"] - found["resolution"], found["resolution"]
    printf "%d are not explained.\n", found["unknown"]
    if (worst_text != "") print "- The largest difference that is not explained: " worst_text "."
    said_range("ncu_hot", "ncu")
    said_range("ncu_cold", "ncu behind a flush")
    said_range("loop_hot", "a loop of direct calls between two events")
    said_range("call_hot", "one call between two events")
    print ""
}

function causes(    i, id) {
    if (!differences) return
    print "## Differences beyond 3 %\n"
    print "Times in us. A cause is named where it was measured, predicts the other time within 3 % and"
    print "what the method resolves (0.5 us, `ncu_*` 1 us) unless the cause says otherwise, and makes at"
    print "least half of the difference: the data then agree with it, which is less than a proof. The causes"
    print "and how close they have to come were settled after a first run on an H100 had been looked at;"
    print "a run on that GPU does not test them as one on another does.\n"
    for (i = 1; i <= causes_known; i++) {
        id = cause_id[i]
        if (!found[id]) continue
        print "### " cause_title[id] " (" found[id] ")\n\n" cause_text[id] "\n"
        print "| kernel | method | time | held against | ours | ratio | predicted | numbers |"
        print "|---|---|---:|---|---:|---:|---:|---|"
        print rows[id]
    }
}
