# read.awk: the raw files of one study into tables; report.sh names the kind of each file before it.
# A kernel's key is "impl|problem". Times in us.
#   order[1..kernels]             keys, as listed              fact[word], skipped[i], took[i]
#   ours[key,cache,timing]        and ours_mhz[...], bytes[key]   manifest[word]
#   time[key,method]              also ncu_hot, ncu_cold, base_hot, base_cold; mhz[key,method]
#   per_call[key]                 kernels that ncu saw in one call
#   runs[run]                     of the program under ncu
#   hit[key,cache], dram[key,cache]   L2 hit rate in %, bytes read from DRAM in one call

# The fields of a CSV line into f[1..]; a field may be quoted.
function csv(line, f,    n, c, i, quoted) {
    n = 1
    f[1] = ""
    for (i = 1; i <= length(line); i++) {
        c = substr(line, i, 1)
        if (c == "\"") quoted = !quoted
        else if (c == "," && !quoted) f[++n] = ""
        else f[n] = f[n] c
    }
    return n
}

# Median of the numbers in a text, blanks between.
function median(text,    v, n, i, j, x) {
    n = split(text, v, " ")
    for (i = 2; i <= n; i++) {
        x = v[i] + 0
        for (j = i - 1; j >= 1 && v[j] + 0 > x; j--) v[j + 1] = v[j]
        v[j + 1] = x
    }
    return n % 2 ? v[(n + 1) / 2] + 0 : (v[n / 2] + v[n / 2 + 1]) / 2
}

{ sub(/\r$/, "") }
FNR == 1 { heads = 0 }

kind == "facts" {
    value = $0
    sub(/^[^\t]*\t/, "", value)
    word = $0
    sub(/\t.*/, "", word)
    if (word == "skipped") skipped[++skips] = value
    else if (word == "took") took[++steps] = value
    else fact[word] = value
}

kind == "kernels" {
    sub(/#.*/, "")
    gsub(/^ +| +$/, "")
    if ($0 == "") next
    word = $1
    sub(/^[^ ]+ +/, "")
    order[++kernels] = word "|" $0
}

kind == "events" && FNR > 1 {
    csv($0, f)
    key = f[2] "|" f[1]
    # the null kernel comes twice, before and after all others: the smaller counts
    if ((key, f[3]) in time && time[key, f[3]] <= f[5] + 0) next
    time[key, f[3]] = f[5] + 0
    if (f[8] != "") mhz[key, f[3]] = f[8] + 0
}

kind == "results" {
    n = csv($0, f)
    if (FNR == 1) {
        for (i = 1; i <= n; i++) at[f[i]] = i
        next
    }
    if (f[at["status"]] != "ok") next
    key = f[at["impl"]] "|" f[at["op"]] " " f[at["precision"]] " " f[at["layout"]] " " f[at["shape"]]
    bytes[key] = f[at["bytes"]] + 0
    cell = key SUBSEP f[at["cache"]] SUBSEP f[at["timing"]]
    ours[cell] = f[at["t_med_us"]] + 0
    if (f[at["sm_mhz"]] != "") ours_mhz[cell] = f[at["sm_mhz"]] + 0
}

# Plain lines "word": value, as the manifest writes them; the first of a name counts.
kind == "manifest" && /^ *"[a-z_0-9]+": *[^{[]/ {
    word = $0
    sub(/^ *"/, "", word)
    sub(/".*/, "", word)
    value = $0
    sub(/^[^:]*: */, "", value)
    gsub(/^"|"?,?$/, "", value)
    if (!(word in manifest)) manifest[word] = value
}

kind == "marks" && FNR > 1 {
    csv($0, f)
    mark_key[run, ++marks[run]] = f[2] "|" f[1]
    mark_cache[run, marks[run]] = f[3]
}

# ---- ncu: one line a metric of a kernel; study_marker opens a call ----

# To us, bytes or MHz.
function scale(unit) {
    if (unit ~ /^n(s|second)$/) return 1e-3
    if (unit ~ /^m(s|second)$/) return 1e3
    if (unit ~ /^s(econd)?$/) return 1e6
    if (unit ~ /^[Kk]byte$/) return 1e3
    if (unit ~ /^Mbyte$/) return 1e6
    if (unit ~ /^Gbyte$/) return 1e9
    if (unit ~ /^([Hh]z|cycle\/s(econd)?)$/) return 1e-6
    if (unit ~ /^([Gg][Hh]z|cycle\/n(s|second))$/) return 1e3
    return 1
}

# in application replay each pass is a run of the program, and ncu connects to each
kind == "ncu" && /^==PROF== Connected to process/ { runs[run]++ }

kind == "ncu" && /^"ID",/ {
    n = csv($0, f)
    for (i = 1; i <= n; i++) col[f[i]] = i
    heads = 1
    last_id = ""
    next
}

kind == "ncu" && heads && /^"[0-9]+",/ {
    csv($0, f)
    c = calls[run]
    is_new = f[1] != last_id
    last_id = f[1]
    if (is_new) {
        is_marker = f[col["Kernel Name"]] ~ /study_marker/
        # the call of "null" is a marker itself
        if (is_marker && c && mark_key[run, c] == "null|null" && !seen[run, c]) is_marker = 0
        if (is_marker) c = ++calls[run]
        else seen[run, c]++
    }
    if (is_marker) next
    value = f[col["Metric Value"]]
    gsub(/,/, "", value)
    sum[run, c, f[col["Metric Name"]]] += value * scale(f[col["Metric Unit"]])
}

function ncu_list(run, metric, mean,    i, k, whole) {
    split("", list)
    whole = calls[run] < marks[run] ? calls[run] - 1 : marks[run]   # the last may be cut short
    for (i = 1; i <= whole; i++) {
        if (!seen[run, i] || !((run, i, metric) in sum)) continue
        k = mark_key[run, i] SUBSEP mark_cache[run, i]
        list[k] = list[k] " " sum[run, i, metric] / (mean ? seen[run, i] : 1)
        per_call[mark_key[run, i]] = seen[run, i]
    }
}

# The medians over the calls, once all is read.
function ncu_finish(    k, part) {
    ncu_list("time", "gpu__time_duration.sum", 0)
    for (k in list) { split(k, part, SUBSEP); time[part[1], "ncu_" part[2]] = median(list[k]) }
    ncu_list("base", "gpu__time_duration.sum", 0)
    for (k in list) { split(k, part, SUBSEP); time[part[1], "base_" part[2]] = median(list[k]) }
    ncu_list("counters", "sm__cycles_elapsed.avg.per_second", 1)
    for (k in list) { split(k, part, SUBSEP); mhz[part[1], "ncu_" part[2]] = median(list[k]) }
    ncu_list("counters", "lts__t_sector_hit_rate.pct", 1)
    for (k in list) hit[k] = median(list[k])
    ncu_list("counters", "dram__bytes_read.sum", 0)
    for (k in list) dram[k] = median(list[k])
}
