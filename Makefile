# The door: what a person types. setup/deps.sh finds what is missing, CMake builds; each step is silent
# and takes no time when there is nothing to do.
#
# Variables, on the command line or in the environment:
#   NO_INSTALL=1  never install, only say what is missing     SUDO=sudo   what to put before apt-get
#   PRESET=quick  RUN_ARGS='--op gemm'  for bench             REQUIRE_GPU=1  no GPU is an error
#   FORCE=1       bench goes on although the selftest failed; the manifest says so
#   B=build  JOBS=  CMAKE=cmake  CMAKE_ARGS=  PREFIX=/usr/local, and the compilers' own: CC CFLAGS
#   CUDACXX CUDAHOSTCXX CUDAARCHS CUDAToolkit_ROOT CUDNN_ROOT OPENBLAS_ROOT ONEDNN_ROOT ...
SHELL       := bash
.SHELLFLAGS := -o pipefail -c
B           ?= build
JOBS        ?= $(shell nproc)
CMAKE       ?= cmake
PRESET      ?= standard
PREFIX      ?= /usr/local
RUNS        ?= $(shell cat results/published)
RUN         ?= $(shell ls -d results/*/*/ 2>/dev/null | sort -t/ -k3 | tail -n 1)
CTEST        = $(CMAKE:%cmake=%ctest) --no-tests=error --output-on-failure -j$(JOBS)
SETTINGS     = $(foreach v,CC CFLAGS LDFLAGS CUDACXX CUDAHOSTCXX CUDAFLAGS CUDAARCHS CUDAToolkit_ROOT \
  CUDA_PATH CUDA_HOME CUDNN_ROOT CUDNN_PATH OPENBLAS_ROOT ONEDNN_ROOT CONDA_PREFIX VIRTUAL_ENV CMAKE CMAKE_GENERATOR \
  CMAKE_ARGS CURDIR,$(v)=$($(v))) $(shell command -v nvcc gnuplot) $(wildcard /usr/local/cuda/bin/nvcc)
unexport MAKEFLAGS MFLAGS MAKELEVEL

help:           ## these lines
	@sed -n 's/^\([a-z-]*\):[^#]*## /  make \1\t/p' Makefile | expand -t 22
	@sed -n '/^#$$/,/^SHELL/s/^#//p' Makefile

bench: build    ## set up, build, selftest, measure the standard list, check, plot, report; last line: the run directory
	@rc=0; proof=passed; rm -f $(B)/selftest.txt; \
	$(B)/wheelbench selftest --quick --facts $(B)/selftest.txt || { rc=$$?; proof=failed; }; \
	if test $$rc -ne 0 && ! { test $$rc -eq 4 && test -n "$(FORCE)"; }; then \
	    echo "the harness did not prove itself, so nothing is measured; make bench FORCE=1 goes on" >&2; exit $$rc; fi; \
	facts=; test ! -e $(B)/selftest.txt || facts="--selftest-facts $(B)/selftest.txt"; \
	rc=0; $(B)/wheelbench run --selftest $$proof $$facts --preset $(PRESET) $(if $(REQUIRE_GPU),--device 0) $(RUN_ARGS) | \
	    tee $(B)/run.out || rc=$$?; test $$rc -le 1 || exit $$rc; dir=$$(tail -n 1 $(B)/run.out); \
	if command -v gnuplot >/dev/null; then $(B)/wheelbench plot "$$dir" || rc=$$?; \
	else echo "no gnuplot: results are written, plots are not; make deps, then make plots report"; fi; \
	$(B)/wheelbench report "$$dir" || rc=$$?; \
	echo "$$dir"; exit $$rc

test: build $(B)-asan/built ## set up, build, test; then the CPU part under address and undefined sanitizers
	@$(CTEST) --test-dir $(B)
	@$(CTEST) --test-dir $(B)-asan -L cpu

