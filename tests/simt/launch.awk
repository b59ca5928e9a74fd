# launch.awk: makes a .cu or .cuh file readable for a C++ compiler, with simt.h in place of CUDA.
# Line numbers stay, and a first #line names the file, so that every report points into the kernel.
#   kernel<<<grid, block, shared, stream>>>(args);  a call of simt_launch
#   extern __shared__ [__align__(n)] T name[];      a pointer to the block's dynamic shared memory
#   __shared__ T name[n], other;                    the same, and simt::shared(name) for each
#   __global__                                      static, so that ASan guards the __shared__
#                                                   arrays of templates too
#   __noinline__                                    an attribute; as a macro it breaks libstdc++
#   __cluster_dims__(x, y, z)                       simt::this_cluster(x, y, z) in the kernel
# All but the last may go on over several lines.
BEGIN {
    declaration = "(^|[;{}])[ ]*((extern|static|const|volatile|" \
                  "(alignas|__align__)[ ]*[(][^()]*[)])[ ]+)*__shared__[ ]"
}
function die(text) { print FILENAME ":" FNR ": " text > "/dev/stderr"; failed = 1; exit 1 }

# The line without comments; `open` says that a comment goes on. Strings are left as they are.
function code_of(s,    out, i, c, two, quote) {
    if (!open && s !~ /\/[*\/]/) return s
    out = ""; quote = ""
    for (i = 1; i <= length(s); i++) {
        c = substr(s, i, 1); two = substr(s, i, 2)
        if (open) { if (two == "*/") { open = 0; i++; out = out " " } continue }
        if (quote != "") {
            out = out c
            if (c == "\\") out = out substr(s, ++i, 1)
            else if (c == quote) quote = ""
            continue
        }
        if (two == "//") break
        if (two == "/*") { open = 1; i++; continue }
        if (c == "\"" || (c == "'" && substr(s, i - 1, 1) !~ /[0-9]/)) quote = c
        out = out c
    }
    return out
}

# One more line of the file behind s; blank lines are printed for it later.
function longer(s, what,    line) {
    if ((getline line) <= 0) die(what " does not end")
    extra++
    return s " " code_of(line)
}

# Where the parenthesis that opens at i closes, 0 if not in s.
function closing(s, i,    depth, c) {
    for (depth = 0; i <= length(s); i++) {
        c = substr(s, i, 1)
        depth += (c == "(") - (c == ")")
        if (!depth) return i
    }
    return 0
}

# Where the expression that ends at `end` begins: kernel, kernel<T, 4>, l->f, table[i], (*f)
function kernel_start(s, end,    i, c, depth) {
    for (i = end; i > 0; i--) {
        c = substr(s, i, 1)
        if (c == ">" && substr(s, i - 1, 1) == "-") { i--; continue }
        if (c ~ /[>\])]/) depth++
        else if (c ~ /[<\[(]/) { if (!depth) break; depth-- }
        else if (!depth && c !~ /[A-Za-z0-9_:.]/) break
    }
    return i + 1
}

