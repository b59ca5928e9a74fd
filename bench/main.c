/* wheelbench: what does it cost to reinvent the wheel on a GPU? Reading starts here: each
 * subcommand is a file of bench/cmd/. The way of the data is problem -> contest (measure/contest.c:
 * prepare, check, time, check again) -> row (cmd/record.c) -> results.csv; plots are made from that
 * file alone (report/). */
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include "cmd/commands.h"
#include "device/build.h"

static const struct {
    const char *name, *summary;
    int (*main)(int argc, char **argv);
} commands[] = {
    {"list", "what there is to run, and what cannot run here", cmd_list},
    {"run", "measure into results/", cmd_run},
    {"check", "agreement only: no times, no files", cmd_check},
    {"roof", "what this machine was measured to reach", cmd_roof},
    {"selftest", "proofs that the harness is right", cmd_selftest},
    {"compare", "two runs, devices or commits against each other; one: its ladder", cmd_compare},
    {"plot", "figures from run directories", cmd_plot},
    {"report", "one page to read and share, from run directories", cmd_report},
    {"readme", "the result block of README.md from run directories", cmd_readme},
    {"check-results", "may stored runs be published?", cmd_check_results},
    {"pack", "make a stored run ready to be sent", cmd_pack},
};
enum { COMMANDS = sizeof commands / sizeof commands[0] };

static int help(FILE *to)
{
    fputs("usage: wheelbench COMMAND [OPTIONS]\n\n", to);
    for (int i = 0; i < COMMANDS; i++)
        fprintf(to, "  %-13s %s\n", commands[i].name, commands[i].summary);
    fputs("\n  wheelbench COMMAND --help    its options\n  wheelbench --version         version, "
          "flavour, libraries\n",
          to);
    return to == stdout ? EXIT_DONE : EXIT_USAGE;
}

static int version(void)
{
    printf("wheelbench %s, commit %s%s\n%s", build_facts.version, build_facts.sha,
           build_facts.dirty ? "-dirty" : "", build_facts.tiers);
    return EXIT_DONE;
}

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, "");  /* messages may hold UTF-8; numbers stay in the C locale */
    signal(SIGXFSZ, SIG_IGN); /* a file size limit is an error of write, said and survived */
    if (argc < 2) return help(stderr);
    if (!strcmp(argv[1], "--version")) return version();
    if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) return help(stdout);
    if (!strcmp(argv[1], "help")) {
        if (argc < 3) return help(stdout);
        argv[1] = argv[2], argv[2] = "--help", argc = 3;
    }
    for (int i = 0; i < COMMANDS; i++)
        if (!strcmp(argv[1], commands[i].name)) return commands[i].main(argc - 1, argv + 1);
    fprintf(stderr, "wheelbench: unknown command '%s'\n", argv[1]);
    return help(stderr);
}
