/* commands.h: the subcommands, one file each; main.c has their table. Each gets its own argv
 * (argv[0] is its name) and returns the exit status of the program. */
#ifndef WHEELBENCH_COMMANDS_H
#define WHEELBENCH_COMMANDS_H

enum exit_status {
    EXIT_DONE = 0,        /* skipped rows are no failure */
    EXIT_BAD_ROW = 1,     /* a row is wrong or failed */
    EXIT_USAGE = 2,       /* bad command line or problem text, or nothing matches */
    EXIT_REGRESSION = 3,  /* compare: a cell is what --fail-on names */
    EXIT_ENVIRONMENT = 4, /* no such device, output not writable, disk full, unreadable input,
                           or a selftest that fails */
    EXIT_UNDECIDED = 5,   /* compare --strict: a cell is UNSURE */
    EXIT_INTERRUPTED = 130
};

int cmd_list(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_roof(int argc, char **argv);
int cmd_selftest(int argc, char **argv);
int cmd_compare(int argc, char **argv);
int cmd_plot(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_readme(int argc, char **argv);
int cmd_check_results(int argc, char **argv);
int cmd_pack(int argc, char **argv);
#endif
