/* plotdata.c: see plotdata.h. */
#include "report/plotdata.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "fail.h"
#include "store/file.h"

/* What stands for this code point: itself (NULL) or another text. */
static const char *instead(unsigned code)
{
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return " ";
    if (code == '"') return "'";
    if (code == '\\') return "/";
    if (code == '#') return "♯";
    return plain_unseen(code) ? "" : NULL;
}

void plotdata_clean(const char *text, char *to, size_t n)
{
    const char *s = text, *end = text + strlen(text);
    size_t used = 0;

    if (!n) return;
    while (s < end) {
        const int len = plain_utf8(s, end);
        const char *put = len ? instead(plain_code(s, len)) : "?";
        if (*s == '>' && used >= 2 && !memcmp(to + used - 2, "]]", 2)) put = "";
        const size_t size = put ? strlen(put) : (size_t)len;
        if (used + size >= n) break;
        memcpy(to + used, put ? put : s, size);
        used += size;
        s += len ? len : 1;
    }
    to[used] = 0;
    if (strspn(to, " ") == used) snprintf(to, n, "-");
}

void plotdata_begin(struct plotdata *p, const char *figure)
{
    *p = (struct plotdata){.fields = 0};
    plain_append_text(&p->text, "# wheelbench plotdata 1 ");
    plain_append_text(&p->text, figure);
    plain_append_text(&p->text, "\n# meta\n");
}

const char *plotdata_save(struct plotdata *p, const char *dir, const char *name)
{
    const char *why = p->text.failed ? fail_text("%s/%s: out of memory", dir, name)
                                     : file_save(dir, name, p->text.data, p->text.length);

    free(p->text.data);
    *p = (struct plotdata){.fields = 0};
    return why;
}

void plotdata_block(struct plotdata *p, const char *name, const char *columns)
{
    plain_append_text(&p->text, "\n\n# ");
    plain_append_text(&p->text, name);
    plain_append_text(&p->text, "\n# ");
    plain_append_text(&p->text, columns);
    plain_append_text(&p->text, "\n");
}

static void field(struct plotdata *p, const char *text)
{
    if (p->fields++) plain_append_text(&p->text, "\t");
    plain_append_text(&p->text, text);
}

void plotdata_number(struct plotdata *p, double v)
{
    char text[40] = "NaN";

    if (isfinite(v)) plain_from_real(text, sizeof text, "%.6g", v);
    field(p, text);
}

void plotdata_numbers(struct plotdata *p, size_t count, const double *v)
{
    for (size_t i = 0; i < count; i++) plotdata_number(p, v[i]);
}

void plotdata_text(struct plotdata *p, const char *text)
{
    char clean[1024];

    plotdata_clean(text, clean, sizeof clean);
    field(p, clean);
}

void plotdata_row(struct plotdata *p)
{
    plain_append_text(&p->text, "\n");
    p->fields = 0;
}

void plotdata_meta_text(struct plotdata *p, const char *key, const char *text)
{
    field(p, key);
    plotdata_text(p, text);
    plotdata_row(p);
}

void plotdata_meta(struct plotdata *p, const char *key, double v)
{
    field(p, key);
    plotdata_number(p, v);
    plotdata_row(p);
}
