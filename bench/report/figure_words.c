/* figure_words.c: reads heads and notes back from a figure's data, and puts each note behind the
 * head that it stands below. */
#include "report/figure_words.h"
#include <string.h>
#include "report/chart.h"

struct placed_text {
    double x, y; /* of the page, from its lower left corner */
    const char *text;
};

struct words_read {
    const char *subtitle;
    struct placed_text heads[CHART_PANELS], notes[3 * CHART_PANELS];
    int head_count, note_count;
};

/* A line "x, tab, y, tab, text"; the empty text of plotdata.h, "-", is none. */
static int read_placed(char *line, struct placed_text *to)
{
    char *y = strchr(line, '\t'), *text = y ? strchr(y + 1, '\t') : NULL;

    if (!text || !strcmp(text + 1, "-")) return 0;
    *y = *text = 0;
    to->text = text + 1;
    return plain_to_real(line, &to->x) && plain_to_real(y + 1, &to->y);
}

static void read_line(struct words_read *w, const char *block, char *line)
{
    static const char subtitle[] = "subtitle\t";

    if (!strcmp(block, "meta") && !strncmp(line, subtitle, sizeof subtitle - 1))
        w->subtitle = line + sizeof subtitle - 1;
    if (!strcmp(block, "head") && w->head_count < CHART_PANELS)
        w->head_count += read_placed(line, &w->heads[w->head_count]);
    if (!strcmp(block, "note") && w->note_count < 3 * CHART_PANELS)
        w->note_count += read_placed(line, &w->notes[w->note_count]);
}

static void read_all(struct words_read *w, char *data)
{
    const char *block = "";

    *w = (struct words_read){.subtitle = ""};
    for (char *line = data, *next; line; line = next) {
        next = strchr(line, '\n');
        if (next) *next++ = 0;
        if (strncmp(line, "# ", 2)) read_line(w, block, line);
        else if (!strchr(line + 2, ' ')) block = line + 2; /* one word: not a list of columns */
    }
}

/* The lowest head above the note and at its left edge; -1: none. */
static int head_of(const struct words_read *w, const struct placed_text *note)
{
    int best = -1;

    for (int i = 0; i < w->head_count; i++) {
        const struct placed_text *head = &w->heads[i];
        if (head->x != note->x || head->y <= note->y) continue;
        if (best < 0 || head->y < w->heads[best].y) best = i;
    }
    return best;
}

void figure_words(struct plain_buffer *b, char *data)
{
    struct words_read w;

    read_all(&w, data);
    plain_append_text(b, w.subtitle);
    for (int i = 0; i < w.head_count; i++) {
        int notes = 0;
        plain_append_text(b, i ? "; " : "  Panels: ");
        plain_append_text(b, w.heads[i].text);
        for (int k = 0; k < w.note_count; k++) {
            if (head_of(&w, &w.notes[k]) != i) continue;
            plain_append_text(b, notes++ ? "; " : " (");
            plain_append_text(b, w.notes[k].text);
        }
        if (notes) plain_append_text(b, ")");
    }
    plain_append(b, "", 1);
}