function launch(s,    at, head, rest, from, name, config, end, key) {
    while ((at = index(s, "<<<"))) {
        head = substr(s, 1, at - 1); sub(/[ ]+$/, "", head)
        from = kernel_start(head, length(head))
        name = substr(head, from); head = substr(head, 1, from - 1)
        if (name == "") die("cannot read the kernel's name in front of <<<")
        rest = substr(s, at + 3)
        while (!match(rest, />>>[ ]*\(/) || !(end = closing(rest, RSTART + RLENGTH - 1)))
            rest = longer(rest, "the launch")
        config = substr(rest, 1, RSTART - 1)
        key = attributes ? "simt_kernel(" name ")" : "nullptr"
        s = head "simt_launch(\"" name "\", " key ", simt_config(" config "), [=] { " name "(" \
            substr(rest, RSTART + RLENGTH, end - RSTART - RLENGTH) "); })" \
            substr(rest, end + 1)
    }
    return s
}

# "float a[2], b" -> " simt::shared(a); simt::shared(b);"
function declarators(s,    depth, i, c, piece, out) {
    gsub(/(__align__|alignas)[ ]*\([^()]*\)/, "", s)
    s = s ","; depth = 0; piece = ""; out = ""
    for (i = 1; i <= length(s); i++) {
        c = substr(s, i, 1)
        if (index("([{<", c)) depth++
        if (index(")]}>", c)) depth--
        if (c != "," || depth) { piece = piece c; continue }
        if (!match(piece, /[A-Za-z_][A-Za-z_0-9]*[ ]*(\[.*)?$/))
            die("cannot read this __shared__ declaration")
        piece = substr(piece, RSTART); match(piece, /^[A-Za-z_0-9]+/)
        out = out " simt::shared(" substr(piece, 1, RLENGTH) ");"; piece = ""
    }
    return out
}

# decl: "extern __shared__ __align__(128) float name[]"
function dynamic(decl,    align, type) {
    align = "16"
    if (match(decl, /(__align__|alignas)[ ]*\([^()]*\)/)) {
        align = substr(decl, RSTART, RLENGTH); gsub(/^[^(]*[(]|[)]$/, "", align)
        decl = substr(decl, 1, RSTART - 1) " " substr(decl, RSTART + RLENGTH)
    }
    gsub(/(extern|__shared__)[ ]/, "", decl); sub(/^[ ]+/, "", decl)
    sub(/[ ]*\[[ ]*\][ ]*$/, "", decl)
    if (!match(decl, /[A-Za-z_0-9]+$/)) die("cannot read this __shared__ declaration")
    type = substr(decl, 1, RSTART - 1)
    return type "*" substr(decl, RSTART) " = (" type "*)simt::dynamic(" align ");"
}

# It stands where a statement begins; elsewhere it would lose its poison without a word.
function shared(s,    head, decl, cut, bare) {
    if (!match(s, declaration)) {
        bare = s; gsub(/"([^"\\]|\\.)*"/, "", bare)
        if (bare ~ /__shared__/) die("cannot read this __shared__ declaration")
        return s
    }
    if (substr(s, RSTART, 1) ~ /[;{}]/) RSTART++
    head = substr(s, 1, RSTART - 1); s = substr(s, RSTART)
    while (!(cut = index(s, ";"))) s = longer(s, "the __shared__ declaration")
    decl = substr(s, 1, cut - 1); s = shared(substr(s, cut + 1))
    if (decl ~ /^[^(]*extern/) return head dynamic(decl) s
    sub(/static[ ]+__shared__/, "__shared__", decl); bare = decl
    gsub(/(__shared__|static|volatile|const)[ ]/, "", bare)
    return head decl ";" declarators(bare) s
}

function cluster(s,    i, end) {
    if (match(s, /__cluster_dims__[ ]*\(/)) {
        end = closing(s, RSTART + RLENGTH - 1)
        if (!end) die("__cluster_dims__ does not end on its line")
        dims = substr(s, RSTART + RLENGTH, end - RSTART - RLENGTH)
        s = substr(s, 1, RSTART - 1) substr(s, end + 1)
    }
    if (dims != "" && (i = index(s, "{"))) {
        s = substr(s, 1, i) " simt::this_cluster(" dims ");" substr(s, i + 1); dims = ""
    }
    return s
}

# Only kernels that are named to cudaFuncSetAttribute need an address, which one whose template
# arguments come from the call has not.
/cudaFuncSetAttribute/ { attributes = 1 }
FNR == 1 { print "#line 1 \"" FILENAME "\"" }
{
    extra = 0
    line = code_of($0)
    if (line !~ /^[ ]*#/) {
        line = shared(launch(line))
        if (line !~ /static|extern|^[ ]*template[ ]+__global__/)
            sub(/__global__/, "static __global__", line)
        gsub(/__noinline__/, "[[gnu::noinline]]", line)
        line = cluster(line)
    } else if (line ~ /^[ ]*#[ ]*pragma[ ]+unroll/) line = ""  # clang takes minutes over it
    print line
    while (extra--) print ""
}
END { if (!failed && dims != "") die("no body follows __cluster_dims__") }