plots: build    ## draw the newest run again, or RUN=results/<device>/<run>
	@test -n "$(RUN)" || { echo "no run under results/ yet: make bench"; exit 4; }
	@$(B)/wheelbench plot $(RUN)

report: build   ## the newest run as one page, out/<run>/report.html; or RUN=results/<device>/<run>, also several
	@test -n "$(RUN)" || { echo "no run under results/ yet: make bench"; exit 4; }
	@$(B)/wheelbench report $(RUN)

list: build     ## every impl, and why those that cannot run here cannot
	@$(B)/wheelbench list

check-on-cpu: build ## the kernels for the GPU, checked without one; RUN_ARGS='--impl gemm_smem'
	@$(B)/wheelbench check --on-cpu $(RUN_ARGS)

readme: build   ## write the runs of results/published into README.md, all packed ones into results/README.md
	@$(B)/wheelbench readme $(RUNS)

check-results: build ## may the stored runs be published? All of them, or RUN=results/<device>/<run>
	@$(B)/wheelbench check-results $(if $(filter-out file,$(origin RUN)),$(RUN))

pack: build     ## make RUN=results/<device>/<run> ready to be sent: sums, archive, the words of a pull request
	@test -n "$(RUN)" || { echo "no run under results/ yet: make bench"; exit 4; }
	@$(B)/wheelbench pack $(RUN)

build: $(B)/built ## set up, configure, compile
deps:           ## ask again what is missing; as root on Debian and Ubuntu: install it
	@sh setup/deps.sh && touch .deps/stamp
deps-local deps-openblas deps-onednn deps-cuda: deps-%:
	@sh setup/deps.sh $* && touch .deps/stamp
deps-local:     ## OpenBLAS under .deps, without root
deps-openblas:  ## the newest OpenBLAS from PyPI, without root: then OPENBLAS_ROOT=.deps/openblas
deps-onednn:    ## oneDNN 3 from PyPI, without root: then ONEDNN_ROOT=.deps/onednn
deps-cuda:      ## a CUDA toolkit under .deps (about 1.6 GB), without root
deps-neon:      ## for one test: a compiler for 64-bit ARM and an emulator; as root on Debian and Ubuntu
	@sh setup/deps.sh neon
install: build  ## into PREFIX (DESTDIR is honoured)
	@$(CMAKE) --install $(B) --prefix $(PREFIX)
clean:          ## remove what was built; results stay
	@rm -rf $(B) $(B)-asan

.deps/stamp: setup/deps.sh
	@mkdir -p .deps && sh setup/deps.sh && touch $@

# Configure anew when a setting differs from the last time: CMake caches CC, CUDAARCHS and the rest.
differs = $(if $(subst x$(SETTINGS),,x$(file <$(1)/settings)),FORCE)
preset  = $(if $(filter %-asan,$(1)),asan,default)
$(B)/settings: $(call differs,$(B))
$(B)-asan/settings: $(call differs,$(B)-asan)
$(B)/settings $(B)-asan/settings: %/settings: .deps/stamp
	@mkdir -p $* && $(CMAKE) --fresh --log-level=NOTICE -S . -B $* --preset $(call preset,$*) \
	    $(CMAKE_ARGS) >$*/configure.log 2>&1 || { cat $*/configure.log; exit 1; }
	@cat $*/tiers.txt && echo '$(subst ','\'',$(SETTINGS))' >$@

$(B)/built $(B)-asan/built: %/built: %/settings FORCE
	@test -e $*/wheelbench || echo "building in $*, which takes minutes the first time; log: $*/build.log"
	@$(CMAKE) --build $* -j$(JOBS) >$*/build.log 2>&1 || \
	    { tail -n 40 $*/build.log; echo "build failed; all of it is in $*/build.log"; exit 1; }

FORCE:
.PHONY: help bench test plots report list check-on-cpu readme check-results pack build deps deps-neon deps-local deps-openblas deps-onednn deps-cuda install clean FORCE
